using System.Diagnostics;
using DigitalTwin.Plant.Dispatching;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>How an idle machine chooses.</summary>
public sealed record DispatchPolicy
{
    public DispatchRule Rule { get; init; } = DispatchRule.Edd;

    /// <summary>Look-ahead factor k of ATC, > 0.</summary>
    public double AtcLookAhead { get; init; } = 2;

    /// <summary>A rule of one's own instead of <see cref="Rule"/>; <c>null</c> for none.</summary>
    public IDispatchRule? OwnRule { get; init; }

    /// <summary>A schedule to follow; jobs it does not name are dispatched by <see cref="Rule"/>.</summary>
    public Schedule? Schedule { get; init; }
}

/// <summary>Writes the future of a plant, event by event.</summary>
/// <remarks>
/// The simulator only decides what happens next and when; what an event does to the plant is the fold's business
/// (<see cref="PlantState.Apply"/>). Same scenario, policy and random source: bit-identical events. Everything that happens at
/// one moment happens before any machine chooses its next job, so that no choice depends on the order of simultaneous news.
/// Not thread-safe.
/// </remarks>
public sealed partial class PlantSimulator
{
    private readonly CompiledScenario _plant;
    private readonly RandomSource _random;
    private readonly IPlantEventSink? _sink;
    private readonly EventCalendar<Pending> _calendar;
    private readonly ReadyQueues _queues;
    private readonly EventHandle[] _failureHandles; // per equipment
    private readonly EventHandle[] _preparationHandles; // per equipment: end of setup or cleaning
    private readonly EventHandle[] _batchHandles; // per lead job: end of the current phase or of the whole
    private readonly int[] _upcoming; // per batch key: jobs not ready yet
    private readonly int[] _auxiliaryReserved; // promised to assigned batches that have not started
    private readonly bool[] _auxiliaryPromised; // per lead job: it is counted in _auxiliaryReserved
    private readonly bool[] _auxiliaryShort; // per auxiliary: somebody was refused for want of it since it was last given back
    private readonly bool[] _mayStart; // per equipment: the reserved batch waits for nothing but its own readiness
    private readonly long[] _lastLaunch; // per line
    private readonly long[] _maintenanceDue; // per equipment: length of maintenance that waits for the machine, 0 none
    private readonly WakeSet _wokenEquipment;
    private readonly WakeSet _wokenGroups;
    private readonly TakerSets _takers;
    private readonly Predicate<int> _cannotTakeWork;
    private DispatchPolicy _policy;
    private IDispatchRule _rule;
    private PlanCursor? _plan;
    private AuxiliaryTurns? _turns;
    private bool _hadPlan; // batches may be prepared that were promised no auxiliaries
    private int _openOrders;
    private bool _dispatchPending;
    private readonly MaterialLines? _lines; // null in a plant that counts no materials
    private bool _overPromised; // promised stock was put on hold since everybody was last looked at

    /// <summary>Starts at the epoch, or goes on from a state (which is forked, not changed).</summary>
    /// <param name="plant">The scenario.</param>
    /// <param name="policy">How machines choose.</param>
    /// <param name="random">The luck of this run.</param>
    /// <param name="from">State to go on from. Where its batches were observed rather than simulated, their remaining time is drawn
    /// anew, given how long they have run.</param>
    /// <param name="sink">Told every event after it was folded.</param>
    public PlantSimulator(CompiledScenario plant, DispatchPolicy policy, RandomSource random, PlantState? from = null, IPlantEventSink? sink = null)
    {
        _plant = plant;
        _random = random;
        _sink = sink;
        State = from?.Fork() ?? new PlantState(plant);
        var equipment = plant.Plant.Equipment.Length;
        _calendar = new EventCalendar<Pending>();
        _queues = new ReadyQueues(plant);
        _failureHandles = new EventHandle[equipment];
        _preparationHandles = new EventHandle[equipment];
        _batchHandles = new EventHandle[plant.Jobs.JobCount];
        _upcoming = new int[plant.BatchKeyCount];
        _auxiliaryReserved = new int[plant.Plant.Auxiliaries.Length];
        _auxiliaryPromised = new bool[plant.Jobs.JobCount];
        _auxiliaryShort = new bool[plant.Plant.Auxiliaries.Length];
        _mayStart = new bool[equipment];
        _lastLaunch = new long[plant.Plant.Lines.Length];
        Array.Fill(_lastLaunch, long.MinValue / 2);
        _maintenanceDue = new long[equipment];
        _seenRates = new double[plant.Plant.Utilities.Length];
        for (var e = 0; e < equipment; e++)
        {
            _maintenanceDue[e] = State.Equipment[e].MaintenanceLeftMs;
        }

        _dyeLotMachines = NoDyeLotMachines(plant);
        _blocked = [];
        _finished = [];
        _repairHandles = new EventHandle[equipment];
        if (plant.Upkeep.Any)
        {
            _upkeepHandles = new EventHandle[equipment];
            _seenUsage = new long[equipment];
        }

        if (plant.Crews.Any)
        {
            _crews = new CrewQueues(plant.Crews.PoolsOf.Length, plant.Plant.Auxiliaries.Length, equipment + (plant.Crews.ForBatches ? plant.Jobs.JobCount : 0));
            _sideDesk = new SideJobDesk(plant.Crews.FirstSideJob);
            _sideHandles = new EventHandle[plant.Crews.SideJobPool.Length];
            _seenReturns = State.ReturnsOf.ToArray();
            _allReturns = State.Returns;
        }

        _wokenEquipment = new WakeSet(equipment);
        _wokenGroups = new WakeSet(plant.Groups.Length);
        _takers = new TakerSets(plant);
        _cannotTakeWork = e => !CanTakeWork(e);
        _ageing = plant.Plant.Market.MaxWait is not null;
        _marketInUse = _ageing || plant.Capacity.Books;
        _policy = policy;
        _rule = RuleOf(policy);
        _plan = policy.Schedule is { } schedule ? new PlanCursor(schedule, equipment) : null;
        _turns = policy.Schedule is { } plan ? new AuxiliaryTurns(plan, plant) : null;
        _lines = plant.Materials.InUse ? new MaterialLines(plant.Plant.Materials.Length) : null;
        _hadPlan = _plan is not null;
        Resume();
    }

    private PlantSimulator(PlantSimulator other, RandomSource random, IPlantEventSink? sink)
    {
        _plant = other._plant;
        _random = random;
        _sink = sink;
        State = other.State.Fork();
        _calendar = other._calendar.Clone();
        _queues = new ReadyQueues(_plant);
        _queues.CopyFrom(other._queues);
        _failureHandles = (EventHandle[])other._failureHandles.Clone();
        _preparationHandles = (EventHandle[])other._preparationHandles.Clone();
        _batchHandles = (EventHandle[])other._batchHandles.Clone();
        _upcoming = (int[])other._upcoming.Clone();
        _auxiliaryReserved = (int[])other._auxiliaryReserved.Clone();
        _auxiliaryPromised = (bool[])other._auxiliaryPromised.Clone();
        _auxiliaryShort = (bool[])other._auxiliaryShort.Clone();
        _mayStart = (bool[])other._mayStart.Clone();
        _lastLaunch = (long[])other._lastLaunch.Clone();
        _maintenanceDue = (long[])other._maintenanceDue.Clone();
        _blocked = [.. other._blocked];
        _finished = [.. other._finished];
        _repairHandles = (EventHandle[])other._repairHandles.Clone();
        _upkeepHandles = (EventHandle[])other._upkeepHandles.Clone();
        _seenUsage = (long[])other._seenUsage.Clone();
        _crews = other._crews?.Clone();
        _sideDesk = other._sideDesk?.Clone();
        _sideHandles = (EventHandle[])other._sideHandles.Clone();
        _seenReturns = (int[])other._seenReturns.Clone();
        _allReturns = other._allReturns;
        _wokenEquipment = new WakeSet(_plant.Plant.Equipment.Length);
        _wokenEquipment.CopyFrom(other._wokenEquipment);
        _wokenGroups = new WakeSet(_plant.Groups.Length);
        _wokenGroups.CopyFrom(other._wokenGroups);
        _takers = new TakerSets(_plant);
        _takers.CopyFrom(other._takers);
        _cannotTakeWork = e => !CanTakeWork(e);
        _policy = other._policy;
        _rule = other._rule;
        _plan = other._plan?.Clone();
        _turns = other._turns?.Clone();
        _hadPlan = other._hadPlan;
        _openOrders = other._openOrders;
        _dyeLotMachines = (int[])other._dyeLotMachines.Clone();
        _drawing = [.. other._drawing];
        _utilityQueue = [.. other._utilityQueue];
        _seenRates = (double[])other._seenRates.Clone();
        _utilityWake = other._utilityWake;
        _utilitiesPending = other._utilitiesPending;
        _dispatchPending = other._dispatchPending;
        _lines = other._lines?.Clone();
        _overPromised = other._overPromised;
        _refusedForOwner = [.. other._refusedForOwner];
        _refusedVersion = other._refusedVersion;
        _ageing = other._ageing;
        _marketInUse = other._marketInUse;
    }

    private enum PendingKind : byte
    {
        ReleaseOrder,
        MakeReady,
        Prepare,
        EndPreparation,
        StartBatch,
        EndPhase,
        EndBatch,
        ShiftChange,
        Failure,
        EndRepair,
        Disturbance,
        EndMaintenance,
        WakeEquipment,
        Dispatch,
        Utilities,
        SupplyArrives,
        ReviewMaterial,
        CloseSupplier,
        InspectLot,
        ExpireLot,
        DecideLot,
        OpenOffer,
        CrewShift,
        EndSideJob,
        CallRepair,
        EndPiece,
        Market,
        Waiting,
        Aged,
        ServeMaterial,
        Upkeep,
    }

    /// <summary>The plant as it stands; changes as the simulation runs.</summary>
    public PlantState State { get; }

    /// <summary>Current simulation time.</summary>
    public SimTime Now => State.Now;

    /// <summary>Time of the next thing to happen; <see cref="SimTime.Never"/> when the plant is at rest for good.</summary>
    public SimTime NextTime => _calendar.NextTime;

    /// <summary>Orders neither complete nor cancelled.</summary>
    public int OpenOrders => _openOrders;

    /// <summary>An independent copy that goes on bit-identically.</summary>
    public PlantSimulator Fork(IPlantEventSink? sink = null) => new(this, _random, sink);

    /// <summary>An independent copy with other luck from now on; what has been drawn already stays.</summary>
    public PlantSimulator Fork(RandomSource random, IPlantEventSink? sink = null) => new(this, random, sink);

    /// <summary>Everything up to and including <paramref name="until"/> happens.</summary>
    public void RunUntil(SimTime until)
    {
        while (_calendar.NextTime <= until && Step())
        {
        }

        State.AdvanceTo(until);
    }

    /// <summary>Runs until every order is complete or cancelled, nothing can happen any more, or <paramref name="limit"/>.</summary>
    public void RunToCompletion(SimTime limit)
    {
        while (_openOrders > 0 && _calendar.NextTime <= limit && Step())
        {
        }

        State.AdvanceTo(_openOrders > 0 && _calendar.NextTime > limit ? limit : State.Now);
    }

    /// <summary>Lets the next thing happen; false when there is none.</summary>
    public bool Step()
    {
        if (!_calendar.TryPop(out var time, out var next))
        {
            return false;
        }

        _now = time;
        Handle(next);
        if (_seenRates.Length > 0)
        {
            WatchPower();
        }

        if (!_dispatchPending && AnybodyWoken)
        {
            if (_seenRates.Length == 0 && _calendar.NextTime > time)
            {
                DispatchAll(); // nothing else happens now, and nobody has to watch the power afterwards
            }
            else
            {
                DispatchAtTheEndOf(time);
            }
        }

        return true;
    }

    /// <summary>Follows another policy from now on. Batches already assigned keep their place.</summary>
    public void SetPolicy(DispatchPolicy policy)
    {
        _policy = policy;
        _rule = RuleOf(policy);
        _plan = policy.Schedule is { } schedule ? new PlanCursor(schedule, _plant.Plant.Equipment.Length) : null;
        _turns = policy.Schedule is { } plan ? new AuxiliaryTurns(plan, _plant) : null;
        _hadPlan |= _plan is not null;
        _queues.Reorder(FloorOf);
        RetryThoseWithoutAuxiliaries();
        WakeEverything();
        if (!_dispatchPending)
        {
            DispatchAtTheEndOf(SimTime.Max(_now, State.Now));
        }
    }

    /// <summary>A person breaks a machine or takes it out for maintenance, now.</summary>
    public void Inject(Disturbance disturbance)
    {
        _now = SimTime.Max(_now, State.Now);
        Disturb(disturbance);
        ScheduleDispatch();
    }

    /// <summary>Those that were woken choose before time goes on.</summary>
    private void ScheduleDispatch()
    {
        if (!_dispatchPending && AnybodyWoken)
        {
            DispatchAtTheEndOf(_now);
        }
    }

    private bool AnybodyWoken => _finished.Count > 0 || AnybodyChooses;

    private bool AnybodyChooses => _wokenEquipment.Any || _wokenGroups.Any || _crews is { AnyWoken: true };

    private static IDispatchRule RuleOf(DispatchPolicy policy) => policy.OwnRule ?? DispatchRules.Create(policy.Rule, policy.AtcLookAhead);

    private void DispatchAtTheEndOf(SimTime moment)
    {
        _dispatchPending = true;
        Schedule(moment, new Pending(PendingKind.Dispatch), priority: LastPriority);
    }

    private const int LastPriority = 1000;

    private SimTime _now;

    private void Handle(in Pending next)
    {
        switch (next.Kind)
        {
            case PendingKind.ReleaseOrder: ReleaseOrder(next.Job); break;
            case PendingKind.MakeReady: MakeReady(next.Job); break;
            case PendingKind.Prepare: Prepare(next.Equipment); break;
            case PendingKind.EndPreparation: EndPreparation(next.Equipment); break;
            case PendingKind.StartBatch: StartWhenPossible(next.Equipment); break;
            case PendingKind.EndPhase: EndPhase(next.Equipment, next.Job); break;
            case PendingKind.EndBatch: FinishProcessing(next.Equipment, next.Job); break;
            case PendingKind.ShiftChange: ChangeShift(next.Equipment); break;
            case PendingKind.Failure: Fail(next.Equipment); break;
            case PendingKind.EndRepair: EndRepair(next.Equipment); break;
            case PendingKind.Disturbance: Disturb(_plant.Scenario.Disturbances[next.Job]); break;
            case PendingKind.EndMaintenance: EndMaintenance(next.Equipment); break;
            case PendingKind.WakeEquipment: _wokenEquipment.Add(next.Equipment); break;
            case PendingKind.Utilities: ServeUtilities(); break;
            case PendingKind.Dispatch: _dispatchPending = false; DispatchAll(); break;
            case PendingKind.SupplyArrives: ReceiveSupply(next.Job); break;
            case PendingKind.ReviewMaterial: Review(next.Job); break;
            case PendingKind.CloseSupplier: CloseSupplier(_plant.Scenario.SupplyDisturbances[next.Job]); break;
            case PendingKind.InspectLot: InspectLot(next.Job); break;
            case PendingKind.ExpireLot: ExpireLot(next.Job); break;
            case PendingKind.OpenOffer: OpenOffer(next.Equipment); break;
            case PendingKind.Market: ReviewBooking(next.Job); break;
            case PendingKind.Waiting: ReviewWaiting(next.Job); break;
            case PendingKind.Aged: Age(next.Job); break;
            case PendingKind.DecideLot: DecideAboutReceipt(_plant.Scenario.LotDecisions[next.Job]); break;
            case PendingKind.CrewShift: ChangeCrewShift(next.Job); break;
            case PendingKind.EndSideJob: EndSideJob(next.Job); break;
            case PendingKind.CallRepair: BeginRepair(next.Equipment); break;
            case PendingKind.EndPiece: CompletePiece(next.Equipment, next.Job); break;
            case PendingKind.ServeMaterial: Serve(next.Job); break;
            case PendingKind.Upkeep: LookAtUpkeep(next.Equipment); break;
            default: throw new UnreachableException();
        }
    }

    private EventHandle Schedule(SimTime time, Pending what, int priority = 0) =>
        _calendar.Schedule(SimTime.Max(time, _now), priority, what);

    private void Emit(PlantEventKind kind, int equipment = -1, int job = -1, int order = -1, int arg = -1, double value = 0)
    {
        var e = new PlantEvent(_now, kind, equipment, job, order, arg, value);
        State.ApplyOwn(e);
        if (equipment >= 0)
        {
            _takers.Set(equipment, CouldTakeWork(equipment));
            if (HasUpkeep)
            {
                WatchUsage(equipment);
            }
        }

        _sink?.On(e);
        if (_crews is not null)
        {
            NoteReturns();
        }
    }

    private ref readonly EquipmentState Equipment(int equipment) => ref State.Equipment[equipment];

    private ref readonly JobState Job(int job) => ref State.Jobs[job];

    private readonly record struct Pending(PendingKind Kind, int Equipment = -1, int Job = -1);
}
