using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>The condition of the components that can be felt, and the trend of one of them up to its limit.</summary>
public sealed class ConditionView(CompiledScenario plant, PlantState state, string words, Texts texts)
{
    /// <summary>Most urgent first.</summary>
    public IReadOnlyList<ConditionKpis> Rows { get; } = [.. ConditionKpis.Of(state).Where(k => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(w =>
        plant.Plant.Equipment[k.Equipment].Id.Contains(w, StringComparison.OrdinalIgnoreCase) || plant.Plant.Equipment[k.Equipment].Name.In(texts.Language).Contains(w, StringComparison.OrdinalIgnoreCase)
        || plant.Upkeep.Mode(k.Mode).Id.Contains(w, StringComparison.OrdinalIgnoreCase)))];

    /// <summary>Name of a row in addresses: machine and failure mode.</summary>
    public string IdOf(ConditionKpis row) => $"{plant.Plant.Equipment[row.Equipment].Id}/{plant.Upkeep.Mode(row.Mode).Id}";

    /// <summary>Readings over the age of the component, the trend carried on to the limit (the P–F curve), and the limit.</summary>
    /// <returns><c>null</c> before the first reading.</returns>
    public PlotSpec? Trend(ConditionKpis row)
    {
        Span<ConditionReading> kept = stackalloc ConditionReading[PlantState.KeptReadings];
        var readings = kept[..state.ReadingsOf(row.Mode, kept)].ToArray();
        if (readings.Length == 0)
        {
            return null;
        }

        var signal = plant.Upkeep.Mode(row.Mode).Signal!;
        var trend = RemainingLife.Of(state, row.Mode);
        var now = state.AgeOf(row.Mode, state.Now.Milliseconds);
        var line = trend is null ? [] : LineOf(trend, readings, now, signal.Baseline, signal.Limit);
        var ages = readings.Select(r => r.Age).Concat(line.Select(p => p.Age)).Distinct().Order().ToArray();
        double? Measured(double age) => readings.FirstOrDefault(r => r.Age == age) is { Level: > 0 } r ? Math.Round(r.Level, 3) : null;
        double? Expected(double age) => line.FirstOrDefault(p => p.Age == age) is { Level: > 0 } p ? Math.Round(p.Level, 3) : null;
        var series = new List<PlotSeries> { new(texts["condition.measured"], "accent", [.. ages.Select(Measured)], "points") };
        if (line.Count > 0)
        {
            series.Add(new PlotSeries(texts["condition.trend"], "warn", [.. ages.Select(Expected)], "dashed"));
        }

        return new PlotSpec("number", [.. ages.Select(a => Math.Round(a / Duration.MillisecondsPerHour, 2))], series, "mm/s", texts.Language)
        {
            XLabel = texts["condition.age"], XUnit = "h", Marks = [new PlotMark(texts["condition.limit"], "bad", signal.Limit), new PlotMark(texts["condition.baseline"], "good", signal.Baseline)],
        };
    }

    /// <summary>The rows to take home.</summary>
    public ExportTable Export() => TableFile.Of(texts["nav.condition"], "condition.",
        ["condition.machine", "condition.mode", "condition.agehours", "condition.level", "condition.zone", "condition.at", "condition.growth", "condition.p10", "condition.p50", "condition.p90", "condition.maintain"],
        Rows.Select(k => (object?[])[plant.Plant.Equipment[k.Equipment].Id, plant.Upkeep.Mode(k.Mode).Id, k.AgeHours, k.Level, k.Zone?.ToString(), At(k.MeasuredAt), k.GrowthPer100Hours, k.RemainingP10Hours, k.RemainingP50Hours, k.RemainingP90Hours, At(k.Slot?.Start)]), texts);

    private DateTimeOffset? At(SimTime? time) => time is { } t && t != SimTime.Never ? plant.Scenario.Clock.ToWallClock(t) : null;

    /// <summary>The exponential through the readings: flat at the baseline until it rises, then up to the limit or to twice the present age.</summary>
    private static List<(double Age, double Level)> LineOf(RemainingLife trend, ConditionReading[] readings, double now, double baseline, double limit)
    {
        const int Steps = 40;
        var last = readings[^1];
        var from = Math.Max(readings[0].Age, trend.RisesAtAge);
        var level = baseline * Math.Exp(trend.Growth * Math.Max(0, from - trend.RisesAtAge));
        var to = from + Math.Log(Math.Max(limit / level, 1.0001)) / trend.Growth;
        to = Math.Min(to, Math.Max(now, last.Age) * 3);
        return to <= from ? [] : [.. Enumerable.Range(0, Steps + 1).Select(i => from + (to - from) * i / Steps).Select(age => (age, baseline * Math.Exp(trend.Growth * (age - trend.RisesAtAge))))];
    }
}
