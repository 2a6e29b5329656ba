using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.CpSat;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Scheduler.Shops;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler;

/// <summary>Makes schedules: dispatch rules first, then CP-SAT on the whole problem while it is small, else search around the best plan;
/// plants with mixed-model lines go to <see cref="LinePlanner"/>, plain job shops to <see cref="ShopSearch"/>.</summary>
/// <remarks>
/// Every schedule it reports or returns has passed <see cref="ScheduleChecker"/>. With one worker the sequence of schedules depends on
/// the problem and the seed alone; the clock decides only how far along it the search comes, and how the round ends that it cuts short.
/// Safe to use from several threads at once.
/// </remarks>
public sealed class Planner : IPlanner
{
    /// <summary>Problems of at most so many operations are given to CP-SAT as a whole.</summary>
    public const int WholeUpTo = 500;

    /// <summary>… as long as the model has at most so many alternatives and successions.</summary>
    private const long LargestModel = 60_000;

    private const double ShareBeforeShifting = 0.75;

    /// <summary>Moves of a plain job shop before its proof, on one thread.</summary>
    private const long ShopWarmUpMoves = 300_000;

    /// <summary>Rounds of local search that give CP-SAT its first plan, where batches or changeovers make its model large.</summary>
    private const int WarmUpRounds = 12, WarmUpFrom = 100;

    /// <inheritdoc/>
    public PlanningResult Plan(PlanningRequest request, Action<PlanningProgress>? report = null, CancellationToken stop = default)
    {
        Validate(request);
        return Search(request, report, stop) with { NotKnown = BlindSpots.Of(request.Plant) };
    }

    private static PlanningResult Search(PlanningRequest request, Action<PlanningProgress>? report, CancellationToken stop)
    {
        if (LinePlanner.Suits(request))
        {
            return new LinePlanner().Plan(request, report, stop);
        }

        var problem = SchedulingProblem.Build(request.Plant, request.From, request.Current, request.Objective);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromMilliseconds(request.TimeLimit.Milliseconds));
        using var incumbent = new Incumbent(problem, request.From, report);
        Start(problem, incumbent, timeout.Token);
        incumbent.RaiseBound(LowerBound.Of(problem));
        if (incumbent.Schedule is null && problem.Tasks.Length > 0 && !IsSmall(problem))
        {
            throw NothingPasses(incumbent);
        }

        // Hours of the tariff are chosen last, in time kept for it.
        var shifts = EnergyShift.Matters(problem);
        using var search = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token);
        search.CancelAfter(TimeSpan.FromMilliseconds(Math.Max(1, (request.TimeLimit * (shifts ? ShareBeforeShifting : 1) - incumbent.Elapsed).Milliseconds)));
        var small = IsSmall(problem);
        var shop = ShopBridge.Build(problem);
        if (shop is not null)
        {
            if (SearchShop(shop, request, incumbent, small, search.Token))
            {
                return Result(incumbent, proved: true, stop);
            }
        }
        else if (!small || WarmsUp(problem))
        {
            ImprovementSearch.Run(problem, incumbent, request.Workers, request.Seed, small ? WarmUpRounds : int.MaxValue, search.Token);
        }

        var proved = problem.Tasks.IsEmpty || (small && !search.IsCancellationRequested && SearchWhole(problem, request, incumbent, search.Token));

        if (shifts && incumbent.Schedule is not null && EnergyShift.Improve(problem, incumbent.Plan(), timeout.Token) is { } shifted)
        {
            incumbent.Offer(shifted, "tariff");
        }

        return Result(incumbent, proved, stop);
    }

    private static PlanningResult Result(Incumbent incumbent, bool proved, CancellationToken stop) => new()
    {
        Schedule = incumbent.Schedule ?? throw NothingPasses(incumbent),
        Outcome = proved ? PlanningOutcome.Optimal : stop.IsCancellationRequested ? PlanningOutcome.Stopped : PlanningOutcome.Feasible,
        Objective = incumbent.Objective!,
        Bound = proved ? incumbent.Objective!.Total : incumbent.Bound,
        Elapsed = incumbent.Elapsed,
        First = incumbent.First,
    };

    /// <summary>A plain job shop: its own search, all the time there is; alone on one thread it leaves the proof of a small one to CP-SAT.</summary>
    private static bool SearchShop(ShopBridge shop, PlanningRequest request, Incumbent incumbent, bool small, CancellationToken stop) =>
        shop.Search(incumbent, new ShopLimits(
            Math.Max(0.05, (request.TimeLimit - incumbent.Elapsed).Seconds), request.Workers, request.Seed, small && request.Workers == 1 ? ShopWarmUpMoves : null), stop);

    /// <summary>The schedule in force where it still holds, and one plan per dispatch rule.</summary>
    private static void Start(SchedulingProblem problem, Incumbent incumbent, CancellationToken stop)
    {
        if (problem.Tasks.IsEmpty)
        {
            incumbent.Offer([], "nothing to plan");
            return;
        }

        if (problem.Current is { } current)
        {
            incumbent.Enter("schedule in force");
            incumbent.Offer(current, "schedule in force");
            if (CurrentPlan.Continue(problem, current) is { } continued)
            {
                incumbent.Offer(continued, "schedule in force, carried on");
            }
        }

        foreach (var rule in Constructor.Rules)
        {
            incumbent.Enter($"dispatch {rule}");
            if (Constructor.Build(problem, rule) is { } plan)
            {
                incumbent.Offer(plan, $"dispatch {rule}");
            }

            if (stop.IsCancellationRequested && incumbent.Schedule is not null)
            {
                return;
            }
        }
    }

    /// <summary>CP-SAT on the whole problem; true when the incumbent is proved to be the best.</summary>
    private static bool SearchWhole(SchedulingProblem problem, PlanningRequest request, Incumbent incumbent, CancellationToken stop)
    {
        incumbent.Enter("CP-SAT");
        var layout = new Layout(problem);
        var model = new Model(Scope.Whole(problem), incumbent.Plan());
        var limits = new SolveLimits(Math.Max(0.05, (request.TimeLimit - incumbent.Elapsed).Seconds), null, request.Workers, request.Seed);
        var best = double.PositiveInfinity;
        var end = CpSatSearch.Run(model, limits, plan =>
        {
            if (layout.LayOut(plan) is { } laidOut)
            {
                best = Math.Min(best, layout.Value(laidOut));
                incumbent.Offer(laidOut, "CP-SAT");
            }
        }, LowerBoundHolds(problem) ? incumbent.RaiseBound : null, stop);
        if (end == SolveEnd.Infeasible && incumbent.Schedule is null)
        {
            throw new PlanningException("No schedule keeps all rules: locks, longest waits and forbidden changeovers contradict each other. Maybe unlock a batch, or give the changeover rule a cleaning?");
        }

        // Proved only where the model was exact: the plan laid out is worth no more than the bound of the model.
        return end == SolveEnd.Proved && LowerBoundHolds(problem) && incumbent.Value <= incumbent.Bound + 1e-6 * Math.Max(1, Math.Abs(incumbent.Value));
    }

    /// <summary>The penalty of under-loaded batches is part of the model but not of the objective: with it, the model's bound says nothing.</summary>
    private static bool LowerBoundHolds(SchedulingProblem problem) => !problem.Tasks.Any(t =>
        t.BatchKey >= 0 && t.Options.Any(o => problem.Machines[o.Equipment].CapacityMin > t.Load));

    private static bool WarmsUp(SchedulingProblem problem) => problem.Tasks.Length > WarmUpFrom
        && problem.Tasks.Any(t => t.BatchKey >= 0 || t.Options.Any(o => problem.Machines[o.Equipment].Rule >= 0));

    private static bool IsSmall(SchedulingProblem problem)
    {
        if (problem.Tasks.Length > WholeUpTo)
        {
            return false;
        }

        var onMachine = new long[problem.Machines.Length];
        foreach (var option in problem.Tasks.SelectMany(t => t.Options))
        {
            onMachine[option.Equipment]++;
        }

        return onMachine.Select((n, e) => problem.Machines[e].Rule >= 0 ? n * n : n).Sum() <= LargestModel;
    }

    private static void Validate(PlanningRequest request)
    {
        if (request.TimeLimit <= Duration.Zero)
        {
            throw new PlanningException($"The time limit is {request.TimeLimit}; it must be longer than zero. Maybe 30s?");
        }

        if (request.Workers < 1)
        {
            throw new PlanningException($"The planner was given {request.Workers} workers; it needs at least one.");
        }
    }

    private static PlanningException NothingPasses(Incumbent incumbent) => new(
        "No schedule was found that keeps all rules" + (incumbent.LastRefusal is [var first, ..] ? $": {first.Message}" : ".")
        + " Maybe a longest wait is too short, or a forbidden changeover needs a cleaning?");
}
