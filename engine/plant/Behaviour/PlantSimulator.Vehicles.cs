using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Vehicles: work waits for a trip in the order in which it was assigned; the vehicle that can bring it soonest takes it, and what fits of the
// others that go the same way.
public sealed partial class PlantSimulator
{
    private readonly List<int> _forVehicles = []; // jobs that wait for a vehicle, longest first

    /// <summary>Whether a job has to be brought by a vehicle.</summary>
    private bool NeedsVehicle(int job, int equipment) =>
        _plant.Fleets is not null && LocationOf(job) is var from && from >= 0
        && _plant.CompiledEquipmentOf(from).Site != _plant.CompiledEquipmentOf(equipment).Site;

    private void AwaitVehicle(int job)
    {
        _forVehicles.Add(job);
        Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.Vehicle);
    }

    /// <summary>When everybody has chosen: free vehicles go.</summary>
    private void SendVehicles()
    {
        for (var i = 0; i < _forVehicles.Count; i++)
        {
            var job = _forVehicles[i];
            if (Job(job).Status != JobStatus.Assigned || Job(job).ArriveAt >= 0)
            {
                _forVehicles.RemoveAt(i--); // given up meanwhile
            }
            else if (SoonestVehicle(job, out var arrives) is var vehicle && vehicle >= 0)
            {
                Send(vehicle, i, arrives);
                i = -1; // the trip may have taken others from the list
            }
        }
    }

    private void Send(int vehicle, int first, SimTime arrives)
    {
        var lead = _forVehicles[first];
        var (from, to) = WayOf(lead);
        var room = _plant.Fleets!.Fleets[_plant.Fleets.FleetOf(vehicle)].Capacity;
        for (var i = first; i < _forVehicles.Count && room > 0; i++)
        {
            var job = _forVehicles[i];
            if (Job(job).Status == JobStatus.Assigned && Job(job).ArriveAt < 0 && WayOf(job) == (from, to))
            {
                _forVehicles.RemoveAt(i--);
                room--;
                Emit(PlantEventKind.TransportStarted, LocationOf(job), job, arg: vehicle, value: arrives.Milliseconds);
                if (_mayStart[Job(job).Equipment])
                {
                    Schedule(arrives, new Pending(PendingKind.StartBatch, Job(job).Equipment));
                }
            }
        }

        Schedule(arrives, new Pending(PendingKind.VehicleArrives, Job: vehicle));
    }

    private (int From, int To) WayOf(int job) =>
        (_plant.CompiledEquipmentOf(LocationOf(job)).Site, _plant.CompiledEquipmentOf(Job(job).Equipment).Site);

    /// <summary>The free vehicle that would bring a job soonest; −1 when none may go now.</summary>
    private int SoonestVehicle(int job, out SimTime arrives)
    {
        var fleets = _plant.Fleets!;
        var (from, to) = WayOf(job);
        var best = -1;
        arrives = SimTime.Never;
        for (var v = 0; v < State.Vehicles.Length; v++)
        {
            ref readonly var vehicle = ref State.Vehicles[v];
            var fleet = fleets.FleetOf(v);
            if (vehicle.ArrivesAt >= 0)
            {
                continue;
            }

            if (fleets.CalendarOf(fleet) is { } calendar && !calendar.IsWorking(_now))
            {
                WakeFleetAt(calendar.NextWorking(_now));
                continue;
            }

            ref readonly var compiled = ref fleets.Fleets[fleet];
            var time = fleets.TravelMs(fleet, vehicle.Site, from) + compiled.LoadingMs + fleets.TravelMs(fleet, from, to) + compiled.UnloadingMs;
            if (_now + new Duration(time) is var at && at < arrives)
            {
                (best, arrives) = (v, at);
            }
        }

        return best;
    }

    private SimTime _fleetWake = SimTime.Never; // when the next shift of vehicles begins, if somebody waits for it

    private void WakeFleetAt(SimTime moment)
    {
        if (moment != SimTime.Never && (_fleetWake <= _now || _fleetWake == SimTime.Never || moment < _fleetWake))
        {
            _fleetWake = moment;
            Schedule(moment, new Pending(PendingKind.FleetShift));
        }
    }

    private void ReceiveVehicle(int vehicle)
    {
        Emit(PlantEventKind.VehicleArrived, arg: vehicle);
        ServeVehiclesAtTheEnd();
    }

    private void ServeVehiclesAtTheEnd()
    {
        if (_forVehicles.Count > 0 && !_dispatchPending)
        {
            DispatchAtTheEndOf(_now);
        }
    }

    private void ResumeVehicles()
    {
        for (var v = 0; v < State.Vehicles.Length; v++)
        {
            if (State.Vehicles[v].ArrivesAt >= 0)
            {
                Schedule(new SimTime(State.Vehicles[v].ArrivesAt), new Pending(PendingKind.VehicleArrives, Job: v));
            }
        }

        for (var job = 0; State.Vehicles.Length > 0 && job < _plant.Jobs.JobCount; job++)
        {
            if (Job(job).Status == JobStatus.Assigned && Job(job).ArriveAt < 0)
            {
                _forVehicles.Add(job);
            }
        }
    }
}
