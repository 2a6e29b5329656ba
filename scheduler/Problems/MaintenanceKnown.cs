using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Hours in which a machine will be maintained, as far as they are known: maintenance that the scenario has planned, that is ordered, or that
/// comes next by the calendar.</summary>
internal static class MaintenanceKnown
{
    /// <summary>Whether any maintenance has a date.</summary>
    public static bool HasAny(CompiledScenario plant) =>
        plant.Scenario.Disturbances.Any(d => d.Kind == DisturbanceKind.Maintenance) || plant.Plant.MaintenancePlans.Any(p => p.Clock == UsageClock.Calendar);

    /// <summary>Maintenance per machine, ms, each from when it can begin: not before <paramref name="from"/> (what is under way is over).</summary>
    public static List<(long Start, long End)>[] Of(CompiledScenario plant, PlantState? state, Func<int, long> from)
    {
        var stops = plant.Plant.Equipment.Select(_ => new List<(long, long)>()).ToArray();
        var now = (state?.Now ?? SimTime.Zero).Milliseconds;
        foreach (var planned in plant.Scenario.Disturbances.Where(d => d.Kind == DisturbanceKind.Maintenance && d.Time.Milliseconds >= now))
        {
            Add(planned.Equipment.Index, planned.Time.Milliseconds, planned.Duration.Milliseconds);
        }

        if (plant.Upkeep.PlanCount > 0)
        {
            state ??= new PlantState(plant);
            for (var p = 0; p < plant.Upkeep.PlanCount; p++)
            {
                if (DueAt(plant, state, p, now) is { } due)
                {
                    Add(plant.Upkeep.EquipmentOfPlan(p), plant.Upkeep.NextOpening(p, new SimTime(Math.Max(now, due))).Milliseconds, (long)plant.Upkeep.Plan(p).Duration.Mean);
                }
            }
        }

        return stops;

        void Add(int equipment, long start, long length)
        {
            start = Math.Max(start, from(equipment));
            stops[equipment].Add((start, start + length));
        }
    }

    private static long? DueAt(CompiledScenario plant, PlantState state, int plan, long now)
    {
        ref readonly var stands = ref state.Maintenance[plan];
        var model = plant.Upkeep.Plan(plan);
        return stands.InHand ? null
            : stands.Ordered > 0 ? stands.Ordered - 1
            : model is { Clock: UsageClock.Calendar, Every: { } every } ? now + (long)Math.Max(0, every - state.UsedOf(plan, now)) + model.LeadTime.Milliseconds
            : null;
    }

    /// <summary>Working hours without some stops; <c>null</c> where nothing restricts them.</summary>
    public static CalendarTimeline? Without(CalendarTimeline? calendar, List<(long Start, long End)> stops, long until)
    {
        if (stops.Count == 0)
        {
            return calendar;
        }

        var spans = calendar is null ? [(0L, until)] : Enumerable.Range(0, calendar.Count).Select(i => (calendar.Window(i).Start.Milliseconds, calendar.Window(i).End.Milliseconds)).ToList();
        foreach (var (start, end) in stops)
        {
            spans = [.. spans.SelectMany(s => end <= s.Item1 || start >= s.Item2 ? [s] : new[] { (s.Item1, Math.Min(start, s.Item2)), (Math.Max(end, s.Item1), s.Item2) })];
        }

        return CalendarTimeline.FromSpans(spans);
    }
}
