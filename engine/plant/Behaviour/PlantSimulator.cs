using System.Diagnostics;
using DigitalTwin.Plant.Dispatching;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Snapshots;
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
    private const string Terms = "term of the run: taken over by TakeOver, saved by PlantSnapshot";

    private readonly CompiledScenario _plant;
    private readonly IPlantEventSink? _sink;
    [NotState(Terms)] private RandomSource _random;
    [NotState(Terms)] private DispatchPolicy _policy;
    [NotState(Terms)] private IDispatchRule _rule;
    private readonly EventCalendar<Pending> _calendar = new();
    private readonly ReadyQueues _queues;
    private readonly WakeSet _wokenEquipment;
    private readonly WakeSet _wokenGroups;
    private readonly TakerSets _takers;
    private readonly Predicate<int> _cannotTakeWork;
    private SimTime _now;
    private EventHandle[] _failureHandles = []; // per equipment
    private EventHandle[] _preparationHandles = []; // per equipment: end of setup or cleaning
    private EventHandle[] _batchHandles = []; // per lead job: end of the current phase or of the whole
    private int[] _upcoming = []; // per batch key: jobs not ready yet
    private int[] _auxiliaryReserved = []; // promised to assigned batches that have not started
    private bool[] _auxiliaryPromised = []; // per lead job: it is counted in _auxiliaryReserved
    private bool[] _auxiliaryShort = []; // per auxiliary: somebody was refused for want of it since it was last given back
    private bool[] _mayStart = []; // per equipment: the reserved batch waits for nothing but its own readiness
    private long[] _lastLaunch = []; // per line
    private long[] _maintenanceDue = []; // per equipment: length of maintenance that waits for the machine, 0 none
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
        : this(plant, from?.Fork() ?? new PlantState(plant), policy, random, sink)
    {
        var equipment = plant.Plant.Equipment.Length;
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
        _fixtureShort = new bool[State.Fixtures.Length];
        _repairHandles = new EventHandle[equipment];
        if (plant.Upkeep.Any)
        {
            _upkeepHandles = new EventHandle[equipment];
            _seenUsage = new long[equipment];
        }

        if (_crews is not null)
        {
            _sideHandles = new EventHandle[plant.Crews.SideJobPool.Length];
            _seenReturns = State.ReturnsOf.ToArray();
            _allReturns = State.Returns;
        }

        _plan = policy.Schedule is { } schedule ? new PlanCursor(schedule, plant) : null;
        _turns = policy.Schedule is { } plan ? new AuxiliaryTurns(plan, plant) : null;
        _hadPlan = _plan is not null;
        Resume();
    }

    /// <summary>A simulator to be filled.</summary>
    private PlantSimulator(CompiledScenario plant, PlantState state, DispatchPolicy policy, RandomSource random, IPlantEventSink? sink)
    {
        _plant = plant;
        _random = random;
        _sink = sink;
        State = state;
        _policy = policy;
        _rule = RuleOf(policy);
        _queues = new ReadyQueues(plant);
        _wokenEquipment = new WakeSet(plant.Plant.Equipment.Length);
        _wokenGroups = new WakeSet(plant.Groups.Length);
        _takers = new TakerSets(plant);
        _cannotTakeWork = e => !CanTakeWork(e);
        _ageing = plant.Plant.Market.MaxWait is not null;
        _limitsWaits = plant.LimitsWaits;
        _marketInUse = _ageing || _limitsWaits || plant.Capacity.Books || plant.KeepsExpress;
        _paced = plant.Lines is { AnyPaced: true };
        _lines = plant.Materials.InUse ? new MaterialLines(plant.Plant.Materials.Length) : null;
        if (plant.Crews.Any)
        {
            var callers = plant.Plant.Equipment.Length + (plant.Crews.ForBatches ? plant.Jobs.JobCount : 0);
            _crews = new CrewQueues(plant.Crews.PoolsOf.Length, plant.Plant.Auxiliaries.Length, callers);
            _sideDesk = new SideJobDesk(plant.Crews.FirstSideJob);
        }
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
        LineBorder,
        FixtureReady,
        VehicleArrives,
        FleetShift,
        EndPiece,
        Market,
        Waiting,
        Aged,
        ServeMaterial,
        Upkeep,
        WaitOver,
    }

    /// <summary>The plant as it stands; changes as the simulation runs.</summary>
    public PlantState State { get; }

    /// <summary>Current simulation time.</summary>
    public SimTime Now => State.Now;

    /// <summary>Time of the next thing to happen; <see cref="SimTime.Never"/> when the plant is at rest for good.</summary>
    public SimTime NextTime => _calendar.NextTime;

    /// <summary>Orders neither complete nor cancelled.</summary>
    public int OpenOrders => _openOrders;

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
        _plan = policy.Schedule is { } schedule ? new PlanCursor(schedule, _plant) : null;
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
            case PendingKind.LineBorder: ReachBorder(next.Job); break;
            case PendingKind.FixtureReady: ReceiveFixture(next.Job); break;
            case PendingKind.VehicleArrives: ReceiveVehicle(next.Job); break;
            case PendingKind.FleetShift: ServeVehiclesAtTheEnd(); break;
            case PendingKind.EndPiece: CompletePiece(next.Equipment, next.Job); break;
            case PendingKind.ServeMaterial: Serve(next.Job); break;
            case PendingKind.Upkeep: LookAtUpkeep(next.Equipment); break;
            case PendingKind.WaitOver: ReviewWaitLimit(next.Job); break;
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
