using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Changeover rules as flat tables: rows of families before, each a sorted run of families after.</summary>
internal sealed class CompiledChangeovers
{
    private readonly Rule[] _rules;
    private readonly int[] _rowStart; // per rule and family before, plus one: start of the row in _to and _entries
    private readonly int[] _to;
    private readonly Entry[] _entries;
    private readonly CleaningOperation[] _cleanings;
    private readonly double[] _cleaningRemoves;
    private readonly long[] _cleaningMs;
    private readonly double[] _soil; // per family
    private readonly double[] _limit; // per family: residue must be below

    public CompiledChangeovers(PlantModel plant)
    {
        var (rowStart, to, entries, cleanings) = (new List<int>(), new List<int>(), new List<Entry>(), new List<CleaningOperation>());
        _rules = [.. plant.ChangeoverRules.Select(Compile)];
        (_rowStart, _to, _entries, _cleanings) = ([.. rowStart], [.. to], [.. entries], [.. cleanings]);
        _cleaningRemoves = [.. cleanings.Select(c => c.Removes)];
        _cleaningMs = [.. cleanings.Select(c => c.Duration.Milliseconds)];
        _soil = [.. plant.Families.Select(f => f.Soil)];
        _limit = [.. plant.Families.Select(f => f.ResidueLimit)];
        UseAnything = entries.Exists(e => !e.Use.IsNothing) || cleanings.Exists(c => !UseOf(c).IsNothing)
            || _rules.Any(r => !r.Default.Use.IsNothing || !r.FromClean.Use.IsNothing || !r.Cleaning.Use.IsNothing);

        Rule Compile(ChangeoverRule rule)
        {
            var compiled = new Rule { EveryBatchMs = rule.EveryBatch.Milliseconds, FirstRow = rowStart.Count, FirstCleaning = cleanings.Count };
            if (rule is MatrixChangeover matrix)
            {
                compiled.IsMatrix = true;
                compiled.Default = new Entry(matrix.Default);
                compiled.FromClean = new Entry(matrix.FromClean);
                compiled.Cleaning = matrix.Cleaning is { } cleaning ? new Entry(cleaning) : default;
                compiled.HasCleaning = matrix.Cleaning is not null;
                var rows = matrix.Pairs.ToLookup(p => p.Key.From.Index);
                for (var from = 0; from < plant.Families.Length; from++)
                {
                    rowStart.Add(to.Count);
                    foreach (var pair in rows[from].OrderBy(p => p.Key.To.Index))
                    {
                        to.Add(pair.Key.To.Index);
                        entries.Add(new Entry(pair.Value));
                    }
                }

                rowStart.Add(to.Count);
            }
            else if (rule is ResidueChangeover residue)
            {
                compiled.IsResidue = true;
                compiled.MaxBatches = residue.MaxBatchesBetweenCleanings ?? int.MaxValue;
                compiled.CleaningCount = residue.Cleanings.Length;
                cleanings.AddRange(residue.Cleanings);
            }

            return compiled;
        }
    }

    /// <summary>Residue that a batch of a family leaves.</summary>
    public double SoilOf(int family) => _soil[family];

    /// <summary>Whether any setup or cleaning uses energy, water or steam.</summary>
    public bool UseAnything { get; }

    public bool IsMatrix(int rule) => _rules[rule].IsMatrix;

    public bool IsResidue(int rule) => _rules[rule].IsResidue;

    /// <summary>A residue rule's cleaning by its index, or <c>null</c> when the rule has none of that index.</summary>
    public CleaningOperation? CleaningOf(int rule, int cleaning) =>
        (uint)cleaning < (uint)_rules[rule].CleaningCount ? _cleanings[_rules[rule].FirstCleaning + cleaning] : null;

    /// <summary>What a cleaning of a residue rule uses.</summary>
    public static ResourceUse UseOf(CleaningOperation cleaning) =>
        new() { EnergyKwh = cleaning.EnergyKwh, WaterM3 = cleaning.WaterM3, SteamKg = cleaning.SteamKg };

    /// <summary>A matrix rule's cleaning; false when it has none.</summary>
    public bool TryMatrixCleaning(int rule, out Entry cleaning)
    {
        cleaning = _rules[rule].Cleaning;
        return _rules[rule].HasCleaning;
    }

    /// <summary>A matrix rule's setup from one family (−1 clean) to another.</summary>
    public Entry Between(int rule, int from, int to)
    {
        ref readonly var compiled = ref _rules[rule];
        if (from < 0)
        {
            return compiled.FromClean;
        }

        var start = _rowStart[compiled.FirstRow + from];
        var index = Array.BinarySearch(_to, start, _rowStart[compiled.FirstRow + from + 1] - start, to);
        return index >= 0 ? _entries[index] : from == to ? Entry.None : compiled.Default;
    }

    /// <summary>The changeover before a batch.</summary>
    /// <param name="rule">Rule of the equipment, −1 none.</param>
    /// <param name="from">Family the equipment is in, −1 clean.</param>
    /// <param name="residue">Its residue.</param>
    /// <param name="batches">Batches since its last cleaning.</param>
    /// <param name="family">Family to come, −1 when the operation has none.</param>
    /// <param name="setupMs">The operation's own setup.</param>
    public ChangeoverPlan Plan(int rule, int from, double residue, int batches, int family, long setupMs)
    {
        if (rule < 0)
        {
            return new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, new Duration(setupMs), true);
        }

        ref readonly var compiled = ref _rules[rule];
        var setup = new Duration(setupMs + compiled.EveryBatchMs);
        return family < 0 ? new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, setup, true)
            : compiled.IsMatrix ? ByMatrix(rule, from, family, setup)
            : compiled.IsResidue ? ByResidue(compiled, residue, batches, family, setup)
            : new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, setup, true);
    }

    private ChangeoverPlan ByMatrix(int rule, int from, int to, Duration setup)
    {
        var direct = Between(rule, from, to);
        if (direct.Allowed)
        {
            return new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, new Duration(direct.DurationMs) + setup, true);
        }

        ref readonly var compiled = ref _rules[rule];
        return compiled is { HasCleaning: true, FromClean.Allowed: true } && from >= 0
            ? new ChangeoverPlan(-1, new Duration(compiled.Cleaning.DurationMs), new Duration(compiled.FromClean.DurationMs) + setup, true)
            : new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, setup, false);
    }

    /// <summary>The weakest cleaning that suffices; where none does, the strongest, to be repeated.</summary>
    private ChangeoverPlan ByResidue(in Rule rule, double residue, int batches, int family, Duration setup)
    {
        var limit = _limit[family];
        if (batches < rule.MaxBatches && residue < limit)
        {
            return new ChangeoverPlan(ChangeoverPlan.NoCleaning, Duration.Zero, setup, true);
        }

        var chosen = rule.CleaningCount - 1;
        for (var c = 0; c < rule.CleaningCount; c++)
        {
            if (Math.Max(0, residue - _cleaningRemoves[rule.FirstCleaning + c]) < limit)
            {
                chosen = c;
                break;
            }
        }

        return new ChangeoverPlan(chosen, new Duration(_cleaningMs[rule.FirstCleaning + chosen]), setup, limit > 0);
    }

    /// <summary>One setup: what it takes and costs.</summary>
    public readonly struct Entry(Changeover changeover)
    {
        public static readonly Entry None = new(Changeover.None);

        public readonly long DurationMs = changeover.Duration.Milliseconds;
        public readonly double Cost = changeover.Cost;
        public readonly ResourceUse Use = new() { EnergyKwh = changeover.EnergyKwh, WaterM3 = changeover.WaterM3, SteamKg = changeover.SteamKg };
        public readonly bool Allowed = changeover.Allowed;
    }

    private struct Rule
    {
        public bool IsMatrix;
        public bool IsResidue;
        public bool HasCleaning;
        public long EveryBatchMs;
        public int FirstRow;
        public int FirstCleaning;
        public int CleaningCount;
        public int MaxBatches;
        public Entry Default;
        public Entry FromClean;
        public Entry Cleaning;
    }
}
