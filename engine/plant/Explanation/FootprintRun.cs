using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>A replication whose meters and demand charge are allocated to its orders.</summary>
public static class FootprintRun
{
    /// <summary>Runs a replication; its events are the same as without.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="replication">Which repetition, ≥ 0.</param>
    /// <param name="sink">Receives every event as well, or <c>null</c>.</param>
    /// <param name="watch">As for <see cref="Experiment.Run"/>.</param>
    /// <param name="atEnd">As for <see cref="Experiment.Run"/>.</param>
    public static (RunResult Result, FootprintReport Footprints) Of(
        RunPlan plan, int replication, IPlantEventSink? sink = null, Func<SimTime, bool>? watch = null, Action<RunInProgress>? atEnd = null)
    {
        var from = plan.From ?? new PlantState(plan.Plant);
        var demand = new DemandTracker(from, SimTime.Min(from.Now + plan.WarmUp, plan.Until));
        var observed = new PlantWatch(from, demand);
        FootprintReport? footprints = null;
        var result = Experiment.Run(plan, replication, sink is null ? observed : new EventTee(observed, sink), watch,
            end =>
            {
                var state = end.Simulator.State;
                footprints = FootprintReport.Of(state, demand.Finish(observed.State, state.Now));
                atEnd?.Invoke(end);
            });
        return (result, footprints!);
    }
}
