using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Shops;

/// <summary>The shortest schedule by trying everything: every order of appending operations, on every machine.</summary>
internal sealed class ShopBruteForce(ShopProblem problem)
{
    private readonly int[] _next = [.. problem.JobFirst[..^1]];
    private readonly int[] _jobReady = new int[problem.Jobs];
    private readonly int[] _free = [.. problem.MachineReady];
    private readonly int[] _last = [.. Enumerable.Repeat(-1, problem.Machines)];
    private int _best = int.MaxValue;

    public static int Makespan(ShopProblem problem)
    {
        var search = new ShopBruteForce(problem);
        search.Append(0, 0);
        return search._best;
    }

    private void Append(int done, int makespan)
    {
        if (makespan >= _best)
        {
            return;
        }

        if (done == problem.Count)
        {
            _best = makespan;
            return;
        }

        for (var j = 0; j < problem.Jobs; j++)
        {
            var v = _next[j];
            for (var o = problem.OptionFirst[v]; v < problem.JobFirst[j + 1] && o < problem.OptionFirst[v + 1]; o++)
            {
                var m = problem.OptionMachine[o];
                var setup = problem.Setups?.Time(m, _last[m], v) ?? 0;
                var arrival = Math.Max(problem.Ready[v], _jobReady[j]);
                var start = problem.Setups is { BeforeArrival: false } ? Math.Max(arrival, _free[m]) + setup : Math.Max(arrival, _free[m] + setup);
                var end = start + problem.OptionTime[o];
                var (free, last, ready) = (_free[m], _last[m], _jobReady[j]);
                (_free[m], _last[m], _jobReady[j], _next[j]) = (end, v, end + problem.Wait[v], v + 1);
                Append(done + 1, Math.Max(makespan, end));
                (_free[m], _last[m], _jobReady[j], _next[j]) = (free, last, ready, v);
            }
        }
    }
}
