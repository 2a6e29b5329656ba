using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

/// <summary>The state of a plant: the fold of its events, whatever their source.</summary>
/// <remarks>
/// <see cref="Apply"/> is the only way it changes. Data only, in flat arrays: <see cref="Fork"/> copies them.
/// Not thread-safe: one writer, and readers take a fork or read on the writer's turn.
/// </remarks>
public sealed partial class PlantState : IExchanged<PlantState>
{
    /// <summary>Number of <see cref="EquipmentStatus"/> values: the stride of <see cref="TimeInStatus"/>.</summary>
    public const int StatusCount = (int)EquipmentStatus.Maintenance + 1;

    private SimTime _now;
    private long _version;
    private int _scheduleVersion;
    private SimTime _statisticsSince;
    private EquipmentState[] _equipment = [];
    private JobState[] _jobs = [];
    private OrderState[] _orders = [];
    private EquipmentMeters[] _meters = [];
    private long[] _timeInStatus = [];
    private int[] _readyInGroup = [];
    private int[] _auxiliaryInUse = [];
    private readonly LoadProfile[] _profiles;

    /// <summary>The plant at the epoch: nothing released, everything idle.</summary>
    public PlantState(CompiledScenario plant)
    {
        Plant = plant;
        _equipment = new EquipmentState[plant.Plant.Equipment.Length];
        _meters = new EquipmentMeters[_equipment.Length];
        _timeInStatus = new long[_equipment.Length * StatusCount];
        _profiles = [.. plant.Plant.Sites.Select(_ => new LoadProfile())];
        _batchUse = new ResourceUse[_equipment.Length];
        _standbyUse = new ResourceUse[_equipment.Length];
        SetUpUtilities();
        SetUpChangeovers();
        for (var e = 0; e < _equipment.Length; e++)
        {
            var machine = plant.Plant.Equipment[e];
            _equipment[e] = new EquipmentState
            {
                Family = machine.InitialFamily?.Index ?? -1, NextFamily = -1, Reserved = -1, FirstActive = -1, ExpectedEnd = -1,
            };
            SetPower(e, machine.IdleKw, 0);
        }

        _readyInGroup = new int[plant.Groups.Length];
        _queueSets = new QueueSetState[plant.QueueSetCount];
        _auxiliaryInUse = new int[plant.Plant.Auxiliaries.Length];
        OpenStores(plant);
        InitialiseCrews();
        InitialiseUpkeep();
        SetUpLines();
        SetUpFixtures();
        SetUpVehicles();
        GrowTo(plant);
    }

    /// <summary>A state to be filled.</summary>
    private PlantState(CompiledScenario plant, int sites)
    {
        Plant = plant;
        _profiles = new LoadProfile[sites];
        for (var site = 0; site < sites; site++)
        {
            _profiles[site] = new LoadProfile();
        }
    }

    /// <summary>An independent copy.</summary>
    public PlantState Fork()
    {
        var fork = new PlantState(Plant, _profiles.Length);
        fork.Exchange(StateCopy.Instance, this);
        return fork;
    }

    /// <summary>Becomes a copy of another state of the same scenario, in the memory held already.</summary>
    /// <exception cref="ArgumentException">The other is of another scenario.</exception>
    public void CopyFrom(PlantState other)
    {
        if (other.Plant != Plant)
        {
            throw new ArgumentException($"A state of '{Plant.Scenario.Id}' can only become a copy of another state of the same compiled scenario.", nameof(other));
        }

        Exchange(StateCopy.Instance, other);
    }

    void IExchanged<PlantState>.Exchange(StateExchange exchange, PlantState? other) => Exchange(exchange, other);

    /// <summary>Everything that the fold has made of the events: one line per field.</summary>
    private void Exchange(StateExchange exchange, PlantState? other)
    {
        exchange.Value(ref _now, other?._now);
        exchange.Value(ref _version, other?._version);
        exchange.Value(ref _scheduleVersion, other?._scheduleVersion);
        exchange.Value(ref _statisticsSince, other?._statisticsSince);
        exchange.Array(ref _equipment, other?._equipment);
        exchange.Array(ref _jobs, other?._jobs);
        exchange.Array(ref _orders, other?._orders);
        exchange.Array(ref _meters, other?._meters);
        exchange.Array(ref _timeInStatus, other?._timeInStatus);
        exchange.Array(ref _readyInGroup, other?._readyInGroup);
        exchange.Array(ref _queueSets, other?._queueSets);
        exchange.Array(ref _auxiliaryInUse, other?._auxiliaryInUse);
        exchange.Array(ref _orderUse, other?._orderUse);
        exchange.Array(ref _batchUse, other?._batchUse);
        exchange.Array(ref _standbyUse, other?._standbyUse);
        exchange.Array(ref _utilityJobs, other?._utilityJobs);
        exchange.Array(ref _utilities, other?._utilities);
        exchange.Array(ref _changeovers, other?._changeovers);
        exchange.Array(ref _pieces, other?._pieces);
        exchange.Value(ref _waitsExceeded, other?._waitsExceeded);
        exchange.Parts(_profiles, other?._profiles);
        ExchangeStores(exchange, other);
        ExchangeCrews(exchange, other);
        ExchangeMarket(exchange, other);
        ExchangeUpkeep(exchange, other);
        ExchangeLines(exchange, other);
        ExchangeFixtures(exchange, other);
        ExchangeVehicles(exchange, other);
    }

    /// <summary>The scenario this is a state of.</summary>
    [field: NotState("the scenario, given beside a snapshot")]
    public CompiledScenario Plant { get; private set; }

    /// <summary>Time of the latest event or of the latest <see cref="AdvanceTo"/>.</summary>
    public SimTime Now => _now;

    /// <summary>Events applied so far.</summary>
    public long Version => _version;

    /// <summary>Version of the schedule in force; 0 when none.</summary>
    public int ScheduleVersion => _scheduleVersion;

    /// <summary>When the running totals were last reset.</summary>
    public SimTime StatisticsSince => _statisticsSince;

    public ReadOnlySpan<EquipmentState> Equipment => _equipment;

    public ReadOnlySpan<JobState> Jobs => _jobs;

    public ReadOnlySpan<OrderState> Orders => _orders;

    public ReadOnlySpan<EquipmentMeters> Meters => _meters;

    /// <summary>Milliseconds spent in each status: [equipment × <see cref="StatusCount"/> + status], up to the last change of each.</summary>
    public ReadOnlySpan<long> TimeInStatus => _timeInStatus;

    /// <summary>Jobs waiting per group of <see cref="CompiledScenario.Groups"/>.</summary>
    public ReadOnlySpan<int> ReadyInGroup => _readyInGroup;

    /// <summary>Units of each auxiliary resource held now.</summary>
    public ReadOnlySpan<int> AuxiliaryInUse => _auxiliaryInUse;

    /// <summary>Electric load of a site in quarter-hours.</summary>
    public LoadProfile ProfileOf(SiteId site) => _profiles[site];

    /// <summary>Processing that a running batch has had since the statistics were reset, ms; standstills are left out.</summary>
    /// <param name="lead">Lead job of a batch that is running, held or blocked.</param>
    public long WorkedMs(int lead, SimTime now)
    {
        ref readonly var job = ref _jobs[lead];
        var worked = job.Status switch
        {
            JobStatus.Running => job.WorkedMs + now.Milliseconds - job.RunningSince,
            JobStatus.Blocked => job.PlannedMs,
            _ => job.WorkedMs,
        };
        worked += _utilityJobs.Length > 0 ? _utilityJobs[lead].StretchedMs : 0;
        return Math.Min(worked, now.Milliseconds - StatisticsSince.Milliseconds);
    }

    /// <summary>Takes up orders appended to the book.</summary>
    public void GrowTo(CompiledScenario plant)
    {
        var (oldOrders, oldJobs) = (_orders.Length, _jobs.Length);
        Plant = plant;
        GrowStores(plant);
        Array.Resize(ref _orders, plant.Jobs.OrderCount);
        Array.Resize(ref _orderUse, plant.Jobs.OrderCount);
        Array.Resize(ref _jobs, plant.Jobs.JobCount);
        GrowCrews();
        GrowLines();
        GrowFixtures();
        for (var o = oldOrders; o < _orders.Length; o++)
        {
            var jobs = plant.JobsToDo(o);
            _orders[o] = new OrderState { JobsLeft = jobs, ReleasedAt = -1, StartedAt = -1, CompletedAt = -1 };
        }

        GrowUtilities();
        GrowPieces();
        GrowMarket();
        for (var j = oldJobs; j < _jobs.Length; j++)
        {
            _jobs[j] = new JobState
            {
                Status = plant.StartsDormant(j) ? JobStatus.Dormant : JobStatus.Waiting,
                PendingPredecessors = (short)plant.CompiledOperationOf(j).RequiredPredecessors,
                Phase = -1, Equipment = -1, Lead = -1, NextInBatch = -1, NextActive = -1,
                ReadyAt = -1, ArriveAt = -1, StartAt = -1, EndAt = -1,
            };
        }
    }

    /// <summary>Whether the lifecycle permits this event now: what an observer checks before believing it.</summary>
    public bool Permits(in PlantEvent e) => EventRules.Permits(this, e);

    /// <summary>Where the things that an event names stand now: the words of a refusal.</summary>
    public string Explain(in PlantEvent e) => EventRules.Describe(this, e);

    /// <summary>Folds one event into the state.</summary>
    /// <exception cref="InvalidOperationException">The lifecycle does not permit it; the state is unchanged.</exception>
    public void Apply(in PlantEvent e)
    {
        if (!EventRules.Permits(this, e))
        {
            throw new InvalidOperationException($"{e.Kind} is not possible here: {EventRules.Describe(this, e)}");
        }

        Fold(e);
    }

    /// <summary>The same for the simulator, which never writes an event that is not possible: only debug builds, and with them all
    /// tests, look again.</summary>
    internal void ApplyOwn(in PlantEvent e)
    {
#if DEBUG
        Apply(e);
#else
        Fold(e);
#endif
    }

    private void Fold(in PlantEvent e)
    {
        _version++;
        _now = SimTime.Max(_now, e.Time);
        switch (e.Kind)
        {
            case PlantEventKind.OrderReleased: ReleaseOrder(e); break;
            case PlantEventKind.OrderCompleted: CompleteOrder(e); break;
            case PlantEventKind.OrderCancelled: CancelOrder(e); break;
            case PlantEventKind.JobReady: MakeReady(e); break;
            case PlantEventKind.JobAssigned: Assign(e); break;
            case PlantEventKind.SetupStarted: StartSetup(e); break;
            case PlantEventKind.SetupEnded: EndSetup(e); break;
            case PlantEventKind.CleaningStarted: StartCleaning(e); break;
            case PlantEventKind.CleaningEnded: EndCleaning(e); break;
            case PlantEventKind.BatchStarted: StartBatch(e); break;
            case PlantEventKind.PhaseStarted: StartPhase(e); break;
            case PlantEventKind.BatchHeld: HoldBatch(e); break;
            case PlantEventKind.BatchResumed: ResumeBatch(e); break;
            case PlantEventKind.BatchRestarted: RestartBatch(e); break;
            case PlantEventKind.PieceCompleted: CompletePiece(e); break;
            case PlantEventKind.AdditionStarted: AddProcessing(e); break;
            case PlantEventKind.BatchBlocked: BlockBatch(e); break;
            case PlantEventKind.BatchEnded: EndBatch(e); break;
            case PlantEventKind.BatchRework: ReworkBatch(e); break;
            case PlantEventKind.Scrapped: Scrap(e); break;
            case PlantEventKind.EquipmentDown: Break(e); break;
            case PlantEventKind.RepairStarted: StartRepair(e); break;
            case PlantEventKind.RepairEnded: Repaired(e); break;
            case PlantEventKind.MaintenanceStarted: StartMaintenance(e); break;
            case PlantEventKind.MaintenanceEnded: EndMaintenance(e); break;
            case PlantEventKind.ShiftEnded: EndShift(e); break;
            case PlantEventKind.ShiftStarted: StartShift(e); break;
            case PlantEventKind.SourceLost: _equipment[e.Equipment].Stale = true; Touch(e.Equipment); break;
            case PlantEventKind.SourceRecovered: _equipment[e.Equipment].Stale = false; Touch(e.Equipment); break;
            case PlantEventKind.JobLocked: _jobs[e.Job].Locked = true; break;
            case PlantEventKind.JobUnlocked: _jobs[e.Job].Locked = false; break;
            case PlantEventKind.ScheduleApplied: _scheduleVersion = e.Arg; break;
            case PlantEventKind.ScheduleRevoked: _scheduleVersion = 0; break;
            case PlantEventKind.JobWaits: Wait(e); break;
            case PlantEventKind.UtilityRate: ChangeRate(e); break;
            case PlantEventKind.MaterialRequested: RequestMaterial(e); break;
            case PlantEventKind.MaterialShort: RunShort(e); break;
            case PlantEventKind.MaterialAllocated: AllocateMaterial(e); break;
            case PlantEventKind.MaterialConsumed: ConsumeMaterial(e); break;
            case PlantEventKind.SupplyOrdered: OrderSupply(e); break;
            case PlantEventKind.SupplyExpected: _supplies[e.Arg].DueAt = (long)e.Value; break;
            case PlantEventKind.SupplyReceived: ReceiveSupply(e); break;
            case PlantEventKind.LotHeld: HoldLot(e); break;
            case PlantEventKind.LotReleased: ReleaseLot(e); break;
            case PlantEventKind.LotScrapped: ScrapLot(e); break;
            case PlantEventKind.LotProduced: ProduceLot(e); break;
            case PlantEventKind.CrewRequested: RequestCrew(e); break;
            case PlantEventKind.CrewAssigned: AssignCrew(e); break;
            case PlantEventKind.CrewShiftChanged: ChangeCrewShift(e); break;
            case PlantEventKind.RepairInterrupted: InterruptRepair(e); break;
            case PlantEventKind.SideJobStarted: StartSideJob(e); break;
            case PlantEventKind.SideJobInterrupted: InterruptSideJob(e); break;
            case PlantEventKind.SideJobEnded: EndSideJob(e); break;
            case >= PlantEventKind.ReservationOffered and <= PlantEventKind.ReservationReleased: FoldReservation(e); break;
            case PlantEventKind.MakeUpReleased: ReleaseMakeUp(e); break;
            case PlantEventKind.LotCounted: CountLot(e); break;
            case PlantEventKind.WearBegun: BeginWear(e); break;
            case PlantEventKind.PotentialFailure: _wear[e.Arg].Rises = e.Value + 1; break;
            case PlantEventKind.ConditionMeasured: Measure(e); break;
            case PlantEventKind.MaintenanceOrdered: OrderMaintenance(e); break;
            case PlantEventKind.MaintenanceTakenUp: TakeUpMaintenance(e); break;
            case PlantEventKind.UtilityWorked: TakeOverWork(e); break;
            case PlantEventKind.LineStopped: StopLine(e); break;
            case PlantEventKind.LineResumed: ResumeLine(e); break;
            case PlantEventKind.FixtureChangeStarted: StartFixtureChange(e); break;
            case PlantEventKind.FixtureReady: ReceiveFixture(e); break;
            case PlantEventKind.TransportStarted: TakeAlong(e); break;
            case PlantEventKind.VehicleArrived: FreeVehicle(e); break;
            case PlantEventKind.WaitExceeded: SendBack(e); break;
            default: throw new UnreachableException($"Unknown event kind {e.Kind}.");
        }
    }

    /// <summary>Lets time pass without an event, so that <see cref="Now"/> and the meters are up to date.</summary>
    public void AdvanceTo(SimTime now)
    {
        _now = SimTime.Max(_now, now);
        for (var e = 0; e < _equipment.Length; e++)
        {
            Settle(e, Now.Milliseconds);
        }

        for (var p = 0; p < _crewMeters.Length; p++)
        {
            SettlePool(p, Now.Milliseconds);
        }

        foreach (var profile in _profiles)
        {
            profile.AdvanceTo(Now.Milliseconds);
        }

        SettleUtilities(Now.Milliseconds);
        SettleLines(Now.Milliseconds);
        SettleAllFixtures(Now.Milliseconds);
        SettleVehicles(Now.Milliseconds);
        SettleStores();
    }

    /// <summary>Throws away the running totals: the end of a warm-up.</summary>
    public void ResetStatistics(SimTime now)
    {
        AdvanceTo(now);
        _statisticsSince = _now;
        Array.Clear(_meters);
        Array.Clear(_timeInStatus);
        ResetUtilities();
        Array.Clear(_orderUse);
        Array.Clear(_batchUse);
        Array.Clear(_standbyUse);
        ResetCrewMeters();
        Array.Clear(_lineMeters);
        Array.Clear(_fixtureMeters);
        Array.Clear(_fleetMeters);
        _vehicleWaitMs = 0;
        foreach (var profile in _profiles)
        {
            profile.Reset();
        }

        Array.Clear(_materialMeters);
        _market = default;
        _waitsExceeded = 0;
    }

    private void Fire(in PlantEvent e, EquipmentTrigger trigger)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var next = EquipmentLifecycle.Table.Next((int)equipment.Status, (int)trigger);
        Debug.Assert(next >= 0, "EventRules let an impossible event through");
        if ((int)equipment.Status != next)
        {
            Settle(e.Equipment, e.Time.Milliseconds);
            equipment.Status = (EquipmentStatus)next;
            equipment.Since = e.Time.Milliseconds;
        }

        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
        Touch(e.Equipment);
    }

    private void Touch(int e) => _equipment[e].Version = Version;

    private static JobStatus Next(JobStatus status, JobTrigger trigger) =>
        (JobStatus)JobLifecycle.Table.Next((int)status, (int)trigger);

    private static OrderStatus Next(OrderStatus status, OrderTrigger trigger) =>
        (OrderStatus)OrderLifecycle.Table.Next((int)status, (int)trigger);
}
