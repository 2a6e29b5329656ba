using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>What fills a piece of the time before an order's completion in a schedule.</summary>
public enum WhyKind
{
    /// <summary>A batch is processed (pauses at the end of shifts included).</summary>
    Processing,

    /// <summary>The equipment is set up or cleaned for the batch.</summary>
    Setup,

    /// <summary>Goods travel from the site of the operation before.</summary>
    Transport,

    /// <summary>The shortest wait after the operation before.</summary>
    Rest,

    /// <summary>The equipment is outside its working hours, or the rest of the shift is too short.</summary>
    Calendar,

    /// <summary>An earlier operation is kept back so that a later one follows within its longest wait.</summary>
    LongestWait,

    /// <summary>The plan holds the batch back on purpose (a tariff).</summary>
    Held,

    /// <summary>Nothing stands in the way: the plan begins it later than it could.</summary>
    Choice,

    /// <summary>The equipment is down, under repair or in maintenance.</summary>
    Down,

    /// <summary>Work that had begun before the plan was made.</summary>
    RunningWork,

    /// <summary>The order was released (or its material was there) only then.</summary>
    Release,

    /// <summary>A lock keeps it from beginning before its time.</summary>
    Lock,

    /// <summary>The moment from which the plan was made.</summary>
    Now,
}

/// <summary>What ties a step to the one before it in time.</summary>
public enum WhyLink
{
    /// <summary>The step belongs to the same batch as the one after it.</summary>
    Same,

    /// <summary>The equipment was occupied by this batch.</summary>
    Equipment,

    /// <summary>This is the operation before in the routing.</summary>
    Predecessor,

    /// <summary>This batch held an auxiliary resource that was needed.</summary>
    Auxiliary,
}

/// <summary>One piece of the chain that makes an order end when it does. Pieces touch: each ends where the next begins.</summary>
/// <param name="Kind">What fills the time.</param>
/// <param name="Link">How it is tied to the piece after it in time.</param>
/// <param name="From">Begin.</param>
/// <param name="To">End; equal to <paramref name="From"/> at a root (release, now).</param>
/// <param name="Job">Lead job of the batch concerned.</param>
/// <param name="Equipment">Its equipment.</param>
/// <param name="Gain">How much earlier the batch after it could begin if this alone were lifted and everything else stayed; zero where something
/// else binds at the same moment.</param>
/// <param name="Ties">Constraints that bind at the same moment beside this one.</param>
/// <param name="Auxiliary">The auxiliary resource, index; −1 where none is concerned.</param>
public sealed record WhyStep(
    WhyKind Kind, WhyLink Link, SimTime From, SimTime To, JobId Job, EquipmentId Equipment, Duration Gain, int Ties = 0, int Auxiliary = -1)
{
    public Duration Length => To - From;
}
