namespace DigitalTwin.Scheduler.Balancing;

/// <summary>How many stations a set of tasks needs at least.</summary>
/// <remarks>LB1, LB2 and LB3 of Scholl (1999): by time, by tasks longer than half a cycle, by tasks longer than a third of it.</remarks>
internal sealed class BalancingBounds
{
    private readonly byte[] _halves; // per task: 2 = longer than half the capacity, 1 = exactly half
    private readonly byte[] _sixths; // per task: 6, 4, 3, 2 by thirds

    public BalancingBounds(BalancingProblem problem, long cycle)
    {
        var capacity = cycle * problem.TotalDemand;
        var n = problem.Tasks.Length;
        _halves = new byte[n];
        _sixths = new byte[n];
        for (var i = 0; i < n; i++)
        {
            var time = problem.Times[i * problem.Dimensions];
            _halves[i] = (byte)(2 * time > capacity ? 2 : 2 * time == capacity ? 1 : 0);
            _sixths[i] = (byte)(3 * time > 2 * capacity ? 6 : 3 * time == 2 * capacity ? 4 : 3 * time > capacity ? 3 : 3 * time == capacity ? 2 : 0);
            HalvesTotal += _halves[i];
            SixthsTotal += _sixths[i];
        }
    }

    public int HalvesTotal { get; }

    public int SixthsTotal { get; }

    public int HalvesOf(int task) => _halves[task];

    public int SixthsOf(int task) => _sixths[task];

    /// <summary>Stations needed for tasks with these sums.</summary>
    public static int Stations(int halves, int sixths) => Math.Max((halves + 1) / 2, (sixths + 5) / 6);

    /// <summary>Stations that the whole problem needs at least at a cycle time.</summary>
    public static int Stations(BalancingProblem problem, long cycle)
    {
        var bounds = new BalancingBounds(problem, cycle);
        var capacities = problem.Capacities(cycle);
        var stations = Stations(bounds.HalvesTotal, bounds.SixthsTotal);
        for (var d = 0; d < problem.Dimensions; d++)
        {
            stations = Math.Max(stations, (int)Math.Min(int.MaxValue, BalancingProblem.DivideUp(problem.Total(d), Math.Max(1, capacities[d]))));
        }

        return Math.Max(1, stations);
    }

    /// <summary>Shortest cycle time at which the bounds allow so many stations.</summary>
    public static long Cycle(BalancingProblem problem, int stations)
    {
        var (low, high) = (Math.Max(1, problem.LongestTask()), problem.LongestLine());
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Stations(problem, middle) <= stations)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
