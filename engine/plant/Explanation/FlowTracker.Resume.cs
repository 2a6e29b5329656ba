using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Plant.Explanation;

// What a plant that runs already says about the time before anybody watched.
public sealed partial class FlowTracker
{
    /// <summary>Another schedule is in force, or the order book has grown: what waits is booked by what was, and goes on by what is.</summary>
    /// <param name="state">The plant now, with all orders. Jobs keep their indices; new ones are behind them.</param>
    /// <param name="schedule">The schedule that is followed from now on, or <c>null</c>.</param>
    public void GoOnWith(PlantState state, Schedule? schedule)
    {
        var (known, now) = (_mode.Length, state.Now.Milliseconds);
        for (var job = 0; job < known; job++)
        {
            Book(job, state, now);
        }

        _plant = state.Plant;
        var jobs = _plant.Jobs.JobCount;
        Array.Resize(ref _mode, jobs);
        Array.Resize(ref _part, jobs);
        Array.Resize(ref _since, jobs);
        Array.Resize(ref _activated, jobs);
        Array.Resize(ref _parts, jobs * FlowParts.Count);
        Array.Resize(ref _noted, jobs * WaitPlaces.Reasons);
        Array.Fill(_activated, -1, known, jobs - known);
        _planned = PlannedJobs(schedule, jobs);
        _places = new WaitPlaces(state, schedule);
        for (var job = 0; job < known; job++)
        {
            if (_mode[job] == Mode.Queued)
            {
                Note(job, now);
            }
        }
    }

    private static bool[] PlannedJobs(Schedule? schedule, int jobs)
    {
        var planned = new bool[jobs];
        foreach (var batch in schedule?.Batches ?? [])
        {
            foreach (var job in batch.Jobs)
            {
                planned[job] = true;
            }
        }

        return planned;
    }

    /// <summary>What the state remembers of the time before the tracker began.</summary>
    private void Remember(PlantState state)
    {
        var now = state.Now.Milliseconds;
        for (var job = 0; job < _mode.Length; job++)
        {
            ref readonly var me = ref state.Jobs[job];
            ref readonly var order = ref state.Orders[_plant.Jobs.OrderOf(job)];
            if (me.PendingPredecessors > 0 || order.ReleasedAt < 0 || me.Status is JobStatus.Cancelled or JobStatus.Dormant)
            {
                continue;
            }

            _activated[job] = LastPredecessorEnd(job, state, order.ReleasedAt);
            _mode[job] = me.Status switch
            {
                JobStatus.Waiting => Mode.Resting,
                JobStatus.Ready => Mode.Queued,
                JobStatus.Assigned => Mode.Assigned,
                JobStatus.Done => Mode.Done,
                _ => Mode.Active,
            };
            _since[job] = me.Status == JobStatus.Done ? me.EndAt : now;
            var started = _mode[job] is Mode.Active or Mode.Done && me.StartAt >= 0 ? me.StartAt : _since[job];
            var ready = Math.Clamp(me.ReadyAt >= 0 ? me.ReadyAt : started, _activated[job], Math.Max(_activated[job], started));
            ref readonly var lead = ref state.Jobs[Math.Max(0, me.Lead)];
            var work = Math.Clamp(_mode[job] == Mode.Active ? state.WorkedMs(me.Lead, state.Now) : lead.PlannedMs, 0, Math.Max(0, _since[job] - started));
            PartOf(job, FlowPart.MinWait) += ready - _activated[job];
            PartOf(job, FlowPart.Queue) += started - ready;
            PartOf(job, Working(job, lead)) += work;
            PartOf(job, FlowPart.Unexplained) += _since[job] - started - work;
            _part[job] = me.Status switch { JobStatus.Held => FlowPart.Unexplained, JobStatus.Blocked => FlowPart.Blocked, _ => Working(job, lead) };
            Note(job, now);
        }
    }

    private static long CalledBy(int job, PlantState state) => state.Jobs[job].ReadyAt >= 0 ? state.Jobs[job].ReadyAt : state.Now.Milliseconds;

    private long LastPredecessorEnd(int job, PlantState state, long released)
    {
        var first = job - _plant.Jobs.OperationIndexOf(job);
        var last = _plant.Jobs.IsMakeUp(_plant.Jobs.JobLot[job]) && OrderFlow.CauseOfMakeUp(state, job, CalledBy(job, state)) is >= 0 and var cause ? state.Jobs[cause].EndAt : released;
        foreach (var predecessor in _plant.PredecessorsOf(job))
        {
            last = Math.Max(last, state.Jobs[first + predecessor].EndAt);
        }

        return last;
    }
}
