using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <content>Rules that look at more than one batch.</content>
public sealed partial class ScheduleChecker
{
    private void PredecessorsWaitsAndTransport(PlannedBatch batch)
    {
        var site = _plant.Plant.Equipment[batch.Equipment].Site;
        foreach (var job in batch.Jobs)
        {
            var first = job - _plant.Jobs.OperationIndexOf(job);
            foreach (var p in _plant.PredecessorsOf(job))
            {
                var before = new JobId(first + p);
                if (_committed.Cancelled[before])
                {
                    continue; // nothing was or will be mended
                }

                var rule = _plant.OperationOf(before);
                var planned = _batchOfJob.GetValueOrDefault(before);
                if (planned is null && _committed.Open[before])
                {
                    continue; // missing altogether: Completeness says so
                }

                var end = planned?.End ?? new SimTime(_committed.JobEnd[before]);
                var from = planned is not null ? _plant.Plant.Equipment[planned.Equipment].Site.Index : _committed.SiteOfJob[before];
                var travel = from >= 0 ? _plant.Plant.TravelTime(new SiteId(from), site) : Duration.Zero;
                if (batch.SetupStart < end + rule.MinWait || batch.Start < end + rule.MinWait + travel)
                {
                    Add(ScheduleRule.Precedence, $"Job {Name(job)} begins at {batch.SetupStart} and starts at {batch.Start}, but {Name(before)} ends at {end}, waits {rule.MinWait} and travels {travel}.", batch, job);
                }

                LongestWait(batch, job, before, end, rule.MaxWait, decided: planned is null);
            }
        }
    }

    private void LongestWait(PlannedBatch batch, JobId job, JobId before, SimTime end, Duration? longest, bool decided)
    {
        if (longest is not { } limit || batch.Start <= end + limit)
        {
            return;
        }

        if (decided)
        {
            Warn(ScheduleRule.MaxWait, $"Job {Name(job)} starts {batch.Start - end} after {Name(before)}, which has begun already; at most {limit} is allowed.", batch, job);
        }
        else
        {
            Add(ScheduleRule.MaxWait, $"Job {Name(job)} starts {batch.Start - end} after {Name(before)}; at most {limit} is allowed.", batch, job);
        }
    }

    /// <summary>Sweeps over starts and ends: setup and processing occupy a slot.</summary>
    private void SlotsAndOverlap(int e)
    {
        var slots = _plant.Plant.Equipment[e].Slots;
        var ends = new PriorityQueue<SimTime, SimTime>();
        foreach (var end in _committed.SlotEnds[e])
        {
            ends.Enqueue(new SimTime(end), new SimTime(end));
        }

        foreach (var batch in _byEquipment[e].OrderBy(b => b.SetupStart).ThenBy(b => b.End))
        {
            while (ends.Count > 0 && ends.Peek() <= batch.SetupStart)
            {
                ends.Dequeue();
            }

            if (ends.Count >= slots)
            {
                Add(ScheduleRule.Overlap, $"{Machine(batch)} begins job {Name(batch.Jobs[0])} at {batch.SetupStart} while its {slots} slot(s) are taken until {ends.Peek()}.", batch, batch.Jobs[0]);
            }

            if (batch.SetupStart < new SimTime(_committed.FreeFrom[e]))
            {
                Add(ScheduleRule.Overlap, $"{Machine(batch)} begins job {Name(batch.Jobs[0])} at {batch.SetupStart} but is not available before t+{new Duration(_committed.FreeFrom[e])}.", batch, batch.Jobs[0]);
            }

            ends.Enqueue(batch.End, batch.End);
        }
    }

    /// <summary>Side by side only in one family, where a changeover rule applies.</summary>
    private void OneFamilyAtATime(int e)
    {
        if (_plant.Plant.Equipment[e] is { Slots: 1 } or { Changeover: null })
        {
            return;
        }

        var running = new List<PlannedBatch>();
        foreach (var batch in _byEquipment[e])
        {
            running.RemoveAll(b => b.End <= batch.Start);
            if (running.Find(b => b.Family is { } f && batch.Family is { } g && f != g) is { } other)
            {
                Add(ScheduleRule.Overlap, $"{Machine(batch)} runs jobs {Name(other.Jobs[0])} and {Name(batch.Jobs[0])} of different families at the same time.", batch, batch.Jobs[0]);
            }

            running.Add(batch);
        }
    }

    /// <summary>With several slots a setup still needs the whole machine.</summary>
    private void SetupOnEmptyEquipment(int e)
    {
        if (_plant.Plant.Equipment[e].Slots == 1)
        {
            return; // SlotsAndOverlap covers it
        }

        foreach (var batch in _byEquipment[e].Where(b => b.SetupStart < b.Start && SetupOf(b) > Duration.Zero))
        {
            var setupEnd = batch.SetupStart + SetupOf(batch);
            var disturbed = _byEquipment[e].Find(b => !ReferenceEquals(b, batch) && b.SetupStart < setupEnd && b.End > batch.SetupStart);
            if (disturbed is not null || _committed.SlotEnds[e].Exists(end => new SimTime(end) > batch.SetupStart))
            {
                Add(ScheduleRule.Overlap, $"{Machine(batch)} is set up at {batch.SetupStart} for job {Name(batch.Jobs[0])} while it is working.", batch, batch.Jobs[0]);
            }
        }

        Duration SetupOf(PlannedBatch batch) =>
            EquipmentReplay.Walk(_plant, e, _byEquipment[e], _from).First(r => ReferenceEquals(r.Batch, batch)).Setup;
    }

    /// <summary>Setup and cleaning before each batch: long enough, and possible at all (matrix or residue).</summary>
    private void Changeovers(int e)
    {
        foreach (var step in EquipmentReplay.Walk(_plant, e, _byEquipment[e], _from))
        {
            var batch = step.Batch;
            if (!step.Possible)
            {
                Add(ScheduleRule.Changeover, $"{Machine(batch)} cannot change over to job {Name(batch.Jobs[0])}: the succession is forbidden and no cleaning helps.", batch, batch.Jobs[0]);
            }
            else if (batch.Start - batch.SetupStart < step.Setup)
            {
                Add(ScheduleRule.Changeover, $"{Machine(batch)} needs {step.Setup} of setup before job {Name(batch.Jobs[0])}, but {batch.Start - batch.SetupStart} is planned.", batch, batch.Jobs[0]);
            }
        }
    }

    /// <summary>Auxiliaries are held from the moment the equipment is prepared for the batch until the batch ends.</summary>
    private void AuxiliaryCounts()
    {
        var changes = _plant.Plant.Auxiliaries.Select(_ => new List<(long Time, int Change, PlannedBatch? Batch)>()).ToArray();
        foreach (var use in _committed.Uses)
        {
            changes[use.Auxiliary].Add((long.MinValue, use.Count, null));
            changes[use.Auxiliary].Add((use.End, -use.Count, null));
        }

        foreach (var batch in _schedule.Batches)
        {
            foreach (var need in _plant.OperationOf(batch.Jobs[0]).Auxiliaries)
            {
                changes[need.Auxiliary].Add((batch.SetupStart.Milliseconds, need.Count, batch));
                changes[need.Auxiliary].Add((batch.End.Milliseconds, -need.Count, null));
            }
        }

        for (var a = 0; a < changes.Length; a++)
        {
            var (held, count) = (0, _plant.Plant.Auxiliaries[a].Count);
            foreach (var (_, change, batch) in changes[a].OrderBy(c => c.Time).ThenBy(c => c.Change))
            {
                held += change;
                if (held > count && batch is not null)
                {
                    Add(ScheduleRule.Auxiliary, $"{held} of {_plant.Plant.Auxiliaries[a].Id} are held when job {Name(batch.Jobs[0])} is begun at {batch.SetupStart}, but there are {count}.", batch, batch.Jobs[0]);
                }
            }
        }
    }

    /// <summary>A locked batch keeps its equipment and members, and nothing is put before it that was not there.</summary>
    private void LocksKept()
    {
        var before = new Dictionary<int, HashSet<int>>();
        foreach (var locked in (_current?.Batches ?? []).OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index))
        {
            var allowed = before.TryGetValue(locked.Equipment, out var known) ? known : before[locked.Equipment] = [];
            var open = locked.Jobs.Where(j => _committed.Open[j] && _batchOfJob.ContainsKey(j)).ToArray();
            LockedToMachineOrTime(locked, open);
            if (open.Length > 0 && (locked.Locked || open.Any(j => _from is not null && _from.Jobs[j].Locked)))
            {
                var batch = _batchOfJob[open[0]];
                if (batch.Equipment != locked.Equipment || open.Any(j => !ReferenceEquals(_batchOfJob[j], batch)) || batch.Jobs.Length != open.Length)
                {
                    Add(ScheduleRule.Lock, $"The locked batch of job {Name(open[0])} left its equipment {_plant.Plant.Equipment[locked.Equipment].Id} or its company.", batch, open[0]);
                }
                else if (_byEquipment[batch.Equipment].TakeWhile(b => !ReferenceEquals(b, batch)).SelectMany(b => b.Jobs).FirstOrDefault(j => !allowed.Contains(j), new JobId(-1)) is { Index: >= 0 } intruder)
                {
                    Add(ScheduleRule.Lock, $"Job {Name(intruder)} is put before the locked batch of job {Name(open[0])} on {Machine(batch)}.", batch, intruder);
                }
            }

            allowed.UnionWith(locked.Jobs.Select(j => j.Index));
        }
    }

    /// <summary>A job locked to its machine stays there; one locked to its time starts then, neither earlier nor later.</summary>
    private void LockedToMachineOrTime(PlannedBatch locked, JobId[] open)
    {
        foreach (var job in open.Where(_ => locked.Lock is LockKind.Machine or LockKind.Time))
        {
            var batch = _batchOfJob[job];
            if (batch.Equipment != locked.Equipment)
            {
                Add(ScheduleRule.Lock, $"Job {Name(job)} is locked to {_plant.Plant.Equipment[locked.Equipment].Id} but planned on {Machine(batch)}.", batch, job);
            }
            else if (locked.Lock == LockKind.Time && batch.Start != locked.Start)
            {
                Add(ScheduleRule.Lock, $"Job {Name(job)} is locked to start at {locked.Start} but starts at {batch.Start}.", batch, job);
            }
        }
    }
}
