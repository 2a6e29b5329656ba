using System.Globalization;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>Checks a balance against the problem as stated, sharing no code with the search.</summary>
public static class BalanceChecker
{
    /// <summary>Everything that is wrong with a balance; empty when it holds.</summary>
    /// <param name="problem">The tasks.</param>
    /// <param name="stationOf">Station of each task.</param>
    /// <param name="stations">Stations there are.</param>
    /// <param name="cycle">Cycle time to keep.</param>
    public static IReadOnlyList<string> Check(BalancingProblem problem, IReadOnlyList<int> stationOf, int stations, long cycle)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(stationOf);
        var wrong = new List<string>();
        if (stationOf.Count != problem.Tasks.Length)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"{stationOf.Count} tasks are placed, but there are {problem.Tasks.Length}")];
        }

        for (var i = 0; i < stationOf.Count; i++)
        {
            if (stationOf[i] < 0 || stationOf[i] >= stations)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"task {problem.Tasks[i].Id} is at station {stationOf[i] + 1} of {stations}"));
            }

            wrong.AddRange(problem.Tasks[i].Predecessors.Where(p => stationOf[p] > stationOf[i])
                .Select(p => $"task {problem.Tasks[i].Id} comes before its predecessor {problem.Tasks[p].Id}"));
        }

        foreach (var station in Enumerable.Range(0, stationOf.Count).GroupBy(i => stationOf[i]).OrderBy(g => g.Key))
        {
            var perModel = problem.Demand.Select((_, m) => station.Sum(i => (decimal)problem.Tasks[i].Times[m])).ToArray();
            var average = perModel.Zip(problem.Demand, (time, units) => time * units).Sum() / problem.Demand.Sum();
            if (average > cycle)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"station {station.Key + 1} takes {average:0.###} on average, more than the cycle of {cycle}"));
            }

            for (var m = 0; m < perModel.Length; m++)
            {
                if (perModel[m] > cycle + problem.Window)
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture,
                        $"station {station.Key + 1} takes {perModel[m]} for model {m + 1}, more than the cycle and window of {cycle + problem.Window}"));
                }
            }
        }

        return wrong;
    }
}
