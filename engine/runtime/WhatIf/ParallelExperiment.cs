using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>Runs replications on several threads.</summary>
/// <remarks>A replication depends only on its plan and its number, so the results are the same whatever the number of threads.
/// Work is handed out in the order asked for, replication by replication over all plans, so that a stop leaves complete pairs behind.</remarks>
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
        var requests = Enumerable.Range(0, count).SelectMany(r => plans.Select((p, i) => new ReplicationRequest(i, p, r))).ToArray();
        var results = Run(requests, threads, finished, stop);
        return [.. plans.Select((_, p) => (IReadOnlyList<RunResult>)[.. results.Where((r, i) => r is not null && requests[i].Alternative == p).Select(r => r!)])];
    }

    /// <summary>Runs replications of any plans; blocks the caller.</summary>
    /// <returns>One result per request; <c>null</c> for those that did not start before the stop.</returns>
    public static IReadOnlyList<RunResult?> Run(
        IReadOnlyList<ReplicationRequest> requests, int threads, Action<int>? finished = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var results = new RunResult?[requests.Count];
        var gate = new Lock();
        var (next, done) = (-1, 0);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < results.Length && !stop.IsCancellationRequested; i = Interlocked.Increment(ref next))
            {
                results[i] = Experiment.Run(requests[i].Plan, requests[i].Replication);
                lock (gate)
                {
                    finished?.Invoke(++done);
                }
            }
        });

        return results;
    }

    /// <summary>Runs a whole experiment; see <see cref="ExperimentProcedure"/>.</summary>
    /// <param name="finished">Called after each run with the number of runs finished and asked for so far.</param>
    public static ExperimentReport? Run(
        string source, IReadOnlyList<(RunPlan Plan, System.Collections.Immutable.ImmutableArray<string> Changes)> alternatives, ExperimentDesign design, int threads,
        Action<int, int>? finished = null, CancellationToken stop = default)
    {
        var (before, asked) = (0, 0);
        return new ExperimentProcedure(alternatives, design, requests =>
        {
            asked += requests.Count;
            var results = Run(requests, threads, done => finished?.Invoke(before + done, asked), stop);
            before += requests.Count;
            return results;
        }).Run(source);
    }
}
