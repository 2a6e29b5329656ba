using CsCheck;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Bench;
using DigitalTwin.Scheduler.Energy;

namespace DigitalTwin.Tests.Unit.Scheduler.Energy;

public sealed class EnergySearchTests
{
    private static readonly Gen<LowPowerMode> Mode = Gen.Select(
        Gen.Int[0, 3], Gen.Int[1, 2], Gen.Int[0, 4], Gen.Int[1, 3], Gen.Int[0, 9], (power, down, downPower, up, upPower) => new LowPowerMode(power, down, downPower, up, upPower));

    private static readonly Gen<EnergyProblem> Tiny =
        from jobs in Gen.Int[1, 4].Array[1, 5]
        from modes in Mode.Array[1, 3]
        from spare in Gen.Int[0, 8]
        from prices in Gen.Int[0, 9].Array[jobs.Sum() + modes[0].DownTime + modes[0].UpTime + 2 + spare]
        from work in Gen.Int[1, 9]
        from ready in Gen.Int[0, 9]
        select EnergyProblem.Create(jobs, prices, work, ready, modes);

    [Fact]
    public void Cheapest_schedules_of_tiny_problems_are_those_of_trying_everything() => Tiny.Sample(problem =>
    {
        var solution = EnergySearch.Solve(problem, new EnergyLimits(60), stop: TestContext.Current.CancellationToken);
        Assert.True(solution.Proved);
        Assert.Equal(Everything(problem), solution.Schedule.Cost);
        Assert.Null(EnergyChecker.FirstViolation(problem, solution.Schedule));
    }, iter: 60, threads: 1);

    [Fact]
    public void The_plain_model_agrees() => Tiny.Sample(
        problem => Assert.Equal(Everything(problem), EnergySearch.SolveWhole(problem, new EnergyLimits(60), stop: TestContext.Current.CancellationToken).Schedule.Cost), iter: 15, threads: 1);

    /// <summary>Off, up for 2, work where power is free, wait ready, work, down, off: by hand.</summary>
    [Fact]
    public void A_machine_works_where_energy_is_cheap_and_waits_ready_between()
    {
        var problem = EnergyProblem.Create([1, 1], [5, 1, 1, 0, 9, 0, 1, 5], workPower: 4, readyPower: 2, [new LowPowerMode(0, 1, 1, 2, 5)]);
        var solution = EnergySearch.Solve(problem, new EnergyLimits(60), stop: TestContext.Current.CancellationToken);
        Assert.Equal(2 * 1 * 5 + 0 + 2 * 9 + 0 + 1, solution.Schedule.Cost);
        Assert.Equal([EnergyState.Low, EnergyState.Up, EnergyState.Work, EnergyState.Ready, EnergyState.Work, EnergyState.Down, EnergyState.Low],
            solution.Schedule.Steps.Select(s => s.State));
    }

    [Fact]
    public void The_checker_sees_every_kind_of_mistake()
    {
        var problem = EnergyProblem.Create([1, 2], [1, 1, 1, 1, 1, 1, 1, 1], workPower: 4, readyPower: 2, [new LowPowerMode(0, 1, 1, 2, 5)]);
        var good = EnergySearch.Solve(problem, new EnergyLimits(60), stop: TestContext.Current.CancellationToken).Schedule;
        Assert.Null(EnergyChecker.FirstViolation(problem, good));
        Assert.Contains("cost", Wrong(good with { Cost = good.Cost + 1 }), StringComparison.Ordinal);
        Assert.Contains("ends at", Wrong(good with { Steps = good.Steps.RemoveAt(good.Steps.Length - 1) }), StringComparison.Ordinal);
        Assert.Contains("ready", Wrong(good with { Steps = [new EnergyStep(EnergyState.Work, 0, 1, 0), .. good.Steps.Skip(1)] }), StringComparison.Ordinal);
        var again = good.Steps.Select(s => s is { State: EnergyState.Work, Which: 1 } ? s with { Which = 0 } : s);
        Assert.Matches("again|runs 2 of 1", Wrong(good with { Steps = [.. again] }));

        string Wrong(EnergySchedule schedule) => EnergyChecker.FirstViolation(problem, schedule) ?? "";
    }

    [Fact]
    public void A_stop_returns_the_best_so_far()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var problem = EnergyProblem.Create([3, 1, 2], [.. Enumerable.Range(0, 40).Select(i => i * 7 % 11)], 4, 2, [new LowPowerMode(0, 1, 1, 2, 5)]);
        var solution = EnergySearch.Solve(problem, new EnergyLimits(60), stop: stop.Token);
        Assert.Null(EnergyChecker.FirstViolation(problem, solution.Schedule));
    }

    [Theory]
    [InlineData("{", "1")]
    [InlineData("""{"Jobs":[],"EnergyCosts":[1],"OffOnTime":[1],"OnOffTime":[1],"OffOnPowerConsumption":[1],"OnOffPowerConsumption":[1],"OnPowerConsumption":1,"IdlePowerConsumption":1,"OffPowerConsumption":[0]}""", "at least one job")]
    [InlineData("""{"Jobs":[{"ProcessingTime":9}],"EnergyCosts":[1],"OffOnTime":[1],"OnOffTime":[1],"OffOnPowerConsumption":[1],"OnOffPowerConsumption":[1],"OnPowerConsumption":1,"IdlePowerConsumption":1,"OffPowerConsumption":[0]}""", "13 intervals")]
    [InlineData("""{"Jobs":[{"ProcessingTime":-2}],"EnergyCosts":[1],"OffOnTime":[1],"OnOffTime":[1],"OffOnPowerConsumption":[1],"OnOffPowerConsumption":[1],"OnPowerConsumption":1,"IdlePowerConsumption":1,"OffPowerConsumption":[0]}""", "is -2")]
    [InlineData("""{"Jobs":[{"ProcessingTime":1}],"EnergyCosts":[1],"OffOnTime":[1,2],"OnOffTime":[1],"OffOnPowerConsumption":[1],"OnOffPowerConsumption":[1],"OnPowerConsumption":1,"IdlePowerConsumption":1,"OffPowerConsumption":[0]}""", "another number")]
    [InlineData("""{"EnergyCosts":[1]}""", "Jobs")]
    public void A_file_that_is_no_such_problem_is_refused_with_its_name(string text, string words)
    {
        var message = Assert.Throws<PlanningException>(() => EnergyText.Parse(new SourceText("prices.json", text))).Message;
        Assert.StartsWith("prices.json", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    /// <summary>Cheapest cost by trying every next step, remembering what is known of the same moment, state and open jobs.</summary>
    private static long Everything(EnergyProblem problem)
    {
        const int ready = -1;
        var known = new Dictionary<(int, int, int), long>();
        return From(1, 0, 0) + (long)problem.Prices[0] * problem.Modes[0].Power;

        long From(int at, int state, int done)
        {
            if (at == problem.Horizon)
            {
                return state == 0 && done == (1 << problem.Jobs.Length) - 1 ? 0 : long.MaxValue / 4;
            }

            if (known.TryGetValue((at, state, done), out var cost))
            {
                return cost;
            }

            cost = long.MaxValue / 4;
            if (state == ready)
            {
                cost = Try(1, problem.ReadyPower, ready, done);
                for (var j = 0; j < problem.Jobs.Length; j++)
                {
                    cost = (done >> j & 1) == 0 ? Math.Min(cost, Try(problem.Jobs[j], problem.WorkPower, ready, done | 1 << j)) : cost;
                }

                for (var m = 0; m < problem.Modes.Length; m++)
                {
                    // The last interval of all must be off, not on the way there.
                    cost = at + problem.Modes[m].DownTime < problem.Horizon ? Math.Min(cost, Try(problem.Modes[m].DownTime, problem.Modes[m].DownPower, m, done)) : cost;
                }
            }
            else
            {
                cost = Math.Min(Try(1, problem.Modes[state].Power, state, done), Try(problem.Modes[state].UpTime, problem.Modes[state].UpPower, ready, done));
            }

            return known[(at, state, done)] = cost;

            long Try(int length, int power, int to, int after) => at + length > problem.Horizon ? long.MaxValue / 4
                : Enumerable.Range(at, length).Sum(t => (long)problem.Prices[t] * power) + From(at + length, to, after);
        }
    }
}
