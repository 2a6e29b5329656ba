using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

/// <summary>The state of a plant: the fold of its events, whatever their source.</summary>
/// <remarks>
/// <see cref="Apply"/> is the only way it changes. Data only, in flat arrays: <see cref="Fork"/> copies them.
/// Not thread-safe: one writer, and readers take a fork or read on the writer's turn.
/// </remarks>
public sealed class PlantState
{
    /// <summary>Number of <see cref="EquipmentStatus"/> values: the stride of <see cref="TimeInStatus"/>.</summary>
    public const int StatusCount = (int)EquipmentStatus.Maintenance + 1;

    private EquipmentState[] _equipment;
    private JobState[] _jobs;
    private OrderState[] _orders;
    private EquipmentMeters[] _meters;
    private long[] _timeInStatus;
    private int[] _readyInGroup;
    private int[] _auxiliaryInUse;
    private LoadProfile[] _profiles;

    /// <summary>The plant at the epoch: nothing released, everything idle.</summary>
    public PlantState(CompiledScenario plant)
    {
        Plant = plant;
        _equipment = new EquipmentState[plant.Plant.Equipment.Length];
        _meters = new EquipmentMeters[_equipment.Length];
        _timeInStatus = new long[_equipment.Length * StatusCount];
        _profiles = [.. plant.Plant.Sites.Select(_ => new LoadProfile())];
        for (var e = 0; e < _equipment.Length; e++)
        {
            var machine = plant.Plant.Equipment[e];
            _equipment[e] = new EquipmentState
            {
                Family = machine.InitialFamily?.Index ?? -1, NextFamily = -1, Reserved = -1, FirstActive = -1, ExpectedEnd = -1,
            };
            SetPower(e, machine.IdleKw, 0);
        }

        _jobs = [];
        _orders = [];
        _readyInGroup = new int[plant.Groups.Length];
        _auxiliaryInUse = new int[plant.Plant.Auxiliaries.Length];
        GrowTo(plant);
    }

    private PlantState(PlantState other)
    {
        Plant = other.Plant;
        Now = other.Now;
        Version = other.Version;
        ScheduleVersion = other.ScheduleVersion;
        StatisticsSince = other.StatisticsSince;
        _equipment = (EquipmentState[])other._equipment.Clone();
        _jobs = (JobState[])other._jobs.Clone();
        _orders = (OrderState[])other._orders.Clone();
        _meters = (EquipmentMeters[])other._meters.Clone();
        _timeInStatus = (long[])other._timeInStatus.Clone();
        _readyInGroup = (int[])other._readyInGroup.Clone();
        _auxiliaryInUse = (int[])other._auxiliaryInUse.Clone();
        _profiles = [.. other._profiles.Select(p => p.Clone())];
    }

    /// <summary>The scenario this is a state of.</summary>
    public CompiledScenario Plant { get; private set; }

    /// <summary>Time of the latest event or of the latest <see cref="AdvanceTo"/>.</summary>
    public SimTime Now { get; private set; }

    /// <summary>Events applied so far.</summary>
    public long Version { get; private set; }

    /// <summary>Version of the schedule in force; 0 when none.</summary>
    public int ScheduleVersion { get; private set; }

    /// <summary>When the running totals were last reset.</summary>
    public SimTime StatisticsSince { get; private set; }

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
        return Math.Min(worked, now.Milliseconds - StatisticsSince.Milliseconds);
    }

    /// <summary>An independent copy.</summary>
    public PlantState Fork() => new(this);

    /// <summary>Takes up orders appended to the book.</summary>
    public void GrowTo(CompiledScenario plant)
    {
        var (oldOrders, oldJobs) = (_orders.Length, _jobs.Length);
        Plant = plant;
        Array.Resize(ref _orders, plant.Jobs.OrderCount);
        Array.Resize(ref _jobs, plant.Jobs.JobCount);
        for (var o = oldOrders; o < _orders.Length; o++)
        {
            var jobs = plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[o + 1]] - plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[o]];
            _orders[o] = new OrderState { JobsLeft = jobs, ReleasedAt = -1, StartedAt = -1, CompletedAt = -1 };
        }

        for (var j = oldJobs; j < _jobs.Length; j++)
        {
            _jobs[j] = new JobState
            {
                PendingPredecessors = (short)plant.OperationOf(j).Predecessors.Length,
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

        Version++;
        Now = SimTime.Max(Now, e.Time);
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
            case PlantEventKind.AdditionStarted: AddProcessing(e); break;
            case PlantEventKind.BatchBlocked: BlockBatch(e); break;
            case PlantEventKind.BatchEnded: EndBatch(e); break;
            case PlantEventKind.BatchRework: ReworkBatch(e); break;
            case PlantEventKind.Scrapped: Scrap(e); break;
            case PlantEventKind.EquipmentDown: Break(e); break;
            case PlantEventKind.RepairStarted: Fire(e, EquipmentTrigger.StartRepair); break;
            case PlantEventKind.RepairEnded: Repaired(e); break;
            case PlantEventKind.MaintenanceStarted: StartMaintenance(e); break;
            case PlantEventKind.MaintenanceEnded: BackToWork(e, EquipmentTrigger.EndMaintenance); break;
            case PlantEventKind.ShiftEnded: EndShift(e); break;
            case PlantEventKind.ShiftStarted: StartShift(e); break;
            case PlantEventKind.SourceLost: _equipment[e.Equipment].Stale = true; Touch(e.Equipment); break;
            case PlantEventKind.SourceRecovered: _equipment[e.Equipment].Stale = false; Touch(e.Equipment); break;
            case PlantEventKind.JobLocked: _jobs[e.Job].Locked = true; break;
            case PlantEventKind.JobUnlocked: _jobs[e.Job].Locked = false; break;
            case PlantEventKind.ScheduleApplied: ScheduleVersion = e.Arg; break;
            case PlantEventKind.ScheduleRevoked: ScheduleVersion = 0; break;
            default: throw new UnreachableException($"Unknown event kind {e.Kind}.");
        }
    }

    /// <summary>Lets time pass without an event, so that <see cref="Now"/> and the meters are up to date.</summary>
    public void AdvanceTo(SimTime now)
    {
        Now = SimTime.Max(Now, now);
        for (var e = 0; e < _equipment.Length; e++)
        {
            Settle(e, Now.Milliseconds);
        }

        foreach (var profile in _profiles)
        {
            profile.AdvanceTo(Now.Milliseconds);
        }
    }

    /// <summary>Throws away the running totals: the end of a warm-up.</summary>
    public void ResetStatistics(SimTime now)
    {
        AdvanceTo(now);
        StatisticsSince = Now;
        Array.Clear(_meters);
        Array.Clear(_timeInStatus);
        foreach (var profile in _profiles)
        {
            profile.Reset();
        }
    }

    private void ReleaseOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Release);
        order.ReleasedAt = e.Time.Milliseconds;
        order.Version = Version;
    }

    private void CompleteOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Complete);
        order.CompletedAt = e.Time.Milliseconds;
        order.Version = Version;
    }

    private void CancelOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Cancel);
        order.Version = Version;
        var table = Plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[e.Order + 1]];
        for (var j = table.LotFirstJob[table.OrderFirstLot[e.Order]]; j < end; j++)
        {
            ref var job = ref _jobs[j];
            if (job.Status is JobStatus.Waiting or JobStatus.Ready)
            {
                if (job.Status == JobStatus.Ready)
                {
                    _readyInGroup[Plant.GroupOf(j)]--;
                }

                job.Status = Next(job.Status, JobTrigger.Cancel);
            }
        }
    }

    private void MakeReady(in PlantEvent e)
    {
        ref var job = ref _jobs[e.Job];
        if (job.Status == JobStatus.Assigned && job.Equipment >= 0 && _equipment[job.Equipment].Reserved == job.Lead)
        {
            _equipment[job.Equipment].Reserved = -1;
            Touch(job.Equipment);
        }

        job.Status = Next(job.Status, JobTrigger.MakeReady);
        job.ReadyAt = e.Time.Milliseconds;
        LeaveBatch(ref job);
        _readyInGroup[Plant.GroupOf(e.Job)]++;
    }

    private void Assign(in PlantEvent e)
    {
        ref var job = ref _jobs[e.Job];
        job.Status = Next(job.Status, JobTrigger.Assign);
        job.Equipment = e.Equipment;
        job.Lead = e.Arg;
        job.ArriveAt = (long)e.Value;
        job.NextInBatch = -1;
        _readyInGroup[Plant.GroupOf(e.Job)]--;
        ref var lead = ref _jobs[e.Arg];
        if (e.Job == e.Arg)
        {
            lead.BatchSize = 0;
            lead.Load = 0;
            lead.Additions = 0;
            lead.Phase = -1;
            lead.NextActive = -1;
            _equipment[e.Equipment].Reserved = e.Job;
            _equipment[e.Equipment].Prepared = false;
        }
        else
        {
            job.NextInBatch = lead.NextInBatch;
            lead.NextInBatch = e.Job;
        }

        lead.BatchSize++;
        lead.Load += Plant.Jobs.QuantityOf(e.Job);
        Touch(e.Equipment);
    }

    private void StartSetup(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartSetup);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg;
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndSetup(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var (from, to) = (equipment.Family, equipment.NextFamily);
        var use = ChangeoverUse(e.Equipment, from, to);
        Fire(e, EquipmentTrigger.EndSetup);
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        meters.ChangeoverCost += use.Cost;
        AddExtraEnergy(e.Equipment, use.EnergyKwh, e.Time);
        meters.WaterM3 += use.WaterM3;
        equipment.Changeovers++;
        equipment.ExpectedEnd = -1;
        if (to >= 0)
        {
            equipment.Family = to;
        }

        equipment.NextFamily = -1;
        equipment.Prepared = true;
        LeaveIfOffShift(e);
    }

    private void StartCleaning(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartCleaning);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg; // which cleaning, remembered until it ends
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndCleaning(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var which = equipment.NextFamily;
        Fire(e, EquipmentTrigger.EndCleaning);
        equipment.NextFamily = -1;
        equipment.ExpectedEnd = -1;
        equipment.BatchesSinceCleaning = 0;
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        equipment.Changeovers++;
        switch (RuleOf(e.Equipment))
        {
            case ResidueChangeover residue when which >= 0 && which < residue.Cleanings.Length:
                var cleaning = residue.Cleanings[which];
                equipment.Residue = Math.Max(0, equipment.Residue - cleaning.Removes);
                meters.ChangeoverCost += cleaning.Cost;
                AddExtraEnergy(e.Equipment, cleaning.EnergyKwh, e.Time);
                meters.WaterM3 += cleaning.WaterM3;
                break;
            case MatrixChangeover { Cleaning: { } clean }:
                equipment.Family = -1;
                meters.ChangeoverCost += clean.Cost;
                AddExtraEnergy(e.Equipment, clean.EnergyKwh, e.Time);
                meters.WaterM3 += clean.WaterM3;
                break;
            default:
                equipment.Family = -1;
                equipment.Residue = 0;
                break;
        }

        LeaveIfOffShift(e);
    }

    private void StartBatch(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartBatch);
        ref var equipment = ref _equipment[e.Equipment];
        ref var lead = ref _jobs[e.Job];
        lead.PlannedMs = (long)e.Value;
        lead.Estimated = e.Source != EventSource.Simulated;
        lead.WorkedMs = 0;
        lead.RunningSince = e.Time.Milliseconds;
        lead.NextActive = equipment.FirstActive;
        equipment.FirstActive = e.Job;
        equipment.ActiveCount++;
        equipment.Reserved = -1;
        equipment.Prepared = false;
        if (e.Arg >= 0)
        {
            equipment.Family = e.Arg;
        }

        for (var j = e.Job; j >= 0; j = _jobs[j].NextInBatch)
        {
            ref var job = ref _jobs[j];
            job.Status = Next(job.Status, JobTrigger.Start);
            job.StartAt = e.Time.Milliseconds;
            var o = Plant.Jobs.OrderOf(j);
            ref var order = ref _orders[o];
            if (order.Status == OrderStatus.Released)
            {
                order.Status = Next(order.Status, OrderTrigger.Begin);
                order.StartedAt = e.Time.Milliseconds;
            }

            order.Version = Version;
        }

        UseAuxiliaries(e.Job, +1);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void StartPhase(in PlantEvent e)
    {
        var phase = Plant.OperationOf(e.Job).Phases[e.Arg];
        Fire(e, phase.Kind switch
        {
            PhaseKind.Load => EquipmentTrigger.EnterLoad,
            PhaseKind.Sample => EquipmentTrigger.EnterSample,
            PhaseKind.Unload => EquipmentTrigger.EnterUnload,
            _ => EquipmentTrigger.EnterProcess,
        });
        ref var lead = ref _jobs[e.Job];
        lead.Phase = (short)e.Arg;
        ref var meters = ref _meters[e.Equipment];
        meters.WaterM3 += phase.WaterLitresPerUnit * lead.Load / 1000;
        meters.SteamKg += phase.SteamKgPerUnit * lead.Load;
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void HoldBatch(in PlantEvent e)
    {
        ref var lead = ref _jobs[e.Job];
        lead.WorkedMs += e.Time.Milliseconds - lead.RunningSince;
        ForMembers(e.Job, JobTrigger.Hold);
        var status = _equipment[e.Equipment].Status;
        if (EquipmentLifecycle.Table.Next((int)status, (int)EquipmentTrigger.Hold) >= 0 && !AnyRunning(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Hold);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void ResumeBatch(in PlantEvent e)
    {
        _jobs[e.Job].RunningSince = e.Time.Milliseconds;
        ForMembers(e.Job, JobTrigger.Resume);
        Fire(e, EquipmentTrigger.Resume);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void AddProcessing(in PlantEvent e)
    {
        ref var lead = ref _jobs[e.Job];
        lead.PlannedMs += (long)e.Value;
        lead.Additions++;
        Fire(e, EquipmentTrigger.EnterProcess);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void BlockBatch(in PlantEvent e)
    {
        ForMembers(e.Job, JobTrigger.Block);
        if (!AnyRunning(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Block);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void EndBatch(in PlantEvent e)
    {
        CountBatch(e);
        Unlink(e);
        for (var j = e.Job; j >= 0;)
        {
            ref var job = ref _jobs[j];
            var next = job.NextInBatch;
            job.Status = Next(job.Status, JobTrigger.End);
            job.EndAt = e.Time.Milliseconds;
            var first = j - Plant.Jobs.OperationIndexOf(j);
            foreach (var successor in Plant.SuccessorsOf(j))
            {
                _jobs[first + successor].PendingPredecessors--;
            }

            ref var order = ref _orders[Plant.Jobs.OrderOf(j)];
            order.JobsLeft--;
            order.Version = Version;
            j = next;
        }
    }

    private void ReworkBatch(in PlantEvent e)
    {
        CountBatch(e);
        _meters[e.Equipment].ReworkQuantity += _jobs[e.Job].Load;
        Unlink(e);
        for (var j = e.Job; j >= 0;)
        {
            ref var job = ref _jobs[j];
            var next = job.NextInBatch;
            job.Status = Next(job.Status, JobTrigger.Rework);
            job.Attempt++;
            job.ReadyAt = e.Time.Milliseconds;
            LeaveBatch(ref job);
            _readyInGroup[Plant.GroupOf(j)]++;
            j = next;
        }
    }

    private void Scrap(in PlantEvent e)
    {
        ref var order = ref _orders[Plant.Jobs.OrderOf(e.Job)];
        order.Scrapped += e.Value;
        order.Version = Version;
        if (e.Equipment >= 0)
        {
            _meters[e.Equipment].ScrapQuantity += e.Value;
        }
    }

    private void Break(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.Break);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.Failures++;
        equipment.Prepared = false;
        equipment.NextFamily = -1;
        equipment.ExpectedEnd = e.Value > 0 ? e.Time.Milliseconds + (long)e.Value : -1;
        _meters[e.Equipment].Failures++;
        SetPower(e.Equipment, 0, e.Time.Milliseconds);
    }

    private void Repaired(in PlantEvent e)
    {
        _equipment[e.Equipment].UpSince = e.Time.Milliseconds;
        BackToWork(e, EquipmentTrigger.EndRepair);
    }

    private void StartMaintenance(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartMaintenance);
        _equipment[e.Equipment].ExpectedEnd = e.Value > 0 ? e.Time.Milliseconds + (long)e.Value : -1;
        SetPower(e.Equipment, 0, e.Time.Milliseconds);
    }

    private void BackToWork(in PlantEvent e, EquipmentTrigger trigger)
    {
        Fire(e, trigger);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.ExpectedEnd = -1;
        LeaveIfOffShift(e);
        if (equipment is { ActiveCount: > 0, Status: EquipmentStatus.Idle } && AnyBlocked(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Block);
        }

        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void EndShift(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        equipment.OffShift = true;
        if (equipment.Status is EquipmentStatus.Idle or EquipmentStatus.Held)
        {
            Fire(e, EquipmentTrigger.EndShift);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void StartShift(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        equipment.OffShift = false;
        if (equipment.Status == EquipmentStatus.NonScheduled)
        {
            Fire(e, EquipmentTrigger.StartShift);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    // --- shared pieces ---

    private void CountBatch(in PlantEvent e)
    {
        ref readonly var lead = ref _jobs[e.Job];
        ref var meters = ref _meters[e.Equipment];
        var machine = Plant.Plant.Equipment[e.Equipment];
        meters.Batches++;
        meters.JobsDone += lead.BatchSize;
        meters.Quantity += lead.Load;
        if (lead is { Attempt: 0, Additions: 0 } && e.Kind == PlantEventKind.BatchEnded)
        {
            meters.RightFirstTimeQuantity += lead.Load;
        }

        var hours = WorkedMs(e.Job, e.Time) / (double)Duration.MillisecondsPerHour;
        var loading = double.IsFinite(machine.CapacityNominal) && machine.CapacityNominal > 0
            ? Math.Min(1, lead.Load / machine.CapacityNominal)
            : 1;
        meters.ProcessedHours += hours;
        meters.LoadedHours += loading * hours;
        meters.PlannedHours += Plant.MeanProcessingTime(e.Job, e.Equipment, lead.Load).Hours;

        ref var equipment = ref _equipment[e.Equipment];
        equipment.BatchesSinceCleaning++;
        if (equipment.Family >= 0)
        {
            equipment.Residue += Plant.Plant.Families[equipment.Family].Soil;
        }
    }

    private void Unlink(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        if (equipment.FirstActive == e.Job)
        {
            equipment.FirstActive = _jobs[e.Job].NextActive;
        }
        else
        {
            var before = equipment.FirstActive;
            while (_jobs[before].NextActive != e.Job)
            {
                before = _jobs[before].NextActive;
            }

            _jobs[before].NextActive = _jobs[e.Job].NextActive;
        }

        equipment.ActiveCount--;
        UseAuxiliaries(e.Job, -1);
        if (equipment.ActiveCount == 0)
        {
            Fire(e, EquipmentTrigger.EndBatch);
            LeaveIfOffShift(e);
        }
        else if (!AnyRunning(e.Equipment))
        {
            // Those that stay behind in other slots decide what the equipment is doing.
            var trigger = AnyBlocked(e.Equipment) ? EquipmentTrigger.Block : EquipmentTrigger.Hold;
            if (EquipmentLifecycle.Table.Next((int)equipment.Status, (int)trigger) >= 0)
            {
                Fire(e, trigger);
            }
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void LeaveIfOffShift(in PlantEvent e)
    {
        if (_equipment[e.Equipment] is { OffShift: true, Status: EquipmentStatus.Idle })
        {
            Fire(e, EquipmentTrigger.EndShift);
        }
    }

    private static void LeaveBatch(ref JobState job)
    {
        job.Equipment = -1;
        job.Lead = -1;
        job.NextInBatch = -1;
        job.StartAt = -1;
        job.ArriveAt = -1;
        job.Phase = -1;
    }

    private void ForMembers(int lead, JobTrigger trigger)
    {
        for (var j = lead; j >= 0; j = _jobs[j].NextInBatch)
        {
            _jobs[j].Status = Next(_jobs[j].Status, trigger);
        }
    }

    private bool AnyRunning(int equipment)
    {
        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            if (_jobs[lead].Status == JobStatus.Running)
            {
                return true;
            }
        }

        return false;
    }

    private bool AnyBlocked(int equipment)
    {
        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            if (_jobs[lead].Status == JobStatus.Blocked)
            {
                return true;
            }
        }

        return false;
    }

    private void UseAuxiliaries(int lead, int sign)
    {
        foreach (var need in Plant.OperationOf(lead).Auxiliaries)
        {
            _auxiliaryInUse[need.Auxiliary] += sign * need.Count;
        }
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

    /// <summary>Books the time in the current status up to <paramref name="now"/> and the energy drawn meanwhile.</summary>
    private void Settle(int e, long now)
    {
        ref var equipment = ref _equipment[e];
        if (now > equipment.MeteredUntil)
        {
            _timeInStatus[e * StatusCount + (int)equipment.Status] += now - equipment.MeteredUntil;
            if (equipment.Status is EquipmentStatus.Down or EquipmentStatus.Repair && equipment.ActiveCount > 0)
            {
                _meters[e].DownWithWorkMs += now - equipment.MeteredUntil;
            }

            BookEnergy(e, now);
            equipment.MeteredUntil = now;
        }
    }

    private void BookEnergy(int e, long now)
    {
        ref var equipment = ref _equipment[e];
        ref var meters = ref _meters[e];
        if (equipment.Kw > 0 && now > equipment.MeteredUntil)
        {
            meters.EnergyKwh += equipment.Kw * (now - equipment.MeteredUntil) / Duration.MillisecondsPerHour;
            if (Plant.TariffOf(e) is { } tariff)
            {
                meters.EnergyCost += equipment.Kw * tariff.CostPerKw(new SimTime(equipment.MeteredUntil), new SimTime(now));
            }
        }
    }

    private void SetPower(int e, double kw, long now)
    {
        ref var equipment = ref _equipment[e];
        if (equipment.Kw == kw)
        {
            return;
        }

        Settle(e, now);
        _profiles[Plant.Plant.Equipment[e].Site].Change(kw - equipment.Kw, now);
        equipment.Kw = kw;
    }

    /// <summary>Energy of a changeover that its rule states as a lump: booked at its end.</summary>
    private void AddExtraEnergy(int e, double kwh, SimTime now)
    {
        if (kwh <= 0)
        {
            return;
        }

        ref var meters = ref _meters[e];
        meters.EnergyKwh += kwh;
        meters.EnergyCost += Plant.TariffOf(e) is { } tariff ? kwh * tariff.PriceAt(now) : 0;
        _profiles[Plant.Plant.Equipment[e].Site].AddLump(kwh, now.Milliseconds);
    }

    private double RunningPower(int e)
    {
        ref readonly var equipment = ref _equipment[e];
        var machine = Plant.Plant.Equipment[e];
        switch (equipment.Status)
        {
            case EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance or EquipmentStatus.NonScheduled:
                return 0;
            case EquipmentStatus.Running or EquipmentStatus.Loading or EquipmentStatus.Sampling or EquipmentStatus.Unloading:
                var phase = equipment.FirstActive >= 0 ? _jobs[equipment.FirstActive].Phase : -1;
                return phase >= 0 ? Plant.OperationOf(equipment.FirstActive).Phases[phase].Kw ?? machine.RunningKw : machine.RunningKw;
            default:
                return machine.IdleKw;
        }
    }

    private Changeover ChangeoverUse(int e, int from, int to) =>
        RuleOf(e) is MatrixChangeover matrix && to >= 0
            ? matrix.Between(from < 0 ? null : new FamilyId(from), new FamilyId(to))
            : Changeover.None;

    private ChangeoverRule? RuleOf(int e) =>
        Plant.Plant.Equipment[e].Changeover is { } rule ? Plant.Plant.ChangeoverRules[rule] : null;

    private void Touch(int e) => _equipment[e].Version = Version;

    private static JobStatus Next(JobStatus status, JobTrigger trigger) =>
        (JobStatus)JobLifecycle.Table.Next((int)status, (int)trigger);

    private static OrderStatus Next(OrderStatus status, OrderTrigger trigger) =>
        (OrderStatus)OrderLifecycle.Table.Next((int)status, (int)trigger);
}
