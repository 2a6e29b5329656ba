using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>A line of a chart.</summary>
/// <param name="Color">Name of a colour of <c>css/tokens.css</c>, or <c>#rrggbb</c>.</param>
/// <param name="Values">One per x; <c>null</c> where there is none.</param>
/// <param name="Style"><c>line</c>, <c>dashed</c>, <c>steps</c>, <c>area</c> or <c>points</c>.</param>
public sealed record PlotSeries(string Label, string Color, IReadOnlyList<double?> Values, string Style = "line");

/// <summary>A limit across a chart.</summary>
public sealed record PlotMark(string Label, string Color, double Value);

/// <summary>A small chart as <c>wwwroot/js/plot.js</c> draws it.</summary>
/// <param name="Kind"><c>time</c> (x in seconds since the epoch) or <c>number</c>.</param>
/// <param name="X">Rising.</param>
/// <param name="Unit">Unit of the values.</param>
public sealed record PlotSpec(string Kind, IReadOnlyList<double> X, IReadOnlyList<PlotSeries> Series, string Unit, string Language)
{
    /// <summary>Each series lies on those before it.</summary>
    public bool Stacked { get; init; }

    public string XLabel { get; init; } = "";

    public string XUnit { get; init; } = "";

    /// <summary>Word before the moment in the legend.</summary>
    public string TimeLabel { get; init; } = "";

    public IReadOnlyList<PlotMark> Marks { get; init; } = [];

    /// <summary>Unix ms of the plant's epoch.</summary>
    public long Epoch { get; init; }

    /// <summary>IANA zone of the plant.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>A chart over the plant's time.</summary>
    public static PlotSpec OverTime(CompiledScenario plant, Texts texts, IReadOnlyList<double> seconds, IReadOnlyList<PlotSeries> series, string unit) => new("time", seconds, series, unit, texts.Language)
    {
        TimeLabel = texts["plot.time"],
        Epoch = plant.Scenario.Clock.ToWallClock(Simulation.SimTime.Zero).ToUnixTimeMilliseconds(),
        Zone = plant.Scenario.Clock.TimeZone,
    };
}
