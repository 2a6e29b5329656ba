using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Resume: everything the simulator keeps beside the state can be built from the state, so that any state has a future.
public sealed partial class PlantSimulator
{
    private void Resume()
    {
        _now = State.Now;
        for (var order = 0; order < _plant.Jobs.OrderCount; order++)
        {
            ResumeOrder(order);
        }

        for (var job = 0; job < _plant.Jobs.JobCount; job++)
        {
            ResumeJob(job);
        }

        for (var equipment = 0; equipment < _plant.Plant.Equipment.Length; equipment++)
        {
            ResumeEquipment(equipment);
        }

        if (_crews is not null)
        {
            ResumeCrews();
        }

        for (var i = 0; i < _plant.Scenario.Disturbances.Length; i++)
        {
            if (_plant.Scenario.Disturbances[i].Time >= _now)
            {
                Schedule(_plant.Scenario.Disturbances[i].Time, new Pending(PendingKind.Disturbance, Job: i), priority: -2);
            }
        }

        if (_paced)
        {
            ResumeLines();
        }

        ResumeFixtures();
        ResumeVehicles();

        ResumeUtilities();
        ResumeMaterials();
        ResumeOffers();
        ResumeMarket();
        ResumeDyeLots();
        ResumeUpkeep();
        if (_now > SimTime.Zero)
        {
            WakeEverything();
            DispatchAtTheEndOf(_now);
        }
    }

    private void ResumeOrder(int order)
    {
        var status = State.Orders[order].Status;
        if (status is not (OrderStatus.Complete or OrderStatus.Cancelled))
        {
            _openOrders++;
        }

        if (status == OrderStatus.Accepted)
        {
            Schedule(_plant.Scenario.Orders[order].Release, new Pending(PendingKind.ReleaseOrder, Job: order));
        }
    }

    private void ResumeJob(int job)
    {
        ref readonly var state = ref Job(job);
        switch (state.Status)
        {
            case JobStatus.Waiting:
                _upcoming[_plant.BatchKeyOf(job)]++;
                var released = State.Orders[_plant.Jobs.OrderOf(job)].Status is OrderStatus.Released or OrderStatus.InProduction;
                if (released && state.PendingPredecessors == 0)
                {
                    Schedule(new SimTime(LatestPredecessorEnd(job)), new Pending(PendingKind.MakeReady, Job: job));
                }

                break;
            case JobStatus.Ready:
                _queues.Add(_plant.GroupOf(job), FloorOf(job), state.ReadyAt, job);
                break;
            case JobStatus.Assigned when state.Lead == job && !KeepsPace(state.Equipment):
                PromiseAuxiliaries(job);
                break;
            case JobStatus.Blocked when state.Lead == job:
                _blocked.Add(job);
                break;
            default:
                break;
        }

        if (state.StartAt >= 0 && state.Equipment >= 0 && _plant.LaunchLineOf(state.Equipment) is var line && line >= 0)
        {
            _lastLaunch[line] = Math.Max(_lastLaunch[line], state.StartAt);
        }
    }

    private long LatestPredecessorEnd(int job)
    {
        var first = job - _plant.Jobs.OperationIndexOf(job);
        var latest = 0L;
        var mends = _plant.ReworkOf(job);
        foreach (var predecessor in _plant.PredecessorsOf(job))
        {
            if (Job(first + predecessor).EndAt < 0)
            {
                continue; // never failed, so never mended
            }

            var wait = predecessor == mends ? 0 : _plant.OperationOf(first + predecessor).MinWait.Milliseconds; // a failed sample waits for nothing
            latest = Math.Max(latest, Job(first + predecessor).EndAt + wait);
        }

        return latest;
    }

    private void ResumeEquipment(int equipment)
    {
        if (_crews is not null)
        {
            ResumeCalls(equipment);
        }

        if (_plant.CalendarOf(equipment) is { } calendar)
        {
            var off = !calendar.IsWorking(_now);
            if (off != Equipment(equipment).OffShift)
            {
                Schedule(_now, new Pending(PendingKind.ShiftChange, equipment), priority: -1);
            }
            else
            {
                ScheduleShiftChange(equipment);
            }
        }

        _takers.Set(equipment, CouldTakeWork(equipment));
        ref readonly var machine = ref Equipment(equipment);
        switch (machine.Status)
        {
            case EquipmentStatus.Setup or EquipmentStatus.Cleaning:
                _preparationHandles[equipment] = Schedule(new SimTime(machine.ExpectedEnd), new Pending(PendingKind.EndPreparation, equipment));
                break;
            case EquipmentStatus.Down when RepairNeedOf(equipment).Exists:
                if (State.CrewOf(equipment).Awaits == CrewTask.None)
                {
                    Schedule(_now, new Pending(PendingKind.CallRepair, equipment));
                }

                return; // its failure clock starts when it is repaired
            case EquipmentStatus.Down or EquipmentStatus.Repair:
                _repairHandles[equipment] = Schedule(EndOfStop(equipment), new Pending(PendingKind.EndRepair, equipment));
                return; // its failure clock starts when it is repaired
            case EquipmentStatus.Maintenance:
                _repairHandles[equipment] = Schedule(EndOfStop(equipment), new Pending(PendingKind.EndMaintenance, equipment));
                return; // its failure clock goes on when it is over
            default:
                ResumePreparation(equipment);
                break;
        }

        ScheduleFailure(equipment);
        ResumeBatches(equipment);
    }

    /// <summary>The expected end where it is known and still ahead, else what a repair takes on average from now.</summary>
    private SimTime EndOfStop(int equipment)
    {
        var expected = new SimTime(Equipment(equipment).ExpectedEnd);
        if (expected >= _now)
        {
            return expected;
        }

        return _now + Duration.FromMilliseconds(_plant.Plant.Equipment[equipment].TimeToRepair?.Mean ?? Duration.MillisecondsPerHour);
    }

    private void ResumePreparation(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        if (machine.Reserved < 0 || machine.OffShift || !IsUp(machine.Status))
        {
            return;
        }

        // Who waits for people to start with is prepared, also where there was nothing to set up.
        _mayStart[equipment] = machine.Prepared || State.CrewOf(equipment).Awaits == CrewTask.Start;
        Schedule(_now, new Pending(_mayStart[equipment] ? PendingKind.StartBatch : PendingKind.Prepare, equipment));
    }

    private void ResumeBatches(int equipment)
    {
        for (var lead = Equipment(equipment).FirstActive; lead >= 0; lead = Job(lead).NextActive)
        {
            if (Job(lead).Status == JobStatus.Running)
            {
                if (Job(lead).Estimated && State.PiecesLeft(lead) == 0)
                {
                    Reestimate(equipment, lead);
                }
                else
                {
                    ScheduleProgress(equipment, lead);
                }
            }
        }
    }

    /// <summary>An observed batch ends when a fresh draw says so, among draws longer than it has run already.</summary>
    private void Reestimate(int equipment, int lead)
    {
        ref readonly var job = ref Job(lead);
        var worked = State.ProgressMs(lead, _now);
        var total = 0L;
        for (var again = 0; again < 16 && total <= worked; again++)
        {
            total = _plant.DrawProcessingTime(lead, equipment, job.Load, job.Attempt + 64 * again, _random).Milliseconds;
        }

        if (total <= worked)
        {
            // It has outlived what the model thinks possible: a tenth of its age more is as good a guess as any.
            total = worked + Math.Max(1, worked / 10);
        }

        _batchHandles[lead] = Schedule(_now + new Duration(total - worked), new Pending(PendingKind.EndBatch, equipment, lead));
    }
}
