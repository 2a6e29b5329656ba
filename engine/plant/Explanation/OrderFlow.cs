using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Why an order took as long as it did: its flow time split along its critical chain.</summary>
/// <remarks>
/// The chain is walked backwards from the job that ended last: before it, the predecessor that ended last, and so on to the release. Of an order
/// that is still open it is the chain of the job that keeps it: the one with the most operations still to come, and of those the longest waiting.
/// </remarks>
public sealed record OrderFlow
{
    public required OrderId Order { get; init; }

    /// <summary>Complete, or still open at <see cref="EndMs"/>.</summary>
    public required bool Complete { get; init; }

    public required long ReleasedMs { get; init; }

    /// <summary>Completion, or the end of the observation, ms.</summary>
    public required long EndMs { get; init; }

    /// <summary>Release to completion (or to the end of the observation), ms: exactly the sum of <see cref="Parts"/>.</summary>
    public long FlowMs => EndMs - ReleasedMs;

    /// <summary>Completion (or the end of the observation) after the due date, ms; negative when early, <c>null</c> when none was promised.</summary>
    public required long? LatenessMs { get; init; }

    /// <summary>Milliseconds per <see cref="FlowPart"/>.</summary>
    public required ImmutableArray<long> Parts { get; init; }

    /// <summary>The jobs of the chain, first to last.</summary>
    public required ImmutableArray<FlowStep> Steps { get; init; }

    /// <summary>Milliseconds of one part.</summary>
    public long this[FlowPart part] => Parts[(int)part];

    /// <summary>Explains every released, not cancelled order.</summary>
    /// <param name="tracker">Watched the plant up to <paramref name="state"/>.</param>
    /// <param name="state">The plant at the end of the observation.</param>
    public static ImmutableArray<OrderFlow> Of(FlowTracker tracker, PlantState state)
    {
        var flows = ImmutableArray.CreateBuilder<OrderFlow>();
        for (var o = 0; o < state.Orders.Length; o++)
        {
            if (state.Orders[o] is { ReleasedAt: >= 0, Status: not OrderStatus.Cancelled })
            {
                flows.Add(Of(tracker, state, new OrderId(o)));
            }
        }

        return flows.ToImmutable();
    }

    /// <summary>Explains one order that was released.</summary>
    public static OrderFlow Of(FlowTracker tracker, PlantState state, OrderId id)
    {
        ref readonly var order = ref state.Orders[id];
        var complete = order.Status == OrderStatus.Complete;
        var end = complete ? order.CompletedAt : state.Now.Milliseconds;
        var steps = ImmutableArray.CreateBuilder<FlowStep>();
        var sum = new long[FlowParts.Count];
        for (var job = LastOf(tracker, state, id, complete); job >= 0; job = PredecessorThatEndedLast(tracker, state, job))
        {
            var step = FlowStep.Of(tracker, state, job, Math.Min(end, state.Now.Milliseconds));
            steps.Add(step);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += step.Parts[i];
            }
        }

        steps.Reverse();
        sum[(int)FlowPart.Unexplained] += end - order.ReleasedAt - sum.Sum();
        return new OrderFlow
        {
            Order = id,
            Complete = complete,
            ReleasedMs = order.ReleasedAt,
            EndMs = end,
            LatenessMs = end - state.Plant.Scenario.Orders[id].Due?.Milliseconds,
            Parts = [.. sum],
            Steps = steps.ToImmutable(),
        };
    }

    private static int LastOf(FlowTracker tracker, PlantState state, OrderId id, bool complete)
    {
        var table = state.Plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[id + 1]];
        var (best, bestKey) = (-1, (long.MinValue, long.MinValue));
        for (var job = table.LotFirstJob[table.OrderFirstLot[id]]; job < end; job++)
        {
            ref readonly var me = ref state.Jobs[job];
            if (complete ? me.Status != JobStatus.Done : me.Status == JobStatus.Done || tracker.ActivatedAt(job) < 0)
            {
                continue;
            }

            var key = complete ? (me.EndAt, job) : (StepsToCome(state, job), -tracker.ActivatedAt(job));
            if (best < 0 || key.CompareTo(bestKey) > 0)
            {
                (best, bestKey) = (job, key);
            }
        }

        return best;
    }

    /// <summary>Operations on the longest way from a job to the end of its routing.</summary>
    private static long StepsToCome(PlantState state, int job)
    {
        var (first, longest) = (job - state.Plant.Jobs.OperationIndexOf(job), 0L);
        foreach (var successor in state.Plant.SuccessorsOf(job))
        {
            longest = Math.Max(longest, StepsToCome(state, first + successor));
        }

        return longest + 1;
    }

    private static int PredecessorThatEndedLast(FlowTracker tracker, PlantState state, int job)
    {
        var first = job - state.Plant.Jobs.OperationIndexOf(job);
        var (last, best) = (long.MinValue, -1);
        foreach (var predecessor in state.Plant.PredecessorsOf(job))
        {
            if (state.Jobs[first + predecessor].EndAt > last)
            {
                (last, best) = (state.Jobs[first + predecessor].EndAt, first + predecessor);
            }
        }

        return best < 0 && state.Plant.Jobs.IsMakeUp(state.Plant.Jobs.JobLot[job]) ? CauseOfMakeUp(state, job, tracker.ActivatedAt(job)) : best;
    }

    /// <summary>The job whose end left an order short, so that the lot of <paramref name="job"/> had to be made: the last to end before it.</summary>
    /// <param name="called">When the lot was called, ms, or a moment by which it had been.</param>
    internal static int CauseOfMakeUp(PlantState state, int job, long called)
    {
        var table = state.Plant.Jobs;
        var order = table.LotOrder[table.JobLot[job]];
        var (last, best) = (long.MinValue, -1);
        for (var j = table.LotFirstJob[table.OrderFirstLot[order]]; j < table.LotFirstJob[table.JobLot[job]]; j++)
        {
            ref readonly var other = ref state.Jobs[j];
            if (other.Status == JobStatus.Done && other.EndAt <= called && other.EndAt > last)
            {
                (last, best) = (other.EndAt, j);
            }
        }

        return best;
    }
}

/// <summary>One job of a critical chain.</summary>
/// <param name="Job">Which.</param>
/// <param name="Equipment">Where it was done or is assigned; −1 while it waits.</param>
/// <param name="Group">Queue it waited in, an index into <c>CompiledScenario.Groups</c>.</param>
/// <param name="FromMs">Its predecessors were done (its order released).</param>
/// <param name="ToMs">It ended, or the observation did.</param>
/// <param name="Parts">Milliseconds per <see cref="FlowPart"/>: exactly <paramref name="ToMs"/> − <paramref name="FromMs"/> together.</param>
public sealed record FlowStep(JobId Job, int Equipment, int Group, long FromMs, long ToMs, ImmutableArray<long> Parts)
{
    /// <summary>Milliseconds of one part.</summary>
    public long this[FlowPart part] => Parts[(int)part];

    internal static FlowStep Of(FlowTracker tracker, PlantState state, int job, long end)
    {
        ref readonly var me = ref state.Jobs[job];
        var parts = new long[FlowParts.Count];
        tracker.AddParts(job, state, end, parts);
        return new FlowStep(
            new JobId(job), me.Equipment, state.Plant.GroupOf(job), tracker.ActivatedAt(job), me.Status == JobStatus.Done ? me.EndAt : end, [.. parts]);
    }
}
