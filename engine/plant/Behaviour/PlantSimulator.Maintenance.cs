using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Planned maintenance: a plan that is due is ordered; it begins when the machine is idle, at the latest before any work that would overrun its latest moment.
public sealed partial class PlantSimulator
{
    private void OrderDueMaintenance(int equipment)
    {
        var (first, end) = _plant.Upkeep.PlansOf(equipment);
        for (var p = first; p < end; p++)
        {
            if (State.Maintenance[p] is { Ordered: 0, InHand: false } && IsDue(p))
            {
                Emit(PlantEventKind.MaintenanceOrdered, equipment, arg: p, value: _now.Milliseconds + _plant.Upkeep.CompiledPlanOf(p).LeadMs);
            }
        }

        if (State.Usage[equipment].Ordered > 0)
        {
            _wokenEquipment.Add(equipment);
        }
    }

    private bool IsDue(int plan)
    {
        ref readonly var compiled = ref _plant.Upkeep.CompiledPlanOf(plan);
        return State.UsedOf(plan, _now.Milliseconds) >= compiled.Every
            || (compiled.Watches >= 0 && State.Wear[compiled.Watches] is { Readings: > 0 } wear && wear.Level >= compiled.AtLevel
                && (State.Maintenance[plan].Done == 0 || wear.MeasuredAt > State.Maintenance[plan].DoneAt));
    }

    /// <summary>When a plan next needs a look: it becomes due, may begin, or must not wait any longer.</summary>
    private long NextOfPlans(int equipment)
    {
        var (first, end) = _plant.Upkeep.PlansOf(equipment);
        var (next, now) = (long.MaxValue, _now.Milliseconds);
        for (var p = first; p < end; p++)
        {
            ref readonly var plan = ref _plant.Upkeep.CompiledPlanOf(p);
            ref readonly var state = ref State.Maintenance[p];
            if (state.InHand)
            {
                continue;
            }

            if (state.Ordered > 0)
            {
                var (earliest, latest) = WindowOf(p);
                next = Math.Min(next, earliest > now ? earliest : latest > now ? latest : long.MaxValue);
            }
            else
            {
                next = Math.Min(next, IsDue(p) ? now : TimeUntil(plan.Every - State.UsedOf(p, now), plan.Clock, Equipment(equipment).Status));
            }
        }

        return next;
    }

    /// <summary>When a plan that is ordered may begin, and from when on no work goes before it.</summary>
    private (long Earliest, long Latest) WindowOf(int plan)
    {
        var (may, now) = (State.Maintenance[plan].Ordered - 1, _now.Milliseconds);
        var earliest = _plant.Upkeep.NextOpening(plan, new SimTime(Math.Max(may, now)));
        var latest = _plant.Upkeep.NextOpening(plan, new SimTime(Math.Max(may + _plant.Upkeep.CompiledPlanOf(plan).DeferMs, now)));
        return (earliest.Milliseconds, latest.Milliseconds);
    }

    /// <summary>The first moment from which a machine with ordered maintenance must do no other work; <see cref="long.MaxValue"/> when there is none.</summary>
    private long KeptFreeFrom(int equipment)
    {
        var from = long.MaxValue;
        if (State.Usage[equipment].Ordered > 0)
        {
            var (first, end) = _plant.Upkeep.PlansOf(equipment);
            for (var p = first; p < end; p++)
            {
                from = State.Maintenance[p].Ordered > 0 ? Math.Min(from, WindowOf(p).Latest) : from;
            }
        }

        return from;
    }

    /// <summary>Whether a machine takes no work because maintenance comes first.</summary>
    private bool IsKeptFree(int equipment) => _maintenanceDue[equipment] > 0 || (HasUpkeep && KeptFreeFrom(equipment) <= _now.Milliseconds);

    /// <summary>Whether work begun now is expected to be over before ordered maintenance must not wait any longer.</summary>
    private bool FitsBeforeMaintenance(int job, int equipment, Duration before) =>
        State.Usage[equipment].Ordered == 0
        || _now.Milliseconds + before.Milliseconds + _plant.MeanProcessingTime(job, equipment).Milliseconds <= KeptFreeFrom(equipment);

    /// <summary>Begins ordered maintenance that may begin now, when the machine is empty; its people are called when they are not there.</summary>
    /// <param name="pool">Pool whose people have come; −1 when they are still to be asked for.</param>
    /// <returns>False when there is nothing to begin, or people are waited for.</returns>
    private bool StartOrderedMaintenance(int equipment, int pool = -1)
    {
        if (!IsEmpty(equipment) || Leading(equipment) is not (>= 0 and var leading))
        {
            return false;
        }

        var (length, need) = TogetherWith(equipment, leading, takeUp: false);
        if (need.Exists && pool < 0 && !TakeNow(need, out pool))
        {
            CallForMaintenance(equipment, need);
            return false;
        }

        TogetherWith(equipment, leading, takeUp: true);
        BeginMaintenance(equipment, length, pool, need);
        return true;
    }

    private bool IsEmpty(int equipment) =>
        Equipment(equipment) is { ActiveCount: 0, Reserved: < 0, Status: EquipmentStatus.Idle or EquipmentStatus.NonScheduled };

    /// <summary>The ordered plan that must wait least, of those that may begin now; −1 when there is none.</summary>
    private int Leading(int equipment)
    {
        var (first, end) = _plant.Upkeep.PlansOf(equipment);
        var (leading, least) = (-1, long.MaxValue);
        for (var p = first; p < end && State.Usage[equipment].Ordered > 0; p++)
        {
            if (State.Maintenance[p].Ordered > 0 && WindowOf(p) is var (earliest, latest) && earliest <= _now.Milliseconds && latest < least)
            {
                (leading, least) = (p, latest);
            }
        }

        return leading;
    }

    /// <summary>What is done in one stop with a plan: how long it takes and whom it needs.</summary>
    private (Duration Length, SkillNeed Need) TogetherWith(int equipment, int leading, bool takeUp)
    {
        var (length, need) = (Duration.Zero, _plant.Upkeep.CrewOf(leading));
        var (first, end) = _plant.Upkeep.PlansOf(equipment);
        for (var p = first; p < end; p++)
        {
            if (p != leading && !JoinsIn(p, leading))
            {
                continue;
            }

            length += _plant.Upkeep.DrawMaintenance(p, State.Maintenance[p].Done, _random);
            need = need with { Count = Math.Max(need.Count, _plant.Upkeep.CrewOf(p).Count) };
            if (takeUp)
            {
                Emit(PlantEventKind.MaintenanceTakenUp, equipment, arg: p);
            }
        }

        return (length, need);
    }

    private bool JoinsIn(int plan, int leading)
    {
        ref readonly var compiled = ref _plant.Upkeep.CompiledPlanOf(plan);
        return compiled.TogetherWithin >= 0 && _plant.Upkeep.CompiledPlanOf(leading).TogetherWithin >= 0
            && _plant.Upkeep.CrewOf(plan).Skill == _plant.Upkeep.CrewOf(leading).Skill && !State.Maintenance[plan].InHand
            && (State.Maintenance[plan].Ordered > 0
                || (double.IsFinite(compiled.Every) && compiled.Every - State.UsedOf(plan, _now.Milliseconds) <= compiled.TogetherWithin * compiled.Every));
    }

    private void CallForMaintenance(int equipment, SkillNeed need)
    {
        if (State.CrewOf(equipment).Awaits != CrewTask.Maintenance)
        {
            CallToMachine(equipment, CrewTask.Maintenance, need);
        }
    }

    /// <summary>Other work goes first: nobody is waited for any more.</summary>
    private void WithdrawMaintenanceCall(int equipment)
    {
        if (State.CrewOf(equipment).Awaits == CrewTask.Maintenance)
        {
            Emit(PlantEventKind.CrewRequested, equipment, arg: (int)CrewTask.None);
            _crews!.Withdraw(equipment);
        }
    }

    private void BeginMaintenance(int equipment, Duration length, int pool, SkillNeed need)
    {
        _calendar.Cancel(_failureHandles[equipment]); // nothing fails that does not work
        Emit(PlantEventKind.MaintenanceStarted, equipment, value: length.Milliseconds);
        if (pool >= 0)
        {
            AssignCrew(equipment, -1, pool, need);
            _crews!.Withdraw(equipment); // it may have waited for others
        }
        else if (HasUpkeep && _crews is not null)
        {
            WithdrawMaintenanceCall(equipment);
        }

        _repairHandles[equipment] = Schedule(_now + length, new Pending(PendingKind.EndMaintenance, equipment));
    }

    /// <summary>Whom maintenance that a breakdown cut short needs.</summary>
    private SkillNeed NeedInHand(int equipment)
    {
        var need = SkillNeed.None;
        if (HasUpkeep && State.Usage[equipment].InHand > 0)
        {
            var (first, end) = _plant.Upkeep.PlansOf(equipment);
            for (var p = first; p < end; p++)
            {
                if (State.Maintenance[p].InHand && _plant.Upkeep.CrewOf(p) is { Exists: true } own)
                {
                    need = own with { Count = Math.Max(need.Count, own.Count) };
                }
            }
        }

        return need;
    }

    /// <summary>Whom maintenance that waits for people needs.</summary>
    private SkillNeed MaintenanceNeed(int equipment) =>
        _maintenanceDue[equipment] > 0 ? NeedInHand(equipment)
        : !HasUpkeep ? SkillNeed.None
        : Leading(equipment) is >= 0 and var leading ? TogetherWith(equipment, leading, takeUp: false).Need
        : FirstOrderedNeed(equipment);

    /// <summary>Whom the first ordered plan needs, though it may not begin now: the window in which its people were called may have closed.</summary>
    private SkillNeed FirstOrderedNeed(int equipment)
    {
        var (first, end) = _plant.Upkeep.PlansOf(equipment);
        for (var p = first; p < end; p++)
        {
            if (State.Maintenance[p].Ordered > 0 && _plant.Upkeep.CrewOf(p) is { Exists: true } need)
            {
                return need;
            }
        }

        return SkillNeed.None;
    }

    /// <summary>People of a pool have come for maintenance; false when they cannot do what is to be done now.</summary>
    private bool MaintainWith(int equipment, int pool)
    {
        if (!IsEmpty(equipment) || MaintenanceNeed(equipment) is var need && (!need.Exists || FreeHeads(pool) < need.Count || Array.IndexOf(_plant.Crews.SkillsOf[pool], need.Skill) < 0))
        {
            return false;
        }

        return _maintenanceDue[equipment] > 0 ? StartDueMaintenance(equipment, pool) : StartOrderedMaintenance(equipment, pool);
    }

    /// <summary>Whom the repair of a broken machine needs: what broke it decides.</summary>
    private SkillNeed RepairNeedOf(int equipment) =>
        HasUpkeep && State.Usage[equipment].BrokenBy > 0 ? _plant.Upkeep.RepairOf(State.Usage[equipment].BrokenBy - 1) : _plant.Crews.RepairOf(equipment);
}
