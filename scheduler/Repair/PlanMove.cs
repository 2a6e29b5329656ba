using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>A person moves one batch of the schedule in force by hand.</summary>
public sealed record PlanMoveRequest
{
    public required CompiledScenario Plant { get; init; }

    /// <summary>The plant as it stands.</summary>
    public required PlantState From { get; init; }

    /// <summary>The schedule in force.</summary>
    public required Schedule Current { get; init; }

    /// <summary>A job of the batch.</summary>
    public required JobId Job { get; init; }

    /// <summary>Where it is to run.</summary>
    public required EquipmentId Equipment { get; init; }

    /// <summary>When it is to begin, its setup included: there or as soon after as possible.</summary>
    public required SimTime Start { get; init; }
}

/// <summary>Why a batch cannot be moved like that.</summary>
public enum PlanMoveObstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The schedule in force does not have the job.</summary>
    NotPlanned,

    /// <summary>It has begun: running work is never moved.</summary>
    Begun,

    /// <summary>Somebody locked it.</summary>
    Locked,

    /// <summary>That machine cannot do all jobs of the batch.</summary>
    WrongMachine,

    /// <summary>The schedule cannot go on in that order.</summary>
    Impossible,
}

/// <summary>What a move by hand brings about.</summary>
/// <param name="Schedule">The whole schedule after it, timed anew and checked; <c>null</c> where there is an obstacle.</param>
/// <param name="Tardiness">Lateness of all orders after less before, unweighted; negative is better.</param>
/// <param name="NewlyLate">Orders that were on time and would be late.</param>
/// <param name="Rescued">Orders that were late and would be on time.</param>
/// <param name="Shifted">Jobs that start at another time or place.</param>
/// <param name="Says">For people where the checker speaks; empty otherwise.</param>
public sealed record PlanMoveResult(
    PlanMoveObstacle Obstacle, Schedule? Schedule, Duration Tardiness, ImmutableArray<OrderId> NewlyLate, ImmutableArray<OrderId> Rescued, int Shifted, string Says = "")
{
    internal static PlanMoveResult Not(PlanMoveObstacle why, string says = "") => new(why, null, Duration.Zero, [], [], 0, says);
}

/// <summary>Moves a batch by hand: it goes where it is put, or as soon after as possible; all else keeps its order and is timed anew.</summary>
public static class PlanMove
{
    /// <summary>Machines that can do all jobs of a planned batch.</summary>
    public static IReadOnlyList<int> Targets(CompiledScenario plant, Schedule current, JobId job) =>
        current.Batches.FirstOrDefault(b => b.Jobs.Contains(job)) is not { } batch ? []
        : [.. plant.EligibleEquipment(job).Where(e => batch.Jobs.All(j => plant.CanRun(j, new EquipmentId(e))))];

    /// <summary>Tries a move; nothing changes but what is returned.</summary>
    public static PlanMoveResult Of(PlanMoveRequest request)
    {
        var (plant, state) = (request.Plant, request.From);
        var at = request.Current.Batches.IndexOf(request.Current.Batches.FirstOrDefault(b => b.Jobs.Contains(request.Job))!);
        if (at < 0)
        {
            return PlanMoveResult.Not(PlanMoveObstacle.NotPlanned);
        }

        var batch = request.Current.Batches[at];
        if (batch.Jobs.Any(j => state.Jobs[j].Status is not (JobStatus.Waiting or JobStatus.Ready)))
        {
            return PlanMoveResult.Not(PlanMoveObstacle.Begun);
        }

        if (batch.Lock != LockKind.None || batch.Jobs.Any(j => state.Jobs[j].Locked))
        {
            return PlanMoveResult.Not(PlanMoveObstacle.Locked);
        }

        if (!batch.Jobs.All(j => plant.CanRun(j, request.Equipment)))
        {
            return PlanMoveResult.Not(PlanMoveObstacle.WrongMachine);
        }

        try
        {
            var before = PlanRepair.CarryOn(plant, request.Current, state);
            var after = PlanRepair.CarryOn(plant, Moved(request, at), state);
            var broken = ScheduleChecker.Check(plant, after, state, request.Current).FirstOrDefault(v => v.Severity == ViolationSeverity.Error);
            return broken is not null ? PlanMoveResult.Not(PlanMoveObstacle.Impossible, broken.Message) : Compare(plant, before, after);
        }
        catch (PlanningException e)
        {
            return PlanMoveResult.Not(PlanMoveObstacle.Impossible, e.Message);
        }
    }

    /// <summary>The schedule with the batch put elsewhere. Steps after it that were planned earlier go behind it, and it goes behind the steps before it.</summary>
    private static Schedule Moved(PlanMoveRequest request, int at)
    {
        var batches = request.Current.Batches.ToArray();
        var placeOf = new Dictionary<int, int>();
        for (var b = 0; b < batches.Length; b++)
        {
            foreach (var job in batches[b].Jobs)
            {
                placeOf[job] = b;
            }
        }

        var start = SimTime.Max(request.Start, request.From.Now);
        foreach (var before in Neighbours(request.Plant, batches[at], placeOf, successors: false))
        {
            start = SimTime.Max(start, batches[before].Start + Duration.FromMilliseconds(1));
        }

        batches[at] = At(batches[at], start) with { Equipment = request.Equipment, HoldUntilStart = true };
        var pushed = new Queue<int>([at]);
        while (pushed.TryDequeue(out var first))
        {
            var least = batches[first].Start + Duration.FromMilliseconds(1);
            foreach (var next in Neighbours(request.Plant, batches[first], placeOf, successors: true).Where(n => n != first && batches[n].Start < least))
            {
                batches[next] = At(batches[next], least);
                pushed.Enqueue(next);
            }
        }

        return request.Current with { Batches = [.. batches] };
    }

    private static PlannedBatch At(PlannedBatch batch, SimTime start) => batch with { SetupStart = start, Start = start, End = start + (batch.End - batch.Start), HoldUntilStart = false };

    private static IEnumerable<int> Neighbours(CompiledScenario plant, PlannedBatch batch, Dictionary<int, int> placeOf, bool successors)
    {
        foreach (var job in batch.Jobs)
        {
            var first = job - plant.Jobs.OperationIndexOf(job);
            foreach (var operation in (successors ? plant.SuccessorsOf(job) : plant.PredecessorsOf(job)).ToArray())
            {
                if (placeOf.TryGetValue(first + operation, out var place))
                {
                    yield return place;
                }
            }
        }
    }

    private static PlanMoveResult Compare(CompiledScenario plant, Schedule before, Schedule after)
    {
        var (was, now) = (Ends(plant, before), Ends(plant, after));
        var late = Duration.Zero;
        var (newly, rescued) = (ImmutableArray.CreateBuilder<OrderId>(), ImmutableArray.CreateBuilder<OrderId>());
        foreach (var (order, end) in now)
        {
            if (plant.Scenario.Orders[order].Due is not { } due || !was.TryGetValue(order, out var old))
            {
                continue;
            }

            late += Over(end, due) - Over(old, due);
            if (end > due && old <= due)
            {
                newly.Add(new OrderId(order));
            }
            else if (end <= due && old > due)
            {
                rescued.Add(new OrderId(order));
            }
        }

        var places = before.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b))).ToDictionary(x => x.Index, x => x.b);
        var shifted = after.Batches.Sum(b => b.Jobs.Count(j => !places.TryGetValue(j, out var old) || old.Start != b.Start || old.Equipment != b.Equipment));
        return new PlanMoveResult(PlanMoveObstacle.None, after, late, newly.ToImmutable(), rescued.ToImmutable(), shifted);
    }

    private static Duration Over(SimTime end, SimTime due) => end > due ? end - due : Duration.Zero;

    private static Dictionary<int, SimTime> Ends(CompiledScenario plant, Schedule schedule)
    {
        var ends = new Dictionary<int, SimTime>();
        foreach (var batch in schedule.Batches)
        {
            foreach (var job in batch.Jobs)
            {
                var order = plant.Jobs.OrderOf(job);
                ends[order] = ends.TryGetValue(order, out var end) ? SimTime.Max(end, batch.End) : batch.End;
            }
        }

        return ends;
    }
}
