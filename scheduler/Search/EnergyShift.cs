using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Delays batches into cheaper hours of the tariff where that saves more than it costs.</summary>
/// <remarks>
/// From the end of the plan to its beginning, each batch is tried at the price steps of the next day; the whole plan is laid out and
/// priced each time, so a delay pays only if what it pushes back costs less. A shifted batch holds until its start.
/// </remarks>
internal static class EnergyShift
{
    private const int MostSteps = 8;

    /// <summary>Whether delaying can pay at all.</summary>
    public static bool Matters(SchedulingProblem problem) =>
        problem.Weights.EnergyCost > 0 && problem.Machines.Any(m => problem.Plant.TariffOf(m.Index) is { Count: > 1 });

    /// <summary>The improved plan; <c>null</c> when no delay pays.</summary>
    public static List<PlanBatch>? Improve(SchedulingProblem problem, IReadOnlyList<PlanBatch> plan, CancellationToken stop)
    {
        var timetable = new Timetable(problem);
        var objective = new PlanObjective(problem);
        var current = plan.Select(b => b.Copy()).ToList();
        if (!timetable.Rebuild(current) || (LongestWaits.Matter(problem) && !LongestWaits.Repair(problem, timetable, current)))
        {
            return null;
        }

        var (value, any) = (objective.Of(current), false);
        foreach (var batch in current.OrderByDescending(b => b.Start).ToList())
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            var (keep, best) = (batch.NotBefore, value);
            foreach (var start in Candidates(problem, batch))
            {
                var before = batch.NotBefore;
                batch.NotBefore = start;
                if (timetable.Rebuild(current) && KeepsWaits(problem, current) && objective.Of(current) is var with && with < best * (1 - 1e-9))
                {
                    (best, keep, any) = (with, start, true);
                }
                else
                {
                    batch.NotBefore = before;
                }
            }

            batch.NotBefore = keep;
            timetable.Rebuild(current);
            value = best;
        }

        return any ? current : null;
    }

    /// <summary>Begins that let the processing start, or end, at a change of price.</summary>
    private static IEnumerable<long> Candidates(SchedulingProblem problem, PlanBatch batch)
    {
        if (problem.Plant.TariffOf(batch.Equipment) is not { } tariff)
        {
            yield break;
        }

        var lead = batch.Start - batch.SetupStart;
        var steps = 0;
        for (var i = 0; i < tariff.Count && steps < MostSteps; i++)
        {
            var change = tariff.Step(i).Start.Milliseconds;
            if (change > batch.Start && change <= batch.Start + Duration.MillisecondsPerDay)
            {
                steps++;
                yield return change - lead;
                if (change - (batch.End - batch.Start) is var untilThen && untilThen > batch.Start)
                {
                    yield return untilThen - lead;
                }
            }
        }
    }

    private static bool KeepsWaits(SchedulingProblem problem, List<PlanBatch> plan)
    {
        var end = new long[problem.Tasks.Length];
        foreach (var batch in plan)
        {
            foreach (var t in batch.Tasks)
            {
                end[t] = batch.End;
                foreach (var p in problem.Tasks[t].Predecessors)
                {
                    if (problem.Tasks[p].MaxWait < long.MaxValue && batch.Start - end[p] > problem.Tasks[p].MaxWait)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }
}
