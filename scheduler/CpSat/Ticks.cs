using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>The unit of time of a model: the greatest common divisor of every time in it, so that nothing is rounded.</summary>
internal readonly record struct Ticks(long Origin, long Length)
{
    public static Ticks Of(Scope scope)
    {
        var problem = scope.Problem;
        var origin = problem.Now.Milliseconds;
        var gcd = 0L;
        foreach (var t in scope.Tasks)
        {
            var task = problem.Tasks[t];
            Add(scope.Ready[t] - origin);
            Add(task.Setup);
            Add(task.MinWait);
            Add(task.MaxWait == long.MaxValue ? 0 : task.MaxWait);
            Add(problem.Orders[task.Order].Due is { } due ? due - origin : 0);
            foreach (var before in task.CommittedPredecessors)
            {
                Add(before.End - origin);
                Add(before.MinWait);
            }

            foreach (var option in task.Options)
            {
                Add(option.Time);
                Add(option.ByLoad ? 1 : 0); // times of mixed loads may be anything
                if (problem.Machines[option.Equipment].Calendar is { } calendar)
                {
                    Add(60_000);
                    Add(calendar.NextChange(problem.Now) is var change && change < new SimTime(long.MaxValue / 8) ? change.Milliseconds - origin : 0);
                }
            }
        }

        Array.ForEach(problem.Travel, Add);
        AddChangeovers(problem, Add);
        for (var e = 0; e < scope.Borders.Length; e++)
        {
            Add(scope.Borders[e].FreeFrom - origin);
            foreach (var end in problem.Machines[e].CommittedEnds)
            {
                Add(end - origin);
            }
        }

        foreach (var (from, _) in scope.Departures.Values.SelectMany(d => d))
        {
            Add(from - origin);
        }

        foreach (var batch in scope.Fixed)
        {
            Add(batch.SetupStart - origin);
            Add(batch.End - origin);
        }

        foreach (var use in problem.CommittedUses)
        {
            Add(use.End - origin);
        }

        return new Ticks(origin, Math.Max(1, gcd));

        void Add(long value)
        {
            value = Math.Abs(value);
            while (value != 0)
            {
                (gcd, value) = (value, gcd % value);
            }
        }
    }

    /// <summary>A moment in ticks; exact for every moment that went into the divisor, else rounded down.</summary>
    public long At(long time) => (long)Math.Floor((time - Origin) / (double)Length);

    /// <summary>A length in ticks, rounded up where it is not a multiple.</summary>
    public long Of(long duration) => (duration + Length - 1) / Length;

    public long ToTime(long ticks) => Origin + ticks * Length;

    private static void AddChangeovers(SchedulingProblem problem, Action<long> add)
    {
        var families = problem.Plant.Plant.Families.Length;
        foreach (var table in problem.Changeovers)
        {
            add(table.EveryBatch);
            foreach (var cleaning in table.Residue?.Cleanings ?? [])
            {
                add(cleaning.Duration.Milliseconds);
            }

            for (var from = -1; from < families; from++)
            {
                for (var to = 0; to < families; to++)
                {
                    add(table.Between(from, to).Time);
                }
            }
        }
    }
}
