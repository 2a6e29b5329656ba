using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>Interchangeable equipment: what a routing asks for when any machine of the kind will do.</summary>
public sealed record EquipmentClass
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Lots that may wait in front of the class before upstream equipment is blocked; <c>null</c> is unlimited.</summary>
    public int? InputBuffer { get; init; }

    /// <summary>Longest time the first lot of an under-loaded batch waits for company, from its readiness. Zero starts at once;
    /// <c>null</c> waits until the minimum load is reached or nothing else can come.</summary>
    public Duration? BatchWait { get; init; }

    /// <summary>When a batch is large enough to start.</summary>
    public BatchForming Forming { get; init; }
}

/// <summary>When a batch that could still take company starts.</summary>
public enum BatchForming
{
    /// <summary>At the minimum load.</summary>
    Minimum,

    /// <summary>When nothing more would fit that could still come.</summary>
    Full,

    /// <summary>At the minimum load, or below it when the most urgent member would otherwise be late: its due date less the expected time of
    /// this operation and of those after it.</summary>
    DuePressed,
}

/// <summary>A machine, vat, station, fixture, furnace, tank or rack.</summary>
public sealed record Equipment
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    public required EquipmentClassId Class { get; init; }

    public required SiteId Site { get; init; }

    /// <summary>Line, hall or cell, for rows and map areas. Free text.</summary>
    public string WorkCenter { get; init; } = "";

    /// <summary>The firm that owns it; <c>null</c> when it belongs to the plant itself.</summary>
    public TenantId? Owner { get; init; }

    /// <summary>Whether firms other than <see cref="Owner"/> may use it.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>Smallest load that may be processed, in <see cref="CapacityUnit"/>; 0 for none.</summary>
    public double CapacityMin { get; init; }

    /// <summary>The load it was built for; loading % refers to it.</summary>
    public double CapacityNominal { get; init; } = double.PositiveInfinity;

    /// <summary>Largest load of one batch; infinite where load does not matter.</summary>
    public double CapacityMax { get; init; } = double.PositiveInfinity;

    /// <summary>Unit of the three capacities: <c>kg</c>, <c>pcs</c>, <c>m3</c>.</summary>
    public string CapacityUnit { get; init; } = "pcs";

    /// <summary>Batches it can process side by side (ports, fixtures, rack places), ≥ 1.</summary>
    /// <remarks>Where slots > 1 and a changeover rule applies, all running batches share one family.</remarks>
    public int Slots { get; init; } = 1;

    /// <summary>Ports (ropes of a jet) over which one batch is spread evenly, ≥ 1; other than <see cref="Slots"/>, which take batches of their
    /// own. More than one port is never beside more than one slot.</summary>
    public int Ports { get; init; } = 1;

    /// <summary>Smallest load of a port in use, ≥ 0.</summary>
    public double PortMin { get; init; }

    /// <summary>Largest load of a port; infinite where there are no ports to speak of.</summary>
    public double PortMax { get; init; } = double.PositiveInfinity;

    /// <summary>What it can do beyond its class; an operation may demand some of these.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Families it may process; empty means all.</summary>
    public ImmutableArray<FamilyId> AllowedFamilies { get; init; } = [];

    /// <summary>Families it should process when there is a choice; a preference, not a rule.</summary>
    public ImmutableArray<FamilyId> PreferredFamilies { get; init; } = [];

    /// <summary>Family it was left in at the epoch; <c>null</c> when clean.</summary>
    public FamilyId? InitialFamily { get; init; }

    public ChangeoverRuleId? Changeover { get; init; }

    /// <summary>Work speed relative to the routing's times, > 0; 2 halves every processing time.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Multiplies the probabilities of additions, repetitions and losses of batches on it, ≥ 0.</summary>
    public double QualityRisk { get; init; } = 1;

    /// <summary>Electric power while ready but not working, kW.</summary>
    public double IdleKw { get; init; }

    /// <summary>Electric power while processing where the phase gives none, kW.</summary>
    public double RunningKw { get; init; }

    /// <summary>Time from repair to the next failure, in up time (ms); <c>null</c> never fails.</summary>
    public Distribution? TimeToFailure { get; init; }

    /// <summary>Repair time (ms). Required where <see cref="TimeToFailure"/> is given.</summary>
    public Distribution? TimeToRepair { get; init; }

    /// <summary>What becomes of its batches when it breaks.</summary>
    public AfterBreakdown AfterBreakdown { get; init; }

    /// <summary>Working hours; <c>null</c> works round the clock.</summary>
    public CalendarId? Calendar { get; init; }

    /// <summary>Who sets it up and cleans it; <c>null</c> needs nobody.</summary>
    public CrewNeed? SetupCrew { get; init; }

    /// <summary>Who repairs it; <c>null</c> begins every repair at once.</summary>
    public CrewNeed? RepairCrew { get; init; }

    /// <summary>Weight among machines that wait for the same people, > 0; higher goes first, equals by readiness.</summary>
    public double Criticality { get; init; } = 1;

    /// <summary>Position on the floor map in metres, or <c>null</c> to be laid out automatically.</summary>
    public (double X, double Y)? Position { get; init; }
}

/// <summary>What becomes of the batches in equipment that breaks.</summary>
public enum AfterBreakdown
{
    /// <summary>They go on where they were.</summary>
    Resume,

    /// <summary>They begin anew on the repaired equipment.</summary>
    Repeat,

    /// <summary>They are scrapped; their operation is done again with new material, where there is room.</summary>
    Scrap,
}

/// <summary>Something limited by count that work must hold while it runs: operator crew, yarn frame, beam, mould, AGV.</summary>
public sealed record AuxiliaryResource
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>How many there are, ≥ 1.</summary>
    public required int Count { get; init; }

    /// <summary>What they can do beside what their id says: crew needs name a skill.</summary>
    public ImmutableArray<string> Skills { get; init; } = [];

    /// <summary>Who is on duty when; empty means all of them, always.</summary>
    public ImmutableArray<CrewShift> Shifts { get; init; } = [];

    /// <summary>What becomes of crew work in hand when a shift ends.</summary>
    public ShiftEndRule AtShiftEnd { get; init; }

    /// <summary>Jobs without equipment that the pool does side by side, one head each, whenever nothing else needs it; a job that ends is
    /// followed by the next. Any other work interrupts them, and they go on later.</summary>
    public int SideJobs { get; init; }

    /// <summary>Time of one side job (ms). Required where <see cref="SideJobs"/> > 0.</summary>
    public Distribution? SideJobTime { get; init; }
}
