using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// The model as the event path reads it: flat structs found by small integers, compiled once per scenario. Times are ms; −1 is "none".

/// <summary>One operation of one routing; lists are spans of arrays that all operations share.</summary>
internal struct CompiledOperation
{
    public int Group;

    /// <summary>Family of the operation itself; −1 takes the order's or the product's.</summary>
    public int Family;
    public int FirstPhase;
    public int PhaseCount;
    public int FirstPredecessor;

    /// <summary>Predecessors, those included that are done only when something fails.</summary>
    public int PredecessorCount;

    /// <summary>Predecessors that must always end first.</summary>
    public int RequiredPredecessors;
    public int FirstSuccessor;
    public int SuccessorCount;
    public int FirstAuxiliary;
    public int AuxiliaryCount;
    public int FirstAlternative;
    public int AlternativeCount;
    public bool Batches;

    /// <summary>Lots of one dye lot keep to one machine.</summary>
    public bool SameEquipment;
    public bool Interruptible;

    /// <summary>Worked and counted piece by piece.</summary>
    public bool CountsPieces;

    /// <summary>Whether the sample may ask for an addition or a repetition.</summary>
    public bool Sampled;
    public long SetupMs;
    public long MinWaitMs;

    /// <summary>Operations that mend a failed batch as child jobs; none repeats the operation itself.</summary>
    public int FirstRework;
    public int ReworkCount;

    /// <summary>Operation that this one mends, an index within the routing; −1 for one that is always done.</summary>
    public int ReworkOf;

    /// <summary>Time to stage its material as a kit; −1 for no kit.</summary>
    public long KitLeadMs;

    /// <summary>Σ of its phases.</summary>
    public long PhaseMs;
    public double ScrapFraction;
    public double VariationMean;

    /// <summary>Drawn for every piece where pieces are counted; <c>null</c> where it is always 1.</summary>
    public Distribution? Variation;
}

/// <summary>One way of doing an operation: on one piece of equipment, or on any of a class (the other is −1).</summary>
internal struct CompiledAlternative
{
    public int Equipment;
    public int Class;
    public double FixedMean;
    public double UnitMean;
    public Distribution FixedTime;
    public Distribution UnitTime;
}

/// <summary>One phase of a recipe.</summary>
internal struct CompiledPhase
{
    public PhaseKind Kind;

    /// <summary>Recipe time from the start of the first phase to the end of this one.</summary>
    public long UntilMs;

    /// <summary>NaN takes the equipment's running power.</summary>
    public double Kw;
    public double SteamKgPerUnit;
    public double WaterLitresPerUnit;
}

/// <summary>Auxiliaries that an operation holds.</summary>
internal readonly record struct CompiledNeed(int Auxiliary, int Count);

/// <summary>One job: one line of the cache.</summary>
internal struct CompiledJob
{
    public int Operation;
    public int Order;

    /// <summary>First job of its lot: predecessors and successors are counted from it.</summary>
    public int First;
    public int Family;
    public int BatchKey;

    /// <summary>Firm that placed the order; −1 for the plant's own.</summary>
    public int Tenant;

    /// <summary>Whether it may take capacity kept for express orders: one of them, or without any other machine.</summary>
    public bool MayUseExpress;

    /// <summary>Random stream; read together with the operation.</summary>
    public ulong Key;
    public double Quantity;

    /// <summary>Multiplies the times; 1 where the operation does not follow the work content.</summary>
    public double WorkFactor;
    public double Weight;

    /// <summary><see cref="long.MaxValue"/> when none was promised.</summary>
    public long DueMs;
}

/// <summary>One piece of equipment.</summary>
internal struct CompiledEquipment
{
    public int Class;
    public int Site;
    public int Slots;

    /// <summary>Slots that only express orders may take.</summary>
    public int ExpressSlots;

    /// <summary>Changeover rule; −1 none.</summary>
    public int Rule;

    /// <summary>Firm that keeps it to itself; −1 when everybody may use it.</summary>
    public int OnlyTenant;

    /// <summary>Which set of <see cref="FamilySets"/> it may process, and which it prefers; −1 all, or none preferred.</summary>
    public int AllowedSet;
    public int PreferredSet;
    public bool Fails;

    /// <summary>Ports that a batch is spread over; 1 where there are none to speak of.</summary>
    public int Ports;
    public double PortMin;
    public double PortMax;
    public double CapacityMin;
    public double CapacityNominal;
    public double CapacityMax;
    public double SpeedFactor;
    public double IdleKw;
    public double RunningKw;

    /// <summary>Random stream.</summary>
    public ulong Key;
}

/// <summary>Sets of families as bits: equal sets are stored once.</summary>
internal sealed class FamilySets(int families)
{
    private readonly int _words = (families + 63) / 64;
    private readonly List<ulong> _bits = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private ulong[] _flat = [];

    /// <summary>Number of a set; −1 for the empty list.</summary>
    public int Number(IReadOnlyCollection<FamilyId> set)
    {
        if (set.Count == 0)
        {
            return -1;
        }

        var key = string.Join(',', set.Select(f => f.Index).Distinct().Order());
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        var words = new ulong[_words];
        foreach (var family in set)
        {
            words[family.Index >> 6] |= 1UL << family.Index;
        }

        _bits.AddRange(words);
        _flat = [.. _bits];
        _known.Add(key, _known.Count);
        return _known.Count - 1;
    }

    /// <summary>Whether a set contains a family, ≥ 0.</summary>
    public bool Contains(int set, int family) => (_flat[set * _words + (family >> 6)] >> family & 1) != 0;
}
