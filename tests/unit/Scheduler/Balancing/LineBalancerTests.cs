using CsCheck;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Balancing;

namespace DigitalTwin.Tests.Unit.Scheduler.Balancing;

public sealed class LineBalancerTests
{
    // A small width makes the search end by itself, so that no result depends on the clock.
    private static readonly BalancingOptions Thorough = new() { MaxWidth = 1 << 18, TimeLimit = DigitalTwin.Simulation.Duration.FromMinutes(10) };

    /// <summary>Up to seven tasks, one or two models, arrows from lower to higher index.</summary>
    private static readonly Gen<BalancingProblem> Problems =
        from models in Gen.Int[1, 2]
        from n in Gen.Int[1, 7]
        from times in Gen.Long[0, 9].Array[models].Array[n]
        from arrows in Gen.Int[0, 3].Array[n * n]
        from demand in Gen.Long[1, 3].Array[models]
        from window in Gen.Long[0, 4]
        select BalancingProblem.Create(
            times.Select((t, i) => new BalancingTask($"t{i}", [.. t.Select((x, m) => m == 0 ? Math.Max(1, x) : x)], [.. Enumerable.Range(0, i).Where(p => arrows[i * n + p] == 0)])),
            demand, models == 1 ? 0 : window);

    [Fact]
    public void Fewest_stations_agree_with_brute_force() => Problems.Sample(problem =>
    {
        var cycle = LongestAlone(problem) + 2;
        var balance = LineBalancer.FewestStations(problem, cycle, Thorough);
        Assert.True(balance.Proven);
        Assert.Empty(BalanceChecker.Check(problem, balance.StationOf, balance.Stations, cycle));
        Assert.Equal(Enumerable.Range(1, problem.Tasks.Length).First(m => IsPossible(problem, m, cycle)), balance.Stations);
    }, iter: 300);

    [Fact]
    public void Shortest_cycle_agrees_with_brute_force() =>
        Gen.Select(Problems, Gen.Int[1, 4]).Sample((problem, stations) =>
        {
            var balance = LineBalancer.ShortestCycle(problem, stations, Thorough);
            Assert.True(balance.Proven);
            Assert.Empty(BalanceChecker.Check(problem, balance.StationOf, stations, balance.Cycle));
            Assert.True(IsPossible(problem, stations, balance.Cycle));
            Assert.False(balance.Cycle > 1 && IsPossible(problem, stations, balance.Cycle - 1));
        }, iter: 200);

    [Fact]
    public void A_window_lets_one_model_exceed_the_takt_but_not_the_average()
    {
        // Model A needs 8 + 4, model B 2 + 4: on average 9. With a takt of 9 and no window A does not fit into one station.
        BalancingTask[] tasks = [new("screw", [8, 2], []), new("wire", [4, 4], [0])];

        Assert.Equal(2, LineBalancer.FewestStations(BalancingProblem.Create(tasks, [1, 1]), 9).Stations);
        Assert.Equal(1, LineBalancer.FewestStations(BalancingProblem.Create(tasks, [1, 1], window: 3), 9).Stations);
    }

    [Fact]
    public void The_checker_names_every_kind_of_mistake()
    {
        var problem = BalancingProblem.Create([new("a", [5], []), new("b", [6], [0]), new("c", [1], [])]);

        Assert.Contains(BalanceChecker.Check(problem, [1, 0, 0], 2, 10), w => w.Contains("before its predecessor a", StringComparison.Ordinal));
        Assert.Contains(BalanceChecker.Check(problem, [0, 0, 0], 2, 10), w => w.Contains("more than the cycle of 10", StringComparison.Ordinal));
        Assert.Contains(BalanceChecker.Check(problem, [0, 1, 2], 2, 10), w => w.Contains("station 3 of 2", StringComparison.Ordinal));
        Assert.NotEmpty(BalanceChecker.Check(problem, [0, 1], 2, 10));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("2\n3\n", "ends before the time of task 2")]
    [InlineData("1\nx\n", "'x' is not the time of task 1")]
    [InlineData("2\n3\n4\n1,2,3\n-1,-1", "is no arrow")]
    [InlineData("2\n3\n4\n1,9\n-1,-1", "'9' is not the task after")]
    [InlineData("task,predecessors\na,", "names no task or no time")]
    [InlineData("task,predecessors,time\na,b,4", "waits for 'b', which is no task")]
    [InlineData("task,predecessors,time\na,,-4", "'-4' is not the time")]
    public void A_broken_file_is_refused_with_its_place_and_the_way_out(string text, string expected)
    {
        var refused = Assert.Throws<ImportException>(() => AssemblyLineText.Parse(new SourceText("line.csv", text)));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("line.csv:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task,predecessors,time\na,b,1\nb,a,1", "waits for itself")]
    [InlineData("task,predecessors,time\na,,1\na,,1", "listed twice")]
    [InlineData("task,predecessors,time\n", "no task")]
    public void A_contradictory_line_is_refused_by_name(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<BalancingException>(() => AssemblyLineText.Parse(new SourceText("line.csv", text))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_task_longer_than_the_cycle_is_refused() =>
        Assert.Contains("longest task needs 8", Assert.Throws<BalancingException>(() =>
            LineBalancer.FewestStations(BalancingProblem.Create([new("a", [8], [])]), 7)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("BUXEY.IN2", 33, 11)]
    [InlineData("SAWYER30.IN2", 25, 14)]
    [InlineData("GUNTHER.IN2", 44, 12)]
    [InlineData("MUKHERJE.IN2", 222, 20)]
    public void Public_graphs_are_balanced_and_proven(string file, long cycle, int stations)
    {
        var problem = AssemblyLineText.Parse(SourceText.Read(SharedData.Require("benchmarks", "salbp", "scholl", file)));
        var balance = LineBalancer.FewestStations(problem, cycle, Thorough);

        Assert.True(balance.Proven);
        Assert.Empty(BalanceChecker.Check(problem, balance.StationOf, balance.Stations, cycle));
        Assert.Equal(stations, balance.Stations);
    }

    private static long LongestAlone(BalancingProblem problem) => problem.Tasks.Max(t => t.Times.Max());

    /// <summary>Tries every assignment, with arithmetic of its own.</summary>
    private static bool IsPossible(BalancingProblem problem, int stations, long cycle)
    {
        var at = new int[problem.Tasks.Length];
        return Place(0);

        bool Place(int task)
        {
            if (task == at.Length)
            {
                return Enumerable.Range(0, stations).All(s => Holds(s));
            }

            var from = problem.Tasks[task].Predecessors.Select(p => at[p]).DefaultIfEmpty(0).Max();
            for (at[task] = from; at[task] < stations; at[task]++)
            {
                if (Place(task + 1))
                {
                    return true;
                }
            }

            return false;
        }

        bool Holds(int station)
        {
            var tasks = Enumerable.Range(0, at.Length).Where(i => at[i] == station).ToArray();
            var perModel = problem.Demand.Select((_, m) => tasks.Sum(i => problem.Tasks[i].Times[m])).ToArray();
            return perModel.Zip(problem.Demand, (t, d) => t * d).Sum() <= cycle * problem.Demand.Sum() && perModel.All(t => t <= cycle + problem.Window);
        }
    }
}
