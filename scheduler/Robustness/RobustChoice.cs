using System.Collections.Concurrent;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Scheduler.Robustness;

/// <summary>A schedule on paper and in the world.</summary>
/// <param name="Slack">Share by which processing times were taken longer when its order of work was searched; 0 for the plain search.</param>
/// <param name="Nominal">Its objective with every time at its mean.</param>
/// <param name="P50">Median of the weighted tardiness over its executions with luck, h·priority.</param>
/// <param name="P90">In nine of ten executions the weighted tardiness is at most this.</param>
public sealed record RobustCandidate(Schedule Schedule, double Slack, ObjectiveReport Nominal, double P50, double P90);

/// <summary>Chooses among good schedules the one that stays good: all are executed with the same luck.</summary>
public static class RobustChoice
{
    private const int KeptPerSearch = 4;

    /// <summary>Searches plainly and with slack, executes the best of both under common random numbers, and orders them.</summary>
    /// <param name="request">What to plan; its time is shared among the searches.</param>
    /// <param name="execution">How schedules are executed (seed, window); its policy is replaced.</param>
    /// <param name="replications">Executions of each schedule, ≥ 2.</param>
    /// <param name="robustness">In [0, 1]: 0 orders by the nominal objective alone, 1 by the P90 of the tardiness alone (at the scenario's weight).</param>
    /// <param name="slack">Share by which times are taken longer in the second search, > 0.</param>
    /// <returns>The candidates, the chosen one first.</returns>
    /// <exception cref="PlanningException">The problem is contradictory, or an argument is out of range.</exception>
    public static IReadOnlyList<RobustCandidate> Search(
        PlanningRequest request, RunPlan execution, int replications, double robustness, double slack, Action<PlanningProgress>? report = null, CancellationToken stop = default)
    {
        if (!(robustness is >= 0 and <= 1) || !(slack is > 0 and <= 1) || replications < 2)
        {
            throw new PlanningException($"Robustness {robustness} and slack {slack} must lie between 0 and 1, and at least 2 executions are needed, not {replications}. Maybe 0.5, 0.15 and 20?");
        }

        var half = request with { TimeLimit = request.TimeLimit * 0.5 };
        var found = Incumbents(half, report, stop).Select(s => (Schedule: s, Slack: 0.0)).ToList();
        var slower = half with { Plant = CompiledScenario.Compile(Slower(request.Plant.Scenario, 1 + slack)), Current = null };
        found.AddRange(Incumbents(slower, report, stop).Select(s => OnTime(request, s)).OfType<Schedule>().Select(s => (s, slack)));
        var candidates = found.Select(f => Executed(request, execution, f.Schedule, f.Slack, replications)).ToList();
        return [.. candidates.OrderBy(Score).ThenBy(c => c.Nominal.Total)];

        double Score(RobustCandidate candidate)
        {
            var weights = request.Objective ?? request.Plant.Scenario.Objective;
            return (1 - robustness) * candidate.Nominal.Total + robustness * Math.Max(1e-9, weights.Tardiness) * candidate.P90;
        }
    }

    /// <summary>The last few schedules that a search found better and better.</summary>
    private static List<Schedule> Incumbents(PlanningRequest request, Action<PlanningProgress>? report, CancellationToken stop)
    {
        var kept = new ConcurrentQueue<Schedule>();
        new Planner().Plan(request, progress =>
        {
            if (progress.Schedule is { } schedule)
            {
                kept.Enqueue(schedule);
                if (kept.Count > KeptPerSearch)
                {
                    kept.TryDequeue(out _);
                }
            }

            report?.Invoke(progress);
        }, stop);
        return [.. kept];
    }

    /// <summary>The order of work of a schedule made with longer times, timed with the true ones.</summary>
    private static Schedule? OnTime(PlanningRequest request, Schedule schedule)
    {
        var problem = SchedulingProblem.Build(request.Plant, request.From, schedule, request.Objective);
        return CurrentPlan.Continue(problem, problem.Current!) is { } plan && PlanConversion.ToSchedule(problem, plan, $"{schedule.Origin}, with slack") is var timed
            && ScheduleChecker.IsExecutable(request.Plant, timed, request.From, request.Current)
            ? timed
            : null;
    }

    private static RobustCandidate Executed(PlanningRequest request, RunPlan execution, Schedule schedule, double slack, int replications)
    {
        var plan = execution with { Name = schedule.Origin, Policy = new DispatchPolicy { Rule = request.Plant.Scenario.Dispatch, Schedule = schedule } };
        var tardiness = new double[replications];
        Parallel.For(0, replications, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Workers) }, r => tardiness[r] = WeightedTardiness(plan, r));
        Array.Sort(tardiness);
        var nominal = ObjectiveEvaluator.Evaluate(request.Plant, schedule, request.Objective ?? request.Plant.Scenario.Objective, request.From, request.Current);
        return new RobustCandidate(schedule, slack, nominal, Quantiles.Of(tardiness, 0.5), Quantiles.Of(tardiness, 0.9));
    }

    /// <summary>Σ priority × hours late of one execution; an order that does not end counts to the end of the window.</summary>
    private static double WeightedTardiness(RunPlan plan, int replication)
    {
        var ends = Experiment.Run(plan, replication).Completions;
        var sum = 0.0;
        for (var o = 0; o < plan.Plant.Scenario.Orders.Length; o++)
        {
            var order = plan.Plant.Scenario.Orders[o];
            sum += order.Due is { } due ? order.Priority * Math.Max(0, ((ends[o] ?? plan.Until) - due).Hours) : 0;
        }

        return sum;
    }

    private static Scenario Slower(Scenario scenario, double factor) => scenario with
    {
        Plant = scenario.Plant with
        {
            WorkMasters =
            [
                .. scenario.Plant.WorkMasters.Select(w => w with
                {
                    Operations = [.. w.Operations.Select(o => o with { Variation = Distribution.Constant(o.Variation.Mean * factor) })],
                }),
            ],
        },
    };
}
