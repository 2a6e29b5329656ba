using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>What is made: a material with its routing, family and options.</summary>
public sealed record Product
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    public required WorkMasterId WorkMaster { get; init; }

    /// <summary>Family where neither the operation nor the order names one.</summary>
    public FamilyId? Family { get; init; }

    /// <summary>Multiplies the times of operations that follow the work content (<see cref="Operation.UsesWorkFactor"/>), > 0.</summary>
    public double WorkFactor { get; init; } = 1;

    /// <summary>Options of a model on a mixed-model line (<c>ice-maker</c>, <c>glass-door</c>).</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Material into whose stock finished lots go, for others to use; <c>null</c> when they are shipped.</summary>
    public MaterialId? StockedAs { get; init; }
}

/// <summary>Recipe or routing: the operations that make a product.</summary>
public sealed record WorkMaster
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>In a topological order: an operation comes after its predecessors.</summary>
    public required ImmutableArray<Operation> Operations { get; init; }
}

/// <summary>One step of a routing.</summary>
public sealed record Operation
{
    /// <summary>Unique within the routing.</summary>
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Where it can be done, at least one.</summary>
    public required ImmutableArray<Alternative> Alternatives { get; init; }

    /// <summary>Indices of operations of the same routing that must end first; empty for a first step.</summary>
    public ImmutableArray<int> Predecessors { get; init; } = [];

    /// <summary>Time per batch or lot (ms), before speed and work factor. With <see cref="Phases"/> this is added to their sum.</summary>
    public Distribution FixedTime { get; init; } = Distribution.Constant(0);

    /// <summary>Time per unit of quantity (ms): drawn once and multiplied by the quantity.</summary>
    public Distribution UnitTime { get; init; } = Distribution.Constant(0);

    /// <summary>Luck of one execution: a factor on the whole processing time, mean about 1.</summary>
    public Distribution Variation { get; init; } = Distribution.Constant(1);

    /// <summary>Whether the machine counts: a lot is worked piece by piece, every piece is an event, and unit time, variation and scrap are
    /// drawn anew for each. The fixed time comes before the first piece. Not beside phases or batches.</summary>
    public bool CountPieces { get; init; }

    /// <summary>Recipe phases in order; empty for a plain operation.</summary>
    public ImmutableArray<Phase> Phases { get; init; } = [];

    /// <summary>Setup before this operation beyond the family changeover, per batch; ≥ 0.</summary>
    public Duration Setup { get; init; }

    /// <summary>Whether lots of one family may be processed together up to the equipment's capacity.</summary>
    public bool Batches { get; init; }

    /// <summary>Whether lots of one dye lot are all done on the equipment that took the first of them, one after the other where they are
    /// there in time; only where that equipment cannot take a lot (too large, a forbidden succession) does it go elsewhere.</summary>
    public bool SameEquipment { get; init; }

    /// <summary>Whether work pauses at the end of a shift and goes on in the next. Otherwise it must fit into one working window.</summary>
    public bool Interruptible { get; init; }

    /// <summary>Whether the product's work factor multiplies the times.</summary>
    public bool UsesWorkFactor { get; init; }

    /// <summary>Shortest wait between the end of this operation and the start of its successors (cooling, conditioning).</summary>
    public Duration MinWait { get; init; }

    /// <summary>Longest such wait; <c>null</c> when it may wait for ever.</summary>
    public Duration? MaxWait { get; init; }

    /// <summary>What becomes of goods that nobody has taken up when <see cref="MaxWait"/> is over.</summary>
    public AfterMaxWait AfterMaxWait { get; init; }

    /// <summary>Family of this step (a tool, a fixture), overriding order and product.</summary>
    public FamilyId? Family { get; init; }

    /// <summary>Held from start to end.</summary>
    public ImmutableArray<AuxiliaryNeed> Auxiliaries { get; init; } = [];

    /// <summary>People at work from start to end. They leave a batch that stands still or is blocked. Not beside phases that name a crew.</summary>
    public CrewNeed? Crew { get; init; }

    /// <summary>Capabilities the equipment must have.</summary>
    public ImmutableArray<string> Requires { get; init; } = [];

    /// <summary>Probability in [0, 1) that a batch needs an addition: more time on the same equipment.</summary>
    public double AdditionProbability { get; init; }

    /// <summary>Time of an addition (ms).</summary>
    public Distribution AdditionTime { get; init; } = Distribution.Constant(0);

    /// <summary>Factor on <see cref="AdditionProbability"/> with each addition made, in [0, 1]: later shades miss less often.</summary>
    public double AdditionFalloff { get; init; } = 1;

    /// <summary>Additions before the sample is judged without another, ≥ 0.</summary>
    public int MaxAdditions { get; init; } = UsualMaxAdditions;

    public const int UsualMaxAdditions = 5;

    /// <summary>Time that a repetition takes beyond the operation itself (ms): stripping, cutting out.</summary>
    public Distribution ReworkTime { get; init; } = Distribution.Constant(0);

    /// <summary>Probability in [0, 1) that a batch is lost and made again here from new material (the make-up lot).</summary>
    public double LossProbability { get; init; }

    /// <summary>Probability in [0, 1) that the operation must be repeated (redye, rework).</summary>
    public double ReworkProbability { get; init; }

    /// <summary>Share of the quantity that is scrapped, in [0, 1).</summary>
    public double ScrapFraction { get; init; }

    /// <summary>Operations of the same routing that mend a batch whose sample asks for a repetition, one after the other (strip, redye): child jobs
    /// of this one, done only then, on any equipment that can do them. The first follows this operation, and whatever follows this one follows
    /// the last. Empty repeats the operation itself.</summary>
    public ImmutableArray<int> ReworkBy { get; init; } = [];

    /// <summary>Time that it takes to stage all material of the operation as a kit: the material is asked for when the order is released, and the
    /// operation starts no sooner than this after all of it is promised. <c>null</c> stages nothing.</summary>
    public Duration? KitLead { get; init; }
}

/// <summary>What becomes of goods that have waited longer than the operation before allows.</summary>
public enum AfterMaxWait
{
    /// <summary>They go on; the wait is counted.</summary>
    Count,

    /// <summary>The operation before is done again (redye, scour again).</summary>
    Repeat,

    /// <summary>They are scrapped, and the operation before is done again with other goods.</summary>
    Scrap,
}

/// <summary>Equipment, or any of a class, that can do an operation.</summary>
/// <remarks>Exactly one of <see cref="Class"/> and <see cref="Equipment"/> is set.</remarks>
public sealed record Alternative
{
    public EquipmentClassId? Class { get; init; }

    public EquipmentId? Equipment { get; init; }

    /// <summary>Replaces <see cref="Operation.FixedTime"/> here; <c>null</c> keeps it.</summary>
    public Distribution? FixedTime { get; init; }

    /// <summary>Replaces <see cref="Operation.UnitTime"/> here; <c>null</c> keeps it.</summary>
    public Distribution? UnitTime { get; init; }
}

/// <summary>Auxiliary resources held while an operation runs.</summary>
/// <param name="Count">How many, ≥ 1.</param>
public sealed record AuxiliaryNeed(AuxiliaryId Auxiliary, int Count);

/// <summary>What the equipment is doing in a phase.</summary>
public enum PhaseKind
{
    Process,
    Load,
    Sample,
    Unload,
}

/// <summary>One phase of a recipe: a duration, or a temperature ramp followed by a hold, with its draws.</summary>
public sealed record Phase
{
    public required Label Name { get; init; }

    public PhaseKind Kind { get; init; }

    /// <summary>Hold time after any ramp, ≥ 0.</summary>
    public Duration Hold { get; init; }

    /// <summary>Ramp start, °C; <c>null</c> when there is no ramp.</summary>
    public double? FromCelsius { get; init; }

    /// <summary>Ramp end, °C.</summary>
    public double? ToCelsius { get; init; }

    /// <summary>Ramp gradient, °C/min, > 0 where there is a ramp.</summary>
    public double CelsiusPerMinute { get; init; }

    /// <summary>Electric power, kW; <c>null</c> takes the equipment's running power.</summary>
    public double? Kw { get; init; }

    /// <summary>Steam per unit of load, kg.</summary>
    public double SteamKgPerUnit { get; init; }

    /// <summary>Fresh water per unit of load, litres.</summary>
    public double WaterLitresPerUnit { get; init; }

    /// <summary>What it draws from utilities, beyond what follows from power, steam and water.</summary>
    public ImmutableArray<UtilityDraw> Draws { get; init; } = [];

    /// <summary>What happens when a utility is at its rate cap; <c>null</c> as the utility says.</summary>
    public AtCap? AtCap { get; init; }

    /// <summary>People at work during the phase; <c>null</c> needs nobody.</summary>
    public CrewNeed? Crew { get; init; }

    /// <summary>Ramp plus hold.</summary>
    public Duration Duration =>
        FromCelsius is { } from && ToCelsius is { } to && CelsiusPerMinute > 0
            ? Hold + Duration.FromMinutes(Math.Abs(to - from) / CelsiusPerMinute)
            : Hold;
}
