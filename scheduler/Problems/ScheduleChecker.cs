using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Says whether a schedule can be executed: every rule its own method, none shared with a solver.</summary>
public sealed partial class ScheduleChecker
{
    /// <summary>Times may differ by so much: a batch's time is rounded once per batch.</summary>
    private static readonly Duration Tolerance = new(1);

    private readonly CompiledScenario _plant;
    private readonly Schedule _schedule;
    private readonly PlantState? _from;
    private readonly Schedule? _current;
    private readonly CommittedWork _committed;
    private readonly SimTime _now;
    private readonly List<Violation> _violations = [];
    private readonly List<PlannedBatch>[] _byEquipment;
    private readonly Dictionary<int, PlannedBatch> _batchOfJob = [];

    private ScheduleChecker(CompiledScenario plant, Schedule schedule, PlantState? from, Schedule? current)
    {
        _plant = plant;
        _schedule = schedule;
        _from = from;
        _current = current;
        _now = from?.Now ?? SimTime.Zero;
        _committed = new CommittedWork(plant, from);
        _byEquipment = [.. plant.Plant.Equipment.Select(_ => new List<PlannedBatch>())];
    }

    /// <summary>All rules the schedule breaks; empty when it keeps them all.</summary>
    /// <param name="current">The schedule in force, for its locks; its locked batches must stay where they are.</param>
    public static IReadOnlyList<Violation> Check(
        CompiledScenario plant, Schedule schedule, PlantState? from = null, Schedule? current = null)
    {
        var checker = new ScheduleChecker(plant, schedule, from, current);
        checker.Run();
        return checker._violations;
    }

    /// <summary>Whether the schedule breaks no rule seriously.</summary>
    public static bool IsExecutable(CompiledScenario plant, Schedule schedule, PlantState? from = null, Schedule? current = null) =>
        Check(plant, schedule, from, current).All(v => v.Severity == ViolationSeverity.Warning);

    private void Run()
    {
        if (!IndicesExist())
        {
            return;
        }

        Completeness();
        StartedWorkStays();
        foreach (var batch in _schedule.Batches)
        {
            Eligibility(batch);
            LoadWithinCapacity(batch);
            OneFamilyPerBatch(batch);
            ProcessingTime(batch);
            WorkingHours(batch);
            Release(batch);
            PredecessorsWaitsAndTransport(batch);
        }

        for (var e = 0; e < _byEquipment.Length; e++)
        {
            _byEquipment[e].Sort((a, b) => (a.Start, a.SetupStart, a.End, a.Jobs[0].Index).CompareTo((b.Start, b.SetupStart, b.End, b.Jobs[0].Index)));
            SlotsAndOverlap(e);
            OneFamilyAtATime(e);
            SetupOnEmptyEquipment(e);
            Changeovers(e);
        }

        AuxiliaryCounts();
        LocksKept();
    }

    private bool IndicesExist()
    {
        foreach (var batch in _schedule.Batches)
        {
            if ((uint)batch.Equipment.Index >= (uint)_byEquipment.Length || batch.Jobs.IsDefaultOrEmpty
                || batch.Jobs.Any(j => (uint)j.Index >= (uint)_plant.Jobs.JobCount))
            {
                Add(ScheduleRule.Completeness, $"A batch at {batch.Start} names equipment or jobs that the scenario does not have, or no job at all.");
            }
            else
            {
                _byEquipment[batch.Equipment].Add(batch);
            }
        }

        return _violations.Count == 0;
    }

    private void Completeness()
    {
        foreach (var batch in _schedule.Batches)
        {
            foreach (var job in batch.Jobs)
            {
                if (!_batchOfJob.TryAdd(job, batch))
                {
                    Add(ScheduleRule.Completeness, $"Job {Name(job)} is planned twice.", batch, job);
                }
            }
        }

        for (var j = 0; j < _committed.Open.Length; j++)
        {
            if (_committed.Open[j] && !_batchOfJob.ContainsKey(j))
            {
                Add(ScheduleRule.Completeness, $"Job {Name(new JobId(j))} is not planned.", job: new JobId(j));
            }
        }
    }

    private void StartedWorkStays()
    {
        foreach (var (job, batch) in _batchOfJob)
        {
            if (!_committed.Open[job])
            {
                Add(ScheduleRule.StartedWork, $"Job {Name(new JobId(job))} is {_from!.Jobs[job].Status} already and must not be planned again.", batch, new JobId(job));
            }
        }
    }

    private void Eligibility(PlannedBatch batch)
    {
        foreach (var job in batch.Jobs)
        {
            if (!_plant.CanRun(job, batch.Equipment))
            {
                Add(ScheduleRule.Eligibility, $"{Machine(batch)} cannot do job {Name(job)}.", batch, job);
            }
        }
    }

    private void LoadWithinCapacity(PlannedBatch batch)
    {
        var machine = _plant.Plant.Equipment[batch.Equipment];
        var load = batch.Jobs.Sum(j => _plant.Jobs.QuantityOf(j));
        if (load > machine.CapacityMax * (1 + 1e-9))
        {
            Add(ScheduleRule.Load, $"A batch of {load} {machine.CapacityUnit} overfills {machine.Id}, which takes {machine.CapacityMax}.", batch, batch.Jobs[0]);
        }
        else if (load < machine.CapacityMin * (1 - 1e-9) && _plant.OperationOf(batch.Jobs[0]).Batches)
        {
            Warn(ScheduleRule.Load, $"A batch of {load} {machine.CapacityUnit} is below the minimum load {machine.CapacityMin} of {machine.Id}.", batch, batch.Jobs[0]);
        }
    }

    private void OneFamilyPerBatch(PlannedBatch batch)
    {
        var (lead, operation, family) = (batch.Jobs[0], _plant.OperationOf(batch.Jobs[0]), _plant.FamilyOf(batch.Jobs[0]));
        if (batch.Jobs.Length > 1 && !operation.Batches)
        {
            Add(ScheduleRule.BatchFamily, $"{batch.Jobs.Length} jobs share a batch on {Machine(batch)}, but operation {operation.Id} does not batch.", batch, lead);
        }

        foreach (var job in batch.Jobs)
        {
            if (_plant.FamilyOf(job) != family || !ReferenceEquals(_plant.OperationOf(job), operation)
                || !string.Equals(_plant.OrderOf(job).DyeLot, _plant.OrderOf(lead).DyeLot, StringComparison.Ordinal))
            {
                Add(ScheduleRule.BatchFamily, $"Jobs {Name(lead)} and {Name(job)} share a batch on {Machine(batch)} but not operation, family and dye lot.", batch, job);
            }
        }

        if (batch.Family is { } stated ? stated.Index != family : family >= 0)
        {
            Add(ScheduleRule.BatchFamily, $"The batch of job {Name(lead)} on {Machine(batch)} states another family than its jobs have.", batch, lead);
        }
    }

    private void ProcessingTime(PlannedBatch batch)
    {
        var needed = WorkOf(batch);
        var planned = _plant.OperationOf(batch.Jobs[0]).Interruptible && _plant.CalendarOf(batch.Equipment) is { } calendar
            ? calendar.WorkBetween(batch.Start, batch.End)
            : batch.End - batch.Start;
        if (planned < needed - Tolerance || planned > needed + Tolerance)
        {
            Add(ScheduleRule.ProcessingTime, $"Job {Name(batch.Jobs[0])} takes {needed} on {Machine(batch)}, but {planned} is planned.", batch, batch.Jobs[0]);
        }
    }

    private void WorkingHours(PlannedBatch batch)
    {
        if (_plant.CalendarOf(batch.Equipment) is not { } calendar)
        {
            return;
        }

        if (batch.SetupStart < batch.Start && !calendar.IsWorking(batch.SetupStart))
        {
            Add(ScheduleRule.Calendar, $"Setup on {Machine(batch)} begins at {batch.SetupStart}, outside its working hours.", batch, batch.Jobs[0]);
        }

        var begins = _plant.OperationOf(batch.Jobs[0]).Interruptible
            ? calendar.IsWorking(batch.Start)
            : calendar.StartOfUninterrupted(batch.Start, WorkOf(batch)) == batch.Start;
        if (!begins)
        {
            Add(ScheduleRule.Calendar, $"Job {Name(batch.Jobs[0])} at {batch.Start} does not keep the working hours of {Machine(batch)}.", batch, batch.Jobs[0]);
        }
    }

    private void Release(PlannedBatch batch)
    {
        if (batch.SetupStart > batch.Start || batch.Start > batch.End)
        {
            Add(ScheduleRule.Release, $"The batch of job {Name(batch.Jobs[0])} on {Machine(batch)} ends before it begins.", batch, batch.Jobs[0]);
        }

        foreach (var job in batch.Jobs)
        {
            var earliest = SimTime.Max(_now, _plant.OrderOf(job).Release);
            if (batch.SetupStart < earliest)
            {
                Add(ScheduleRule.Release, $"Job {Name(job)} is begun at {batch.SetupStart} but may not begin before {earliest}.", batch, job);
            }
        }
    }

    private Duration WorkOf(PlannedBatch batch)
    {
        var lead = batch.Jobs[0];
        foreach (var job in batch.Jobs)
        {
            if (_plant.MeanProcessingTime(job, batch.Equipment) > _plant.MeanProcessingTime(lead, batch.Equipment))
            {
                lead = job;
            }
        }

        return _plant.MeanProcessingTime(lead, batch.Equipment, batch.Jobs.Sum(j => _plant.Jobs.QuantityOf(j)));
    }

    private string Name(JobId job) => _plant.JobName(job);

    private string Machine(PlannedBatch batch) => _plant.Plant.Equipment[batch.Equipment].Id;

    private void Add(ScheduleRule rule, FormattableString message, PlannedBatch? batch = null, JobId? job = null) =>
        _violations.Add(new Violation(rule, ViolationSeverity.Error, message.ToString(CultureInfo.InvariantCulture), batch?.Equipment, job));

    private void Warn(ScheduleRule rule, FormattableString message, PlannedBatch? batch = null, JobId? job = null) =>
        _violations.Add(new Violation(rule, ViolationSeverity.Warning, message.ToString(CultureInfo.InvariantCulture), batch?.Equipment, job));
}
