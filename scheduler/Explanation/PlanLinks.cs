using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Events;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>Says of a batch in a schedule what it waits for: the constraints that would be broken if it began any earlier.</summary>
/// <remarks>
/// Everything else in the schedule stands still. What is claimed is tried: <see cref="WhyStep.Gain"/> is worked out by lifting the
/// constraint and timing the batch again.
/// </remarks>
internal sealed class PlanLinks(PlanView view, PlantState? from, bool gains = true)
{
    private readonly SchedulingProblem _problem = view.Problem;

    /// <summary>A moment before which a batch cannot be set up or started, and why.</summary>
    private readonly record struct Bound(long Time, WhyKind Kind, WhyLink Link, PlanBatch? Other, long Rest, long Travel);

    /// <summary>What is lifted to try a claim.</summary>
    private readonly record struct Lifted(WhyKind Kind, PlanBatch? Other = null, int Auxiliary = -1);

    /// <summary>The pieces of time before a batch's start, latest first, up to the end of the batch that it follows or to a root.</summary>
    /// <returns>The batch that the chain goes on with, and how it is tied; <c>null</c> at a root.</returns>
    public (PlanBatch? Next, WhyLink Link, int Auxiliary) Before(PlanBatch batch, List<WhyStep> steps)
    {
        var place = view.PlaceOf(batch);
        var setup = place.Setup.Time;
        var time = batch.Start;
        var arrival = StartBounds(batch);
        if (setup > 0)
        {
            var prepared = batch.SetupStart + setup;
            var arrived = Latest(arrival);
            var ready = Math.Max(prepared, arrived?.Time ?? long.MinValue);
            if (ready < time)
            {
                AddGap(batch, ready, time, steps);
                time = ready;
            }

            if (arrived is { } late && late.Time > prepared)
            {
                return Follow(batch, late, arrival.Count(b => b.Time == late.Time) - 1, steps);
            }

            Add(steps, WhyKind.Setup, batch.SetupStart, prepared, batch, new Lifted(WhyKind.Setup));
            time = batch.SetupStart;
            arrival = [];
        }

        List<Bound> bounds = [.. SetupBounds(batch, place), .. arrival];
        var bound = Latest(bounds)!.Value;
        if (bound.Time < time && Shift(batch, bound.Time, time, steps) is { } held)
        {
            return held;
        }

        return Follow(batch, bound, bounds.Count(b => b.Time == bound.Time && (b.Other != bound.Other || b.Kind != bound.Kind)), steps);
    }

    /// <summary>Earliest start of a batch while everything else stands still.</summary>
    public long EarliestStart(PlanBatch batch) => Earliest(batch, default, false);

    private (PlanBatch?, WhyLink, int) Follow(PlanBatch batch, Bound bound, int ties, List<WhyStep> steps)
    {
        var time = bound.Time;
        if (bound.Travel > 0)
        {
            Add(steps, WhyKind.Transport, time - bound.Travel, time, batch, new Lifted(WhyKind.Transport), ties);
            time -= bound.Travel;
        }

        if (bound.Rest > 0)
        {
            Add(steps, WhyKind.Rest, time - bound.Rest, time, batch, new Lifted(WhyKind.Rest), ties);
            time -= bound.Rest;
        }

        if (bound.Other is { } other)
        {
            return (other, bound.Link, -1);
        }

        var now = _problem.Now.Milliseconds;
        var begin = bound.Kind is WhyKind.Release or WhyKind.Now or WhyKind.Lock ? time : Math.Min(now, time);
        Add(steps, bound.Kind, begin, time, batch, new Lifted(bound.Kind), ties, bound.Link);
        return (null, bound.Link, -1);
    }

    /// <summary>How much earlier a batch could start if its tie to another were cut.</summary>
    public (Duration Gain, int Ties) GainWithout(PlanBatch batch, PlanBatch other, WhyLink link, int auxiliary = -1)
    {
        var kind = link == WhyLink.Auxiliary ? WhyKind.Choice : WhyKind.Processing;
        var gain = batch.Start - Earliest(batch, new Lifted(kind, other, auxiliary), true);
        return (new Duration(Math.Max(0, gain)), gain > 0 ? 0 : 1);
    }

    /// <summary>Time between a bound and the begin that working hours, auxiliaries or the plan itself took; latest first.</summary>
    private (PlanBatch?, WhyLink, int)? Shift(PlanBatch batch, long from, long to, List<WhyStep> steps)
    {
        var shifts = new Stack<(long From, long To, int Auxiliary, PlanBatch? Holder)>();
        var machine = _problem.Machines[batch.Equipment];
        var lead = _problem.Tasks[_problem.LeadOf(batch.Tasks, batch.Equipment)];
        var setup = view.PlaceOf(batch).Setup.Time;
        var work = _problem.BatchTime(batch.Tasks, batch.Equipment);
        var profiles = Profiles(batch, default, false);
        var at = from;
        while (at < to)
        {
            var (begin, _, end) = Timing.At(machine, at, at, setup, work, lead.Interruptible);
            if (begin > at)
            {
                shifts.Push((at, Math.Min(begin, to), -1, null));
                at = begin;
                continue;
            }

            var (next, auxiliary) = (at, -1);
            for (var i = 0; i < profiles.Length; i++)
            {
                var free = profiles[i].TryFrom(lead.Auxiliaries[i].Count, at, end);
                (next, auxiliary) = free > next ? (free, lead.Auxiliaries[i].Auxiliary) : (next, auxiliary);
            }

            if (next == at)
            {
                break;
            }

            shifts.Push((at, Math.Min(next, to), auxiliary, view.Users[auxiliary].Find(b => b.End == next && b != batch)));
            at = next;
        }

        if (at < to)
        {
            AddPurpose(batch, at, to, steps);
        }

        while (shifts.TryPop(out var shift))
        {
            if (shift.Auxiliary < 0)
            {
                Add(steps, WhyKind.Calendar, shift.From, shift.To, batch, new Lifted(WhyKind.Calendar));
                continue;
            }

            if (shift.Holder is not null)
            {
                return (shift.Holder, WhyLink.Auxiliary, shift.Auxiliary);
            }

            var gain = gains ? batch.Start - Earliest(batch, new Lifted(WhyKind.Choice, null, shift.Auxiliary), true) : 0;
            steps.Add(Step(WhyKind.RunningWork, WhyLink.Auxiliary, Math.Min(_problem.Now.Milliseconds, shift.From), shift.To, batch) with
            {
                Gain = new Duration(Math.Max(0, gain)), Auxiliary = shift.Auxiliary,
            });
            return (null, WhyLink.Auxiliary, shift.Auxiliary);
        }

        return null;
    }

    /// <summary>Between the end of a setup and the start: working hours, as far as they explain it.</summary>
    private void AddGap(PlanBatch batch, long from, long to, List<WhyStep> steps)
    {
        var machine = _problem.Machines[batch.Equipment];
        var lead = _problem.Tasks[_problem.LeadOf(batch.Tasks, batch.Equipment)];
        var (_, start, _) = Timing.At(machine, from, from, 0, _problem.BatchTime(batch.Tasks, batch.Equipment), lead.Interruptible);
        if (start < to)
        {
            AddPurpose(batch, start, to, steps);
        }

        if (start > from)
        {
            Add(steps, WhyKind.Calendar, from, Math.Min(start, to), batch, new Lifted(WhyKind.Calendar));
        }
    }

    private void AddPurpose(PlanBatch batch, long from, long to, List<WhyStep> steps)
    {
        var kind = batch.NotBefore > 0 ? WhyKind.Held : KeptBack(batch) ? WhyKind.LongestWait : WhyKind.Choice;
        steps.Add(Step(kind, WhyLink.Same, from, to, batch) with { Gain = new Duration(gains ? Math.Max(0, batch.Start - Earliest(batch, default, false)) : 0) });
    }

    /// <summary>Whether beginning earlier would make a successor start too long after it.</summary>
    private bool KeptBack(PlanBatch batch) => batch.Tasks.Any(t => _problem.Tasks[t].MaxWait is var longest and < long.MaxValue
        && _problem.Tasks[t].Successors.Any(s => view.BatchOf[s] is { } next && next.Start - batch.End >= longest));

    private List<Bound> SetupBounds(PlanBatch batch, PlanView.Place place)
    {
        var now = _problem.Now.Milliseconds;
        var bounds = new List<Bound> { new(now, WhyKind.Now, WhyLink.Same, null, 0, 0) };
        foreach (var t in batch.Tasks)
        {
            var task = _problem.Tasks[t];
            var release = _problem.Plant.OrderOf(task.Job).Release.Milliseconds;
            if (release > now)
            {
                bounds.Add(new Bound(release, WhyKind.Release, WhyLink.Same, null, 0, 0));
            }

            foreach (var p in task.Predecessors)
            {
                if (view.BatchOf[p] is { } before)
                {
                    bounds.Add(new Bound(before.End + _problem.Tasks[p].MinWait, WhyKind.Processing, WhyLink.Predecessor, before, _problem.Tasks[p].MinWait, 0));
                }
            }

            foreach (var before in task.CommittedPredecessors.Where(p => !p.IsLock))
            {
                bounds.Add(new Bound(before.End + before.MinWait, WhyKind.RunningWork, WhyLink.Predecessor, null, before.End >= now ? before.MinWait : 0, 0));
            }
        }

        if (place.After is not null || place.FreeAt > now)
        {
            bounds.Add(new Bound(place.FreeAt, place.After is null ? KindOf(batch.Equipment) : WhyKind.Processing, WhyLink.Equipment, place.After, 0, 0));
        }

        return bounds;
    }

    private List<Bound> StartBounds(PlanBatch batch)
    {
        var bounds = new List<Bound>();
        var site = _problem.Machines[batch.Equipment].Site;
        foreach (var t in batch.Tasks)
        {
            foreach (var p in _problem.Tasks[t].Predecessors)
            {
                if (view.BatchOf[p] is { } before && _problem.TravelTime(_problem.Machines[before.Equipment].Site, site) is var travel and > 0)
                {
                    var rest = _problem.Tasks[p].MinWait;
                    bounds.Add(new Bound(before.End + rest + travel, WhyKind.Transport, WhyLink.Predecessor, before, rest, travel));
                }
            }

            foreach (var before in _problem.Tasks[t].CommittedPredecessors)
            {
                if (before.IsLock)
                {
                    bounds.Add(new Bound(before.End, WhyKind.Lock, WhyLink.Same, null, 0, 0));
                }
                else if (before.Site >= 0 && _problem.TravelTime(before.Site, site) is var travel and > 0)
                {
                    bounds.Add(new Bound(before.End + before.MinWait + travel, WhyKind.RunningWork, WhyLink.Predecessor, null, before.MinWait, travel));
                }
            }
        }

        return bounds;
    }

    /// <summary>Earliest start, all constraints but the lifted ones kept.</summary>
    private long Earliest(PlanBatch batch, Lifted lifted, bool lifts)
    {
        var place = lifts && lifted is { Kind: WhyKind.Processing, Other: { } gone } ? view.PlaceOf(batch, gone) : view.PlaceOf(batch);
        var setup = lifts && lifted.Kind == WhyKind.Setup ? 0 : place.Setup.Time;
        var ready = Math.Max(Without(SetupBounds(batch, place), lifted, lifts), place.LastStart);
        var arrival = Math.Max(ready, Without(StartBounds(batch), lifted, lifts));
        var machine = _problem.Machines[batch.Equipment];
        var lead = _problem.Tasks[_problem.LeadOf(batch.Tasks, batch.Equipment)];
        var work = _problem.BatchTime(batch.Tasks, batch.Equipment);
        var profiles = Profiles(batch, lifted, lifts);
        while (true)
        {
            var (begin, start, end) = lifts && lifted.Kind == WhyKind.Calendar
                ? (ready, Math.Max(ready + setup, arrival), Math.Max(ready + setup, arrival) + work)
                : Timing.At(machine, ready, arrival, setup, work, lead.Interruptible);
            var next = begin;
            for (var i = 0; i < profiles.Length; i++)
            {
                next = Math.Max(next, profiles[i].TryFrom(lead.Auxiliaries[i].Count, begin, end));
            }

            if (next == begin)
            {
                return start;
            }

            ready = next;
        }
    }

    private static long Without(List<Bound> bounds, Lifted lifted, bool lifts)
    {
        var latest = 0L;
        foreach (var bound in bounds)
        {
            var (rest, travel) = (lifts && lifted.Kind == WhyKind.Rest ? bound.Rest : 0, lifts && lifted.Kind == WhyKind.Transport ? bound.Travel : 0);
            var gone = lifts && (lifted.Other is { } other ? bound.Other == other && lifted.Kind == WhyKind.Processing : bound.Other is null && bound.Kind == lifted.Kind);
            latest = gone ? latest : Math.Max(latest, bound.Time - rest - travel);
        }

        return latest;
    }

    /// <summary>For each auxiliary that a batch needs, how many the others hold over time.</summary>
    private AuxiliaryProfile[] Profiles(PlanBatch batch, Lifted lifted, bool lifts)
    {
        var needs = _problem.Tasks[batch.Tasks[0]].Auxiliaries;
        var profiles = new AuxiliaryProfile[needs.Length];
        for (var i = 0; i < needs.Length; i++)
        {
            var auxiliary = needs[i].Auxiliary;
            profiles[i] = new AuxiliaryProfile(_problem.Plant.Plant.Auxiliaries[auxiliary].Count);
            var whole = lifts && lifted.Auxiliary == auxiliary && lifted.Other is null;
            foreach (var other in whole ? [] : view.Users[auxiliary])
            {
                if (other != batch && !(lifts && lifted.Other == other))
                {
                    profiles[i].Hold(_problem.Tasks[other.Tasks[0]].Auxiliaries.First(n => n.Auxiliary == auxiliary).Count, other.SetupStart, other.End);
                }
            }

            foreach (var use in whole ? [] : _problem.CommittedUses.Where(u => u.Auxiliary == auxiliary))
            {
                profiles[i].Hold(use.Count, long.MinValue + 1, use.End);
            }
        }

        return profiles;
    }

    private WhyKind KindOf(int equipment) =>
        from is not null && from.Equipment[equipment].Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance
            ? WhyKind.Down
            : WhyKind.RunningWork;

    /// <summary>The latest bound; of equal ones a root before the order's own predecessor before the queue.</summary>
    private static Bound? Latest(List<Bound> bounds)
    {
        Bound? latest = null;
        foreach (var bound in bounds)
        {
            if (latest is not { } best || bound.Time > best.Time || (bound.Time == best.Time && Rank(bound) < Rank(best)))
            {
                latest = bound;
            }
        }

        return latest;
    }

    private static int Rank(Bound bound) => bound.Kind == WhyKind.Release ? 0 : bound.Other is null ? 1 : bound.Link == WhyLink.Predecessor ? 2 : 3;

    private void Add(List<WhyStep> steps, WhyKind kind, long from, long to, PlanBatch batch, Lifted lifted, int ties = 0, WhyLink link = WhyLink.Same)
    {
        var gain = gains ? batch.Start - Earliest(batch, lifted, true) : 0;
        steps.Add(Step(kind, link, from, to, batch) with { Gain = new Duration(Math.Max(0, gain)), Ties = ties });
    }

    public WhyStep Step(WhyKind kind, WhyLink link, long from, long to, PlanBatch batch) => new(
        kind, link, new SimTime(from), new SimTime(to),
        new JobId(_problem.Tasks[_problem.LeadOf(batch.Tasks, batch.Equipment)].Job), new EquipmentId(batch.Equipment), Duration.Zero);
}
