using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>The condition of one component that can be felt, as it was last measured, and what its trend says.</summary>
public sealed record ConditionKpis
{
    /// <summary>Index of the machine.</summary>
    public required int Equipment { get; init; }

    /// <summary>Failure mode, as <see cref="UpkeepBook"/> numbers them.</summary>
    public required int Mode { get; init; }

    /// <summary>Age of the component, hours of its clock.</summary>
    public required double AgeHours { get; init; }

    /// <summary>Vibration as last measured, mm/s RMS; <c>null</c> before the first reading of its life.</summary>
    public double? Level { get; init; }

    /// <summary>Zone of ISO 20816-3 that the level is in.</summary>
    public VibrationZone? Zone { get; init; }

    /// <summary>When it was last measured.</summary>
    public SimTime? MeasuredAt { get; init; }

    /// <summary>Readings since its life began.</summary>
    public int Readings { get; init; }

    /// <summary>Growth of the level per 100 hours of its clock, as a share; <c>null</c> without a trend.</summary>
    public double? GrowthPer100Hours { get; init; }

    /// <summary>Age at which the signal left its baseline by the trend, hours of its clock: the estimate of P, from which the P–F interval runs; <c>null</c>
    /// without a trend.</summary>
    public double? RisesAtAgeHours { get; init; }

    /// <summary>Remaining life that is reached with a probability of 90 %, calendar hours at the machine's use so far; <c>null</c> without a trend.</summary>
    public double? RemainingP10Hours { get; init; }

    /// <summary>Median of the remaining life, calendar hours.</summary>
    public double? RemainingP50Hours { get; init; }

    /// <summary>Remaining life that is reached with a probability of 10 %, calendar hours.</summary>
    public double? RemainingP90Hours { get; init; }

    /// <summary>Maintenance that renews it is ordered or in hand.</summary>
    public bool Ordered { get; init; }

    /// <summary>When maintenance had best begin; <c>null</c> where nothing calls for it.</summary>
    public MaintenanceSlot? Slot { get; init; }

    /// <summary>The components of a plant that can be felt, those with the shortest remaining life first, then by their level.</summary>
    public static ImmutableArray<ConditionKpis> Of(PlantState state)
    {
        var book = state.Plant.Upkeep;
        var all = Enumerable.Range(0, book.ModeCount).Where(m => book.Mode(m).Signal is not null).Select(m => Of(state, m));
        return [.. all.OrderBy(c => c.RemainingP50Hours ?? double.MaxValue).ThenByDescending(c => c.Level ?? 0).ThenBy(c => c.Equipment)];
    }

    private static ConditionKpis Of(PlantState state, int mode)
    {
        var (equipment, now) = (state.Plant.Upkeep.EquipmentOfMode(mode), state.Now.Milliseconds);
        ref readonly var wear = ref state.Wear[mode];
        var (signal, trend) = (state.Plant.Upkeep.Mode(mode).Signal!, RemainingLife.Of(state, mode));
        var use = now > 0 ? state.ReadingOf(equipment, state.Plant.Upkeep.Mode(mode).Clock, now) / now : 0;
        double? Hours(double? remaining) => remaining / (use > 0 ? use : 1) / Duration.MillisecondsPerHour;
        var plan = PlanFor(state, mode);
        var p10 = Hours(trend?.P10);
        return new ConditionKpis
        {
            Equipment = equipment,
            Mode = mode,
            AgeHours = state.AgeOf(mode, now) / Duration.MillisecondsPerHour,
            Level = wear.Readings > 0 ? wear.Level : null,
            Zone = wear.Readings > 0 ? signal.ZoneOf(wear.Level) : null,
            MeasuredAt = wear.Readings > 0 ? new SimTime(wear.MeasuredAt) : null,
            Readings = wear.Readings,
            GrowthPer100Hours = trend is null ? null : Math.Exp(trend.Growth * 100 * Duration.MillisecondsPerHour) - 1,
            RisesAtAgeHours = trend?.RisesAtAge / Duration.MillisecondsPerHour,
            RemainingP10Hours = p10,
            RemainingP50Hours = Hours(trend?.P50),
            RemainingP90Hours = Hours(trend?.P90),
            Ordered = plan >= 0 && (state.Maintenance[plan].Ordered > 0 || state.Maintenance[plan].InHand),
            Slot = plan >= 0 && (p10 is not null || state.Maintenance[plan].Ordered > 0) ? MaintenanceSlot.Find(state, plan, p10) : null,
        };
    }

    /// <summary>The plan that renews a mode: the one ordered, else the first; −1 when there is none.</summary>
    private static int PlanFor(PlantState state, int mode)
    {
        var (first, end) = state.Plant.Upkeep.PlansOf(state.Plant.Upkeep.EquipmentOfMode(mode));
        var found = -1;
        for (var p = first; p < end; p++)
        {
            if (state.Plant.Upkeep.RenewedBy(p).Contains(mode) && (found < 0 || state.Maintenance[p].Ordered > 0))
            {
                found = p;
            }
        }

        return found;
    }
}

/// <summary>A time for maintenance.</summary>
/// <param name="Plan">Maintenance plan, as <see cref="UpkeepBook"/> numbers them.</param>
/// <param name="Start">When it begins.</param>
/// <param name="OffShift">The machine has no working hours then: the maintenance costs no production.</param>
/// <param name="InTime">It begins before the component has failed with a probability of more than 10 %.</param>
public sealed record MaintenanceSlot(int Plan, SimTime Start, bool OffShift, bool InTime)
{
    /// <summary>The first stop of the machine's shifts that is long enough and comes in time; else the first moment that the plan's lead time and
    /// window allow.</summary>
    /// <param name="p10Hours">Calendar hours that the component lasts with a probability of 90 %; <c>null</c> when nobody knows.</param>
    internal static MaintenanceSlot Find(PlantState state, int plan, double? p10Hours)
    {
        var (book, now) = (state.Plant.Upkeep, state.Now);
        var may = state.Maintenance[plan].Ordered > 0 ? new SimTime(state.Maintenance[plan].Ordered - 1) : now + book.Plan(plan).LeadTime;
        var earliest = book.NextOpening(plan, SimTime.Max(may, now));
        var latest = p10Hours is { } hours ? now + Duration.FromHours(Math.Min(hours, 1e6)) : earliest + Duration.FromDays(7);
        var length = Duration.FromMilliseconds(book.Plan(plan).Duration.Mean);
        if (state.Plant.CalendarOf(book.EquipmentOfPlan(plan)) is { } shifts)
        {
            var at = earliest;
            while (at <= latest && shifts.NextChange(at) is var change && change != SimTime.Never)
            {
                if (!shifts.IsWorking(at) && book.NextOpening(plan, at) == at && at + length <= change)
                {
                    return new MaintenanceSlot(plan, at, OffShift: true, InTime: true);
                }

                at = change;
            }
        }

        return new MaintenanceSlot(plan, earliest, OffShift: false, InTime: p10Hours is null || earliest <= latest);
    }
}
