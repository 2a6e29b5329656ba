using System.Collections.Immutable;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>What the futures of one question came to. Plain data: it is kept on disk and needs no scenario to be read.</summary>
public sealed record WhatIfOutcome
{
    public required string Plant { get; init; }

    /// <summary>Run of the session, and version of the twin, that all futures start from.</summary>
    public required int PlantRun { get; init; }

    public required long BaseVersion { get; init; }

    /// <summary>Plant time of that version, in the plant's zone.</summary>
    public required DateTimeOffset From { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Length of the window in hours; <c>null</c> where each future ran until its book was finished.</summary>
    public double? Hours { get; init; }

    /// <summary>Version of the schedule that the futures follow; 0 for the dispatch rule alone.</summary>
    public required int ScheduleVersion { get; init; }

    /// <summary>Number of futures.</summary>
    public required int Futures { get; init; }

    /// <summary>Futures in which every order was complete at the end.</summary>
    public required int AllComplete { get; init; }

    /// <summary>What was changed, a sentence each; empty when nothing was.</summary>
    public required ImmutableArray<string> Changes { get; init; }

    public required ImmutableArray<WhatIfFigure> Figures { get; init; }

    public required ImmutableArray<WhatIfOrder> Orders { get; init; }

    /// <summary>Hash of each future's events: equal hashes mean bit-identical futures.</summary>
    public required ImmutableArray<string> Hashes { get; init; }

    public required double TookSeconds { get; init; }

    /// <summary>Whether the futures of both can be compared one by one: same start, same luck, same window.</summary>
    public bool IsPairedWith(WhatIfOutcome other) =>
        (Plant, PlantRun, BaseVersion, Seed, Hours) == (other.Plant, other.PlantRun, other.BaseVersion, other.Seed, other.Hours);

    /// <summary>The figure with a key, or <c>null</c>.</summary>
    public WhatIfFigure? Figure(string key) => Figures.FirstOrDefault(f => f.Key == key);

    internal static (ImmutableArray<WhatIfFigure> Figures, ImmutableArray<WhatIfOrder> Orders) Summarise(Plant.Model.Scenario scenario, IReadOnlyList<RunResult> runs) =>
    (
        [.. KpiCatalogue.Plant.Select(kpi => WhatIfFigure.Of(kpi, scenario.Currency, runs))],
        [.. OrderBand.Of(scenario, runs, null).Select(band => WhatIfOrder.Of(band, scenario.Clock))]);
}

/// <summary>One key figure over the futures.</summary>
/// <param name="Unit">As stored: <c>1</c> for a share; money in the scenario's currency.</param>
/// <param name="P10">One future in ten has less; <c>null</c> where no future has the figure.</param>
/// <param name="Values">By future; <c>null</c> where it is not defined.</param>
public sealed record WhatIfFigure(
    string Key, string Name, string NameZh, string Unit, KpiDirection Better, double? P10, double? P50, double? P90, double? Mean, ImmutableArray<double?> Values)
{
    internal static WhatIfFigure Of(KpiDescriptor<PlantKpis> kpi, string currency, IReadOnlyList<RunResult> runs)
    {
        ImmutableArray<double?> values = [.. runs.Select(r => kpi.Value(r.Kpis) is { } v && double.IsFinite(v) ? v : (double?)null)];
        var sorted = values.OfType<double>().Order().ToArray();
        return new WhatIfFigure(
            kpi.Key, kpi.Name.In("en"), kpi.Name.In("zh-CN"), kpi.Unit == "money" ? currency : kpi.Unit, kpi.Better,
            At(0.1), At(0.5), At(0.9), sorted.Length > 0 ? sorted.Average() : null, values);

        double? At(double p) => sorted.Length > 0 ? Quantiles.Of(sorted, p) : null;
    }
}

/// <summary>When one order is ready, over the futures.</summary>
/// <param name="P10">One future in ten is ready by then; <c>null</c> where that lies beyond the end of the futures.</param>
/// <param name="OnTime">Share of the futures that keep the due date, in [0, 1]; <c>null</c> without one.</param>
/// <param name="OnTimeLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="TardinessHours">Mean hours late; <c>null</c> without a due date.</param>
public sealed record WhatIfOrder(
    string Id, DateTimeOffset? Due, DateTimeOffset? P10, DateTimeOffset? P50, DateTimeOffset? P90, double? OnTime, double? OnTimeLow, double? OnTimeHigh, double? TardinessHours)
{
    internal static WhatIfOrder Of(OrderBand band, Plant.Model.PlantClock clock)
    {
        return new WhatIfOrder(
            band.Order.Id, Wall(band.Order.Due), Wall(band.P10), Wall(band.P50), Wall(band.P90),
            band.OnTime?.Share, band.OnTime?.Low, band.OnTime?.High, band.TardinessMeanHours);

        DateTimeOffset? Wall(SimTime? t) => t is { } time ? clock.ToWallClock(time) : null;
    }
}
