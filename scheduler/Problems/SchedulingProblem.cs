using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>What is left to plan, flat and immutable: the one vocabulary of every solver.</summary>
/// <remarks>
/// Times are milliseconds since the epoch. A <see cref="ProblemTask"/> is a job order that has not been given to equipment yet;
/// everything that has (assigned, running, held) is committed and shows only as machine availability, auxiliary use and ready times.
/// Validated when built: a contradiction throws a <see cref="PlanningException"/> that names it.
/// </remarks>
public sealed class SchedulingProblem
{
    internal SchedulingProblem(CompiledScenario plant, ObjectiveWeights weights, SimTime now)
    {
        Plant = plant;
        Weights = weights;
        Now = now;
    }

    public CompiledScenario Plant { get; }

    public ObjectiveWeights Weights { get; }

    /// <summary>Nothing may be planned before this moment.</summary>
    public SimTime Now { get; }

    /// <summary>Open job orders in a topological order (the order of the job table).</summary>
    public required ImmutableArray<ProblemTask> Tasks { get; init; }

    /// <summary>Task of a job, or −1 where the job is done, committed or cancelled.</summary>
    public required ImmutableArray<int> TaskOfJob { get; init; }

    /// <summary>All equipment, by equipment index.</summary>
    public required ImmutableArray<ProblemMachine> Machines { get; init; }

    /// <summary>All orders, by order index.</summary>
    public required ImmutableArray<ProblemOrder> Orders { get; init; }

    /// <summary>Work in progress that holds auxiliaries until it ends.</summary>
    public required ImmutableArray<CommittedUse> CommittedUses { get; init; }

    /// <summary>Setups of each changeover rule, by rule index.</summary>
    public required ImmutableArray<ChangeoverTable> Changeovers { get; init; }

    /// <summary>The schedule in force, reduced to what is still open; <c>null</c> when there is none.</summary>
    public Schedule? Current { get; init; }

    /// <summary>Equipment and start of each task in <see cref="Current"/>; equipment −1 where it is not planned.</summary>
    public required ImmutableArray<(int Equipment, long Start)> Placed { get; init; }

    /// <summary>Batches that keep their equipment and place, in planned order.</summary>
    public required ImmutableArray<LockedBatch> LockedBatches { get; init; }

    /// <summary>Travel between two sites, ms: [from × sites + to].</summary>
    internal long[] Travel { get; init; } = [];

    internal int SiteCount { get; init; }

    /// <summary>Whether any open task needs an auxiliary resource.</summary>
    public required bool HasAuxiliaries { get; init; }

    /// <exception cref="PlanningException">The problem is contradictory.</exception>
    public static SchedulingProblem Build(
        CompiledScenario plant, PlantState? from = null, Schedule? current = null, ObjectiveWeights? weights = null) =>
        new ProblemBuilder(plant, from, current, weights).Build();

    public long TravelTime(int fromSite, int toSite) => Travel[fromSite * SiteCount + toSite];

    /// <summary>Processing time of a batch on equipment: the member with the longest time leads, the total load counts.</summary>
    public long BatchTime(ReadOnlySpan<int> members, int equipment)
    {
        var lead = LeadOf(members, equipment);
        var option = Tasks[lead].OptionOn(equipment);
        if (members.Length == 1 || !option.ByLoad)
        {
            return option.Time;
        }

        return Plant.MeanProcessingTime(Tasks[lead].Job, equipment, LoadOf(members)).Milliseconds;
    }

    /// <summary>Member with the longest time by itself; the first of equals.</summary>
    public int LeadOf(ReadOnlySpan<int> members, int equipment)
    {
        var lead = members[0];
        foreach (var member in members)
        {
            if (Tasks[member].OptionOn(equipment).Time > Tasks[lead].OptionOn(equipment).Time)
            {
                lead = member;
            }
        }

        return lead;
    }

    public double LoadOf(ReadOnlySpan<int> members)
    {
        var load = 0.0;
        foreach (var member in members)
        {
            load += Tasks[member].Load;
        }

        return load;
    }
}

/// <summary>A job order that can still be planned.</summary>
public sealed class ProblemTask
{
    public required int Index { get; init; }
    public required int Job { get; init; }
    public required int Order { get; init; }

    /// <summary>Family, −1 for none.</summary>
    public required int Family { get; init; }

    public required double Load { get; init; }

    /// <summary>Tasks of one key may share a batch; −1 when the operation does not batch.</summary>
    public required int BatchKey { get; init; }

    /// <summary>Earliest begin of setup or processing known beforehand: now, release, ends of committed predecessors plus their wait.</summary>
    public required long Ready { get; init; }

    /// <summary>Setup of the operation itself, ms.</summary>
    public required long Setup { get; init; }

    public required bool Interruptible { get; init; }

    /// <summary>Shortest and longest wait between this task and its successors, ms.</summary>
    public required long MinWait { get; init; }

    public required long MaxWait { get; init; }

    public required ImmutableArray<int> Predecessors { get; init; }

    /// <summary>Filled once by the builder, after all tasks are known.</summary>
    public ImmutableArray<int> Successors { get; internal set; } = [];

    /// <summary>Predecessors that are done or committed.</summary>
    public required ImmutableArray<CommittedPredecessor> CommittedPredecessors { get; init; }

    /// <summary>Where it can run, by equipment index.</summary>
    public required ImmutableArray<EquipmentOption> Options { get; init; }

    public required ImmutableArray<AuxiliaryNeed> Auxiliaries { get; init; }

    /// <summary>Index into <see cref="SchedulingProblem.LockedBatches"/>; −1 when free.</summary>
    public int Lock { get; internal set; } = -1;

    /// <summary>What the schedule in force fixes about it; a lock to the machine has narrowed <see cref="Options"/> already.</summary>
    public LockKind LockKind { get; init; }

    /// <summary>How it runs on equipment it is eligible for.</summary>
    /// <exception cref="ArgumentException">It cannot run there.</exception>
    public EquipmentOption OptionOn(int equipment) =>
        FindOption(equipment) is var at and >= 0 ? Options[at] : throw new ArgumentException($"Task {Index} cannot run on equipment {equipment}.");

    public bool CanRunOn(int equipment) => FindOption(equipment) >= 0;

    private int FindOption(int equipment)
    {
        var (low, high) = (0, Options.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var there = Options[middle].Equipment;
            if (there == equipment)
            {
                return middle;
            }

            if (there < equipment)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }
}

/// <summary>One machine a task can run on.</summary>
/// <param name="Time">Mean processing time by itself there, ms.</param>
/// <param name="ByLoad">Whether a larger batch takes longer.</param>
public readonly record struct EquipmentOption(int Equipment, long Time, bool ByLoad);

/// <summary>A predecessor whose end is no longer a decision.</summary>
/// <param name="Site">Where its goods are.</param>
/// <param name="IsLock">No predecessor at all: a lock to a time lets it start only then.</param>
public readonly record struct CommittedPredecessor(long End, int Site, long MinWait, long MaxWait, bool IsLock = false);

/// <summary>Auxiliaries held by work in progress until it ends.</summary>
public readonly record struct CommittedUse(int Auxiliary, int Count, long End);

/// <summary>A batch that keeps its equipment and its place.</summary>
/// <param name="Tasks">Its members.</param>
/// <param name="Before">Tasks that the schedule in force has before it on the equipment; no other may be put there.</param>
/// <param name="StartAt">When it starts exactly; <c>null</c> where only the place counts.</param>
public sealed record LockedBatch(int Equipment, ImmutableArray<int> Tasks, ImmutableHashSet<int> Before, long? StartAt = null);

/// <summary>Equipment as the planner finds it: when it is free and in which condition.</summary>
public sealed class ProblemMachine
{
    public required int Index { get; init; }
    public required int Site { get; init; }
    public required int Slots { get; init; }
    public required double CapacityMin { get; init; }
    public required double CapacityMax { get; init; }

    /// <summary>Takes any number of batches at a time, each as if it were alone: only for the question what a limit is responsible for.</summary>
    public bool Unlimited { get; init; }

    /// <summary>Index into <see cref="SchedulingProblem.Changeovers"/>, −1 for none.</summary>
    public required int Rule { get; init; }

    public required CalendarTimeline? Calendar { get; init; }

    /// <summary>Ends of the batches in its slots, ascending; fewer than slots when some are empty.</summary>
    public required ImmutableArray<long> CommittedEnds { get; init; }

    /// <summary>When it can begin anything: now, or the end of a repair or setup in progress.</summary>
    public required long FreeFrom { get; init; }

    /// <summary>Condition after all committed work.</summary>
    public required MachineCondition Condition { get; init; }

    /// <summary>Locked batches on it in their order, indices into <see cref="SchedulingProblem.LockedBatches"/>.</summary>
    public ImmutableArray<int> Locks { get; internal set; } = [];
}

/// <summary>An order's promise, and the part of it that is already decided.</summary>
/// <param name="Due">Promised completion; <c>null</c> when none.</param>
/// <param name="Weight">Order priority.</param>
/// <param name="CommittedEnd">Latest end of its committed and finished jobs; 0 when none.</param>
/// <param name="Tasks">Its open tasks.</param>
/// <param name="Counts">False for orders that are complete or cancelled: they no longer enter the objective.</param>
public sealed record ProblemOrder(long? Due, double Weight, long CommittedEnd, ImmutableArray<int> Tasks, bool Counts);
