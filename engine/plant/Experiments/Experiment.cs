using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>Runs replications of a plan. Each depends only on plan and number, so they may run in any order and side by side.</summary>
public static class Experiment
{
    // Steps between two looks at the watcher: often enough for a smooth bar, seldom enough to cost nothing.
    private const int StepsBetweenLooks = 4096;

    /// <summary>Runs one replication.</summary>
    /// <param name="replication">Which repetition, ≥ 0.</param>
    /// <param name="sink">Receives every event as well, or <c>null</c>.</param>
    /// <param name="watch">Told the simulated time every few milliseconds of work; false ends the run there and then, with the figures so far.</param>
    /// <param name="atEnd">Shown the plant as the run left it, or <c>null</c>.</param>
    public static RunResult Run(
        RunPlan plan, int replication, IPlantEventSink? sink = null, Func<SimTime, bool>? watch = null, Action<PlantState>? atEnd = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replication);
        var hash = new EventHash();
        var simulator = new PlantSimulator(
            plan.Plant, plan.Policy, new RandomSource(plan.Seed, replication), plan.From, sink is null ? hash : new EventTee(hash, sink));
        var state = simulator.State;
        var before = state.Version;
        var interrupted = false;
        var sampler = plan.SampleEvery > Duration.Zero ? new Sampler(state, plan.SampleEvery) : null;
        if (plan.WarmUp > Duration.Zero)
        {
            var end = SimTime.Min(state.Now + plan.WarmUp, plan.Until);
            interrupted = !Advance(simulator, end, stopWhenComplete: false, sampler, watch);
            state.ResetStatistics(state.Now);
        }

        interrupted = interrupted || !Advance(simulator, plan.Until, plan.StopWhenComplete, sampler, watch);
        atEnd?.Invoke(state);
        return new RunResult
        {
            Replication = replication,
            Kpis = PlantKpis.Of(state),
            EventHash = hash.Value,
            Events = state.Version - before,
            Completions = [.. CompletionsOf(state)],
            AllComplete = simulator.OpenOrders == 0,
            Interrupted = interrupted,
            Samples = sampler?.Samples,
        };
    }

    /// <summary>Runs replications 0…<paramref name="count"/>−1, one after the other, as they are asked for.</summary>
    public static IEnumerable<RunResult> Replicate(RunPlan plan, int count) => Enumerable.Range(0, count).Select(r => Run(plan, r));

    private static SimTime?[] CompletionsOf(PlantState state)
    {
        var completions = new SimTime?[state.Orders.Length];
        for (var o = 0; o < completions.Length; o++)
        {
            completions[o] = state.Orders[o].Status == OrderStatus.Complete ? new SimTime(state.Orders[o].CompletedAt) : null;
        }

        return completions;
    }

    /// <summary>Lets the plant run; false when the watcher ended it.</summary>
    private static bool Advance(PlantSimulator simulator, SimTime until, bool stopWhenComplete, Sampler? sampler, Func<SimTime, bool>? watch)
    {
        for (var steps = 1; simulator.NextTime <= until && !(stopWhenComplete && simulator.OpenOrders == 0); steps++)
        {
            sampler?.TakeUntil(simulator.NextTime, until);
            if (!simulator.Step())
            {
                break;
            }

            if (steps % StepsBetweenLooks == 0 && watch?.Invoke(simulator.Now) == false)
            {
                simulator.State.AdvanceTo(simulator.Now);
                return false;
            }
        }

        if (stopWhenComplete)
        {
            simulator.RunToCompletion(until);
        }
        else
        {
            simulator.RunUntil(until);
        }

        sampler?.TakeUntil(SimTime.Never, simulator.Now);
        return true;
    }
}
