using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Eligibility: whether a waiting job can go to a machine now, and how far it has to travel.
public sealed partial class PlantSimulator
{
    private bool IsFree(int job) => _plan is null || _plan.EquipmentOf(job) < 0;

    /// <param name="leaving">Lead of the batch that would hand the job over and give back what it holds; −1 when the job waits in the queue.</param>
    private bool IsPossible(int job, int equipment, out ChangeoverPlan changeover, int leaving = -1)
    {
        changeover = default;
        if (!_plant.FitsEquipment(job, equipment) || (_plant.Capacity.InUse && !MayCome(job, equipment)) || !AuxiliariesFree(job, leaving) || !FixtureIsFree(job)
            || (_paced && WouldOvertake(job, equipment)) || !SlotsAccept(job, equipment) || (_dyeLotMachines.Length > 0 && BelongsElsewhere(job, equipment)) || (_plant.KeepsExpress && IsKeptForExpress(job, equipment)))
        {
            return false;
        }

        if (_overPromised && !MaterialUsable(job))
        {
            return false;
        }

        changeover = ChangeoverFor(job, equipment);
        return changeover.Possible && FitsShift(job, equipment, changeover, leaving)
            && (!HasUpkeep || FitsBeforeMaintenance(job, equipment, TimeBefore(job, equipment, changeover, leaving)))
            && (!_plant.Capacity.InUse || OwnerAllows(job, equipment, TimeBefore(job, equipment, changeover, leaving)));
    }

    /// <summary>What is free of the machine is kept for express orders.</summary>
    private bool IsKeptForExpress(int job, int equipment)
    {
        ref readonly var machine = ref _plant.CompiledEquipmentOf(equipment);
        return machine.ExpressSlots > 0 && !_plant.CompiledJobOf(job).MayUseExpress && machine.Slots - Equipment(equipment).ActiveCount <= machine.ExpressSlots
            && MachineOfDyeLot(job) != equipment && _now - new SimTime(Job(job).ReadyAt) < s_keptPatience;
    }

    private ChangeoverPlan ChangeoverFor(int job, int equipment) =>
        _plant.PlanChangeover(job, equipment, Equipment(equipment));

    /// <summary>While other batches run in its slots, equipment cannot be set up: only the same family may join.</summary>
    private bool SlotsAccept(int job, int equipment)
    {
        if (Equipment(equipment).ActiveCount == 0 || _plant.CompiledEquipmentOf(equipment).Rule < 0)
        {
            return true;
        }

        var family = _plant.FamilyOf(job);
        return family < 0 || (family == Equipment(equipment).Family && !ChangeoverFor(job, equipment).NeedsCleaning);
    }

    private bool FitsShift(int job, int equipment, in ChangeoverPlan changeover, int leaving)
    {
        if (_plant.CalendarOf(equipment) is not { } calendar || _plant.CompiledOperationOf(job).Interruptible)
        {
            return true;
        }

        var begin = _now + TimeBefore(job, equipment, changeover, leaving);
        return calendar.StartOfUninterrupted(begin, _plant.MeanProcessingTime(job, equipment)) <= SimTime.Max(begin, EndOfShift(calendar));
    }

    /// <summary>Changeover and travel, which go on side by side.</summary>
    private Duration TimeBefore(int job, int equipment, in ChangeoverPlan changeover, int leaving) => Duration.Max(
        changeover.Total, leaving < 0 ? TravelTo(job, equipment) : _plant.TravelBetween(Job(leaving).Equipment, equipment));

    private SimTime EndOfShift(CalendarTimeline calendar) => calendar.NextChange(_now);

    private bool AuxiliariesFree(int job, int leaving = -1)
    {
        foreach (var need in _plant.NeedsOf(job))
        {
            if (State.AuxiliaryInUse[need.Auxiliary] + _auxiliaryReserved[need.Auxiliary] + need.Count
                > State.OnDuty[need.Auxiliary] + (leaving < 0 ? 0 : HeldBy(leaving, need.Auxiliary)))
            {
                _auxiliaryShort[need.Auxiliary] = true;
                return false;
            }
        }

        return true;
    }

    private int HeldBy(int lead, int auxiliary)
    {
        var held = 0;
        foreach (var need in _plant.NeedsOf(lead))
        {
            held += need.Auxiliary == auxiliary ? need.Count : 0;
        }

        return held;
    }

    private void PromiseAuxiliaries(int lead)
    {
        _auxiliaryPromised[lead] = true;
        foreach (var need in _plant.NeedsOf(lead))
        {
            _auxiliaryReserved[need.Auxiliary] += need.Count;
        }
    }

    /// <summary>Whether a prepared batch that was promised nothing finds its auxiliaries, and none of them belongs to an earlier one of the plan.</summary>
    private bool MayTakeAuxiliaries(int equipment, int lead)
    {
        var start = _turns?.PlannedStartOf(lead) ?? SimTime.Zero;
        foreach (var need in _plant.NeedsOf(lead))
        {
            var free = State.OnDuty[need.Auxiliary] - State.AuxiliaryInUse[need.Auxiliary] - _auxiliaryReserved[need.Auxiliary];
            var claimed = _turns?.ClaimedBefore(need.Auxiliary, start, _now, State, _mayStart) ?? 0;
            if (free - claimed < need.Count)
            {
                _auxiliaryShort[need.Auxiliary] = true;
                if (start > _now)
                {
                    Schedule(start, new Pending(PendingKind.StartBatch, equipment)); // claims of batches that are late by then lapse
                }

                return false;
            }
        }

        return true;
    }

    /// <summary>Prepared batches that wait for auxiliaries try again, now.</summary>
    private void RetryThoseWithoutAuxiliaries()
    {
        if (!_hadPlan && !_paced)
        {
            return; // every batch was promised its auxiliaries when it was assigned
        }

        for (var e = 0; e < _mayStart.Length; e++)
        {
            if (_mayStart[e] && Equipment(e).Reserved is var lead && lead >= 0 && !_auxiliaryPromised[lead] && _plant.CompiledOperationOf(lead).AuxiliaryCount > 0)
            {
                Schedule(_now, new Pending(PendingKind.StartBatch, e));
            }
        }
    }

    /// <summary>The batch has given back its auxiliaries: those that were refused for want of them are looked at again.</summary>
    private void WakeThoseShortOf(ReadOnlySpan<CompiledNeed> returned)
    {
        var wanted = false;
        foreach (var need in returned)
        {
            wanted |= _auxiliaryShort[need.Auxiliary];
            _auxiliaryShort[need.Auxiliary] = false;
        }

        if (wanted)
        {
            LookAgainForAuxiliaries();
        }
    }

    /// <summary>More of an auxiliary may be there: those that were refused for want of it are looked at again.</summary>
    private void WakeThoseShortOf(int auxiliary)
    {
        if (_auxiliaryShort[auxiliary])
        {
            _auxiliaryShort[auxiliary] = false;
            LookAgainForAuxiliaries();
        }
    }

    private void LookAgainForAuxiliaries()
    {
        RetryThoseWithoutAuxiliaries();
        if (_blocked.Count > 0)
        {
            _wokenEquipment.Add(Job(_blocked[0]).Equipment); // a machine may take at once now what stands blocked before it
        }

        for (var g = 0; g < _plant.Groups.Length; g++)
        {
            if (_queues.Needy(g) > 0)
            {
                WakeNeedy(g);
            }
        }
    }

    private void WakeNeedy(int group)
    {
        if (_plan is null)
        {
            _wokenGroups.Add(group);
            return;
        }

        foreach (var job in _queues.Of(group))
        {
            if (_plant.CompiledOperationOf(job).AuxiliaryCount == 0)
            {
                continue;
            }

            if (_plan.EquipmentOf(job) is var planned && planned >= 0)
            {
                _wokenEquipment.Add(planned);
            }
            else
            {
                _wokenGroups.Add(group);
            }
        }
    }

    /// <summary>Where the job's material is: at the equipment of the predecessor that ended last; −1 at the start of the routing.</summary>
    private int LocationOf(int job)
    {
        var first = _plant.CompiledJobOf(job).First;
        var (last, at) = (long.MinValue, -1);
        foreach (var predecessor in _plant.PredecessorsOf(job))
        {
            ref readonly var before = ref Job(first + predecessor);
            if (before.EndAt > last)
            {
                (last, at) = (before.EndAt, before.Equipment);
            }
        }

        return at;
    }

    private Duration TravelTo(int job, int equipment)
    {
        var from = LocationOf(job);
        return from < 0 ? Duration.Zero : _plant.TravelBetween(from, equipment);
    }
}
