using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Explanation;

/// <summary>What an order's time went into. Every millisecond of its flow time belongs to exactly one part.</summary>
public enum FlowPart : byte
{
    /// <summary>First execution of an operation.</summary>
    Processing,

    /// <summary>The machine was set up for it.</summary>
    Setup,

    /// <summary>The machine was cleaned for it.</summary>
    Cleaning,

    /// <summary>Every machine that could do it was doing something else, or went on to something else first.</summary>
    Queue,

    /// <summary>A machine stood free, but the batch was too small or its other lots were not there.</summary>
    BatchCompany,

    /// <summary>Material, components, a kit.</summary>
    Material,

    /// <summary>An operator, a crew, a frame: anything limited by count.</summary>
    Auxiliary,

    /// <summary>Steam, power, water, drain at their limit.</summary>
    Utility,

    /// <summary>Waiting for a vehicle.</summary>
    Vehicle,

    /// <summary>On its way.</summary>
    Travel,

    /// <summary>Additions, and everything processed again after a first execution that failed.</summary>
    Rework,

    /// <summary>Its machine, or every machine that could do it, was broken.</summary>
    Breakdown,

    /// <summary>The same in planned maintenance, or one stood free and was kept for maintenance that had been ordered.</summary>
    Maintenance,

    /// <summary>The same outside working hours, or the rest of the shift was too short for it.</summary>
    OffShift,

    /// <summary>Done, but the next place was full.</summary>
    Blocked,

    /// <summary>The routing wants it to rest (cooling, conditioning).</summary>
    MinWait,

    /// <summary>A sample's verdict or an approval.</summary>
    Quality,

    /// <summary>A machine stood free, but the schedule in force kept it, or the job, for later.</summary>
    PlanKept,

    /// <summary>Booked hours of another firm had not begun, or no firm's offer was open for it.</summary>
    Reservation,

    /// <summary>What nobody accounts for: never in a simulation, sometimes in an observed plant.</summary>
    Unexplained,
}

/// <summary>The parts with their names, in the order in which people read them.</summary>
public static class FlowParts
{
    /// <summary>Number of <see cref="FlowPart"/> values.</summary>
    public const int Count = (int)FlowPart.Unexplained + 1;

    /// <summary>Every part once.</summary>
    public static readonly ImmutableArray<FlowPartDescriptor> All =
    [
        new(FlowPart.Processing, "processing", new("Processing", "加工")),
        new(FlowPart.Setup, "setup", new("Setup", "换产")),
        new(FlowPart.Cleaning, "cleaning", new("Cleaning", "清洗")),
        new(FlowPart.Queue, "queue", new("Queueing", "排队")),
        new(FlowPart.BatchCompany, "batch-company", new("Waiting for batch company", "等待配缸")),
        new(FlowPart.Material, "material", new("Waiting for material", "等待物料")),
        new(FlowPart.Auxiliary, "auxiliary", new("Waiting for crew or auxiliary", "等待人员或辅具")),
        new(FlowPart.Utility, "utility", new("Waiting for utility", "等待能源介质")),
        new(FlowPart.Vehicle, "vehicle", new("Waiting for transport", "等待运输")),
        new(FlowPart.Travel, "travel", new("Travel", "运输途中")),
        new(FlowPart.Rework, "rework", new("Rework and additions", "返修与加料")),
        new(FlowPart.Breakdown, "breakdown", new("Breakdown", "故障")),
        new(FlowPart.Maintenance, "maintenance", new("Maintenance", "计划保养")),
        new(FlowPart.OffShift, "off-shift", new("Off shift", "非工作时间")),
        new(FlowPart.Blocked, "blocked", new("Blocked", "下道堵塞")),
        new(FlowPart.MinWait, "min-wait", new("Required rest", "工艺静置")),
        new(FlowPart.Quality, "quality", new("Waiting for approval", "等待检验确认")),
        new(FlowPart.PlanKept, "plan-kept", new("Kept by the plan", "按计划等待")),
        new(FlowPart.Reservation, "reservation", new("Waiting for shared capacity", "等待共享产能")),
        new(FlowPart.Unexplained, "unexplained", new("Unexplained", "原因不明")),
    ];

    /// <summary>The part that a stated reason belongs to; <paramref name="otherwise"/> where none was stated.</summary>
    internal static FlowPart Of(WaitReason reason, FlowPart otherwise) => reason switch
    {
        WaitReason.Material => FlowPart.Material,
        WaitReason.Auxiliary => FlowPart.Auxiliary,
        WaitReason.Utility => FlowPart.Utility,
        WaitReason.Vehicle => FlowPart.Vehicle,
        WaitReason.Travel => FlowPart.Travel,
        WaitReason.Company => FlowPart.BatchCompany,
        WaitReason.Quality => FlowPart.Quality,
        WaitReason.Plan => FlowPart.PlanKept,
        WaitReason.Reservation => FlowPart.Reservation,
        _ => otherwise,
    };

    /// <summary>The part of the time that a batch stands still.</summary>
    internal static FlowPart Of(HoldReason reason) => reason switch
    {
        HoldReason.Breakdown => FlowPart.Breakdown,
        HoldReason.ShiftEnd => FlowPart.OffShift,
        HoldReason.Maintenance => FlowPart.Maintenance,
        HoldReason.Operator => FlowPart.Auxiliary,
        HoldReason.Utility => FlowPart.Utility,
        _ => FlowPart.Unexplained,
    };
}

/// <summary>What a part is called.</summary>
/// <param name="Key">Stable key for scripts: lower case, words joined by hyphens.</param>
public sealed record FlowPartDescriptor(FlowPart Part, string Key, Label Name);
