using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Watch;

/// <summary>A time for maintenance in the schedule in force, and what it costs.</summary>
/// <param name="Start">When it is called for; it begins as soon as the machine is empty from then on.</param>
/// <param name="TardinessHours">Weighted hours late that it adds over all orders; below 0 it even helps (another order of work).</param>
/// <param name="Why">For people: the gap it uses.</param>
public sealed record MaintenanceChoice(SimTime Start, double TardinessHours, string Why);

/// <summary>Where maintenance of a machine does least harm before it is likely to fail.</summary>
/// <remarks>
/// Tried are the gaps between the planned batches of the machine and the slot that <see cref="MaintenanceSlot"/> names, from the plan's lead time on up
/// to the moment that the component outlives with a probability of 90 %. Each is executed by the simulator from the plant as it stands, following the
/// schedule in force, and held against the same future without it, with the same luck. The least cost wins, the earlier of equals.
/// </remarks>
public sealed record MaintenanceAdvice(int Equipment, int Plan, Duration Length, SimTime Latest, bool InTime, ImmutableArray<MaintenanceChoice> Choices)
{
    /// <summary>Moments tried per machine, at most.</summary>
    public const int MostTried = 8;

    /// <summary>The best choice.</summary>
    public MaintenanceChoice Best => Choices[0];

    /// <summary>Advice for a component; <c>null</c> where nothing calls for maintenance, or no plan could do it.</summary>
    /// <param name="seed">Luck of the futures: not that of the plant.</param>
    public static MaintenanceAdvice? Of(TwinView view, ConditionKpis condition, ulong seed, CancellationToken stop = default)
    {
        if (condition.Slot is not { } slot)
        {
            return null;
        }

        var state = view.State;
        var book = state.Plant.Upkeep;
        var length = Duration.FromMilliseconds(book.Plan(slot.Plan).Duration.Mean);
        var earliest = SimTime.Max(view.Now, book.NextOpening(slot.Plan, view.Now + book.Plan(slot.Plan).LeadTime));
        var latest = condition.RemainingP10Hours is { } hours ? view.Now + Duration.FromHours(Math.Min(hours, 24 * 60)) : earliest + Duration.FromDays(7);
        var without = WeightedTardiness(view, seed, null);
        var choices = new List<MaintenanceChoice>();
        foreach (var (start, why) in Moments(view, condition.Equipment, slot, earliest, latest))
        {
            stop.ThrowIfCancellationRequested();
            var with = WeightedTardiness(view, seed, new Disturbance { Time = start, Equipment = new EquipmentId(condition.Equipment), Kind = DisturbanceKind.Maintenance, Duration = length });
            choices.Add(new MaintenanceChoice(start, with - without, why));
        }

        return new MaintenanceAdvice(condition.Equipment, slot.Plan, length, latest, earliest <= latest, [.. choices.OrderBy(c => Math.Round(c.TardinessHours, 6)).ThenBy(c => c.Start)]);
    }

    private static IEnumerable<(SimTime Start, string Why)> Moments(TwinView view, int equipment, MaintenanceSlot slot, SimTime earliest, SimTime latest)
    {
        var moments = new SortedDictionary<long, string> { [earliest.Milliseconds] = "as soon as it may be" };
        if (slot.Start >= earliest)
        {
            moments[slot.Start.Milliseconds] = slot.OffShift ? "outside the machine's shifts" : "the first opening of its plan";
        }

        var planned = view.Schedule.Schedule?.Batches.Where(b => b.Equipment.Index == equipment && b.End >= earliest && b.End <= latest).OrderBy(b => b.End).ToList() ?? [];
        var gaps = planned.Select((b, i) => (b.End, Gap: (i + 1 < planned.Count ? planned[i + 1].SetupStart : latest) - b.End));
        foreach (var (end, gap) in gaps.OrderByDescending(g => g.Gap).Take(MostTried - moments.Count))
        {
            moments.TryAdd(end.Milliseconds, gap > Duration.Zero ? $"a gap of {gap} in the schedule in force" : "between two batches of the schedule in force");
        }

        return moments.Select(m => (new SimTime(m.Key), m.Value));
    }

    private static double WeightedTardiness(TwinView view, ulong seed, Disturbance? maintenance)
    {
        var plant = view.State.Plant;
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch, Schedule = view.Schedule.Schedule }, new RandomSource(seed, 0), view.State);
        if (maintenance is not null)
        {
            // Called for just before, so that it goes before work that would begin at the same moment.
            simulator.RunUntil(SimTime.Max(view.Now, maintenance.Time - Duration.FromMilliseconds(1)));
            simulator.Inject(maintenance);
        }

        simulator.RunToCompletion(view.Now + Duration.Max(plant.Scenario.Horizon * 3, Duration.FromDays(30)));
        return PlantKpis.Of(simulator.State).Orders.WeightedTardinessHours;
    }
}
