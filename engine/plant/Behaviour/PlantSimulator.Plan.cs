using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Plant.Behaviour;

// Plan: a machine that follows a schedule does its next batch, or one that comes later while the next is late.
public sealed partial class PlantSimulator
{
    /// <summary>Does the machine's next planned batch; <paramref name="wait"/> is true while the plan wants the machine kept for it.</summary>
    private bool FollowPlan(int equipment, out bool wait)
    {
        wait = false;
        while (_plan?.Next(equipment, State) is { } planned)
        {
            _members.Clear();
            var allReady = true;
            foreach (var job in planned.Jobs)
            {
                allReady &= Job(job).Status != JobStatus.Waiting;
                if (Job(job).Status == JobStatus.Ready)
                {
                    _members.Add(job);
                }
            }

            wait = true;
            if (!allReady)
            {
                return TakeAhead(equipment, planned); // else the missing member wakes this machine
            }

            if (PlanCursor.EarliestBegin(planned) is var begin && begin > _now)
            {
                Schedule(begin, new Pending(PendingKind.WakeEquipment, equipment));
                return false;
            }

            if (AllCanRun(equipment) && ChangeoverFor(_members[0], equipment).Possible)
            {
                if (!SlotsAccept(_members[0], equipment) || !FixtureIsFree(_members[0])
                    || (HasUpkeep && !FitsBeforeMaintenance(_members[0], equipment, ChangeoverFor(_members[0], equipment).Total)))
                {
                    return false; // whoever frees them, or the end of the maintenance, wakes this machine
                }

                Assign(equipment, planned: true);
                return true;
            }

            wait = false; // not possible (any more) as planned: the jobs are free for the rule
            _plan.Release(equipment);
            foreach (var job in _members)
            {
                _wokenGroups.Add(_plant.GroupOf(job));
            }
        }

        return false;
    }

    /// <summary>The next planned batch is not there yet: the machine does one of the batches after it, if that does not hold it up.</summary>
    /// <remarks>As people do: once the awaited batch is late, work that is there goes first; before, only what is over in time. The place
    /// of a locked batch is kept, and nobody overtakes on a line.</remarks>
    private bool TakeAhead(int equipment, PlannedBatch awaited)
    {
        if (awaited.Locked || AnyLocked(awaited) || IsOnLine(equipment))
        {
            return false;
        }

        foreach (var batch in _plan!.After(equipment, State))
        {
            if (CanTakeAhead(equipment, batch, awaited))
            {
                Assign(equipment, planned: true);
                return true;
            }
        }

        if (_now < awaited.SetupStart)
        {
            Schedule(awaited.SetupStart, new Pending(PendingKind.WakeEquipment, equipment)); // then it is late
        }

        return false;
    }

    /// <summary>Whether a later planned batch may be done now; if so, it is in <see cref="_members"/>.</summary>
    private bool CanTakeAhead(int equipment, PlannedBatch batch, PlannedBatch awaited)
    {
        if (batch.Locked || PlanCursor.EarliestBegin(batch) > _now)
        {
            return false;
        }

        _members.Clear();
        var load = 0.0;
        foreach (var job in batch.Jobs)
        {
            if (Job(job).Status != JobStatus.Ready)
            {
                return false;
            }

            _members.Add(job);
            load += _plant.CompiledJobOf(job).Quantity;
        }

        var lead = batch.Jobs[0];
        if (!AllCanRun(equipment) || !AuxiliariesFree(lead) || !FixtureIsFree(lead) || !SlotsAccept(lead, equipment))
        {
            return false;
        }

        var changeover = ChangeoverFor(lead, equipment);
        return changeover.Possible
            && (!HasUpkeep || FitsBeforeMaintenance(lead, equipment, changeover.Total))
            && (_now >= awaited.SetupStart || _now + changeover.Total + _plant.MeanProcessingTime(lead, equipment, load) <= awaited.SetupStart);
    }

    private bool AnyLocked(PlannedBatch batch)
    {
        foreach (var job in batch.Jobs)
        {
            if (Job(job).Locked)
            {
                return true;
            }
        }

        return false;
    }

    private bool AllCanRun(int equipment)
    {
        foreach (var job in _members)
        {
            if (!_plant.CanRun(job, equipment))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOnLine(int equipment)
    {
        foreach (var line in _plant.Plant.Lines)
        {
            if (line.Stations.Contains(_plant.Plant.Equipment[equipment].Class))
            {
                return true;
            }
        }

        return false;
    }
}
