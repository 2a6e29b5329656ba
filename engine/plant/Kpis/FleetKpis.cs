using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one fleet of vehicles over the window of the statistics. A trip counts when it begins.</summary>
/// <param name="Fleet">Index of the fleet in the plant model.</param>
/// <param name="VehicleHours">Vehicles × their working hours.</param>
/// <param name="Trips">Trips with work.</param>
/// <param name="Lots">Lots brought.</param>
/// <param name="LoadedHours">Loading, on the way with work, unloading.</param>
/// <param name="EmptyHours">On the way to work, empty.</param>
public sealed record FleetKpis(int Fleet, double VehicleHours, int Trips, int Lots, double LoadedHours, double EmptyHours)
{
    internal static ImmutableArray<FleetKpis> Of(PlantState state) =>
    [
        .. state.Plant.Plant.Fleets.Select((fleet, i) =>
        {
            var meters = state.FleetMeters[i];
            var hours = (state.Plant.Fleets!.CalendarOf(i)?.WorkBetween(state.StatisticsSince, state.Now) ?? state.Now - state.StatisticsSince).Hours;
            return new FleetKpis(
                i, fleet.Count * hours, meters.Trips, meters.Lots,
                meters.LoadedMs / (double)Duration.MillisecondsPerHour, meters.EmptyMs / (double)Duration.MillisecondsPerHour);
        }),
    ];
}
