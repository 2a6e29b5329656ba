using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>A wish against a schedule: this job on that machine, or begun by then, or both.</summary>
public sealed record WhyNotRequest
{
    public required CompiledScenario Plant { get; init; }

    public PlantState? From { get; init; }

    /// <summary>The schedule in force; it must pass the checker.</summary>
    public required Schedule Current { get; init; }

    public required JobId Job { get; init; }

    /// <summary>Where it should run; <c>null</c> anywhere.</summary>
    public EquipmentId? Equipment { get; init; }

    /// <summary>When its processing should have started; <c>null</c> at any time.</summary>
    public SimTime? StartBy { get; init; }

    /// <summary>Search time for each of the two sides that are compared, > 0.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(1);

    public int Workers { get; init; } = 1;

    public int Seed { get; init; } = 1;
}

/// <summary>What stands in the way of a wish altogether.</summary>
public enum WhyNotObstacle
{
    /// <summary>Nothing: the wish has a price.</summary>
    None,

    /// <summary>The plan has it like that already.</summary>
    AlreadySo,

    /// <summary>The machine is not one for this operation.</summary>
    WrongMachine,

    /// <summary>It would be one, but is too small, closed to the family, or kept by its owner.</summary>
    ClosedMachine,

    /// <summary>No plan can begin it so early: release, steps before and running work need longer.</summary>
    TooEarly,

    /// <summary>No plan was found; that none exists is not proved.</summary>
    NotFound,
}

/// <summary>The price of a wish.</summary>
/// <param name="Obstacle">What forbids it, if anything.</param>
/// <param name="Earliest">No plan begins the job before this (a proven bound from release, running work and the steps before).</param>
/// <param name="InForce">What the schedule in force is worth.</param>
/// <param name="Without">The best plan found without the wish, in the same time: at least as good as the one in force.</param>
/// <param name="With">The best plan found with it; <c>null</c> where there is none.</param>
/// <param name="Pushed">The schedule in force with the job pushed in at the cheapest place and nothing else decided anew.</param>
/// <param name="Schedule">That schedule.</param>
/// <param name="Diff">What it changes against the schedule in force.</param>
public sealed record WhyNotResult(
    WhyNotObstacle Obstacle, SimTime Earliest, ObjectiveReport InForce, ObjectiveReport Without,
    ObjectiveReport? With = null, ObjectiveReport? Pushed = null, Schedule? Schedule = null, PlanDiff? Diff = null)
{
    /// <summary>What the wish costs when everything may be planned anew around it, in units of the objective: best with it less best without it.</summary>
    public double? Price => With?.Total - Without.Total;

    /// <summary>What it costs to push the job in and leave the rest in its order; negative when that happens to be better than the plan in force.</summary>
    public double? PricePushed => Pushed?.Total - InForce.Total;
}

/// <summary>Forces a wish into a plan and asks what it costs.</summary>
public static class WhyNot
{
    private const int PlacesTried = 40;

    /// <exception cref="PlanningException">The job is not open, or the schedule in force does not pass the checker.</exception>
    public static WhyNotResult Of(WhyNotRequest request, CancellationToken stop = default)
    {
        var plant = request.Plant;
        var problem = SchedulingProblem.Build(plant, request.From, request.Current, plant.Scenario.Objective with { Instability = 0 });
        var t = problem.TaskOfJob[request.Job];
        if (t < 0)
        {
            throw new PlanningException($"Job {plant.JobName(request.Job)} has begun or is over: nothing about it can be planned any more.");
        }

        var (inForce, without) = Unforced(problem, request, stop);
        var earliest = new SimTime(EarliestStart(problem, t));
        var now = problem.Current!.Batches.First(b => b.Jobs.Contains(request.Job));
        if (Fulfils(request, now))
        {
            return new WhyNotResult(WhyNotObstacle.AlreadySo, earliest, inForce, without);
        }

        if (request.Equipment is { } machine && !problem.Tasks[t].CanRunOn(machine))
        {
            var group = plant.Groups[plant.GroupOf(request.Job)];
            return new WhyNotResult(group.Contains(machine.Index) ? WhyNotObstacle.ClosedMachine : WhyNotObstacle.WrongMachine, earliest, inForce, without);
        }

        if (request.StartBy is { } by && by < earliest)
        {
            return new WhyNotResult(WhyNotObstacle.TooEarly, earliest, inForce, without);
        }

        if (Forced(problem, t, request, stop) is not { } forced || BestAround(forced, request, stop) is not { } best)
        {
            return new WhyNotResult(WhyNotObstacle.NotFound, earliest, inForce, without);
        }

        // A plan that fulfils the wish is a plan without it, too: the comparison never says that a wish pays for itself.
        without = best.Total < without.Total ? best : without;
        var pushed = PlanConversion.ToSchedule(problem, forced, request.Current.Origin);
        return new WhyNotResult(
            WhyNotObstacle.None, earliest, inForce, without, best, ObjectiveEvaluator.Evaluate(plant, pushed, problem.Weights, request.From, problem.Current), pushed,
            PlanDiffer.Of(plant, request.Current, pushed, request.From));
    }

    private static bool Fulfils(WhyNotRequest request, PlannedBatch batch) =>
        (request.Equipment is not { } machine || batch.Equipment == machine) && (request.StartBy is not { } by || batch.Start <= by);

    private static (ObjectiveReport InForce, ObjectiveReport Best) Unforced(SchedulingProblem problem, WhyNotRequest request, CancellationToken stop)
    {
        using var incumbent = new Incumbent(problem, request.From, null);
        if (!incumbent.Offer(problem.Current!, "schedule in force"))
        {
            throw new PlanningException("The schedule in force does not keep all rules" + (incumbent.LastRefusal is [var first, ..] ? $": {first.Message}" : ".") + " Maybe repair it first?");
        }

        var inForce = incumbent.Objective!;
        Search(problem, incumbent, request, stop);
        return (inForce, incumbent.Objective!);
    }

    private static void Search(SchedulingProblem problem, Incumbent incumbent, WhyNotRequest request, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromMilliseconds(Math.Max(1, request.TimeLimit.Milliseconds)));
        ImprovementSearch.Run(problem, incumbent, request.Workers, request.Seed, int.MaxValue, timeout.Token);
    }

    /// <summary>A bound: shortest times of everything before it, each when it could begin, machines as they become free.</summary>
    private static long EarliestStart(SchedulingProblem problem, int task)
    {
        var end = new long[problem.Tasks.Length];
        for (var t = 0; ; t++)
        {
            var me = problem.Tasks[t];
            var ready = me.Ready;
            foreach (var p in me.Predecessors)
            {
                ready = Math.Max(ready, end[p] + problem.Tasks[p].MinWait);
            }

            var start = me.Options.Min(o => Math.Max(ready, problem.Machines[o.Equipment].FreeFrom));
            if (t == task)
            {
                return start;
            }

            end[t] = me.Options.Min(o => Math.Max(ready, problem.Machines[o.Equipment].FreeFrom) + o.Time);
        }
    }

    /// <summary>The cheapest plan of those that put the job somewhere else in the order of the plan in force.</summary>
    private static List<PlanBatch>? Forced(SchedulingProblem problem, int task, WhyNotRequest request, CancellationToken stop)
    {
        var layout = new Layout(problem);
        var plan = PlanConversion.FromSchedule(problem, problem.Current!);
        var (best, value) = ((List<PlanBatch>?)null, double.PositiveInfinity);
        foreach (var e in request.Equipment is { } machine ? [machine.Index] : problem.Tasks[task].Options.Select(o => o.Equipment))
        {
            foreach (var candidate in Candidates(problem, plan, task, e, request.StartBy?.Milliseconds ?? long.MaxValue))
            {
                if (stop.IsCancellationRequested)
                {
                    return best;
                }

                if (layout.LayOut(candidate) is { } there && there.Find(b => b.Tasks.Contains(task)) is { } mine
                    && mine.Equipment == e && mine.Start <= (request.StartBy?.Milliseconds ?? long.MaxValue)
                    && layout.Value(there) is var worth && worth < value
                    && ScheduleChecker.IsExecutable(problem.Plant, PlanConversion.ToSchedule(problem, there, "why not"), request.From, problem.Current))
                {
                    (best, value) = (there, worth);
                }
            }
        }

        return best;
    }

    /// <summary>The order of the plan with the job at the places on a machine that begin in time, latest first, the steps before it where they are or at the very front.</summary>
    private static IEnumerable<List<PlanBatch>> Candidates(SchedulingProblem problem, List<PlanBatch> plan, int task, int equipment, long by)
    {
        var without = plan.Select(b => b.Tasks.Contains(task) ? new PlanBatch([.. b.Tasks.Where(t => t != task)], b.Equipment) { Start = b.Start } : b).Where(b => b.Tasks.Length > 0).ToList();
        var before = Before(problem, task);
        var places = Enumerable.Range(0, without.Count).Where(i => without[i].Equipment == equipment && without[i].Start <= by).Reverse().Take(PlacesTried)
            .Append(0).Append(without.FindLastIndex(b => b.Start <= by) + 1).Distinct();
        foreach (var place in places)
        {
            foreach (var front in before.Count > 0 ? (bool[])[false, true] : [false])
            {
                List<PlanBatch> list = [.. without[..place], new PlanBatch([task], equipment), .. without[place..]];
                yield return front
                    ? [.. list.Where(b => b.Tasks.Any(before.Contains)), .. list.Where(b => !b.Tasks.Any(before.Contains))]
                    : PlanOrder.Sorted(problem, list);
            }
        }
    }

    private static HashSet<int> Before(SchedulingProblem problem, int task)
    {
        var (found, next) = (new HashSet<int>(), new Stack<int>([task]));
        while (next.TryPop(out var t))
        {
            foreach (var p in problem.Tasks[t].Predecessors)
            {
                if (found.Add(p))
                {
                    next.Push(p);
                }
            }
        }

        return found;
    }

    /// <summary>Searches on with the job locked to its place; plans that begin it too late are not taken.</summary>
    private static ObjectiveReport? BestAround(List<PlanBatch> forced, WhyNotRequest request, CancellationToken stop)
    {
        var weights = request.Plant.Scenario.Objective with { Instability = 0 };
        var first = PlanConversion.ToSchedule(SchedulingProblem.Build(request.Plant, request.From, request.Current, weights), forced, "why not");
        var locked = first with { Batches = [.. first.Batches.Select(b => b.Jobs.Contains(request.Job) ? b with { Locked = true } : b)] };
        var problem = SchedulingProblem.Build(request.Plant, request.From, locked, weights);
        using var incumbent = new Incumbent(problem, request.From, null) { Accepts = s => Fulfils(request, s.Batches.First(b => b.Jobs.Contains(request.Job))) };
        if (!incumbent.Offer(problem.Current!, "forced"))
        {
            return null;
        }

        Search(problem, incumbent, request, stop);
        return incumbent.Objective;
    }
}
