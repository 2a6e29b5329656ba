using DigitalTwin.Plant.Model;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Condition of equipment between batches.</summary>
/// <param name="Family">Family it is in, −1 when clean.</param>
/// <param name="Residue">Residue level.</param>
/// <param name="Batches">Batches since the last cleaning.</param>
public readonly record struct MachineCondition(int Family, double Residue, int Batches);

/// <summary>The setup before a batch: cleaning and changeover together.</summary>
/// <param name="Time">ms.</param>
/// <param name="Possible">False when nothing makes the succession possible.</param>
public readonly record struct SetupStep(long Time, double Cost, double EnergyKwh, bool Possible)
{
    public static readonly SetupStep Forbidden = new(0, 0, 0, Possible: false);
}

/// <summary>A changeover rule tabulated for search: what must precede a batch, and the condition it leaves.</summary>
public sealed class ChangeoverTable
{
    private const int MostCleanings = 64;
    private readonly int _families;
    private readonly SetupStep[]? _steps; // matrix rule: [(from + 1) × families + to]
    private readonly ResidueChangeover? _residue;
    private readonly double[] _soil;
    private readonly double[] _limit;

    /// <param name="rule">The rule.</param>
    /// <param name="families">All families of the plant.</param>
    public ChangeoverTable(ChangeoverRule rule, IReadOnlyList<Family> families)
    {
        _families = families.Count;
        _soil = [.. families.Select(f => f.Soil)];
        _limit = [.. families.Select(f => f.ResidueLimit)];
        _residue = rule as ResidueChangeover;
        EveryBatch = rule.EveryBatch.Milliseconds;
        if (rule is MatrixChangeover matrix)
        {
            _steps = new SetupStep[(_families + 1) * _families];
            for (var from = -1; from < _families; from++)
            {
                for (var to = 0; to < _families; to++)
                {
                    _steps[(from + 1) * _families + to] = Tabulate(matrix, from, to);
                }
            }
        }

        DependsOnSequence = _residue is not null || _steps!.Any(s => s != _steps![0]);
    }

    /// <summary>Setup before every batch, ms.</summary>
    public long EveryBatch { get; }

    /// <summary>Whether the setup depends on what ran before.</summary>
    public bool DependsOnSequence { get; }

    /// <summary>The residue rule, where this is one.</summary>
    public ResidueChangeover? Residue => _residue;

    /// <summary>Setup before a batch of a family on equipment in a condition, and the condition in which it then runs.</summary>
    /// <param name="family">−1 for none: no changeover is needed.</param>
    /// <param name="operationSetup">Setup of the operation itself, ms.</param>
    public SetupStep Prepare(ref MachineCondition condition, int family, long operationSetup)
    {
        var always = EveryBatch + operationSetup;
        if (family < 0)
        {
            return new SetupStep(always, 0, 0, Possible: true);
        }

        if (_residue is not null)
        {
            return Clean(ref condition, family, always);
        }

        var step = _steps![(condition.Family + 1) * _families + family];
        condition = condition with { Family = family };
        return step with { Time = step.Time + always };
    }

    /// <summary>Condition after a batch of a family has run.</summary>
    public MachineCondition After(MachineCondition condition, int family) => new(
        family >= 0 ? family : condition.Family,
        condition.Residue + (family >= 0 ? _soil[family] : condition.Family >= 0 ? _soil[condition.Family] : 0),
        condition.Batches + 1);

    /// <summary>Matrix setup between two families, cleaning included; from −1 is clean.</summary>
    public SetupStep Between(int from, int to) => _steps is null || to < 0 ? new SetupStep(0, 0, 0, Possible: true) : _steps[(from + 1) * _families + to];

    private static SetupStep Tabulate(MatrixChangeover matrix, int from, int to)
    {
        var direct = matrix.Between(from < 0 ? null : new FamilyId(from), new FamilyId(to));
        if (direct.Allowed)
        {
            return new SetupStep(direct.Duration.Milliseconds, direct.Cost, direct.EnergyKwh, Possible: true);
        }

        return matrix.Cleaning is { } cleaning && matrix.FromClean.Allowed && from >= 0
            ? new SetupStep(
                (cleaning.Duration + matrix.FromClean.Duration).Milliseconds,
                cleaning.Cost + matrix.FromClean.Cost,
                cleaning.EnergyKwh + matrix.FromClean.EnergyKwh,
                Possible: true)
            : SetupStep.Forbidden;
    }

    private SetupStep Clean(ref MachineCondition condition, int family, long always)
    {
        var (time, cost, energy) = (always, 0.0, 0.0);
        for (var n = 0; NeedsCleaning(condition, family); n++)
        {
            if (n == MostCleanings)
            {
                return SetupStep.Forbidden;
            }

            var cleaning = Choose(condition.Residue, _limit[family]);
            time += cleaning.Duration.Milliseconds;
            cost += cleaning.Cost;
            energy += cleaning.EnergyKwh;
            condition = new MachineCondition(condition.Family, Math.Max(0, condition.Residue - cleaning.Removes), 0);
        }

        condition = condition with { Family = family };
        return new SetupStep(time, cost, energy, Possible: true);
    }

    private bool NeedsCleaning(MachineCondition condition, int family) =>
        condition.Residue >= _limit[family] || (_residue!.MaxBatchesBetweenCleanings is { } most && condition.Batches >= most);

    /// <summary>The weakest cleaning that suffices, else the strongest.</summary>
    private CleaningOperation Choose(double residue, double limit)
    {
        foreach (var cleaning in _residue!.Cleanings)
        {
            if (Math.Max(0, residue - cleaning.Removes) < limit)
            {
                return cleaning;
            }
        }

        return _residue.Cleanings[^1];
    }
}
