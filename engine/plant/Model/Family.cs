using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>What jobs must share to be in one batch, and what a changeover runs between (a shade group in dyeing).</summary>
public sealed record Family
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Colour for charts, <c>#rrggbb</c>, or <c>null</c> for one from the palette.</summary>
    public string? Color { get; init; }

    /// <summary>Residue one batch leaves behind, in the units of a <see cref="ResidueChangeover"/>; ≥ 0.</summary>
    public double Soil { get; init; }

    /// <summary>Multiplies the probabilities of additions, repetitions and losses of its batches, ≥ 0.</summary>
    public double QualityRisk { get; init; } = 1;

    /// <summary>The residue must be below this for a batch of the family to start; infinite when it does not care.</summary>
    public double ResidueLimit { get; init; } = double.PositiveInfinity;
}

/// <summary>Sequence-dependent setup between two families.</summary>
/// <param name="Duration">Setup time, ≥ 0. Zero means no setup at all, not an instant one.</param>
/// <param name="Cost">Cost in the plant's currency or the planner's points, ≥ 0.</param>
/// <param name="Allowed">False forbids the succession: the equipment must pass another family or a cleaning first.</param>
/// <remarks>CMSD SetupChangeoverDefinition; in a dyehouse, the vat-cleaning matrix.</remarks>
public sealed record Changeover(Duration Duration, double Cost = 0, bool Allowed = true)
{
    /// <summary>Electricity used by the setup, kWh.</summary>
    public double EnergyKwh { get; init; }

    /// <summary>Water used by the setup, m³.</summary>
    public double WaterM3 { get; init; }

    /// <summary>Steam used by the setup, kg.</summary>
    public double SteamKg { get; init; }

    public static readonly Changeover None = new(Duration.Zero);
}

/// <summary>How equipment passes from one family to the next: by <see cref="MatrixChangeover"/> or by <see cref="ResidueChangeover"/>.</summary>
public abstract record ChangeoverRule
{
    public required string Id { get; init; }

    /// <summary>Setup before every batch, even of the same family (loading a tool, pinning a pattern); ≥ 0.</summary>
    public Duration EveryBatch { get; init; }
}

/// <summary>A family × family table of setups.</summary>
public sealed record MatrixChangeover : ChangeoverRule
{
    /// <summary>Row = family before, column = family after, as family indices; both of length = number of families. A missing pair is
    /// <see cref="Changeover.None"/> on the diagonal and <see cref="Default"/> elsewhere.</summary>
    public required ImmutableDictionary<(FamilyId From, FamilyId To), Changeover> Pairs { get; init; }

    /// <summary>Setup between different families that <see cref="Pairs"/> does not list.</summary>
    public Changeover Default { get; init; } = Changeover.None;

    /// <summary>Setup from clean equipment (no family yet).</summary>
    public Changeover FromClean { get; init; } = Changeover.None;

    /// <summary>A cleaning that makes any succession possible again, used where the table forbids the direct way; <c>null</c> when there is none.</summary>
    public Changeover? Cleaning { get; init; }

    /// <summary>The setup from one family to the next; <paramref name="from"/> is <c>null</c> for clean equipment.</summary>
    public Changeover Between(FamilyId? from, FamilyId to) =>
        from is not { } f ? FromClean
        : Pairs.TryGetValue((f, to), out var c) ? c
        : f == to ? Changeover.None
        : Default;
}

/// <summary>Residue that every batch adds to and cleanings remove: light shades need clean vats.</summary>
public sealed record ResidueChangeover : ChangeoverRule
{
    /// <summary>Cleanings by rising strength; at least one.</summary>
    public required ImmutableArray<CleaningOperation> Cleanings { get; init; }

    /// <summary>A cleaning is forced after so many batches; <c>null</c> never.</summary>
    public int? MaxBatchesBetweenCleanings { get; init; }
}

/// <summary>A cleaning (boil-out, strip) that lowers the residue.</summary>
/// <param name="Removes">Residue taken away, > 0; the level never falls below zero.</param>
public sealed record CleaningOperation(string Id, double Removes, Duration Duration)
{
    public double Cost { get; init; }
    public double EnergyKwh { get; init; }
    public double WaterM3 { get; init; }
    public double SteamKg { get; init; }
}
