using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.CpSat;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Large-neighbourhood search: a window of the plan is decided anew by CP-SAT, all behind it keeps its order.</summary>
/// <param name="byWork">Only the work done ends a window's search, not the clock: the same seed then gives the same plans.</param>
internal sealed class WindowSearch(SchedulingProblem problem, SearchRandom random, bool byWork)
{
    private const int Smallest = 8, Largest = 120;
    private const double Seconds = 6, SecondsByWork = 600, DeterministicTime = 0.8;

    /// <summary>A window with more tasks behind it costs more to model than it can win; working hours make each of them dearer.</summary>
    private readonly int _mostTasks = problem.Machines.Any(m => m.Calendar is not null) ? 300 : 1500;

    /// <summary>Pairs of free batches that might follow each other on a machine with changeovers; each is a literal.</summary>
    private const long MostSuccessions = 15_000;

    private int _size = 24;

    /// <summary>The decisions of the window with everything behind it, with the model's times; <c>null</c> when it found nothing new.</summary>
    public List<PlanBatch>? Improve(IReadOnlyList<PlanBatch> plan, int seed, CancellationToken stop)
    {
        var sequences = plan.GroupBy(b => b.Equipment).OrderBy(g => g.Key).Select(g => g.OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ToList()).ToList();
        var free = random.Below(3) switch
        {
            0 => TimeWindow(plan, sequences, everywhere: true),
            1 => TimeWindow(plan, sequences, everywhere: false),
            _ => AroundLateLot(plan, sequences),
        };
        if (free.Count < 2)
        {
            return null;
        }

        var scope = Scope.Window(problem, plan, free);
        if (scope.Tasks.Length > _mostTasks || Successions(free) > MostSuccessions)
        {
            _size = Math.Max(Smallest, _size - 1 - _size / 10);
            return null;
        }

        List<PlanBatch>? best = null;
        var end = CpSatSearch.Run(
            new Model(scope, plan), new SolveLimits(byWork ? SecondsByWork : Seconds, DeterministicTime, 1, seed), found => best = found, null, stop);
        _size = end == SolveEnd.Proved ? Math.Min(Largest, _size + 2 + _size / 10) : Math.Max(Smallest, _size - 1 - _size / 10);
        return best;
    }

    private long Successions(HashSet<PlanBatch> free)
    {
        var sum = 0L;
        foreach (var e in free.Select(b => b.Equipment).Distinct().Where(e => problem.Machines[e].Rule >= 0))
        {
            var fit = (long)free.Sum(b => b.Tasks.Count(t => problem.Tasks[t].CanRunOn(e)));
            sum += fit * fit;
        }

        return sum;
    }

    /// <summary>All batches that begin within a stretch of time, on all machines or on a few that work on the same lots.</summary>
    private HashSet<PlanBatch> TimeWindow(IReadOnlyList<PlanBatch> plan, List<List<PlanBatch>> sequences, bool everywhere)
    {
        var center = plan[random.Below(plan.Count)];
        var machines = everywhere ? null : Neighbours(plan, center);
        var near = plan.Where(b => machines is null || machines.Contains(b.Equipment))
            .OrderBy(b => Math.Abs(b.Start - center.Start)).ThenBy(b => b.Equipment).Take(_size).ToHashSet();
        return Contiguous(sequences, near);
    }

    /// <summary>The machine of a batch, others that could do its work, and those its lots visit.</summary>
    private HashSet<int> Neighbours(IReadOnlyList<PlanBatch> plan, PlanBatch center)
    {
        var lots = center.Tasks.Select(t => problem.Plant.Jobs.JobLot[problem.Tasks[t].Job]).ToHashSet();
        var machines = plan.Where(b => b.Tasks.Any(t => lots.Contains(problem.Plant.Jobs.JobLot[problem.Tasks[t].Job]))).Select(b => b.Equipment).ToHashSet();
        var options = problem.Tasks[center.Tasks[0]].Options;
        for (var n = 0; n < 3; n++)
        {
            machines.Add(options[random.Below(options.Length)].Equipment);
        }

        return machines;
    }

    /// <summary>A late lot and what runs just before and after it on its machines.</summary>
    private HashSet<PlanBatch> AroundLateLot(IReadOnlyList<PlanBatch> plan, List<List<PlanBatch>> sequences)
    {
        var batch = plan[random.Below(plan.Count)];
        for (var n = 0; n < 4; n++)
        {
            var other = plan[random.Below(plan.Count)];
            batch = Lateness(other) > Lateness(batch) ? other : batch;
        }

        var lots = batch.Tasks.Select(t => problem.Plant.Jobs.JobLot[problem.Tasks[t].Job]).ToHashSet();
        var own = plan.Where(b => b.Tasks.Any(t => lots.Contains(problem.Plant.Jobs.JobLot[problem.Tasks[t].Job]))).ToList();
        var reach = Math.Max(1, _size / (2 * Math.Max(1, own.Count)));
        var near = new HashSet<PlanBatch>();
        foreach (var sequence in sequences)
        {
            foreach (var i in own.Where(b => b.Equipment == sequence[0].Equipment).Select(b => sequence.IndexOf(b)))
            {
                near.UnionWith(sequence.Skip(Math.Max(0, i - reach)).Take(2 * reach + 1));
            }
        }

        return Contiguous(sequences, near);
    }

    private double Lateness(PlanBatch batch) => batch.Tasks.Max(t =>
        problem.Orders[problem.Tasks[t].Order] is { Due: { } due, Weight: var weight } ? weight * Math.Max(0, batch.End - due) : 0.0);

    /// <summary>Fills the gaps between chosen batches of a machine; machines with locks are left alone.</summary>
    private HashSet<PlanBatch> Contiguous(List<List<PlanBatch>> sequences, HashSet<PlanBatch> chosen)
    {
        var filled = new HashSet<PlanBatch>();
        foreach (var sequence in sequences.Where(s => problem.Machines[s[0].Equipment].Locks.IsEmpty))
        {
            var (first, last) = (sequence.FindIndex(chosen.Contains), sequence.FindLastIndex(chosen.Contains));
            if (first >= 0 && last - first < 2 * _size)
            {
                filled.UnionWith(sequence.Skip(first).Take(last - first + 1));
            }
        }

        return filled;
    }
}
