using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>Repairs a schedule after a breakdown, a rush order or a delay, moving as little as the stability weight asks for.</summary>
/// <remarks>
/// First the planned order is kept and everything shifted as far as it must; then disturbed work is put elsewhere, one job after the
/// other, where the objective (moves priced) gains; then the planner's search goes on from the best. Anytime: each plan has passed the checker.
/// </remarks>
public static class PlanRepair
{
    /// <summary>The rest of the time is for stopping, checking and the difference.</summary>
    private const double SearchShare = 0.8;

    /// <exception cref="PlanningException">The problem is contradictory, or no schedule passes the checker.</exception>
    public static RepairResult Run(RepairRequest request, Action<PlanningProgress>? report = null, CancellationToken stop = default)
    {
        Validate(request);
        var current = Freeze(request);
        var weights = (request.Objective ?? request.Plant.Scenario.Objective) with { Instability = request.Stability };
        var problem = SchedulingProblem.Build(request.Plant, request.From, current, weights);
        using var incumbent = new Incumbent(problem, request.From, report);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromMilliseconds(Math.Max(1, request.TimeLimit.Milliseconds * SearchShare)));
        var shifted = First(problem, incumbent);
        if (!problem.Tasks.IsEmpty && incumbent.Schedule is not null)
        {
            incumbent.Enter("re-insertion");
            if (new Reinsertion(problem, request.From).Improve(incumbent.Plan(), timeout.Token) is { } reinserted)
            {
                incumbent.Offer(reinserted, "re-insertion");
            }

            ImprovementSearch.Run(problem, incumbent, request.Workers, request.Seed, int.MaxValue, timeout.Token);
        }

        var schedule = incumbent.Schedule ?? throw new PlanningException(
            "No repaired schedule keeps all rules" + (incumbent.LastRefusal is [var refusal, ..] ? $": {refusal.Message}" : ".")
            + " Maybe unlock a batch, or shorten the frozen horizon?");
        schedule = Thaw(schedule, request);
        var elapsed = incumbent.Elapsed;
        return new RepairResult(schedule, PlanDiffer.Of(request.Plant, request.Current, schedule, request.From), incumbent.Objective!, shifted, elapsed);
    }

    /// <summary>The schedule in force, timed anew from the plant as it stands: the same order of work, newcomers at the end.</summary>
    /// <exception cref="PlanningException">That order is no longer possible.</exception>
    public static Schedule CarryOn(CompiledScenario plant, Schedule current, PlantState from)
    {
        var problem = SchedulingProblem.Build(plant, from, current);
        return problem.Tasks.IsEmpty ? Schedule.Empty
            : CurrentPlan.Continue(problem, problem.Current!) is { } plan ? PlanConversion.ToSchedule(problem, plan, current.Origin)
            : throw new PlanningException("The schedule in force cannot go on in its order. Maybe repair it first?");
    }

    /// <summary>The planned order carried on; dispatch rules only where that is not possible any more.</summary>
    private static ObjectiveReport? First(SchedulingProblem problem, Incumbent incumbent)
    {
        if (problem.Tasks.IsEmpty)
        {
            incumbent.Offer([], "nothing to plan");
            return incumbent.Objective;
        }

        incumbent.Offer(problem.Current!, "schedule in force");
        if (CurrentPlan.Continue(problem, problem.Current!) is { } continued && (incumbent.Schedule is not null || incumbent.Offer(continued, "right shift")))
        {
            incumbent.Offer(continued, "right shift");
            return incumbent.Objective;
        }

        foreach (var rule in incumbent.Schedule is null ? Constructor.Rules : [])
        {
            if (Constructor.Build(problem, rule) is { } plan)
            {
                incumbent.Offer(plan, $"dispatch {rule}");
            }
        }

        return null;
    }

    /// <summary>The schedule in force with its frozen part locked.</summary>
    private static Schedule Freeze(RepairRequest request)
    {
        var now = request.From.Now;
        var down = request.Plant.Plant.Equipment.Select((_, e) =>
            request.From.Equipment[e].Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance).ToArray();
        return request.Current with { Batches = [.. request.Current.Batches.Select(b => IsFrozen(b) ? b with { Locked = true } : b)] };

        bool IsFrozen(PlannedBatch batch) => !batch.Locked && !down[batch.Equipment]
            && request.FrozenOn.GetValueOrDefault(batch.Equipment, request.Frozen) is var horizon && horizon > Duration.Zero && batch.SetupStart < now + horizon;
    }

    /// <summary>Only what people locked stays locked in the result.</summary>
    private static Schedule Thaw(Schedule schedule, RepairRequest request)
    {
        var locked = request.Current.Batches.Where(b => b.Locked).SelectMany(b => b.Jobs).ToHashSet();
        return schedule with
        {
            Batches = [.. schedule.Batches.Select(b =>
                b.Locked && !b.Jobs.Any(j => locked.Contains(j) || request.From.Jobs[j].Locked) ? b with { Locked = false } : b)],
        };
    }

    private static void Validate(RepairRequest request)
    {
        if (!(request.Stability >= 0 && double.IsFinite(request.Stability)))
        {
            throw new PlanningException($"The stability weight is {request.Stability}; it must be a finite number ≥ 0. Maybe 0, to let everything move?");
        }

        if (request.TimeLimit <= Duration.Zero || request.Workers < 1)
        {
            throw new PlanningException("A repair needs a time limit above zero and at least one worker. Maybe 2s and 2?");
        }

        if (request.Frozen < Duration.Zero || request.FrozenOn.Any(f => f.Value < Duration.Zero || (uint)f.Key >= (uint)request.Plant.Plant.Equipment.Length))
        {
            throw new PlanningException("A frozen horizon is negative or names equipment that the plant does not have. Maybe 0, to freeze nothing?");
        }
    }
}
