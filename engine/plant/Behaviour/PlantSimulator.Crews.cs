using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Crews: work asks for people when everything else it needs is there, and holds none while it waits, so that nobody waits in a circle.
public sealed partial class PlantSimulator
{
    private readonly CrewQueues? _crews; // null in a scenario that asks for nobody
    private readonly SideJobDesk? _sideDesk;
    private EventHandle[] _sideHandles = [];
    private EventHandle[] _repairHandles = []; // per equipment: end of the repair or of the maintenance
    private int[] _seenReturns = []; // per pool
    private int _allReturns;

    /// <summary>Heads of a pool that a call could have now; those on side jobs come at once.</summary>
    private int FreeHeads(int pool) => State.OnDuty[pool] - State.AuxiliaryInUse[pool] - _auxiliaryReserved[pool];

    /// <summary>Finds people at once, unless somebody waits for the same already.</summary>
    private bool TakeNow(SkillNeed need, out int pool)
    {
        pool = -1;
        if (!_crews!.IsEmpty(need.Skill))
        {
            return false;
        }

        foreach (var p in _plant.Crews.PoolsOf[need.Skill])
        {
            if (!_crews.IsWoken(p) && FreeHeads(p) >= need.Count && !AreKept(p))
            {
                pool = p;
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the free heads of a pool are kept for a call that needs more of them: else small calls for another skill would take
    /// them one by one for ever.</summary>
    private bool AreKept(int pool)
    {
        foreach (var s in _plant.Crews.SkillsOf[pool])
        {
            if (_crews!.TryPeek(s, out var entry) && entry.Count > FreeHeads(pool) && entry.Count <= State.OnDuty[pool])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The machine itself waits for people.</summary>
    private void CallToMachine(int equipment, CrewTask task, SkillNeed need)
    {
        Emit(PlantEventKind.CrewRequested, equipment, arg: (int)task);
        if (task is CrewTask.Setup or CrewTask.Start)
        {
            SayWhyItWaits(equipment, WaitReason.Auxiliary);
        }

        QueueMachine(equipment, need, _now.Milliseconds);
    }

    private void QueueMachine(int equipment, SkillNeed need, long since)
    {
        var lead = Equipment(equipment).Reserved;
        var weight = _plant.Plant.Equipment[equipment].Criticality;
        if (State.CrewOf(equipment).Awaits is CrewTask.Setup or CrewTask.Start && lead >= 0)
        {
            weight *= _plant.OrderOf(lead).Priority;
        }

        _crews!.Add(need.Skill, equipment, need.Count, weight, since);
    }

    /// <summary>Tells for every member of the reserved batch what keeps it.</summary>
    private void SayWhyItWaits(int equipment, WaitReason reason)
    {
        for (var job = Equipment(equipment).Reserved; job >= 0; job = Job(job).NextInBatch)
        {
            if (Job(job).WaitsFor != reason)
            {
                Emit(PlantEventKind.JobWaits, job: job, arg: (int)reason);
            }
        }
    }

    /// <summary>A batch that stands still waits for people.</summary>
    private void CallToBatch(int equipment, int lead, SkillNeed need)
    {
        Emit(PlantEventKind.CrewRequested, equipment, lead, arg: (int)CrewTask.Work);
        QueueBatch(equipment, lead, need, _now.Milliseconds);
    }

    private void QueueBatch(int equipment, int lead, SkillNeed need, long since) =>
        _crews!.Add(need.Skill, _plant.Plant.Equipment.Length + lead, need.Count,
            _plant.Plant.Equipment[equipment].Criticality * _plant.OrderOf(lead).Priority, since);

    /// <summary>What the fold did at a breakdown or the end of a shift: the machine's calls lapse.</summary>
    private void WithdrawCalls(int equipment)
    {
        if (_crews is null)
        {
            return;
        }

        if (State.CrewOf(equipment).Awaits == CrewTask.None)
        {
            _crews.Withdraw(equipment);
            SayWhyItWaits(equipment, WaitReason.None);
        }

        if (_plant.Crews.ForBatches)
        {
            for (var lead = Equipment(equipment).FirstActive; lead >= 0; lead = Job(lead).NextActive)
            {
                _crews.Withdraw(_plant.Plant.Equipment.Length + lead);
            }
        }
    }

    /// <summary>Somebody may have come back: their pools are looked at before time goes on.</summary>
    private void NoteReturns()
    {
        if (State.Returns == _allReturns)
        {
            return;
        }

        _allReturns = State.Returns;
        for (var p = 0; p < _seenReturns.Length; p++)
        {
            if (State.ReturnsOf[p] != _seenReturns[p])
            {
                _seenReturns[p] = State.ReturnsOf[p];
                _crews!.Wake(p);
            }
        }

        if (_utilityQueue.Count > 0)
        {
            UtilitiesChanged(); // a batch there may have waited for people too
        }
    }

    private void ServeCrews()
    {
        while (_crews!.TakeWoken() is var pool && pool >= 0)
        {
            ServePool(pool);
        }
    }

    /// <summary>Those who wait for somebody of the pool are served, the heaviest and longest waiting first; who is left does side jobs.</summary>
    private void ServePool(int pool)
    {
        while (true)
        {
            var (skill, first) = (-1, default(CrewQueues.Entry));
            foreach (var s in _plant.Crews.SkillsOf[pool])
            {
                if (_crews!.TryPeek(s, out var entry) && entry.Count <= State.OnDuty[pool] && (skill < 0 || entry.Before(first)))
                {
                    (skill, first) = (s, entry);
                }
            }

            if (skill < 0 || first.Count > FreeHeads(pool))
            {
                break; // nobody is waited for, or the first needs more than are free, and gets them as they come back
            }

            _crews!.Pop(skill);
            Answer(first.Caller, pool);
        }

        StartSideJobs(pool);
    }

    /// <summary>People of a pool go where they were called.</summary>
    private void Answer(int caller, int pool)
    {
        var machines = _plant.Plant.Equipment.Length;
        if (caller >= machines)
        {
            GoOnWithBatch(Job(caller - machines).Equipment, caller - machines, pool);
            return;
        }

        switch (State.CrewOf(caller).Awaits)
        {
            case CrewTask.Repair:
                StartRepair(caller, pool);
                break;
            case CrewTask.Maintenance when MaintainWith(caller, pool):
                break;
            case CrewTask.Setup when Equipment(caller).Reserved >= 0:
                Prepare(caller, pool);
                break;
            case CrewTask.Start when Equipment(caller).Reserved is var lead && lead >= 0 && EarliestStart(caller, lead) <= _now && !(_overPromised && !BatchMaterialUsable(lead)):
                StartBatch(caller, lead, pool);
                break;
            default:
                Emit(PlantEventKind.CrewRequested, caller, arg: (int)CrewTask.None); // what they were called for is not to be done now
                SayWhyItWaits(caller, WaitReason.None);
                StartWhenPossible(caller);
                if (HasUpkeep)
                {
                    _wokenEquipment.Add(caller);
                }

                break;
        }
    }

    /// <summary>The people of a call are there.</summary>
    private void AssignCrew(int equipment, int lead, int pool, SkillNeed need)
    {
        Emit(PlantEventKind.CrewAssigned, equipment, lead, arg: pool, value: need.Count);
        LeaveSideJobs(pool);
    }

    /// <summary>Whether the setter of the machine is there, or nobody is needed; otherwise the machine waits for one.</summary>
    private bool HasSetter(int equipment, int pool)
    {
        if (_crews is null || _plant.Crews.SetupOf(equipment) is var need && !need.Exists)
        {
            return true;
        }

        if (pool < 0 && !TakeNow(need, out pool))
        {
            CallToMachine(equipment, CrewTask.Setup, need);
            return false;
        }

        AssignCrew(equipment, -1, pool, need);
        SayWhyItWaits(equipment, WaitReason.None);
        return true;
    }

    /// <summary>Whether the people that the batch begins with are there; otherwise it keeps its auxiliaries and waits for them.</summary>
    private bool HasCrewToStart(int equipment, int lead, out int pool)
    {
        pool = -1;
        if (_crews is null || !_plant.Crews.ForBatches || FirstNeedOf(lead) is var need && !need.Exists || TakeNow(need, out pool))
        {
            return true;
        }

        if (!_auxiliaryPromised[lead])
        {
            PromiseAuxiliaries(lead);
        }

        CallToMachine(equipment, CrewTask.Start, need);
        return false;
    }

    private SkillNeed FirstNeedOf(int lead) => _plant.CrewNeedOf(lead, _plant.OperationOf(lead).Phases.Length > 0 ? 0 : -1);

    /// <summary>A phase with other needs begins: its people are there, or the batch stands still until they come.</summary>
    private void EnterPhaseWithCrew(int equipment, int lead)
    {
        var next = Job(lead).Phase + 1;
        var need = _plant.CrewNeedOf(lead, next);
        var pool = -1;
        if (!need.Exists || (State.CrewOfBatch(lead).Count > 0 && need == _plant.CrewNeedOf(lead, next - 1)) || TakeNow(need, out pool))
        {
            if (!EnterPhase(equipment, lead, next))
            {
                return; // a utility is at its cap: people and room are asked for together when there is room again
            }

            if (pool >= 0)
            {
                AssignCrew(equipment, lead, pool, need);
            }

            ScheduleProgress(equipment, lead);
        }
        else
        {
            LeavePhase(lead);
            Emit(PlantEventKind.BatchHeld, equipment, lead, arg: (int)HoldReason.Operator);
            CallToBatch(equipment, lead, need);
        }
    }

    /// <summary>Whether a batch that stands still has done its phase and another follows.</summary>
    private bool StandsBeforePhase(int lead)
    {
        ref readonly var job = ref Job(lead);
        return job.Phase < 0 ? _plant.OperationOf(lead).Phases.Length > 0 // begins anew
            : job.Phase < _plant.OperationOf(lead).Phases.Length - 1 && job.Additions == 0 && job.WorkedMs >= State.PhaseEndMs(lead, job.Phase);
    }

    /// <summary>A batch that stood still goes on, with its people; without them it waits for them.</summary>
    private void GoOnWithBatch(int equipment, int lead, int pool = -1)
    {
        ref readonly var job = ref Job(lead);
        if (State.CrewOfBatch(lead).Awaits != CrewTask.None && pool < 0)
        {
            return; // whoever comes goes on
        }

        var enters = StandsBeforePhase(lead);
        var need = _plant.CrewNeedOf(lead, enters ? job.Phase + 1 : job.Phase);
        if (pool < 0 && need.Exists && !TakeNow(need, out pool))
        {
            CallToBatch(equipment, lead, need);
            return;
        }

        Emit(PlantEventKind.BatchResumed, equipment, lead);
        if (!enters)
        {
            GoOnDrawing(lead);
        }
        else if (!EnterPhase(equipment, lead, job.Phase + 1))
        {
            return; // it waits before the phase for a utility
        }

        if (pool >= 0)
        {
            AssignCrew(equipment, lead, pool, need);
        }

        ScheduleProgress(equipment, lead);
        StartWhenPossible(equipment); // what another slot waited for while all stood still
        _wokenEquipment.Add(equipment);
    }
}
