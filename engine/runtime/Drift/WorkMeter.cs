using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Runtime.Drift;

/// <summary>What was measured.</summary>
public enum WorkKind
{
    /// <summary>Net processing time of a batch, stops left out.</summary>
    Processing,

    /// <summary>A setup that was not interrupted.</summary>
    Setup,
}

/// <summary>One observed duration beside the one that the model expects.</summary>
/// <param name="AtMs">When it was over, ms since the epoch.</param>
/// <param name="Job">Lead job of the batch; −1 for a setup without one.</param>
/// <param name="PredictedMs">Mean of the model, > 0.</param>
/// <param name="Spread">Standard deviation over mean by the model, ≥ 0.</param>
/// <param name="Additions">Additions in it; their planned time is in both.</param>
public readonly record struct WorkSample(WorkKind Kind, long AtMs, int Equipment, int Job, double PredictedMs, double ObservedMs, double Spread, int Additions)
{
    /// <summary>1 where it took as long as expected.</summary>
    public double Ratio => ObservedMs / PredictedMs;
}

/// <summary>Measures work as its events come: shown each event before it is folded. Not thread-safe.</summary>
public sealed class WorkMeter
{
    private readonly Dictionary<int, double> _additions = []; // by lead job, ms
    private readonly Dictionary<int, (long Start, double Predicted, int Job)> _setups = []; // by equipment

    /// <summary>What this event completes, or <c>null</c>.</summary>
    public WorkSample? On(in PlantEvent e, PlantState state)
    {
        switch (e.Kind)
        {
            case PlantEventKind.SetupStarted: _setups[e.Equipment] = (e.Time.Milliseconds, ExpectedSetup(e, state), e.Job); return null;
            case PlantEventKind.SetupEnded:
                return _setups.Remove(e.Equipment, out var setup) && setup.Predicted > 0
                    ? new WorkSample(WorkKind.Setup, e.Time.Milliseconds, e.Equipment, setup.Job, setup.Predicted, e.Time.Milliseconds - setup.Start, 0, 0) : null;
            case PlantEventKind.EquipmentDown: _setups.Remove(e.Equipment); return null;
            case PlantEventKind.BatchStarted or PlantEventKind.BatchRestarted: _additions.Remove(e.Job); return null;
            case PlantEventKind.AdditionStarted: _additions[e.Job] = _additions.GetValueOrDefault(e.Job) + e.Value; return null;
            case PlantEventKind.BatchBlocked or PlantEventKind.BatchEnded or PlantEventKind.BatchRework: return Processed(e, state);
            default: return null;
        }
    }

    private WorkSample? Processed(in PlantEvent e, PlantState state)
    {
        ref readonly var lead = ref state.Jobs[e.Job];
        var (plant, load) = (state.Plant, lead.Load);
        _additions.Remove(e.Job, out var added);
        if (lead.Equipment != e.Equipment || lead.Status is not (JobStatus.Running or JobStatus.Held))
        {
            return null; // one that is blocked was measured when its processing was over
        }

        var predicted = plant.MeanProcessingTime(e.Job, e.Equipment, load).Milliseconds + added + (lead.Attempt > 0 ? plant.OperationOf(e.Job).ReworkTime.Mean : 0);
        double observed = state.ProgressMs(e.Job, e.Time);
        return predicted <= 0 || observed < 0 ? null
            : new WorkSample(WorkKind.Processing, e.Time.Milliseconds, e.Equipment, e.Job, predicted, observed, plant.ProcessingSpread(e.Job, e.Equipment, load), lead.Additions);
    }

    private static double ExpectedSetup(in PlantEvent e, PlantState state) => e.Job < 0 ? 0
        : ChangeoverPlan.For(state.Plant.Plant, e.Equipment, state.Equipment[e.Equipment], state.Plant.FamilyOf(e.Job), state.Plant.OperationOf(e.Job)) is { Possible: true } plan
            ? plan.SetupTime.Milliseconds : 0;
}
