using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Snapshots;
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
        RunPlan plan, int replication, IPlantEventSink? sink = null, Func<SimTime, bool>? watch = null, Action<RunInProgress>? atEnd = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replication);
        var hash = plan.GoOnFrom is { } saved ? new EventHash(saved.Hash.Value, saved.Hash.Count) : new EventHash();
        var simulator = Begin(plan, replication, sink is null ? hash : new EventTee(hash, sink));
        var state = simulator.State;
        var before = plan.GoOnFrom is null ? state.Version : 0;
        var interrupted = false;
        var sampler = plan.SampleEvery > Duration.Zero ? new Sampler(state, plan.SampleEvery) : null;
        if (EndOfWarmUp(plan, state) is { } end)
        {
            interrupted = !Advance(simulator, end, stopWhenComplete: false, sampler, watch);
            state.ResetStatistics(state.Now);
        }

        interrupted = interrupted || !Advance(simulator, plan.Until, plan.StopWhenComplete, sampler, watch);
        atEnd?.Invoke(new RunInProgress(simulator, hash));
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

    private static PlantSimulator Begin(RunPlan plan, int replication, IPlantEventSink sink)
    {
        var random = new RandomSource(plan.Seed, replication);
        if (plan.GoOnFrom is not { } saved)
        {
            return new PlantSimulator(plan.Plant, plan.Policy, random, plan.From, sink);
        }

        var simulator = saved.Simulator.Fork(random, sink);
        if (plan.Policy != saved.Simulator.Policy)
        {
            simulator.SetPolicy(plan.Policy);
        }

        return simulator;
    }

    /// <summary><c>null</c> when there is none, or when a saved run has it behind it.</summary>
    private static SimTime? EndOfWarmUp(RunPlan plan, PlantState state)
    {
        var end = SimTime.Min((plan.GoOnFrom is null ? state.Now : SimTime.Zero) + plan.WarmUp, plan.Until);
        return plan.WarmUp > Duration.Zero && (plan.GoOnFrom is null || state.Now < end) ? end : null;
    }

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
