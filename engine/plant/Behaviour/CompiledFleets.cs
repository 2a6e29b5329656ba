using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Vehicles as the event path reads them.</summary>
internal sealed class CompiledFleets
{
    private readonly int[] _fleetOf; // per vehicle
    private readonly long[] _travel; // fleet × site × site
    private readonly int _sites;
    private readonly CalendarTimeline?[] _calendars; // per fleet

    public CompiledFleets(PlantModel plant, CalendarTimeline[] calendars)
    {
        _sites = plant.Sites.Length;
        Fleets = [.. plant.Fleets.Select(f => new CompiledFleet(f.Home, f.Capacity, f.Loading.Milliseconds, f.Unloading.Milliseconds))];
        _fleetOf = [.. plant.Fleets.SelectMany((f, i) => Enumerable.Repeat(i, f.Count))];
        _calendars = [.. plant.Fleets.Select(f => f.Calendar is { } c ? calendars[c] : null)];
        _travel = new long[Fleets.Length * _sites * _sites];
        for (var f = 0; f < Fleets.Length; f++)
        {
            for (var from = 0; from < _sites; from++)
            {
                for (var to = 0; to < _sites; to++)
                {
                    var time = plant.TravelTime(new SiteId(from), new SiteId(to)).Milliseconds;
                    _travel[(f * _sites + from) * _sites + to] = (long)Math.Round(time / plant.Fleets[f].SpeedFactor);
                }
            }
        }
    }

    public CompiledFleet[] Fleets { get; }

    public int VehicleCount => _fleetOf.Length;

    public int FleetOf(int vehicle) => _fleetOf[vehicle];

    /// <summary>When the vehicles of a fleet begin trips; <c>null</c> always.</summary>
    public CalendarTimeline? CalendarOf(int fleet) => _calendars[fleet];

    public long TravelMs(int fleet, int from, int to) => _travel[(fleet * _sites + from) * _sites + to];
}

/// <summary>One fleet.</summary>
internal readonly record struct CompiledFleet(int Home, int Capacity, long LoadingMs, long UnloadingMs);
