using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A schedule made ready to be followed: the planned batches of each machine in order, and how far each has come.</summary>
internal sealed class PlanCursor : IExchanged<PlanCursor>
{
    /// <summary>Batches that a machine looks past one that is late.</summary>
    private const int LookAhead = 24;

    [NotState("the schedule, in the order of each machine; never changes")]
    private readonly PlannedBatch[][] _sequence;
    private int[] _next = [];
    private int[] _equipmentOfJob = []; // −1 where the job is free

    public PlanCursor(Schedule schedule, CompiledScenario plant)
    {
        _sequence = new PlannedBatch[plant.Plant.Equipment.Length][];
        Array.Fill(_sequence, []);
        foreach (var machine in schedule.Batches.GroupBy(b => b.Equipment.Index))
        {
            _sequence[machine.Key] = [.. machine.OrderBy(b => b.Start).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index)];
        }

        _next = new int[_sequence.Length];
        _equipmentOfJob = new int[plant.Jobs.JobCount];
        Array.Fill(_equipmentOfJob, -1);
        foreach (var batch in schedule.Batches)
        {
            foreach (var job in batch.Jobs)
            {
                _equipmentOfJob[job] = batch.Equipment;
            }
        }
    }

    private PlanCursor(PlannedBatch[][] sequence) => _sequence = sequence;

    public void Exchange(StateExchange exchange, PlanCursor? other)
    {
        exchange.Array(ref _next, other?._next);
        exchange.Array(ref _equipmentOfJob, other?._equipmentOfJob);
    }

    /// <summary>A cursor in the same plan, to be filled: the one given where it is one already.</summary>
    public PlanCursor Sibling(PlanCursor? present) => present?._sequence == _sequence ? present : new PlanCursor(_sequence);

    /// <summary>Machine that the plan gives a job, or −1 when the job is free.</summary>
    public int EquipmentOf(int job) => _equipmentOfJob[job];

    /// <summary>The planned batch that the machine should do next; <c>null</c> when its part of the plan is done.</summary>
    public PlannedBatch? Next(int equipment, PlantState state)
    {
        var sequence = _sequence[equipment];
        ref var next = ref _next[equipment];
        while (next < sequence.Length && !HasWorkLeft(sequence[next], state))
        {
            next++;
        }

        return next < sequence.Length ? sequence[next] : null;
    }

    /// <summary>The planned batches after <see cref="Next"/> that have work left, a few at most.</summary>
    public IEnumerable<PlannedBatch> After(int equipment, PlantState state) =>
        _sequence[equipment].Skip(_next[equipment] + 1).Where(batch => HasWorkLeft(batch, state)).Take(LookAhead);

    /// <summary>Gives up the machine's next planned batch: its jobs are free again.</summary>
    public void Release(int equipment)
    {
        foreach (var job in _sequence[equipment][_next[equipment]].Jobs)
        {
            _equipmentOfJob[job] = -1;
        }

        _next[equipment]++;
    }

    /// <summary>Gives up one job, for instance because it must be done again.</summary>
    public void Free(int job) => _equipmentOfJob[job] = -1;

    /// <summary>When the plan wants the machine to begin with a batch (its setup included).</summary>
    public static SimTime EarliestBegin(PlannedBatch batch) => batch.HoldUntilStart ? batch.SetupStart : SimTime.Zero;

    private static bool HasWorkLeft(PlannedBatch batch, PlantState state)
    {
        foreach (var job in batch.Jobs)
        {
            if (state.Jobs[job].Status is JobStatus.Waiting or JobStatus.Ready)
            {
                return true;
            }
        }

        return false;
    }
}
