using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>How an idle machine chooses.</summary>
public sealed record DispatchPolicy
{
    public DispatchRule Rule { get; init; } = DispatchRule.Edd;

    /// <summary>Look-ahead factor k of ATC, > 0.</summary>
    public double AtcLookAhead { get; init; } = 2;

    /// <summary>A schedule to follow; jobs it does not name are dispatched by <see cref="Rule"/>.</summary>
    public Schedule? Schedule { get; init; }
}

/// <summary>Writes the future of a plant, event by event.</summary>
public sealed class PlantSimulator
{
    /// <summary>Starts at the epoch, or goes on from a state (which is forked, not changed).</summary>
    public PlantSimulator(CompiledScenario plant, DispatchPolicy policy, RandomSource random, PlantState? from = null, IPlantEventSink? sink = null)
    {
        State = from?.Fork() ?? new PlantState(plant);
        _ = (random, sink);
        _policy = policy;
    }

    private DispatchPolicy _policy;

    public PlantState State { get; }

    /// <summary>Time of the next thing to happen; <see cref="SimTime.Never"/> when the plant is at rest for good.</summary>
    public SimTime NextTime => _policy is null ? State.Now : SimTime.Never;

    /// <summary>Everything up to and including <paramref name="until"/> happens.</summary>
    public void RunUntil(SimTime until) => State.AdvanceTo(until);

    /// <summary>Runs until every released order is complete, or <paramref name="limit"/>.</summary>
    public void RunToCompletion(SimTime limit) => State.AdvanceTo(limit);

    /// <summary>Follows another policy from now on.</summary>
    public void SetPolicy(DispatchPolicy policy) => _policy = policy;
}
