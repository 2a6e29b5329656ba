using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>What a schedule is worth, term by term; computed from the plant's own rules, not from a solver's.</summary>
public static class ObjectiveEvaluator
{
    /// <summary>A job counts as moved when it changes equipment or its start shifts by more than this.</summary>
    public static readonly Duration MovedBeyond = Duration.FromHours(1);

    /// <param name="schedule">A schedule that passes the checker.</param>
    /// <param name="from">The state it was planned from: started work counts with its expected end.</param>
    /// <param name="current">Schedule in force, for instability.</param>
    public static ObjectiveReport Evaluate(
        CompiledScenario plant, Schedule schedule, ObjectiveWeights weights, PlantState? from = null, Schedule? current = null)
    {
        var committed = new CommittedWork(plant, from);
        var setups = SetupsOf(plant, schedule, from);
        return new ObjectiveReport(
        [
            new ObjectiveTerm("tardiness", Tardiness(plant, schedule, committed, from), "h·priority", weights.Tardiness),
            new ObjectiveTerm("makespan", Makespan(schedule, committed, from), "h", weights.Makespan),
            new ObjectiveTerm("changeover-time", setups.Sum(s => s.Setup.Hours), "h", weights.ChangeoverTime),
            new ObjectiveTerm("changeover-cost", setups.Sum(s => s.Cost), "points", weights.ChangeoverCost),
            new ObjectiveTerm("energy-cost", EnergyCost(plant, schedule, setups), plant.Scenario.Currency, weights.EnergyCost),
            .. LaunchOrder.Terms(plant, schedule, weights, from),
            new ObjectiveTerm("instability", Instability(schedule, current, committed), "moves", weights.Instability),
        ]);
    }

    /// <summary>Σ priority × hours late, over orders that are neither complete nor cancelled.</summary>
    private static double Tardiness(CompiledScenario plant, Schedule schedule, CommittedWork committed, PlantState? from)
    {
        var ends = new long[plant.Jobs.OrderCount];
        for (var j = 0; j < committed.JobEnd.Length; j++)
        {
            ref var end = ref ends[plant.Jobs.OrderOf(j)];
            end = Math.Max(end, committed.JobEnd[j]);
        }

        foreach (var batch in schedule.Batches)
        {
            foreach (var job in batch.Jobs)
            {
                ref var end = ref ends[plant.Jobs.OrderOf(job)];
                end = Math.Max(end, batch.End.Milliseconds);
            }
        }

        var sum = 0.0;
        for (var o = 0; o < ends.Length; o++)
        {
            var over = from is not null && o < from.Orders.Length && from.Orders[o].Status is OrderStatus.Complete or OrderStatus.Cancelled;
            var order = plant.Scenario.Orders[o];
            if (!over && order.Due is { } due)
            {
                sum += order.Priority * Math.Max(0, (new SimTime(ends[o]) - due).Hours);
            }
        }

        return sum;
    }

    /// <summary>Hours from the planning moment to the last completion.</summary>
    private static double Makespan(Schedule schedule, CommittedWork committed, PlantState? from)
    {
        var now = from?.Now ?? SimTime.Zero;
        var last = now;
        foreach (var batch in schedule.Batches)
        {
            last = SimTime.Max(last, batch.End);
        }

        return Math.Max((last - now).Hours, committed.SlotEnds.SelectMany(e => e).Select(e => (new SimTime(e) - now).Hours).DefaultIfEmpty(0).Max());
    }

    /// <summary>Electricity of processing by phase plus that of changeovers; idle power is the same for every schedule and left out.</summary>
    private static double EnergyCost(CompiledScenario plant, Schedule schedule, List<ReplayedBatch> setups)
    {
        var cost = 0.0;
        foreach (var batch in schedule.Batches)
        {
            if (plant.TariffOf(batch.Equipment) is { } tariff)
            {
                foreach (var (start, end, kw) in EnergyProfile.Of(plant, batch))
                {
                    cost += kw * tariff.CostPerKw(start, end);
                }
            }
        }

        foreach (var step in setups.Where(s => s.EnergyKwh > 0))
        {
            cost += plant.TariffOf(step.Batch.Equipment) is { } tariff ? tariff.CostOf(step.EnergyKwh, step.Batch.SetupStart, step.Batch.SetupStart + step.Setup) : 0;
        }

        return cost;
    }

    private static int Instability(Schedule schedule, Schedule? current, CommittedWork committed)
    {
        if (current is null)
        {
            return 0;
        }

        var before = current.Batches.SelectMany(b => b.Jobs.Select(j => (Job: j.Index, b.Equipment, b.Start)))
            .Where(p => committed.Open[p.Job]).ToDictionary(p => p.Job, p => (p.Equipment, p.Start));
        return schedule.Batches.Sum(b => b.Jobs.Count(j =>
            before.TryGetValue(j, out var was) && (was.Equipment != b.Equipment || Shift(was.Start, b.Start) > MovedBeyond)));

        static Duration Shift(SimTime a, SimTime b) => a > b ? a - b : b - a;
    }

    private static List<ReplayedBatch> SetupsOf(CompiledScenario plant, Schedule schedule, PlantState? from) =>
        [.. schedule.Batches
            .GroupBy(b => b.Equipment.Index)
            .OrderBy(g => g.Key)
            .SelectMany(g => EquipmentReplay.Walk(plant, g.Key, g.OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index), from))];
}
