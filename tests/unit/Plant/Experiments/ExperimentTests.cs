using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class ExperimentTests
{
    private static readonly CompiledScenario Lucky = CompiledScenario.Compile(LuckyScenario());

    private static Scenario LuckyScenario()
    {
        var scenario = OneVat.Scenario(
            vat => vat with
            {
                Calendar = null,
                TimeToFailure = Distribution.Exponential(20 * Duration.MillisecondsPerHour),
                TimeToRepair = Distribution.Exponential(1 * Duration.MillisecondsPerHour),
            },
            dye => dye with
            {
                FixedTime = Distribution.Constant(0.5 * Duration.MillisecondsPerHour),
                UnitTime = Distribution.Constant(0.01 * Duration.MillisecondsPerHour),
                Variation = Distribution.Uniform(0.8, 1.2),
            },
            orders: 30);
        return scenario with
        {
            Orders = [.. scenario.Orders.Select((o, i) => o with { Quantity = 20 + i * 7 % 80, Due = SimTime.FromHours(30 - i) })],
        };
    }

    private static RunPlan Plan(DispatchRule rule) => RunPlan.Of(Lucky) with { Name = rule.ToString(), Policy = new DispatchPolicy { Rule = rule } };

    [Fact]
    public void Same_seed_and_replication_give_the_same_hash_and_other_ones_do_not()
    {
        var plan = Plan(DispatchRule.Edd);

        var first = Experiment.Run(plan, 3);

        Assert.True(first.AllComplete);
        Assert.Equal(first.EventHash, Experiment.Run(plan, 3).EventHash);
        Assert.NotEqual(first.EventHash, Experiment.Run(plan, 4).EventHash);
        Assert.NotEqual(first.EventHash, Experiment.Run(plan with { Seed = plan.Seed + 1 }, 3).EventHash);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Results_do_not_depend_on_the_number_of_threads(int threads)
    {
        var plans = new[] { Plan(DispatchRule.Edd), Plan(DispatchRule.Spt) };

        var parallel = ParallelExperiment.Run(plans, 6, threads, stop: TestContext.Current.CancellationToken);

        for (var p = 0; p < plans.Length; p++)
        {
            Assert.Equal(Experiment.Replicate(plans[p], 6).Select(r => r.EventHash), parallel[p].Select(r => r.EventHash));
        }
    }

    [Fact]
    public void A_stop_keeps_the_replications_that_were_finished()
    {
        using var stop = new CancellationTokenSource();

        var runs = ParallelExperiment.Run([Plan(DispatchRule.Edd), Plan(DispatchRule.Spt)], 1000, 1, done =>
        {
            if (done == 7)
            {
                stop.Cancel();
            }
        }, stop.Token);

        Assert.Equal((4, 3), (runs[0].Count, runs[1].Count));
        Assert.Equal(3, Comparison.Of([("EDD", runs[0]), ("SPT", runs[1])]).Variants[0].Runs.Length);
    }

    [Fact]
    public void Common_random_numbers_make_the_shortest_job_first_rule_shorten_lead_times_for_sure()
    {
        var runs = ParallelExperiment.Run([Plan(DispatchRule.Edd), Plan(DispatchRule.Spt)], 10, 2, stop: TestContext.Current.CancellationToken);

        var comparison = Comparison.Of([("EDD", runs[0]), ("SPT", runs[1])]);

        var spt = comparison.Variants[1];
        Assert.Equal(Verdict.Better, spt["lead-time-mean"].Difference!.Verdict);
        Assert.Equal(Verdict.NoDifferenceShown, spt["completed"].Difference!.Verdict); // all orders, always
        Assert.Null(comparison.Variants[0]["lead-time-mean"].Difference);
        Assert.InRange(spt["lead-time-mean"].Difference!.Interval!.Value.HalfWidth, 0, spt["lead-time-mean"].Interval!.Value.HalfWidth);
    }

    [Fact]
    public void Warm_up_throws_away_the_first_part()
    {
        var plan = Plan(DispatchRule.Fifo) with { WarmUp = Duration.FromHours(10), Until = SimTime.FromHours(20), StopWhenComplete = false };

        var result = Experiment.Run(plan, 0);

        Assert.Equal((10, 20), (result.Kpis.From.Hours, result.Kpis.To.Hours));
        Assert.Equal(10, result.Kpis.Total.PlannedBusyTime, 1e-9);
        Assert.Equal(result.Completions.Count(c => c >= SimTime.FromHours(10)), result.Kpis.Orders.Completed);
        Assert.Equal(Experiment.Run(plan with { WarmUp = Duration.Zero }, 0).EventHash, result.EventHash);
    }

    [Fact]
    public void Every_event_reaches_the_sink_and_a_watcher_changes_nothing()
    {
        var events = new List<PlantEvent>();
        var sink = new Collector(events);

        var watched = Experiment.Run(Plan(DispatchRule.Edd), 0, sink, _ => true);

        Assert.Equal(watched.Events, events.Count);
        Assert.Equal(Experiment.Run(Plan(DispatchRule.Edd), 0).EventHash, watched.EventHash);
        Assert.False(watched.Interrupted);
    }

    [Fact]
    public void Time_split_of_a_simulated_run_adds_up_to_the_window()
    {
        var kpis = Experiment.Run(Plan(DispatchRule.Edd), 1).Kpis;

        Assert.All(kpis.Equipment, e => Assert.Equal(
            (kpis.To - kpis.From).Hours,
            e.ActualProductionTime + e.Standby + e.Engineering + e.ScheduledDown + e.UnscheduledDown + e.NonScheduled,
            1e-6));
    }

    private sealed class Collector(List<PlantEvent> events) : IPlantEventSink
    {
        public void On(in PlantEvent e) => events.Add(e);
    }
}
