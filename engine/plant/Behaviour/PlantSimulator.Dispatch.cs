using DigitalTwin.Plant.Dispatching;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Dispatch: who works on what next. A machine that became free chooses a job; jobs that arrived choose among free machines.
public sealed partial class PlantSimulator
{
    private readonly List<(double Score, long ReadyMs, int Job)> _candidates = [];
    private readonly List<int> _members = [];

    private void WakeEverything()
    {
        for (var e = 0; e < _plant.Plant.Equipment.Length; e++)
        {
            _wokenEquipment.Add(e);
        }

        for (var g = 0; g < _plant.Groups.Length; g++)
        {
            _wokenGroups.Add(g);
        }
    }

    private void DispatchAll()
    {
        do
        {
            while (_wokenEquipment.TryTake(out var equipment))
            {
                DispatchEquipment(equipment);
            }

            while (_wokenGroups.TryTake(out var group))
            {
                DispatchGroup(group);
            }
        }
        while ((_blocked.Count > 0 && Unblock()) || _wokenEquipment.Any || _wokenGroups.Any || RetryRefused());
    }

    private bool CanTakeWork(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        return machine.Reserved < 0 && !machine.OffShift && machine.ActiveCount < _plant.CompiledEquipmentOf(equipment).Slots
            && IsUp(machine.Status);
    }

    private void DispatchEquipment(int equipment)
    {
        if (StartDueMaintenance(equipment) || _maintenanceDue[equipment] > 0)
        {
            return;
        }

        while (CanTakeWork(equipment) && (FollowPlan(equipment, out var wait) || (!wait && ChooseJob(equipment))))
        {
        }
    }

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

            if (_members.TrueForAll(j => _plant.CanRun(j, equipment)) && ChangeoverFor(_members[0], equipment).Possible)
            {
                if (!SlotsAccept(_members[0], equipment))
                {
                    return false; // whoever frees them wakes this machine
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
        if (awaited.Locked || awaited.Jobs.Any(j => Job(j).Locked) || IsOnLine(equipment))
        {
            return false;
        }

        foreach (var batch in _plan!.After(equipment, State))
        {
            var lead = batch.Jobs[0];
            if (batch.Locked || PlanCursor.EarliestBegin(batch) > _now || batch.Jobs.Any(j => Job(j).Status != JobStatus.Ready)
                || !batch.Jobs.All(j => _plant.CanRun(j, equipment)) || !AuxiliariesFree(lead) || !SlotsAccept(lead, equipment))
            {
                continue;
            }

            var changeover = ChangeoverFor(lead, equipment);
            if (!changeover.Possible)
            {
                continue;
            }

            if (_now < awaited.SetupStart
                && _now + changeover.Total + _plant.MeanProcessingTime(lead, equipment, batch.Jobs.Sum(j => _plant.Jobs.QuantityOf(j))) > awaited.SetupStart)
            {
                continue;
            }

            _members.Clear();
            _members.AddRange(batch.Jobs.Select(j => j.Index));
            Assign(equipment, planned: true);
            return true;
        }

        if (_now < awaited.SetupStart)
        {
            Schedule(awaited.SetupStart, new Pending(PendingKind.WakeEquipment, equipment)); // then it is late
        }

        return false;
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

    /// <summary>The machine takes the best waiting job, with company where it batches; false when none is possible.</summary>
    private bool ChooseJob(int equipment)
    {
        _candidates.Clear();
        foreach (var group in _plant.EquipmentGroups[equipment])
        {
            foreach (var job in _queues.Of(group))
            {
                if (IsFree(job) && IsPossible(job, equipment, out var changeover))
                {
                    _candidates.Add((ScoreOf(job, equipment, changeover.Total), Job(job).ReadyAt, job));
                }
            }
        }

        return TakeBest(equipment);
    }

    private bool TakeBest(int equipment)
    {
        if (_candidates.Count == 0)
        {
            return false;
        }

        var best = _candidates.Min();
        if (!_plant.CompiledOperationOf(best.Job).Batches)
        {
            return Take(equipment, best.Job);
        }

        _candidates.Sort();
        var tried = -1;
        foreach (var (_, _, job) in _candidates.ToArray())
        {
            var key = _plant.BatchKeyOf(job);
            if (key == tried)
            {
                continue; // its batch is the one just refused
            }

            if (Take(equipment, job))
            {
                return true;
            }

            tried = key;
        }

        return false;
    }

    /// <summary>Waiting jobs of a group, best first, each choose the best of several free machines.</summary>
    private void DispatchGroup(int group)
    {
        var free = new List<int>();
        foreach (var equipment in _plant.Groups[group])
        {
            if (CanTakeWork(equipment) && _maintenanceDue[equipment] == 0 && _plan?.Next(equipment, State) is null)
            {
                free.Add(equipment);
            }
        }

        if (free.Count == 1)
        {
            DispatchEquipment(free[0]);
            return;
        }

        if (free.Count == 0)
        {
            return;
        }

        var waiting = new List<(double Score, long ReadyMs, int Job)>();
        foreach (var job in _queues.Of(group))
        {
            if (IsFree(job))
            {
                waiting.Add((ScoreOf(job, free[0], Duration.Zero), Job(job).ReadyAt, job));
            }
        }

        waiting.Sort();
        foreach (var (_, _, job) in waiting)
        {
            if (Job(job).Status != JobStatus.Ready)
            {
                continue; // joined a batch meanwhile
            }

            foreach (var equipment in BestMachines(job, free))
            {
                if (Take(equipment, job))
                {
                    break;
                }
            }

            free.RemoveAll(e => !CanTakeWork(e));
            if (free.Count == 0)
            {
                return;
            }
        }
    }

    /// <summary>Machines for a job: preferred family first, then earliest completion, then smallest.</summary>
    private IEnumerable<int> BestMachines(int job, List<int> free)
    {
        var ranked = new List<((bool NotPreferred, long Completion, double Capacity, int Equipment) Key, int Equipment)>();
        var family = new FamilyId(_plant.FamilyOf(job));
        foreach (var equipment in free)
        {
            if (IsPossible(job, equipment, out var changeover))
            {
                var machine = _plant.Plant.Equipment[equipment];
                var completion = changeover.Total + TravelTo(job, equipment) + _plant.MeanProcessingTime(job, equipment);
                var notPreferred = machine.PreferredFamilies.Length > 0 && !machine.PreferredFamilies.Contains(family);
                ranked.Add(((notPreferred, completion.Milliseconds, machine.CapacityMax, equipment), equipment));
            }
        }

        ranked.Sort();
        return ranked.Select(r => r.Equipment);
    }

    private double ScoreOf(int job, int equipment, Duration setup)
    {
        ref readonly var work = ref _plant.CompiledJobOf(job);
        return _rule.Score(new DispatchCandidate(
            _now.Milliseconds, Job(job).ReadyAt, work.DueMs, work.Weight,
            _plant.MeanProcessingTime(job, equipment).Milliseconds, setup.Milliseconds));
    }

    /// <summary>Assigns a job, with the company it can have, to a machine; false when the batch may not start so small yet.</summary>
    private bool Take(int equipment, int seed)
    {
        _members.Clear();
        _members.Add(seed);
        if (_plant.CompiledOperationOf(seed).Batches && !FormBatch(equipment, seed))
        {
            return false;
        }

        Assign(equipment, planned: false);
        return true;
    }

    /// <summary>Assigns <see cref="_members"/> as one batch and begins to prepare the machine.</summary>
    /// <param name="equipment">The machine.</param>
    /// <param name="planned">The destination was known beforehand, so that members set off as soon as they were ready.</param>
    private void Assign(int equipment, bool planned)
    {
        var lead = _members[0];
        foreach (var job in _members)
        {
            var (time, best) = (_plant.MeanProcessingTime(job, equipment), _plant.MeanProcessingTime(lead, equipment));
            if (time > best || (time == best && job < lead))
            {
                lead = job;
            }
        }

        AssignMember(lead);
        foreach (var job in _members)
        {
            if (job != lead)
            {
                AssignMember(job);
            }
        }

        if (!planned)
        {
            PromiseAuxiliaries(lead); // a planned batch takes them when it starts, in the plan's order
        }

        Prepare(equipment);

        void AssignMember(int job)
        {
            var departs = planned ? new SimTime(Job(job).ReadyAt) : _now;
            var arrives = SimTime.Max(_now, departs + TravelTo(job, equipment));
            _queues.Remove(_plant.GroupOf(job), job);
            Emit(PlantEventKind.JobAssigned, equipment, job, arg: lead, value: arrives.Milliseconds);
        }
    }
}
