using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>A dispatch rule with its parameters.</summary>
/// <param name="LookAhead">k of ATC: how many mean processing times ahead tardiness is felt, > 0.</param>
/// <param name="SetupLookAhead">The same for setups; 0 leaves them out.</param>
internal readonly record struct DispatchSettings(DispatchRule Rule, double LookAhead = 2, double SetupLookAhead = 0)
{
    public override string ToString() => Rule == DispatchRule.Atc
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ATC {LookAhead:0.#}{(SetupLookAhead > 0 ? " with setups" : "")}")
        : Rule == DispatchRule.LeastChangeover ? "least changeover" : Rule.ToString().ToUpperInvariant();
}

/// <summary>How urgent a task is for a machine under a rule; lower goes first.</summary>
/// <remarks>ATC with setups: Lee, Bhaskaran and Pinedo (1997).</remarks>
internal sealed class DispatchScore
{
    private readonly SchedulingProblem _problem;
    private readonly DispatchSettings _settings;
    private readonly long[] _tail; // shortest time from the end of a task to the end of its routing
    private readonly double _meanTime;
    private readonly double _meanSetup;

    public DispatchScore(SchedulingProblem problem, DispatchSettings settings)
    {
        _problem = problem;
        _settings = settings;
        _tail = Tails(problem);
        _meanTime = Math.Max(1, problem.Tasks.Length == 0 ? 1 : problem.Tasks.Average(t => (double)Shortest(t)));
        _meanSetup = Math.Max(1, MeanSetup(problem));
    }

    /// <summary>What a queue is kept sorted by: the part of the score that time and machine do not change.</summary>
    public long QueueKey(int t)
    {
        var task = _problem.Tasks[t];
        return _settings.Rule switch
        {
            DispatchRule.Fifo => task.Ready,
            DispatchRule.Spt => Shortest(task),
            DispatchRule.Atc => DueOf(task) == long.MaxValue ? long.MaxValue : DueOf(task) - _tail[t],
            _ => DueOf(task),
        };
    }

    /// <summary>Score of a task for a machine at a moment.</summary>
    public double Of(int t, long work, long setup, long now, long readyAt)
    {
        var task = _problem.Tasks[t];
        return _settings.Rule switch
        {
            DispatchRule.Fifo => readyAt,
            DispatchRule.Edd => DueOf(task),
            DispatchRule.Spt => work,
            DispatchRule.LeastChangeover => setup * 1e12 + Math.Min(DueOf(task), 1e11),
            _ => -Atc(t, task, work, setup, now),
        };
    }

    public static long Shortest(ProblemTask task)
    {
        var best = long.MaxValue;
        foreach (var option in task.Options)
        {
            best = Math.Min(best, option.Time);
        }

        return best;
    }

    /// <summary>Shortest time from the end of each task to the end of its routing, waits included.</summary>
    public static long[] Tails(SchedulingProblem problem)
    {
        var tail = new long[problem.Tasks.Length];
        for (var t = tail.Length - 1; t >= 0; t--)
        {
            foreach (var next in problem.Tasks[t].Successors)
            {
                tail[t] = Math.Max(tail[t], problem.Tasks[t].MinWait + problem.Tasks[next].Setup + Shortest(problem.Tasks[next]) + tail[next]);
            }
        }

        return tail;
    }

    private double Atc(int t, ProblemTask task, long work, long setup, long now)
    {
        var weight = _problem.Orders[task.Order].Weight / Math.Max(1, work);
        var due = DueOf(task);
        var slack = due == long.MaxValue ? 1e13 : Math.Max(0.0, due - _tail[t] - work - now);
        // In logarithms, so that far due dates still differ instead of all being zero.
        var index = Math.Log(weight) - slack / (_settings.LookAhead * _meanTime);
        return _settings.SetupLookAhead > 0 ? index - setup / (_settings.SetupLookAhead * _meanSetup) : index;
    }

    private long DueOf(ProblemTask task) => _problem.Orders[task.Order].Due ?? long.MaxValue;

    private static double MeanSetup(SchedulingProblem problem)
    {
        var (sum, count) = (0.0, 0);
        foreach (var table in problem.Changeovers)
        {
            for (var from = 0; from < problem.Plant.Plant.Families.Length; from++)
            {
                for (var to = 0; to < problem.Plant.Plant.Families.Length; to++)
                {
                    var step = table.Between(from, to);
                    (sum, count) = step.Possible && step.Time > 0 ? (sum + step.Time, count + 1) : (sum, count);
                }
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
