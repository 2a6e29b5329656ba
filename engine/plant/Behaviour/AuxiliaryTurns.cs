using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Whose turn it is to take scarce auxiliaries when a plan is followed: the plan's order, not the order of asking.</summary>
/// <remarks>
/// A batch leaves alone what the plan gives to earlier ones that have not begun: those still expected by now, and those that wait for
/// nothing else. An earlier one that is late for another reason keeps nobody waiting. Without luck this makes every batch begin no later than planned.
/// </remarks>
internal sealed class AuxiliaryTurns : IExchanged<AuxiliaryTurns>
{
    [NotState("the schedule, by auxiliary; never changes")]
    private readonly Claim[][] _claims; // per auxiliary, by planned start
    private int[] _firstOpen = []; // per auxiliary: all before it have begun
    [NotState("the schedule, by job; never changes")]
    private readonly Dictionary<int, SimTime> _plannedStart = []; // per job of a batch with auxiliaries

    public AuxiliaryTurns(Schedule schedule, CompiledScenario plant)
    {
        var claims = plant.Plant.Auxiliaries.Select(_ => new List<Claim>()).ToArray();
        foreach (var batch in schedule.Batches.OrderBy(b => b.Start))
        {
            foreach (var need in plant.OperationOf(batch.Jobs[0]).Auxiliaries)
            {
                claims[need.Auxiliary].Add(new Claim(batch, need.Count));
                foreach (var job in batch.Jobs)
                {
                    _plannedStart[job] = batch.Start;
                }
            }
        }

        _claims = [.. claims.Select(c => c.ToArray())];
        _firstOpen = new int[_claims.Length];
    }

    private AuxiliaryTurns(AuxiliaryTurns other) => (_claims, _plannedStart) = (other._claims, other._plannedStart);

    public void Exchange(StateExchange exchange, AuxiliaryTurns? other) => exchange.Array(ref _firstOpen, other?._firstOpen);

    /// <summary>The turns of the same plan, to be filled: those given where they are that already.</summary>
    public AuxiliaryTurns Sibling(AuxiliaryTurns? present) => present?._claims == _claims ? present : new AuxiliaryTurns(this);

    /// <summary>When the plan wants a job to begin; <see cref="SimTime.Zero"/> for one that is not in it.</summary>
    public SimTime PlannedStartOf(int job) => _plannedStart.GetValueOrDefault(job, SimTime.Zero);

    /// <summary>Units of an auxiliary that a batch planned for <paramref name="start"/> must leave to earlier ones.</summary>
    /// <param name="isPrepared">Per equipment: the reserved batch waits for nothing but its own readiness.</param>
    public int ClaimedBefore(int auxiliary, SimTime start, SimTime now, PlantState state, bool[] isPrepared)
    {
        var claims = _claims[auxiliary];
        ref var first = ref _firstOpen[auxiliary];
        while (first < claims.Length && !IsOpen(claims[first].Batch, state))
        {
            first++;
        }

        var claimed = 0;
        for (var i = first; i < claims.Length && claims[i].Batch.Start < start; i++)
        {
            var batch = claims[i].Batch;
            var waitsForNothingElse = isPrepared[batch.Equipment] && state.Jobs[batch.Jobs[0]].Status == JobStatus.Assigned;
            if ((batch.Start >= now || waitsForNothingElse) && IsOpen(batch, state))
            {
                claimed += claims[i].Count;
            }
        }

        return claimed;
    }

    private static bool IsOpen(PlannedBatch batch, PlantState state)
    {
        ref readonly var job = ref state.Jobs[batch.Jobs[0]];
        return job.Attempt == 0 && job.Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned;
    }

    private readonly record struct Claim(PlannedBatch Batch, int Count);
}
