using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using Stateless;

namespace DigitalTwin.Runtime.Floor;

/// <summary>What the floor may be told to do with a job order (OPC 10031-4).</summary>
public enum FloorVerb
{
    /// <summary>Take the job order in; it may not start yet.</summary>
    Store,

    /// <summary>It may start.</summary>
    Start,
    Pause,
    Resume,

    /// <summary>End it in order, before it is complete.</summary>
    Stop,

    /// <summary>End it at once.</summary>
    Abort,

    /// <summary>It may not start any more.</summary>
    RevokeStart,
}

/// <summary>Where a command stands.</summary>
public enum FloorCommandState
{
    /// <summary>On disk, to be sent when its time comes.</summary>
    Queued,

    /// <summary>On its way; the floor has not answered.</summary>
    Sent,

    /// <summary>The floor does it.</summary>
    Acknowledged,

    /// <summary>The floor does not do it, and said why.</summary>
    Refused,

    /// <summary>The floor did not answer, as often as it was tried.</summary>
    Failed,

    /// <summary>Taken back before it was sent.</summary>
    Withdrawn,
}

/// <summary>What can happen to a command.</summary>
public enum FloorCommandTrigger
{
    Send,
    Acknowledge,
    Refuse,

    /// <summary>No answer in time: it waits for its next try.</summary>
    TimeOut,
    GiveUp,
    Withdraw,
}

/// <summary>The lifecycle of a command, declared once.</summary>
public static class FloorCommandLifecycle
{
    /// <summary>The state after a trigger; <c>null</c> where it is not possible.</summary>
    public static FloorCommandState? Next(FloorCommandState state, FloorCommandTrigger trigger)
    {
        var machine = Machine(state);
        if (!machine.CanFire(trigger))
        {
            return null;
        }

        machine.Fire(trigger);
        return machine.State;
    }

    private static StateMachine<FloorCommandState, FloorCommandTrigger> Machine(FloorCommandState state)
    {
        var machine = new StateMachine<FloorCommandState, FloorCommandTrigger>(state);
        machine.Configure(FloorCommandState.Queued)
            .Permit(FloorCommandTrigger.Send, FloorCommandState.Sent)
            .Permit(FloorCommandTrigger.Withdraw, FloorCommandState.Withdrawn);
        machine.Configure(FloorCommandState.Sent)
            .Permit(FloorCommandTrigger.Acknowledge, FloorCommandState.Acknowledged)
            .Permit(FloorCommandTrigger.Refuse, FloorCommandState.Refused)
            .Permit(FloorCommandTrigger.TimeOut, FloorCommandState.Queued)
            .Permit(FloorCommandTrigger.GiveUp, FloorCommandState.Failed);
        return machine;
    }
}

/// <summary>States of a job order on the floor (OPC 10031-4).</summary>
public enum JobOrderState
{
    NotAllowedToStart,
    AllowedToStart,
    Running,
    Interrupted,
    Ended,
    Aborted,
}

/// <summary>Which verbs fit which state of a job order, declared once.</summary>
public static class JobOrderLifecycle
{
    /// <summary>Why a verb does not fit, with those that do; <c>null</c> when it fits.</summary>
    public static string? Problem(JobOrderState state, FloorVerb verb)
    {
        var machine = Machine(state);
        if (machine.CanFire(verb))
        {
            return null;
        }

        var fitting = Enum.GetValues<FloorVerb>().Where(machine.CanFire).ToArray();
        return $"{verb} does not fit a job order that is {state}. {(fitting.Length > 0 ? $"Maybe {string.Join(" or ", fitting)}?" : "Nothing can be done with it any more.")}";
    }

    /// <summary>How a job of the twin looks to the floor.</summary>
    /// <param name="mayStart">Whether the floor has acknowledged a Start that was not revoked.</param>
    public static JobOrderState Of(in JobState job, bool mayStart) => job.Status switch
    {
        JobStatus.Running or JobStatus.Blocked => JobOrderState.Running,
        JobStatus.Held => JobOrderState.Interrupted,
        JobStatus.Done => JobOrderState.Ended,
        JobStatus.Cancelled => JobOrderState.Aborted,
        _ => mayStart ? JobOrderState.AllowedToStart : JobOrderState.NotAllowedToStart,
    };

    private static StateMachine<JobOrderState, FloorVerb> Machine(JobOrderState state)
    {
        var machine = new StateMachine<JobOrderState, FloorVerb>(state);
        machine.Configure(JobOrderState.NotAllowedToStart)
            .PermitReentry(FloorVerb.Store).Permit(FloorVerb.Start, JobOrderState.AllowedToStart).Permit(FloorVerb.Abort, JobOrderState.Aborted);
        machine.Configure(JobOrderState.AllowedToStart)
            .Permit(FloorVerb.RevokeStart, JobOrderState.NotAllowedToStart).Permit(FloorVerb.Abort, JobOrderState.Aborted);
        machine.Configure(JobOrderState.Running)
            .Permit(FloorVerb.Pause, JobOrderState.Interrupted).Permit(FloorVerb.Stop, JobOrderState.Ended).Permit(FloorVerb.Abort, JobOrderState.Aborted);
        machine.Configure(JobOrderState.Interrupted)
            .Permit(FloorVerb.Resume, JobOrderState.Running).Permit(FloorVerb.Stop, JobOrderState.Ended).Permit(FloorVerb.Abort, JobOrderState.Aborted);
        return machine;
    }
}

/// <summary>One verb on its way to the floor. Immutable; the outbox replaces it.</summary>
public sealed record FloorCommand
{
    /// <summary>Chosen by whoever gives it: the same id is the same command, however often it is given or sent.</summary>
    public required string Id { get; init; }

    public required FloorVerb Verb { get; init; }

    /// <summary><c>order/lot/operation</c>.</summary>
    public required string Job { get; init; }

    /// <summary>Id of the machine; empty for the one that it is assigned to, or none.</summary>
    public string Equipment { get; init; } = "";

    public required string By { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    public FloorCommandState State { get; init; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Not sent before.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>When it came to its end; <c>null</c> while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the floor said, or why the latest try failed; for people.</summary>
    public string Says { get; init; } = "";

    /// <summary>Whether nothing will happen to it any more.</summary>
    public bool IsOver => State is not (FloorCommandState.Queued or FloorCommandState.Sent);
}
