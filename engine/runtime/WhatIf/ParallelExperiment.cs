using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>Runs the replications of several plans on several threads.</summary>
/// <remarks>A replication depends only on its plan and its number, so the results are the same whatever the number of threads.
/// Work is handed out replication by replication over all plans, so that a stop leaves complete pairs behind.</remarks>
public static class ParallelExperiment
{
    /// <summary>Runs replications 0…<paramref name="count"/>−1 of every plan; blocks the caller.</summary>
    /// <param name="threads">Threads, ≥ 1.</param>
    /// <param name="finished">Called after each run with the number of runs finished so far, from one thread at a time.</param>
    /// <param name="stop">No new run starts after this; what was finished is returned.</param>
    /// <returns>Per plan the finished runs by replication.</returns>
    public static IReadOnlyList<IReadOnlyList<RunResult>> Run(
        IReadOnlyList<RunPlan> plans, int count, int threads, Action<int>? finished = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var results = new RunResult?[plans.Count * count];
        var gate = new Lock();
        var (next, done) = (-1, 0);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < results.Length && !stop.IsCancellationRequested; i = Interlocked.Increment(ref next))
            {
                results[i] = Experiment.Run(plans[i % plans.Count], i / plans.Count);
                lock (gate)
                {
                    finished?.Invoke(++done);
                }
            }
        });

        return [.. Enumerable.Range(0, plans.Count).Select(p =>
            (IReadOnlyList<RunResult>)[.. results.Where((r, i) => r is not null && i % plans.Count == p).Select(r => r!)])];
    }
}
