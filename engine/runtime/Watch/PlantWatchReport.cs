using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Watch;

/// <summary>What a plant is warned of.</summary>
public enum WarningKind
{
    /// <summary>A component will probably fail soon.</summary>
    Condition,

    /// <summary>A material will probably stop a job.</summary>
    Supply,
}

/// <summary>A warning that stands.</summary>
/// <param name="Subject">Id of the machine or of the material.</param>
/// <param name="Since">Plant time since which it has stood without a break.</param>
/// <param name="Severe">A line stops, or maintenance comes too late, unless somebody acts.</param>
/// <param name="Text">For people.</param>
public sealed record PlantWarning(WarningKind Kind, string Subject, SimTime Since, bool Severe, string Text);

/// <summary>How a plant is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>A component is warned of when it outlives so many hours with less than 90 %.</summary>
    public double WarnHours { get; init; } = 14 * 24;

    /// <summary>How far ahead shortages are looked for.</summary>
    public Duration Ahead { get; init; } = Duration.FromDays(14);

    /// <summary>Probability from which on a shortage is warned of.</summary>
    public double ShortageProbability { get; init; } = 0.5;

    /// <summary>Futures of an outlook, ≥ 1.</summary>
    public int Futures { get; init; } = 10;

    /// <summary>Machines for which a time for maintenance is worked out, the most urgent first.</summary>
    public int Advised { get; init; } = 8;

    /// <summary>At most one look in so long.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Share of the time that may go into looking, in (0, 1].</summary>
    public double LoadShare { get; init; } = 0.15;

    /// <summary>Luck of the futures: not that of an emulated plant.</summary>
    public ulong Seed { get; init; } = RandomSource.Key("watch");
}

/// <summary>Condition and supply of a plant as it stands.</summary>
/// <param name="Version">Version of the session it was read from.</param>
/// <param name="Conditions">Components that are measured, the most urgent first.</param>
/// <param name="Advice">Times for maintenance, for the most urgent ones that something calls for.</param>
/// <param name="Materials">Stock, cover and risk per material, the most to be feared first.</param>
/// <param name="Outlook">Shortages ahead; <c>null</c> where no materials are counted.</param>
/// <param name="Warnings">The severe ones first.</param>
public sealed record PlantWatchReport(
    long Version, int Run, SimTime At, ImmutableArray<ConditionKpis> Conditions, ImmutableArray<MaintenanceAdvice> Advice, ImmutableArray<MaterialKpis> Materials,
    ShortageOutlook? Outlook, ImmutableArray<PlantWarning> Warnings)
{
    /// <summary>Looks at a plant.</summary>
    /// <param name="before">The last look, from which warnings keep the time since when they stand; <c>null</c> for the first.</param>
    public static PlantWatchReport Of(TwinView view, WatchOptions options, PlantWatchReport? before = null, CancellationToken stop = default)
    {
        var state = view.State;
        var conditions = state.Plant.Upkeep.SignalCount > 0 ? ConditionKpis.Of(state) : [];
        var urgent = conditions.Where(c => c.Slot is not null && (c.Ordered || c.RemainingP10Hours < options.WarnHours)).Take(options.Advised);
        ImmutableArray<MaintenanceAdvice> advice = [.. urgent.Select(c => MaintenanceAdvice.Of(view, c, options.Seed, stop)).OfType<MaintenanceAdvice>()];
        var counted = state.Plant.Materials.InUse;
        var materials = counted ? MaterialKpis.Of(state) : [];
        var outlook = counted
            ? ShortageOutlook.Of(state, new DispatchPolicy { Rule = state.Plant.Scenario.Dispatch, Schedule = view.Schedule.Schedule }, options.Seed, options.Futures, options.Ahead) : null;
        var report = new PlantWatchReport(
            view.Version, view.Run, view.Now, conditions, advice, [.. materials.OrderByDescending(m => m.Score).ThenBy(m => m.CoverDays ?? double.MaxValue)], outlook, []);
        var warnings = WarningsOf(state.Plant, report, options).Select(w => w with { Since = SinceOf(w, before, view) });
        return report with { Warnings = [.. warnings.OrderByDescending(w => w.Severe).ThenBy(w => w.Kind).ThenBy(w => w.Subject, StringComparer.Ordinal)] };
    }

    private static IEnumerable<PlantWarning> WarningsOf(CompiledScenario plant, PlantWatchReport report, WatchOptions options)
    {
        foreach (var c in report.Conditions.Where(c => c.RemainingP10Hours < options.WarnHours))
        {
            var advice = report.Advice.FirstOrDefault(a => a.Equipment == c.Equipment);
            var severe = c.Slot is not { InTime: true } && !c.Ordered;
            var what = $"{plant.Upkeep.Mode(c.Mode).Id}: {c.Level:0.0} mm/s, zone {c.Zone}; lasts {c.RemainingP10Hours / 24:0.0} days with 90 %, {c.RemainingP50Hours / 24:0.0} with 50 %";
            yield return new PlantWarning(WarningKind.Condition, plant.Plant.Equipment[c.Equipment].Id, default, severe,
                what + (advice is null ? "" : $"; maintain it {plant.Scenario.Clock.ToWallClock(advice.Best.Start):yyyy-MM-dd HH:mm} ({advice.Best.Why}, {advice.Best.TardinessHours:+0.0;-0.0;0} h late){(advice.InTime ? "" : ", which may be too late: its lead time is longer than that")}"));
        }

        foreach (var m in report.Outlook?.Materials.Where(m => m.IsShort || m.Probability >= options.ShortageProbability) ?? [])
        {
            var stock = report.Materials.First(k => k.Material == m.Material);
            var what = m.IsShort ? "a job lacks it now" : $"runs short with {m.Probability:0 %}, about {plant.Scenario.Clock.ToWallClock(m.Expected!.Value):yyyy-MM-dd HH:mm}";
            yield return new PlantWarning(WarningKind.Supply, plant.Plant.Materials[m.Material].Id, default, m.IsShort,
                $"{what}; {stock.Stock:0.##} {plant.Plant.Materials[m.Material].Unit} in stock{(stock.CoverDays is { } d ? $", {d:0.0} days of use" : "")}, {stock.OnOrder:0.##} on order");
        }
    }

    private static SimTime SinceOf(PlantWarning warning, PlantWatchReport? before, TwinView view) =>
        before is not null && before.Run == view.Run && before.Warnings.FirstOrDefault(w => w.Kind == warning.Kind && w.Subject == warning.Subject) is { } stood ? stood.Since : view.Now;
}
