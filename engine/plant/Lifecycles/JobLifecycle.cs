namespace DigitalTwin.Plant.Lifecycles;

/// <summary>Where a job order stands (in brackets the ISA-95 dispatch status).</summary>
public enum JobStatus : byte
{
    /// <summary>Predecessors are not done (Waiting).</summary>
    Waiting,

    /// <summary>In the queue (Ready).</summary>
    Ready,

    /// <summary>Chosen by equipment; travelling or waiting for setup (Dispatched).</summary>
    Assigned,

    /// <summary>Processed (Running).</summary>
    Running,

    /// <summary>Begun but standing still (Running, interrupted).</summary>
    Held,

    /// <summary>Processed, waiting for space downstream.</summary>
    Blocked,

    /// <summary>Ended (Completed).</summary>
    Done,

    /// <summary>Aborted or cancelled with its order.</summary>
    Cancelled,

    /// <summary>Not to be done unless something calls for it: the rework of a batch that has not failed, a make-up lot that nobody misses.</summary>
    Dormant,
}

/// <summary>What moves a job from one <see cref="JobStatus"/> to the next.</summary>
public enum JobTrigger : byte
{
    MakeReady,
    Assign,
    Start,
    Hold,
    Resume,
    Block,
    End,
    Rework,
    Cancel,
    Call,

    /// <summary>Its goods have waited too long: it waits for what was done before to be done again.</summary>
    Return,

    /// <summary>It is done again, because its goods have waited too long.</summary>
    Repeat,
}

/// <summary>The lifecycle of a job order (of each member of a batch).</summary>
public static class JobLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<JobStatus, JobTrigger> Table = new(machine =>
    {
        machine.Configure(JobStatus.Waiting)
            .Permit(JobTrigger.MakeReady, JobStatus.Ready)
            .Permit(JobTrigger.Cancel, JobStatus.Cancelled);

        machine.Configure(JobStatus.Ready)
            .Permit(JobTrigger.Assign, JobStatus.Assigned)
            .Permit(JobTrigger.Return, JobStatus.Waiting)
            .Permit(JobTrigger.Cancel, JobStatus.Cancelled);

        machine.Configure(JobStatus.Assigned)
            .Permit(JobTrigger.Start, JobStatus.Running)
            .Permit(JobTrigger.MakeReady, JobStatus.Ready)
            .Permit(JobTrigger.Cancel, JobStatus.Cancelled);

        machine.Configure(JobStatus.Running)
            .Permit(JobTrigger.Hold, JobStatus.Held)
            .Permit(JobTrigger.Block, JobStatus.Blocked)
            .Permit(JobTrigger.End, JobStatus.Done)
            .Permit(JobTrigger.Rework, JobStatus.Ready);

        machine.Configure(JobStatus.Held)
            .Permit(JobTrigger.Resume, JobStatus.Running)
            .Permit(JobTrigger.End, JobStatus.Done)
            .Permit(JobTrigger.Cancel, JobStatus.Cancelled);

        machine.Configure(JobStatus.Blocked)
            .Permit(JobTrigger.End, JobStatus.Done);

        machine.Configure(JobStatus.Done)
            .Permit(JobTrigger.Repeat, JobStatus.Ready);

        machine.Configure(JobStatus.Dormant)
            .Permit(JobTrigger.Call, JobStatus.Waiting);
    });
}

/// <summary>Where an order stands.</summary>
public enum OrderStatus : byte
{
    /// <summary>In the book, not released yet.</summary>
    Accepted,

    /// <summary>May be worked on.</summary>
    Released,

    /// <summary>A first batch has started.</summary>
    InProduction,

    /// <summary>All jobs are done.</summary>
    Complete,

    /// <summary>Will not be made.</summary>
    Cancelled,
}

/// <summary>What moves an order from one <see cref="OrderStatus"/> to the next.</summary>
public enum OrderTrigger : byte
{
    Release,
    Begin,
    Complete,
    Cancel,
}

/// <summary>The lifecycle of an order.</summary>
public static class OrderLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<OrderStatus, OrderTrigger> Table = new(machine =>
    {
        machine.Configure(OrderStatus.Accepted)
            .Permit(OrderTrigger.Release, OrderStatus.Released)
            .Permit(OrderTrigger.Cancel, OrderStatus.Cancelled);

        machine.Configure(OrderStatus.Released)
            .Permit(OrderTrigger.Begin, OrderStatus.InProduction)
            .Permit(OrderTrigger.Cancel, OrderStatus.Cancelled);

        machine.Configure(OrderStatus.InProduction)
            .PermitReentry(OrderTrigger.Begin)
            .Permit(OrderTrigger.Complete, OrderStatus.Complete)
            .Permit(OrderTrigger.Cancel, OrderStatus.Cancelled);
    });
}
