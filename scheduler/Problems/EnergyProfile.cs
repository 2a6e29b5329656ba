using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Expected electric power of a batch over time.</summary>
internal static class EnergyProfile
{
    /// <summary>Pieces of constant power: phases in recipe order, stretched to the batch's expected time; work beyond them runs at the equipment's power.</summary>
    /// <remarks>A pause at the end of a shift draws nothing, but is spread over the pieces in proportion: exact times within a batch are not planned.</remarks>
    public static IEnumerable<(SimTime Start, SimTime End, double Kw)> Of(CompiledScenario plant, PlannedBatch batch)
    {
        var operation = plant.OperationOf(batch.Jobs[0]);
        var running = plant.Plant.Equipment[batch.Equipment].RunningKw;
        var phases = operation.Phases.Sum(p => p.Duration.Hours);
        var stretch = operation.Variation.Mean;
        var length = (batch.End - batch.Start).Hours;
        if (phases <= 0 || length <= 0)
        {
            yield return (batch.Start, batch.End, running);
            yield break;
        }

        var scale = Math.Min(1, length / (phases * stretch)) * stretch;
        var at = batch.Start;
        foreach (var phase in operation.Phases)
        {
            var end = SimTime.Min(batch.End, at + phase.Duration * scale);
            yield return (at, end, phase.Kw ?? running);
            at = end;
        }

        if (at < batch.End)
        {
            yield return (at, batch.End, running);
        }
    }
}
