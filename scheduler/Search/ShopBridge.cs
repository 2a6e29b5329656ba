using System.Diagnostics;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Shops;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Plans that are nothing but job shops go to the search that knows only job shops.</summary>
/// <remarks>
/// A plan is one when only its length counts: chains of operations on machines that take one at a time, round the clock, without batches,
/// changeovers, travel, auxiliaries, longest waits or locks. Times are divided by their greatest common divisor.
/// </remarks>
internal sealed class ShopBridge
{
    private readonly SchedulingProblem _problem;
    private readonly int[] _tasks; // by operation
    private readonly long _tick;

    private ShopBridge(SchedulingProblem problem, ShopProblem shop, int[] tasks, long tick) => (_problem, Shop, _tasks, _tick) = (problem, shop, tasks, tick);

    public ShopProblem Shop { get; }

    /// <summary>The problem as a job shop; <c>null</c> when it is more than one.</summary>
    public static ShopBridge? Build(SchedulingProblem problem)
    {
        if (problem.Tasks.IsEmpty || !OnlyLengthCounts(problem) || !problem.Machines.All(IsPlain) || problem.Travel.Any(t => t != 0) || !problem.Tasks.All(IsPlain))
        {
            return null;
        }

        var chains = problem.Tasks.Where(t => t.Predecessors.IsEmpty).Select(t => Chain(problem, t).ToList()).ToList();
        int[] tasks = [.. chains.SelectMany(c => c.Select(t => t.Index))];
        var now = problem.Now.Milliseconds;
        long[] ready = [.. tasks.Select(t => Math.Max(0, problem.Tasks[t].Ready - now))];
        long[] free = [.. problem.Machines.Select(m => Math.Max(m.FreeFrom, m.CommittedEnds.IsEmpty ? 0 : m.CommittedEnds[^1]) is var end && end > now ? end - now : 0)];
        var all = ready.Concat(free).Concat(problem.Tasks.SelectMany(t => t.Options.Select(o => o.Time).Append(t.MinWait)));
        var tick = all.Aggregate(0L, Gcd);
        var longest = ready.Max() + free.Max() + problem.Tasks.Sum(t => t.Options.Max(o => o.Time) + t.MinWait);
        if (tick == 0 || longest / tick > ShopProblem.LongestSchedule)
        {
            return null;
        }

        var shop = ShopProblem.Create(
            [.. chains.Select(c => (IReadOnlyList<IReadOnlyList<ShopOption>>)
                [.. c.Select(t => (IReadOnlyList<ShopOption>)[.. t.Options.Select(o => new ShopOption(o.Equipment, Ticks(o.Time)))])])],
            problem.Machines.Length, [.. ready.Select(Ticks)], [.. tasks.Select(t => Ticks(problem.Tasks[t].MinWait))], [.. free.Select(Ticks)]);
        return new ShopBridge(problem, shop, tasks, tick);

        int Ticks(long time) => (int)(time / tick);
    }

    /// <summary>Searches until the limits, a proof or a stop; the incumbent is told what is found. True when it is proved to be the best.</summary>
    public bool Search(Incumbent incumbent, ShopLimits limits, CancellationToken stop)
    {
        incumbent.Enter("job shop");
        var gate = new Lock();
        var layout = new Layout(_problem);
        var (watch, nextAt, offered) = (Stopwatch.StartNew(), TimeSpan.Zero, int.MaxValue);
        var result = ShopSearch.Solve(Shop, limits, progress =>
        {
            lock (gate)
            {
                incumbent.RaiseBound(Value(progress.Bound));
                if (progress.Schedule is { } schedule && watch.Elapsed >= nextAt)
                {
                    Offer(schedule);
                }
            }
        }, stop);
        Offer(result.Schedule);
        incumbent.RaiseBound(Value(result.Bound));
        return result.Proved && incumbent.Value <= Value(result.Bound) * (1 + 1e-9);

        // Laying out and checking a large plan takes its time: it must not slow down the search by more than a tenth.
        void Offer(ShopSchedule schedule)
        {
            if (schedule.Makespan < offered)
            {
                var began = watch.Elapsed;
                offered = schedule.Makespan;
                if (layout.LayOut(ToPlan(schedule)) is { } plan)
                {
                    incumbent.Offer(plan, "job shop");
                }

                nextAt = watch.Elapsed + (watch.Elapsed - began) * 10;
            }
        }
    }

    private IEnumerable<PlanBatch> ToPlan(ShopSchedule schedule)
    {
        var now = _problem.Now.Milliseconds;
        return Enumerable.Range(0, _tasks.Length)
            .OrderBy(v => schedule.Start[v]).ThenBy(v => v)
            .Select(v => new PlanBatch([_tasks[v]], schedule.Machine[v])
            {
                SetupStart = now + schedule.Start[v] * _tick, Start = now + schedule.Start[v] * _tick,
                End = now + schedule.Start[v] * _tick + _problem.Tasks[_tasks[v]].OptionOn(schedule.Machine[v]).Time,
            });
    }

    private double Value(int length) => _problem.Weights.Makespan * (length * (double)_tick / Duration.MillisecondsPerHour);

    private static bool OnlyLengthCounts(SchedulingProblem problem)
    {
        var weights = problem.Weights;
        return weights.Makespan > 0
            && (weights.Tardiness == 0 || problem.Orders.All(o => !o.Counts || o.Due is null))
            && (weights.Instability == 0 || problem.Current is null)
            && (weights.EnergyCost == 0 || problem.Machines.All(m => problem.Plant.TariffOf(m.Index) is null));
    }

    private static bool IsPlain(ProblemMachine machine) => machine is { Slots: 1, Rule: < 0, Calendar: null, Unlimited: false, Locks.IsEmpty: true };

    private static bool IsPlain(ProblemTask task) =>
        task is { BatchKey: < 0, Setup: 0, Lock: < 0, MaxWait: long.MaxValue, Predecessors.Length: <= 1, Successors.Length: <= 1, Auxiliaries.IsEmpty: true }
        && task.LockKind == Plant.Planning.LockKind.None;

    private static IEnumerable<ProblemTask> Chain(SchedulingProblem problem, ProblemTask first)
    {
        for (var task = first; ; task = problem.Tasks[task.Successors[0]])
        {
            yield return task;
            if (task.Successors.IsEmpty)
            {
                yield break;
            }
        }
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
