using System.Collections.Immutable;

namespace DigitalTwin.Plant.Model;

/// <summary>What a utility is; decides which draws are meant without being written, and which meters it feeds.</summary>
public enum UtilityKind
{
    /// <summary>Only what the phases name: nitrogen, chilled water, a dosing line's flow.</summary>
    Other,

    /// <summary>Electric power of the site, kW: everything that draws counts, and each phase draws its kW.</summary>
    Electricity,

    /// <summary>Steam, kg/h: each phase draws its <see cref="Phase.SteamKgPerUnit"/> evenly over its length.</summary>
    Steam,

    /// <summary>Fresh water, m³/h: each phase draws its <see cref="Phase.WaterLitresPerUnit"/> evenly over its length.</summary>
    Water,

    /// <summary>Waste water, m³/h: as much as the phases draw of fresh water.</summary>
    Effluent,

    /// <summary>Natural gas, m³/h.</summary>
    Gas,

    CompressedAir,
}

/// <summary>What happens to a phase when a utility is at its rate cap.</summary>
public enum AtCap
{
    /// <summary>All phases that draw slow down in proportion, so that the sum is the cap.</summary>
    Stretch,

    /// <summary>A phase does not begin before there is room for all it draws; first come, first served within a priority.</summary>
    Wait,
}

/// <summary>A limited supply that phases draw from: steam, water, compressed air, effluent, electricity, ….</summary>
public sealed record Utility
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    public UtilityKind Kind { get; init; }

    /// <summary>Unit of what is drawn; rates are this unit per hour (for electricity kWh, so kW).</summary>
    public string Unit { get; init; } = "";

    /// <summary>Site that it supplies; <c>null</c> supplies all of them together.</summary>
    public SiteId? Site { get; init; }

    /// <summary>Largest rate, unit/h, > 0; <c>null</c> is unlimited.</summary>
    public double? RateCap { get; init; }

    /// <summary>What happens at the cap, where the phase says nothing else.</summary>
    public AtCap AtCap { get; init; }

    /// <summary>Most that may be drawn between two local midnights, unit, > 0; <c>null</c> is unlimited. A phase that would exceed it
    /// waits; one that alone exceeds it begins when nothing else is drawn on that day.</summary>
    public double? DailyCap { get; init; }

    /// <summary>Other rate caps at times of the week; later entries win where they overlap.</summary>
    public ImmutableArray<UtilityWindow> Windows { get; init; } = [];
}

/// <summary>A part of the week with a rate cap of its own; <paramref name="End"/> ≤ <paramref name="Start"/> runs past midnight.</summary>
/// <param name="RateCap">Largest rate, unit/h, > 0.</param>
public sealed record UtilityWindow(Weekdays Days, TimeOnly Start, TimeOnly End, double RateCap);

/// <summary>What a phase draws from a utility.</summary>
public sealed record UtilityDraw(UtilityId Utility)
{
    /// <summary>Rate whatever the load, unit/h, ≥ 0.</summary>
    public double Rate { get; init; }

    /// <summary>Rate per unit of load, unit/h, ≥ 0.</summary>
    public double RatePerUnit { get; init; }

    /// <summary>Amount whatever the load, drawn evenly over the phase, ≥ 0.</summary>
    public double Amount { get; init; }

    /// <summary>Amount per unit of load, drawn evenly over the phase, ≥ 0.</summary>
    public double AmountPerUnit { get; init; }
}
