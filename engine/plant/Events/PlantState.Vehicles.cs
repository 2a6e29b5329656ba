using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

/// <summary>Where one vehicle is.</summary>
public struct VehicleState
{
    /// <summary>Site where it stands, or that it goes to.</summary>
    public int Site;

    /// <summary>When it will be free there, ms; −1 it is.</summary>
    public long ArrivesAt;

    /// <summary>Lots on board, or that it goes to fetch.</summary>
    public int Lots;

    /// <summary>When its trip began, with an empty way first or at once with loading.</summary>
    public long LeftAt;
}

/// <summary>Running totals of one fleet since the statistics were reset.</summary>
public struct FleetMeters
{
    /// <summary>Trips with work on board.</summary>
    public int Trips;

    /// <summary>Lots brought.</summary>
    public int Lots;

    /// <summary>Time loading, on the way with work and unloading, ms.</summary>
    public long LoadedMs;

    /// <summary>Time on the way to work, empty, ms.</summary>
    public long EmptyMs;
}

// Vehicles: work that is assigned to a machine at another site waits for a trip; a trip is known to its end when it begins.
public sealed partial class PlantState
{
    private VehicleState[] _vehicles = []; // fleets side by side; none in a plant without vehicles
    private FleetMeters[] _fleetMeters = [];
    private long _vehicleWaitMs; // lots waiting for a vehicle × ms
    private int _waitingForVehicle;
    private long _vehicleWaitsSettled;

    /// <summary>All vehicles, fleet by fleet; empty in a plant without.</summary>
    public ReadOnlySpan<VehicleState> Vehicles => _vehicles;

    /// <summary>Running totals of each fleet.</summary>
    public ReadOnlySpan<FleetMeters> FleetMeters => _fleetMeters;

    /// <summary>Lots that wait for a vehicle now.</summary>
    public int WaitingForVehicle => _waitingForVehicle;

    /// <summary>Σ over lots of the time they have waited for a vehicle since the statistics were reset, ms.</summary>
    public long VehicleWaitMs => _vehicleWaitMs;

    private void SetUpVehicles()
    {
        if (Plant.Fleets is not { } fleets)
        {
            return;
        }

        _vehicles = new VehicleState[fleets.VehicleCount];
        _fleetMeters = new FleetMeters[fleets.Fleets.Length];
        for (var v = 0; v < _vehicles.Length; v++)
        {
            _vehicles[v] = new VehicleState { Site = fleets.Fleets[fleets.FleetOf(v)].Home, ArrivesAt = -1 };
        }
    }

    private void ExchangeVehicles(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _vehicles, other?._vehicles);
        exchange.Array(ref _fleetMeters, other?._fleetMeters);
        exchange.Value(ref _vehicleWaitMs, other?._vehicleWaitMs);
        exchange.Value(ref _waitingForVehicle, other?._waitingForVehicle);
        exchange.Value(ref _vehicleWaitsSettled, other?._vehicleWaitsSettled);
    }

    private void AwaitVehicle(int change, long now)
    {
        SettleVehicles(now);
        _waitingForVehicle += change;
    }

    /// <summary>A lot goes with a vehicle; the first lot of a trip sends it.</summary>
    private void TakeAlong(in PlantEvent e)
    {
        ref var job = ref _jobs[e.Job];
        if (job.ArriveAt < 0)
        {
            AwaitVehicle(-1, e.Time.Milliseconds);
        }

        job.ArriveAt = (long)e.Value;
        job.WaitsFor = WaitReason.None;
        ref var vehicle = ref _vehicles[e.Arg];
        var fleets = Plant.Fleets!;
        var index = fleets.FleetOf(e.Arg);
        ref readonly var fleet = ref fleets.Fleets[index];
        ref var meters = ref _fleetMeters[index];
        var to = Plant.CompiledEquipmentOf(job.Equipment).Site;
        if (vehicle.ArrivesAt < 0)
        {
            var from = Plant.CompiledEquipmentOf(e.Equipment).Site;
            meters.Trips++;
            meters.EmptyMs += fleets.TravelMs(index, vehicle.Site, from);
            meters.LoadedMs += fleet.LoadingMs + fleets.TravelMs(index, from, to) + fleet.UnloadingMs;
            vehicle = new VehicleState { Site = to, ArrivesAt = (long)e.Value, LeftAt = e.Time.Milliseconds };
        }

        vehicle.Lots++;
        meters.Lots++;
    }

    private void FreeVehicle(in PlantEvent e)
    {
        _vehicles[e.Arg].ArrivesAt = -1;
        _vehicles[e.Arg].Lots = 0;
    }

    private void SettleVehicles(long now)
    {
        if (now > _vehicleWaitsSettled)
        {
            _vehicleWaitMs += _waitingForVehicle * (now - _vehicleWaitsSettled);
            _vehicleWaitsSettled = now;
        }
    }
}
