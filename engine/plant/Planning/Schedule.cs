using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Planning;

/// <summary>A plan: which batch runs on which equipment, when, and after which setup.</summary>
/// <remarks>Made by a planner, checked by the scheduler's checker, followed by the simulator and shown on the Gantt.</remarks>
public sealed record Schedule
{
    /// <summary>Planned batches in any order.</summary>
    public required ImmutableArray<PlannedBatch> Batches { get; init; }

    /// <summary>Moment from which the plan was made; work that had started by then is not in it.</summary>
    public SimTime MadeAt { get; init; }

    /// <summary>Who or what made it, for people: <c>CP-SAT</c>, <c>EDD</c>, a user's name.</summary>
    public string Origin { get; init; } = "";

    public static readonly Schedule Empty = new() { Batches = [] };
}

/// <summary>One occupation of equipment by one batch; an ordinary job is a batch of one.</summary>
public sealed record PlannedBatch
{
    public required EquipmentId Equipment { get; init; }

    /// <summary>The jobs processed together, at least one.</summary>
    public required ImmutableArray<JobId> Jobs { get; init; }

    /// <summary>Start of the setup or cleaning before the batch; equals <see cref="Start"/> where there is none.</summary>
    public required SimTime SetupStart { get; init; }

    public required SimTime Start { get; init; }

    public required SimTime End { get; init; }

    /// <summary>Family the equipment is in while the batch runs; <c>null</c> when the operation has none.</summary>
    public FamilyId? Family { get; init; }

    /// <summary>What a person has fixed about it.</summary>
    public LockKind Lock { get; init; }

    /// <summary>A locked batch keeps its equipment and its place. Setting it sets <see cref="Lock"/>: a lock to the time stays one, a lock to the
    /// machine alone stays one.</summary>
    public bool Locked
    {
        get => Lock is LockKind.Place or LockKind.Time;
        init => Lock = value ? (Lock == LockKind.Time ? LockKind.Time : LockKind.Place) : Lock == LockKind.Machine ? LockKind.Machine : LockKind.None;
    }

    /// <summary>Whether execution waits for <see cref="Start"/> (a tariff was exploited) or starts as soon as it can in this order.</summary>
    public bool HoldUntilStart { get; init; }
}

/// <summary>How firmly a planned batch is fixed.</summary>
public enum LockKind
{
    None,

    /// <summary>Its jobs keep their equipment; when and with whom is free.</summary>
    Machine,

    /// <summary>It keeps its equipment, its members and its place: nothing is put before it there that is not before it now. Locking all batches of a
    /// machine locks their sequence.</summary>
    Place,

    /// <summary>As <see cref="Place"/>, and it starts exactly when planned.</summary>
    Time,
}
