using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Promise;

/// <summary>Puts tasks into the gaps of a schedule in which everything else keeps its start and end.</summary>
/// <remarks>What follows a gap may need another setup after a newcomer: it is accepted only where that setup fits before the planned start.</remarks>
internal sealed class GapInsertion
{
    private const int MostRounds = 60;

    private readonly SchedulingProblem _problem;
    private readonly PlanView _view;
    private readonly Dictionary<int, AuxiliaryProfile> _auxiliaries = [];
    private readonly Dictionary<PlanBatch, long> _setupStarts = [];
    private readonly List<PlanBatch> _added = [];

    public GapInsertion(SchedulingProblem problem)
    {
        _problem = problem;
        _view = new PlanView(problem, problem.Current!);
    }

    /// <summary>Behind the last batch of each machine only.</summary>
    public bool OnlyAtTheEnd { get; init; }

    /// <summary>Completion of what was inserted.</summary>
    public long End { get; private set; }

    /// <exception cref="PlanningException">A task fits nowhere.</exception>
    public GapInsertion Insert(IReadOnlyList<int> tasks)
    {
        var notBefore = new long[_problem.Tasks.Length];
        for (var round = 0; round < MostRounds; round++)
        {
            var late = -1;
            foreach (var t in tasks)
            {
                Place(t, notBefore[t]);
                late = TooLongBefore(t);
                if (late >= 0)
                {
                    break;
                }
            }

            if (late < 0)
            {
                break;
            }

            // A step before must begin later, so that the longest wait is kept: all is taken out and put in again.
            var (before, me) = (_view.BatchOf[late]!, _view.BatchOf[tasks.First(t => _problem.Tasks[t].Predecessors.Contains(late))]!);
            notBefore[late] = Math.Max(notBefore[late], before.SetupStart + me.Start - before.End - _problem.Tasks[late].MaxWait);
            TakeOut();
        }

        End = tasks.Max(t => _view.BatchOf[t]?.End ?? throw new PlanningException(
            $"Job {_problem.Plant.JobName(_problem.Tasks[t].Job)} fits nowhere within its longest wait. Maybe plan anew with the order in the book?"));
        return this;
    }

    public Schedule ToSchedule()
    {
        foreach (var (batch, setupStart) in _setupStarts)
        {
            batch.SetupStart = setupStart;
        }

        var schedule = PlanConversion.ToSchedule(_problem, _view.Batches.Concat(_added), _problem.Current!.Origin);
        return schedule with { MadeAt = _problem.Current.MadeAt };
    }

    private void TakeOut()
    {
        foreach (var batch in _added)
        {
            _view.OnMachine[batch.Equipment].Remove(batch);
            Array.ForEach(batch.Tasks, t => _view.BatchOf[t] = null);
        }

        foreach (var batch in _view.Batches.Where(b => b.Tasks.Any(t => _problem.Placed[t].Equipment < 0)))
        {
            foreach (var t in batch.Tasks.Where(t => _problem.Placed[t].Equipment < 0))
            {
                _view.BatchOf[t] = null;
            }

            batch.Tasks = [.. batch.Tasks.Where(t => _problem.Placed[t].Equipment >= 0)];
        }

        _added.Clear();
        _setupStarts.Clear();
        _auxiliaries.Clear();
    }

    private int TooLongBefore(int task)
    {
        foreach (var p in _problem.Tasks[task].Predecessors)
        {
            if (_problem.Tasks[p].MaxWait < long.MaxValue && _view.BatchOf[task]!.Start - _view.BatchOf[p]!.End > _problem.Tasks[p].MaxWait)
            {
                return p;
            }
        }

        return -1;
    }

    private void Place(int t, long notBefore)
    {
        var task = _problem.Tasks[t];
        var best = Gap.None;
        foreach (var loaded in (bool[])[true, false])
        {
            foreach (var option in task.Options)
            {
                var machine = _problem.Machines[option.Equipment];
                if (loaded == (task.BatchKey >= 0 && task.Load < machine.CapacityMin * (1 - 1e-9)))
                {
                    continue; // a batch below the minimum load only where nothing else is possible
                }

                var (ready, arrival) = ReadyAt(task, machine.Site, notBefore);
                var gap = machine.Slots == 1 ? FirstGap(task, machine, ready, arrival, best.End) : Slot(task, machine, ready, arrival);
                best = gap.End < best.End ? gap : best;
            }

            var company = Company(task, notBefore);
            best = company.End < best.End ? company : best;
            if (best.Equipment >= 0)
            {
                break;
            }
        }

        if (best.Equipment < 0)
        {
            throw new PlanningException($"Job {_problem.Plant.JobName(task.Job)} fits into no gap, and not behind the last batch either: forbidden changeovers are in the way. Maybe give the changeover rule a cleaning?");
        }

        Put(t, best);
    }

    private void Put(int t, Gap gap)
    {
        if (gap.Joins is { } company)
        {
            company.Tasks = [.. company.Tasks, t];
            _view.BatchOf[t] = company;
            return;
        }

        var batch = new PlanBatch([t], gap.Equipment) { SetupStart = gap.SetupStart, Start = gap.Start, End = gap.End };
        var sequence = _view.OnMachine[gap.Equipment];
        sequence.Insert(gap.Position >= 0 ? gap.Position : sequence.FindLastIndex(b => b.Start <= gap.Start) + 1, batch);
        _view.BatchOf[t] = batch;
        _added.Add(batch);
        foreach (var need in _problem.Tasks[t].Auxiliaries)
        {
            Profile(need.Auxiliary).Hold(need.Count, gap.SetupStart, gap.End);
        }

        if (gap.Position >= 0 && gap.Position + 1 < sequence.Count)
        {
            var next = sequence[gap.Position + 1];
            _setupStarts[next] = next.Start - SetupsAfter(_problem.Machines[gap.Equipment], sequence, gap.Position + 1);
        }
    }

    /// <summary>Setup that the batch at a position needs in the sequence as it is.</summary>
    private long SetupsAfter(ProblemMachine machine, List<PlanBatch> sequence, int position)
    {
        var condition = machine.Condition;
        for (var i = 0; ; i++)
        {
            var lead = _problem.Tasks[sequence[i].Tasks[0]];
            var setup = Timing.Prepare(_problem, machine, ref condition, lead);
            if (i == position)
            {
                return setup.Time;
            }

            condition = Timing.After(_problem, machine, condition, lead.Family);
        }
    }

    /// <summary>The earliest gap of a machine of one slot that ends before <paramref name="limit"/>.</summary>
    private Gap FirstGap(ProblemTask task, ProblemMachine machine, long ready, long arrival, long limit)
    {
        var sequence = _view.OnMachine[machine.Index];
        var lastLock = sequence.FindLastIndex(b => _problem.Tasks[b.Tasks[0]].Lock >= 0);
        var condition = machine.Condition;
        var free = Math.Max(machine.FreeFrom, machine.CommittedEnds.IsEmpty ? 0 : machine.CommittedEnds[^1]);
        var work = _problem.BatchTime([task.Index], machine.Index);
        for (var i = 0; i <= sequence.Count && Math.Max(ready, free) + work < limit; i++)
        {
            var roomy = i == sequence.Count || sequence[i].Start - Math.Max(free, ready) >= work;
            if (i > lastLock && roomy && (!OnlyAtTheEnd || i == sequence.Count))
            {
                var there = condition;
                var setup = Timing.Prepare(_problem, machine, ref there, task);
                if (setup.Possible)
                {
                    var (setupStart, start, end) = Timed(task, machine, Math.Max(ready, free), arrival, setup.Time, work);
                    if (i == sequence.Count || Follows(machine, sequence, i, Timing.After(_problem, machine, there, task.Family), end))
                    {
                        return new Gap(machine.Index, i, setupStart, start, end, null);
                    }
                }
            }

            if (i < sequence.Count)
            {
                var lead = _problem.Tasks[sequence[i].Tasks[0]];
                Timing.Prepare(_problem, machine, ref condition, lead);
                condition = Timing.After(_problem, machine, condition, lead.Family);
                free = Math.Max(free, sequence[i].End);
            }
        }

        return Gap.None;
    }

    /// <summary>Whether the batches from a position on can keep their starts after a newcomer.</summary>
    private bool Follows(ProblemMachine machine, List<PlanBatch> sequence, int position, MachineCondition after, long end)
    {
        var before = machine.Condition;
        for (var i = 0; i < position; i++)
        {
            var lead = _problem.Tasks[sequence[i].Tasks[0]];
            Timing.Prepare(_problem, machine, ref before, lead);
            before = Timing.After(_problem, machine, before, lead.Family);
        }

        for (var i = position; i < sequence.Count; i++)
        {
            var batch = sequence[i];
            var lead = _problem.Tasks[batch.Tasks[0]];
            Timing.Prepare(_problem, machine, ref before, lead);
            var setup = Timing.Prepare(_problem, machine, ref after, lead);
            var begin = batch.Start - setup.Time;
            // The first sets up as late as it can; the others keep their setup windows.
            if (!setup.Possible || begin < (i == position ? Math.Max(end, Lead(batch)) : SetupStart(batch))
                || (i == position && setup.Time > 0 && machine.Calendar is { } calendar && !calendar.IsWorking(new SimTime(begin)))
                || (i == position && begin < SetupStart(batch) && lead.Auxiliaries.Length > 0))
            {
                return false;
            }

            before = Timing.After(_problem, machine, before, lead.Family);
            after = Timing.After(_problem, machine, after, lead.Family);
            if (before == after)
            {
                return true;
            }
        }

        return true;
    }

    private long SetupStart(PlanBatch batch) => _setupStarts.GetValueOrDefault(batch, batch.SetupStart);

    /// <summary>Earliest begin of a batch's setup.</summary>
    private long Lead(PlanBatch batch) => batch.Tasks.Max(t => ReadyAt(_problem.Tasks[t], _problem.Machines[batch.Equipment].Site, 0).Ready);

    /// <summary>On a machine of several slots: beside others where nothing is set up, else behind everything.</summary>
    private Gap Slot(ProblemTask task, ProblemMachine machine, long ready, long arrival)
    {
        var sequence = _view.OnMachine[machine.Index];
        var work = _problem.BatchTime([task.Index], machine.Index);
        if (machine.Rule >= 0 || task.Setup > 0 || sequence.Any(b => _problem.Tasks[b.Tasks[0]].Setup > 0 || _problem.Tasks[b.Tasks[0]].Lock >= 0) || OnlyAtTheEnd)
        {
            var condition = machine.Condition;
            var free = sequence.Select(b => b.End).Concat(machine.CommittedEnds).Append(machine.FreeFrom).Max();
            foreach (var batch in sequence)
            {
                Timing.Prepare(_problem, machine, ref condition, _problem.Tasks[batch.Tasks[0]]);
                condition = Timing.After(_problem, machine, condition, _problem.Tasks[batch.Tasks[0]].Family);
            }

            var setup = Timing.Prepare(_problem, machine, ref condition, task);
            var (setupStart, start, end) = Timed(task, machine, Math.Max(ready, free), arrival, setup.Time, work);
            return setup.Possible ? new Gap(machine.Index, sequence.Count, setupStart, start, end, null) : Gap.None;
        }

        var slots = new AuxiliaryProfile(machine.Slots);
        sequence.ForEach(b => slots.Hold(1, SetupStart(b), b.End));
        foreach (var end in machine.CommittedEnds)
        {
            slots.Hold(1, long.MinValue + 1, end);
        }

        var from = Math.Max(ready, machine.FreeFrom);
        while (true)
        {
            var (setupStart, start, end) = Timed(task, machine, from, arrival, 0, work);
            from = slots.TryFrom(1, setupStart, end);
            if (from == setupStart)
            {
                return new Gap(machine.Index, -1, setupStart, start, end, null);
            }
        }
    }

    /// <summary>A planned batch that takes the task in without changing: same key, room, not longer for it, and not begun before the task is there.</summary>
    private Gap Company(ProblemTask task, long notBefore)
    {
        var best = Gap.None;
        foreach (var batch in task.BatchKey < 0 || OnlyAtTheEnd ? [] : _view.Batches)
        {
            var lead = _problem.Tasks[batch.Tasks[0]];
            if (lead.BatchKey != task.BatchKey || lead.Lock >= 0 || batch.End >= best.End || !task.CanRunOn(batch.Equipment))
            {
                continue;
            }

            var machine = _problem.Machines[batch.Equipment];
            var (ready, arrival) = ReadyAt(task, machine.Site, notBefore);
            int[] together = [.. batch.Tasks, task.Index];
            if (SetupStart(batch) >= ready && batch.Start >= arrival && _problem.LoadOf(together) <= machine.CapacityMax * (1 + 1e-12)
                && _problem.BatchTime(together, batch.Equipment) == _problem.BatchTime(batch.Tasks, batch.Equipment))
            {
                best = new Gap(batch.Equipment, -1, batch.SetupStart, batch.Start, batch.End, batch);
            }
        }

        return best;
    }

    /// <summary>Times from a moment on, auxiliaries included.</summary>
    private (long SetupStart, long Start, long End) Timed(ProblemTask task, ProblemMachine machine, long from, long arrival, long setup, long work)
    {
        while (true)
        {
            var (setupStart, start, end) = Timing.At(machine, from, arrival, setup, work, task.Interruptible);
            var next = setupStart;
            foreach (var need in task.Auxiliaries)
            {
                next = Math.Max(next, Profile(need.Auxiliary).TryFrom(need.Count, setupStart, end));
            }

            if (next == setupStart)
            {
                return (setupStart, start, end);
            }

            from = next;
        }
    }

    private AuxiliaryProfile Profile(int auxiliary)
    {
        if (_auxiliaries.TryGetValue(auxiliary, out var profile))
        {
            return profile;
        }

        profile = new AuxiliaryProfile(_problem.Plant.Plant.Auxiliaries[auxiliary].Count);
        foreach (var batch in _view.Users[auxiliary])
        {
            profile.Hold(_problem.Tasks[batch.Tasks[0]].Auxiliaries.First(n => n.Auxiliary == auxiliary).Count, SetupStart(batch), batch.End);
        }

        foreach (var use in _problem.CommittedUses.Where(u => u.Auxiliary == auxiliary))
        {
            profile.Hold(use.Count, long.MinValue + 1, use.End);
        }

        _auxiliaries.Add(auxiliary, profile);
        return profile;
    }

    private (long Ready, long Arrival) ReadyAt(ProblemTask task, int site, long notBefore)
    {
        var ready = Math.Max(task.Ready, notBefore);
        var arrival = ready;
        foreach (var p in task.Predecessors)
        {
            if (_view.BatchOf[p] is { } before)
            {
                ready = Math.Max(ready, before.End + _problem.Tasks[p].MinWait);
                arrival = Math.Max(arrival, before.End + _problem.Tasks[p].MinWait + _problem.TravelTime(_problem.Machines[before.Equipment].Site, site));
            }
        }

        foreach (var before in task.CommittedPredecessors)
        {
            arrival = Math.Max(arrival, before.End + before.MinWait + (before.Site >= 0 ? _problem.TravelTime(before.Site, site) : 0));
        }

        return (ready, Math.Max(arrival, ready));
    }
}
