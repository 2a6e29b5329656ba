using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Explanation;

/// <summary>What a machine's time went into, as a search for the bottleneck sees it.</summary>
public enum MachineUse : byte
{
    /// <summary>Processing; of a machine with several slots, the share of them that is taken.</summary>
    Working,

    /// <summary>Setup and cleaning.</summary>
    Setup,

    /// <summary>It has work, but something is missing: the batch is on its way, a crew or a utility is not there.</summary>
    Waiting,

    /// <summary>Done, but the next place is full.</summary>
    Blocked,

    /// <summary>Nothing to do.</summary>
    Starved,

    /// <summary>Broken or in repair.</summary>
    Down,

    /// <summary>Planned maintenance.</summary>
    Maintenance,

    /// <summary>Outside working hours.</summary>
    OffShift,
}

/// <summary>The uses with their names.</summary>
public static class MachineUses
{
    /// <summary>Number of <see cref="MachineUse"/> values.</summary>
    public const int Count = (int)MachineUse.OffShift + 1;

    /// <summary>Every use once, in the order in which they are stacked.</summary>
    public static readonly ImmutableArray<MachineUseDescriptor> All =
    [
        new(MachineUse.Working, "working", new("Working", "加工")),
        new(MachineUse.Setup, "setup", new("Setup", "换产")),
        new(MachineUse.Waiting, "waiting", new("Waiting", "等待")),
        new(MachineUse.Blocked, "blocked", new("Blocked", "堵塞")),
        new(MachineUse.Starved, "starved", new("Starved", "待料")),
        new(MachineUse.Down, "down", new("Down", "故障")),
        new(MachineUse.Maintenance, "maintenance", new("Maintenance", "保养")),
        new(MachineUse.OffShift, "off-shift", new("Off shift", "非工作时间")),
    ];

    internal static MachineUse Of(in EquipmentState machine) => machine.Status switch
    {
        EquipmentStatus.Down or EquipmentStatus.Repair => MachineUse.Down,
        EquipmentStatus.Maintenance => MachineUse.Maintenance,
        EquipmentStatus.Setup or EquipmentStatus.Cleaning => MachineUse.Setup,
        EquipmentStatus.Running or EquipmentStatus.Loading or EquipmentStatus.Sampling or EquipmentStatus.Unloading => MachineUse.Working,
        EquipmentStatus.Blocked => MachineUse.Blocked,
        _ when machine.OffShift => MachineUse.OffShift,
        EquipmentStatus.Held => MachineUse.Waiting,
        _ => machine.Reserved >= 0 ? MachineUse.Waiting : MachineUse.Starved,
    };
}

/// <summary>What a use is called.</summary>
/// <param name="Key">Stable key for scripts.</param>
public sealed record MachineUseDescriptor(MachineUse Use, string Key, Label Name);
