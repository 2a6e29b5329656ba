using DigitalTwin.Plant.Dispatching;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Dispatch: who works on what next. A machine that became free chooses a job; jobs that arrived choose among free machines.
public sealed partial class PlantSimulator
{
    private const string Scratch = "means nothing beyond one choice";

    [NotState(Scratch)] private readonly BestFirst _walk = new();
    [NotState(Scratch)] private readonly List<int> _members = [];
    [NotState(Scratch)] private readonly List<int> _free = [];
    [NotState(Scratch)] private readonly List<RankedMachine> _ranked = [];
    [NotState(Scratch)] private int[] _passed = []; // per job: the round of DispatchGroup that has passed it; scratch, made when first needed
    [NotState(Scratch)] private int _round;

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
            if (_crews is { AnyWoken: true })
            {
                ServeCrews();
            }

            while (_wokenEquipment.TryTake(out var equipment))
            {
                DispatchEquipment(equipment);
            }

            while (_wokenGroups.TryTake(out var group))
            {
                DispatchGroup(group);
            }
        }
        while ((_blocked.Count + _finished.Count > 0 && MoveOn()) || AnybodyChooses || RetryRefused() || BlockFinished());

        if (_fixtureShort.Length > 0)
        {
            ServeFixtures();
        }

        if (_forVehicles.Count > 0)
        {
            SendVehicles();
        }
    }

    private bool CanTakeWork(int equipment) => CouldTakeWork(equipment);

    /// <summary>The part of <see cref="CanTakeWork"/> that is known from the state of the equipment alone, and so changes only with its events.</summary>
    private bool CouldTakeWork(int equipment)
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

        if (HasUpkeep && State.Usage[equipment].Ordered > 0 && KeptFreeFrom(equipment) <= _now.Milliseconds)
        {
            StartOrderedMaintenance(equipment);
            return;
        }

        while (CanTakeWork(equipment) && (FollowPlan(equipment, out var wait) || (!wait && ChooseJob(equipment))))
        {
        }

        if (HasUpkeep && State.Usage[equipment].Ordered > 0)
        {
            StartOrderedMaintenance(equipment); // nothing else is to be done
        }
    }

    /// <summary>The machine takes the best waiting job, with company where it batches; false when none is possible.</summary>
    private bool ChooseJob(int equipment)
    {
        if (_dyeLotMachines.Length > 0 && FindBegunDyeLots(equipment))
        {
            return TakeBegunDyeLot(equipment);
        }

        _walk.Begin();
        foreach (var group in _plant.EquipmentGroups[equipment])
        {
            _walk.Enter(_queues, group);
        }

        var refused = -1;
        while (NextFor(equipment, out var job))
        {
            if (_plant.BatchKeyOf(job) == refused)
            {
                continue; // its batch is the one just refused
            }

            if (Take(equipment, job))
            {
                return true;
            }

            refused = _plant.BatchKeyOf(job);
        }

        return false;
    }

    /// <summary>The next job of the walk that is possible on a machine, best score first.</summary>
    private bool NextFor(int equipment, out int job)
    {
        while (_walk.TryLook(_queues, out job))
        {
            if (IsFree(job) && IsPossible(job, equipment, out var changeover))
            {
                _walk.Price(ScoreOf(job, equipment, changeover.Total), Job(job).ReadyAt, job);
            }
        }

        return _walk.TryTake(out job);
    }

    /// <summary>Waiting jobs of a group, best first, each choose the best of several free machines.</summary>
    private void DispatchGroup(int group)
    {
        CollectFree(group);
        if (_free.Count == 1)
        {
            DispatchEquipment(_free[0]);
        }
        else if (_free.Count > 1)
        {
            DispatchToFree(group);
        }
    }

    private void CollectFree(int group)
    {
        _free.Clear();
        var place = 0;
        while (_takers.Next(group, ref place) is var equipment && equipment >= 0)
        {
            if (CanTakeWork(equipment) && !IsKeptFree(equipment) && _plan?.Next(equipment, State) is null)
            {
                _free.Add(equipment);
            }
        }
    }

    /// <summary>A job that was taken changes the queue under the walk: it starts anew and passes by those that have had their turn.</summary>
    private void DispatchToFree(int group)
    {
        if (_passed.Length == 0)
        {
            _passed = new int[_plant.Jobs.JobCount];
        }

        _round++;
        var yardstick = _free[0];
        while (_free.Count > 0 && NextInGroup(group, yardstick, out var job))
        {
            do
            {
                _passed[job] = _round;
            }
            while (!TakeOnBest(job) && NextOfWalk(yardstick, out job));

            _free.RemoveAll(_cannotTakeWork);
        }
    }

    private bool NextInGroup(int group, int yardstick, out int job)
    {
        _walk.Begin();
        _walk.Enter(_queues, group);
        return NextOfWalk(yardstick, out job);
    }

    private bool NextOfWalk(int yardstick, out int job)
    {
        while (_walk.TryLook(_queues, out job))
        {
            if (_passed[job] != _round && IsFree(job))
            {
                _walk.Price(ScoreOf(job, yardstick, Duration.Zero), Job(job).ReadyAt, job);
            }
        }

        return _walk.TryTake(out job);
    }

    /// <summary>The job goes to the best of the free machines that takes it: preferred family first, then earliest completion, then smallest.</summary>
    private bool TakeOnBest(int job)
    {
        _ranked.Clear();
        var family = _plant.FamilyOf(job);
        foreach (var equipment in _free)
        {
            if (IsPossible(job, equipment, out var changeover))
            {
                var completion = changeover.Total + TravelTo(job, equipment) + _plant.MeanProcessingTime(job, equipment);
                _ranked.Add(new RankedMachine(
                    !_plant.Prefers(equipment, family), completion.Milliseconds, _plant.CompiledEquipmentOf(equipment).CapacityMax, equipment));
            }
        }

        _ranked.Sort();
        foreach (var machine in _ranked)
        {
            if (Take(machine.Equipment, job))
            {
                return true;
            }
        }

        return false;
    }

    private double ScoreOf(int job, int equipment, Duration setup)
    {
        if (_paced && PlaceOnLine(job) is var place && place >= 0)
        {
            return place;
        }

        if (_limitsWaits && IsExpiring(job))
        {
            return ScoreOfExpiring(job);
        }

        if (_ageing && HasWaitedTooLong(job))
        {
            return ScoreOfAged(job);
        }

        ref readonly var work = ref _plant.CompiledJobOf(job);
        return _rule.Score(new DispatchCandidate(
            _now.Milliseconds, Job(job).ReadyAt, work.DueMs, work.Weight,
            _plant.MeanProcessingTime(job, equipment).Milliseconds, setup.Milliseconds));
    }

    /// <summary>The floor of a job's score, by which the queues are ordered.</summary>
    private double FloorOf(int job)
    {
        if (_paced && PlaceOnLine(job) is var place && place >= 0)
        {
            return place;
        }

        if (_limitsWaits && IsExpiring(job))
        {
            return ScoreOfExpiring(job);
        }

        if (_ageing && HasWaitedTooLong(job))
        {
            return ScoreOfAged(job);
        }

        ref readonly var work = ref _plant.CompiledJobOf(job);
        return _rule.Floor(new DispatchCandidate(
            _now.Milliseconds, Job(job).ReadyAt, work.DueMs, work.Weight, _plant.LeastProcessingTime(job).Milliseconds, 0));
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
        if (HasUpkeep && _crews is not null)
        {
            WithdrawMaintenanceCall(equipment);
        }

        var lead = _members[0];
        foreach (var job in _members)
        {
            var (time, best) = (_plant.MeanProcessingTime(job, equipment), _plant.MeanProcessingTime(lead, equipment));
            if (time > best || (time == best && job < lead))
            {
                lead = job;
            }
        }

        AssignMember(equipment, lead, lead, planned);
        foreach (var job in _members)
        {
            if (job != lead)
            {
                AssignMember(equipment, job, lead, planned);
            }
        }

        if (!planned && !KeepsPace(equipment))
        {
            PromiseAuxiliaries(lead); // a planned batch takes them when it starts, in the plan's order
        }

        Prepare(equipment);
    }

    private void AssignMember(int equipment, int job, int lead, bool planned)
    {
        var departs = planned ? new SimTime(Job(job).ReadyAt) : _now;
        var needsVehicle = NeedsVehicle(job, equipment);
        var arrives = needsVehicle ? -1 : SimTime.Max(_now, departs + TravelTo(job, equipment)).Milliseconds;
        _queues.Remove(_plant.GroupOf(job), job);
        _fixturesMoved |= _fixtureShort.Length > 0 && State.FixturePoolFor(job) >= 0;
        RememberMachine(job, equipment);
        Emit(PlantEventKind.JobAssigned, equipment, job, arg: lead, value: arrives);
        if (needsVehicle)
        {
            AwaitVehicle(job);
        }

        if (State.Reservations.Length > 0)
        {
            UseBooking(job, equipment);
        }
    }

    /// <summary>A machine that could take a job, in the order in which machines are asked.</summary>
    private readonly record struct RankedMachine(bool NotPreferred, long CompletionMs, double Capacity, int Equipment) : IComparable<RankedMachine>
    {
        public int CompareTo(RankedMachine other) =>
            NotPreferred != other.NotPreferred ? (NotPreferred ? 1 : -1)
            : CompletionMs != other.CompletionMs ? CompletionMs.CompareTo(other.CompletionMs)
            : Capacity != other.Capacity ? Capacity.CompareTo(other.Capacity)
            : Equipment.CompareTo(other.Equipment);
    }
}
