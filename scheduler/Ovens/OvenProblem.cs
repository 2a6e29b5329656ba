using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Ovens;

/// <summary>A job: one load, or a share of one.</summary>
/// <param name="Size">Capacity it takes, ≥ 1.</param>
/// <param name="Family">Only jobs of one family share a batch.</param>
/// <param name="MinTime">Shortest time in the oven, ≥ 1.</param>
/// <param name="MaxTime">Longest time in the oven.</param>
/// <param name="Ovens">Ovens that may take it.</param>
public sealed record OvenJob(int Size, int Family, int Release, int Due, int MinTime, int MaxTime, ImmutableArray<int> Ovens);

/// <summary>An oven or a vat: what it holds at once, when it may work, and what was in it before.</summary>
/// <param name="InitialFamily">−1 when clean.</param>
/// <param name="Shifts">Windows (start, end), rising and apart; a batch and the setup before it lie wholly inside one.</param>
public sealed record Oven(int Capacity, int InitialFamily, ImmutableArray<(int Start, int End)> Shifts);

/// <summary>What counts, per unit: oven time, a late job, and a unit of setup time and cost.</summary>
public sealed record OvenWeights(long RunTime, long LateJob, long SetupTime, long SetupCost);

/// <summary>Which jobs go into a vat or oven together, where and when? Parallel batches of incompatible families, with setups, shifts and due dates.</summary>
/// <remarks>
/// The Oven Scheduling Problem (Lackner, Mrkvicka, Musliu, Walkiewicz, Winter: Minimizing cumulative batch processing time for an
/// industrial oven scheduling problem, CP 2021). A batch runs as long as the longest of its jobs must, and no longer than any of them may;
/// it starts when all its jobs are released; batch and setup before it lie in one shift. Immutable; validated when built.
/// </remarks>
public sealed class OvenProblem
{
    private OvenProblem(ImmutableArray<OvenJob> jobs, ImmutableArray<Oven> ovens, int families, int[] setupTime, int[] setupCost, OvenWeights weights)
    {
        (Jobs, Ovens, Families, SetupTimes, SetupCosts, Weights) = (jobs, ovens, families, setupTime, setupCost, weights);
        Allowed = [.. jobs.Select(j => j.Ovens.Where(m => j.Size <= ovens[m].Capacity).Aggregate(0UL, (bits, m) => bits | 1UL << m))];
    }

    public ImmutableArray<OvenJob> Jobs { get; }

    public ImmutableArray<Oven> Ovens { get; }

    public int Families { get; }

    public OvenWeights Weights { get; }

    /// <summary>[family before × <see cref="Families"/> + family]; the last row is for a clean oven.</summary>
    internal int[] SetupTimes { get; }

    internal int[] SetupCosts { get; }

    /// <summary>Ovens that a job fits into, as bits.</summary>
    internal ulong[] Allowed { get; }

    /// <param name="setupTimes">Row = family before, last row = clean; column = family.</param>
    /// <exception cref="PlanningException">Empty, contradictory or pointing nowhere; the message names the job.</exception>
    public static OvenProblem Create(
        IEnumerable<OvenJob> jobs, IEnumerable<Oven> ovens, int families,
        IReadOnlyList<IReadOnlyList<int>> setupTimes, IReadOnlyList<IReadOnlyList<int>> setupCosts, OvenWeights weights)
    {
        ArgumentNullException.ThrowIfNull(setupTimes);
        ArgumentNullException.ThrowIfNull(setupCosts);
        ImmutableArray<OvenJob> work = [.. jobs];
        ImmutableArray<Oven> places = [.. ovens];
        if (work.IsEmpty || places.Length is 0 or > 64)
        {
            throw new PlanningException(string.Create(CultureInfo.InvariantCulture,
                $"There are {work.Length} jobs and {places.Length} ovens, but there must be at least one job, and from 1 to 64 ovens. Maybe split the plant?"));
        }

        for (var j = 0; j < work.Length; j++)
        {
            if (Mistake(work[j], places, families) is { } wrong)
            {
                throw new PlanningException(string.Create(CultureInfo.InvariantCulture, $"Job {j + 1} {wrong}."));
            }
        }

        return new OvenProblem(work, places, families, [.. setupTimes.SelectMany(r => r)], [.. setupCosts.SelectMany(r => r)], weights);
    }

    private static string? Mistake(OvenJob job, ImmutableArray<Oven> ovens, int families) =>
        job.Size < 1 || job.MinTime < 1 || job.Release < 0 ? "has a size or time below 1, or is released before 0"
        : job.MinTime > job.MaxTime ? $"must run for at least {job.MinTime} and at most {job.MaxTime}. Maybe the two are swapped?"
        : job.Family < 0 || job.Family >= families ? $"is of family {job.Family + 1}, but there are {families}"
        : job.Ovens.Any(m => m < 0 || m >= ovens.Length) ? $"names an oven that does not exist; there are {ovens.Length}"
        : !job.Ovens.Any(m => job.Size <= ovens[m].Capacity) ? $"of size {job.Size} fits into none of its ovens. Maybe split it?"
        : !job.Ovens.Any(m => ovens[m].Shifts.Any(s => Math.Max(s.Start, job.Release) + job.MinTime <= s.End)) ? $"needs {job.MinTime} after {job.Release}, but no shift of its ovens is that long. Maybe add one?"
        : null;
}

/// <summary>Jobs together in an oven.</summary>
public sealed record OvenBatch(int Oven, int Start, int End, ImmutableArray<int> Jobs);

/// <summary>A schedule of ovens.</summary>
public sealed record OvenSchedule(ImmutableArray<OvenBatch> Batches, long Cost);

/// <summary>Checks a schedule of ovens against the problem as stated, sharing no code with the search.</summary>
public static class OvenChecker
{
    /// <summary>What is wrong first; <c>null</c> when the schedule holds.</summary>
    public static string? FirstViolation(OvenProblem problem, OvenSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(schedule);
        var placed = new int[problem.Jobs.Length];
        foreach (var batch in schedule.Batches)
        {
            foreach (var j in batch.Jobs)
            {
                placed[j]++;
            }

            if (Mistake(problem, batch) is { } wrong)
            {
                return $"the batch on oven {batch.Oven + 1} at {batch.Start} {wrong}";
            }
        }

        if (Array.FindIndex(placed, p => p != 1) is >= 0 and var job)
        {
            return $"job {job + 1} is done {placed[job]} times";
        }

        var cost = schedule.Batches.Sum(b => problem.Weights.RunTime * (b.End - b.Start) + problem.Weights.LateJob * b.Jobs.Count(j => b.End > problem.Jobs[j].Due));
        foreach (var oven in schedule.Batches.GroupBy(b => b.Oven))
        {
            var (end, before) = (0, problem.Ovens[oven.Key].InitialFamily);
            foreach (var batch in oven.OrderBy(b => b.Start))
            {
                var family = problem.Jobs[batch.Jobs[0]].Family;
                var row = (before < 0 ? problem.Families : before) * problem.Families + family;
                if (batch.Start < end + problem.SetupTimes[row])
                {
                    return $"the batch on oven {batch.Oven + 1} at {batch.Start} begins before its setup of {problem.SetupTimes[row]} after {end} is over";
                }

                if (!problem.Ovens[oven.Key].Shifts.Any(s => s.Start <= batch.Start - problem.SetupTimes[row] && batch.End <= s.End))
                {
                    return $"the batch on oven {batch.Oven + 1} at {batch.Start} is not in a shift, with its setup";
                }

                cost += problem.Weights.SetupTime * problem.SetupTimes[row] + problem.Weights.SetupCost * problem.SetupCosts[row];
                (end, before) = (batch.End, family);
            }
        }

        return cost == schedule.Cost ? null : $"the cost is {cost}, not {schedule.Cost}";
    }

    private static string? Mistake(OvenProblem problem, OvenBatch batch)
    {
        var jobs = batch.Jobs.Select(j => problem.Jobs[j]).ToList();
        var length = batch.End - batch.Start;
        return jobs.Count == 0 ? "is empty"
            : jobs.Exists(j => j.Family != jobs[0].Family) ? "mixes families"
            : jobs.Exists(j => !j.Ovens.Contains(batch.Oven)) ? "holds a job that may not go there"
            : jobs.Sum(j => j.Size) > problem.Ovens[batch.Oven].Capacity ? "is too large"
            : jobs.Exists(j => length < j.MinTime || length > j.MaxTime) ? $"runs for {length}, which one of its jobs does not allow"
            : jobs.Exists(j => j.Release > batch.Start) ? "starts before a job is released"
            : null;
    }
}
