using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>How an operation differs between two schedules.</summary>
public enum MoveKind
{
    /// <summary>Same equipment, later start.</summary>
    Later,

    /// <summary>Same equipment, earlier start.</summary>
    Earlier,

    /// <summary>Other equipment.</summary>
    Reassigned,

    /// <summary>Only in the second schedule.</summary>
    Added,

    /// <summary>Only in the first.</summary>
    Removed,
}

/// <summary>What brought a move about.</summary>
public enum MoveReason
{
    /// <summary>The plan was made better; nothing forced the move.</summary>
    Improvement,

    /// <summary>Equipment is down.</summary>
    Breakdown,

    /// <summary>An order that the first schedule did not know takes its place.</summary>
    NewOrder,

    /// <summary>Work in progress takes longer, or an order is released later.</summary>
    Delay,

    /// <summary>Another operation that moved takes its place.</summary>
    Displaced,

    /// <summary>The operation before it in the routing moved.</summary>
    Predecessor,

    /// <summary>Another operation left and made room.</summary>
    RoomMade,
}

/// <summary>Why an operation moved.</summary>
/// <param name="Equipment">The machine that is down, or was occupied.</param>
/// <param name="Job">The job that displaced it, made room, or was delayed.</param>
public sealed record MoveCause(MoveReason Reason, EquipmentId? Equipment = null, JobId? Job = null);

/// <summary>One operation that differs.</summary>
/// <param name="From">Equipment before; <c>null</c> when added.</param>
/// <param name="To">Equipment after; <c>null</c> when removed.</param>
/// <param name="Counts">Whether it counts as moved in the instability term: other equipment, or shifted by more than an hour.</param>
/// <param name="Cause">Because of what.</param>
public sealed record OperationMove(
    MoveKind Kind, JobId Job, EquipmentId? From, EquipmentId? To, SimTime? FromStart, SimTime? ToStart, bool Counts, MoveCause Cause)
{
    /// <summary>Later is positive; zero when added or removed.</summary>
    public Duration Shift => FromStart is { } a && ToStart is { } b ? b - a : Duration.Zero;
}

/// <summary>An order whose completion differs.</summary>
/// <param name="Before">Completion in the first schedule; <c>null</c> when it was not planned there.</param>
/// <param name="After">Completion in the second.</param>
/// <param name="Cause">Why it ends at another time: the cause of its last operation's move.</param>
public sealed record OrderShift(OrderId Order, SimTime? Due, SimTime? Before, SimTime? After, MoveCause Cause)
{
    /// <summary>On time before, late after.</summary>
    public bool NewlyLate => Due is { } due && After > due && !(Before > due);

    /// <summary>Late before, on time after.</summary>
    public bool Rescued => Due is { } due && Before > due && After is { } a && a <= due;
}

/// <summary>What changes from one schedule to another.</summary>
/// <param name="Moves">Operations that differ, the farthest moved first.</param>
/// <param name="Orders">Orders whose completion differs, the most delayed first.</param>
/// <param name="Kept">Operations that stay where they are, to the millisecond.</param>
public sealed record PlanDiff(IReadOnlyList<OperationMove> Moves, IReadOnlyList<OrderShift> Orders, int Kept)
{
    /// <summary>Operations that count as moved: other equipment, or more than an hour earlier or later.</summary>
    public int Moved => Moves.Count(m => m.Counts);

    public int Count(MoveKind kind) => Moves.Count(m => m.Kind == kind);

    public IEnumerable<OrderShift> NewlyLate => Orders.Where(o => o.NewlyLate);

    public IEnumerable<OrderShift> Rescued => Orders.Where(o => o.Rescued);
}
