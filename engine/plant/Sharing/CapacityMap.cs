using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>Where capacity was used, lies idle, is booked or is free, week by week; no cell tells about fewer than three firms.</summary>
public sealed record CapacityMap
{
    /// <summary>Firms in a cell below which its hours are withheld.</summary>
    public const int LeastFirms = 3;

    /// <summary>Length of a column of the map, counted from the scenario's start.</summary>
    public static readonly Duration Week = Duration.FromDays(7);

    /// <summary>Seen from here: before it is what was, after it what is expected.</summary>
    public required SimTime At { get; init; }

    /// <summary>The firm that looks; <c>null</c> for the public.</summary>
    public required TenantId? Viewer { get; init; }

    /// <summary>By class, area where asked for, and week.</summary>
    public required ImmutableArray<CapacityCell> Cells { get; init; }

    /// <summary>The viewer's own machines, week by week; empty for the public.</summary>
    public required ImmutableArray<MachineWeek> Own { get; init; }

    /// <summary>Bookings by the viewer, and of its machines by others without a name; empty for the public.</summary>
    public required ImmutableArray<VisibleBooking> Bookings { get; init; }

    /// <summary>Key figures of the market so far; <c>null</c> where nothing is offered.</summary>
    public required SharingKpis? Sharing { get; init; }

    /// <summary>The viewer's account; <c>null</c> for the public.</summary>
    public required FirmAccount? Account { get; init; }

    /// <summary>Sum of the cells that are shown.</summary>
    public CapacityHours Shown => Cells.Aggregate(default(CapacityHours), (sum, c) => c.Hours is { } h ? sum + h : sum);

    /// <summary>Cells that are withheld.</summary>
    public int Withheld => Cells.Count(c => c.Hours is null);

    /// <summary>Draws the map of a plant that runs by a rule from the start.</summary>
    /// <param name="plant">The scenario.</param>
    /// <param name="at">When to look, ≥ the start.</param>
    /// <param name="viewer">The firm that looks; <c>null</c> for the public.</param>
    /// <param name="weeksAhead">Weeks shown from the one in which <paramref name="at"/> lies, ≥ 1.</param>
    /// <param name="bySite">Whether areas are told apart.</param>
    /// <param name="random">The luck of the run.</param>
    public static CapacityMap Of(CompiledScenario plant, SimTime at, TenantId? viewer, int weeksAhead, bool bySite, RandomSource random)
    {
        var start = new PlantState(plant);
        var tracker = new BottleneckTracker(start, Week);
        var watch = new PlantWatch(start, tracker);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, random, sink: watch);
        simulator.RunUntil(at);
        watch.State.AdvanceTo(at);
        return Of(watch.State, BottleneckReport.Of(tracker, at), viewer, weeksAhead, bySite);
    }

    /// <summary>Draws the map of a plant as it stands.</summary>
    /// <param name="state">The plant now.</param>
    /// <param name="past">How machines spent their time until now, in weeks.</param>
    /// <param name="viewer">The firm that looks; <c>null</c> for the public.</param>
    /// <param name="weeksAhead">Weeks shown from the one in which now lies, ≥ 1.</param>
    /// <param name="bySite">Whether areas are told apart.</param>
    public static CapacityMap Of(PlantState state, BottleneckReport past, TenantId? viewer, int weeksAhead, bool bySite)
    {
        var plant = state.Plant.Plant;
        var machines = CapacityWeeks.Of(state, past, viewer, weeksAhead);
        return new CapacityMap
        {
            At = state.Now,
            Viewer = viewer,
            Cells =
            [
                .. machines
                    .GroupBy(m => (Class: plant.Equipment[m.Equipment].Class, Site: bySite ? plant.Equipment[m.Equipment].Site : (SiteId?)null, m.Week))
                    .OrderBy(g => g.Key.Class.Index).ThenBy(g => g.Key.Site?.Index ?? -1).ThenBy(g => g.Key.Week)
                    .Select(g => CellOf(state.Plant, g.Key.Class, g.Key.Site, g.Key.Week, [.. g])),
            ],
            Own = viewer is null ? [] : [.. machines.Where(m => plant.Equipment[m.Equipment].Owner == viewer)],
            Bookings = viewer is { } firm ? [.. BookingsOf(state, firm)] : [],
            Sharing = SharingKpis.Of(state),
            Account = viewer is null ? null : MarketStatement.Of(state).Of(viewer),
        };
    }

    private static CapacityCell CellOf(CompiledScenario plant, EquipmentClassId kind, SiteId? site, SimTime week, IReadOnlyList<MachineWeek> machines)
    {
        var firms = machines.Select(m => plant.Plant.Equipment[m.Equipment].Owner?.Index ?? -1).Distinct().Count();
        if (firms < LeastFirms)
        {
            return new CapacityCell(kind, site, week, machines.Count, firms, null, null);
        }

        var hours = machines.Aggregate(default(CapacityHours), (sum, m) => sum + m.Hours);
        var price = machines.Sum(m => m.Hours.Offered > 0 ? m.Hours.Offered * PriceOf(plant, m.Equipment) : 0);
        return new CapacityCell(kind, site, week, machines.Count, firms, hours, EquipmentKpis.Ratio(price, hours.Offered));
    }

    /// <summary>Mean price of a machine's offers.</summary>
    private static double PriceOf(CompiledScenario plant, EquipmentId equipment)
    {
        var (first, end) = plant.Capacity.OffersOf(equipment);
        return Enumerable.Range(first, end - first).Average(o => plant.Capacity.TermsOf(o).PricePerHour);
    }

    private static IEnumerable<VisibleBooking> BookingsOf(PlantState state, TenantId firm)
    {
        var own = new List<VisibleBooking>();
        foreach (var booking in state.Reservations)
        {
            if (booking.Status is ReservationStatus.None or ReservationStatus.Offered || booking.End <= state.Now.Milliseconds)
            {
                continue;
            }

            var mine = booking.Firm == firm.Index;
            if (mine || (booking.IsActive && state.Plant.Capacity.OwnerOf(booking.Equipment) == firm.Index))
            {
                own.Add(new VisibleBooking(
                    new EquipmentId(booking.Equipment), new SimTime(booking.Start), new SimTime(booking.End), booking.Status, mine,
                    mine && booking.Order >= 0 ? new OrderId(booking.Order) : null));
            }
        }

        return own.OrderBy(b => b.Start).ThenBy(b => b.Equipment.Index);
    }
}
