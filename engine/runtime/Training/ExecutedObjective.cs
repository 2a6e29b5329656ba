using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Runtime.Training;

/// <summary>What a plant's way through a stretch of time was worth, in the words and weights of the scheduling objective.</summary>
/// <remarks>Read from the key figures of the window of the statistics, so that a person's way, a rule's and a planner's are measured alike.
/// Terms of a plan that cannot be executed (instability) and those of mixed-model sequences are not in it.</remarks>
public static class ExecutedObjective
{
    /// <summary>Term by term; <see cref="ObjectiveReport.Total"/> is what is compared, lower is better.</summary>
    /// <param name="refusals">Points for rush orders that were refused.</param>
    public static ObjectiveReport Of(PlantKpis kpis, ObjectiveWeights weights, double refusals = 0)
    {
        var terms = new List<ObjectiveTerm>
        {
            new("tardiness", kpis.Orders.WeightedTardinessHours, "h", weights.Tardiness),
            new("makespan", Math.Max(0, (kpis.Orders.Open > 0 ? kpis.To.Hours : kpis.Orders.MakespanHours ?? 0) - kpis.From.Hours), "h", weights.Makespan),
            new("changeover-time", kpis.Total.ActualSetupTime, "h", weights.ChangeoverTime),
            new("changeover-cost", kpis.Total.ChangeoverCost, "points", weights.ChangeoverCost),
            new("energy-cost", kpis.Total.EnergyCost, "money", weights.EnergyCost),
        };
        if (refusals > 0)
        {
            terms.Add(new ObjectiveTerm("refused-orders", refusals, "points", 1));
        }

        return new ObjectiveReport(terms);
    }
}
