using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>Kinds of constraints that a conflict is told in.</summary>
public enum ConstraintKind
{
    /// <summary>Index = order: it is complete by its due date.</summary>
    Deadline,

    /// <summary>Index = position among the locked batches of the schedule in force: it keeps equipment and place.</summary>
    Lock,

    /// <summary>Index = order: nothing of it begins before its release.</summary>
    Release,

    /// <summary>Index = equipment class: its machines are all there are, and each does so many batches at a time as it has slots, after its changeovers.</summary>
    Capacity,

    /// <summary>Index = calendar: the machines that keep it work only in its hours.</summary>
    WorkingHours,

    /// <summary>Index = order: it keeps to the machines that are large enough, open to its family and to its firm.</summary>
    Eligibility,

    /// <summary>Index = order: its steps follow each other within their longest waits.</summary>
    LongestWait,

    /// <summary>Index = auxiliary resource: there are only so many.</summary>
    Auxiliary,
}

/// <summary>One named constraint.</summary>
public readonly record struct ConstraintGroup(ConstraintKind Kind, int Index);

/// <summary>A change that resolves a conflict.</summary>
/// <param name="Group">The constraint that gives.</param>
/// <param name="By">By how much: later (deadline), earlier (release), longer after each working window (hours); zero where it is given up whole.</param>
/// <param name="Count">Working windows made longer; 0 where none.</param>
/// <param name="Cost">By <see cref="RelaxationPrices"/>, in units of the objective.</param>
/// <param name="ResolvesAll">Whether it alone makes everything that was considered feasible, not only this conflict.</param>
/// <param name="Machine">The one machine whose hours grow; −1 for all that the constraint names.</param>
public sealed record Relaxation(ConstraintGroup Group, Duration By, int Count, double Cost, bool ResolvesAll, int Machine = -1);

/// <summary>What changes are taken to cost, in units of the objective; lateness costs what the scenario's objective says.</summary>
public sealed record RelaxationPrices
{
    /// <summary>Per hour of overtime after one window of one machine.</summary>
    public double Overtime { get; init; } = 1;

    /// <summary>Per hour that a release comes earlier.</summary>
    public double Expedite { get; init; } = 1;

    /// <summary>For a lock given up.</summary>
    public double Unlock { get; init; } = 1;

    /// <summary>Per hour of work that another machine of the kind would have to do.</summary>
    public double Machine { get; init; } = 2;

    /// <summary>For one more of an auxiliary resource, a longer wait, or a machine opened to an order.</summary>
    public double Exception { get; init; } = 5;
}

/// <summary>What was found out about hard due dates.</summary>
public enum ConflictStatus
{
    /// <summary>A schedule keeps everything.</summary>
    Feasible,

    /// <summary>A set of constraints contradict each other: proved.</summary>
    Conflict,

    /// <summary>Neither was found in the time given.</summary>
    Unknown,
}

/// <summary>A minimal conflict, and what resolves it.</summary>
/// <param name="Conflict">Constraints that no schedule keeps together.</param>
/// <param name="IsMinimal">Whether each of them is needed: without any one the rest can be kept (a schedule was found for each).</param>
/// <param name="Relaxations">Changes that resolve the conflict, each tried by solving again, cheapest first.</param>
/// <param name="Orders">The orders that were considered.</param>
public sealed record ConflictResult(
    ConflictStatus Status, IReadOnlyList<ConstraintGroup> Conflict, bool IsMinimal, IReadOnlyList<Relaxation> Relaxations, IReadOnlyList<OrderId> Orders)
{
    /// <summary>The locked batches that <see cref="ConstraintKind.Lock"/> counts.</summary>
    public IReadOnlyList<PlannedBatch> Locks { get; init; } = [];
}
