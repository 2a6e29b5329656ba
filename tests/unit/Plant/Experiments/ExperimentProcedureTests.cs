using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class ExperimentProcedureTests
{
    /// <summary>Alternatives that differ in the speed of the vat.</summary>
    private static List<(RunPlan Plan, ImmutableArray<string> Changes)> Speeds(params double[] speeds) =>
    [
        .. speeds.Select(speed =>
        {
            var scenario = OneVat.Scenario(v => v with { Calendar = null, SpeedFactor = speed }, o => o with { Variation = Distribution.Lognormal(1, 0.3) }, orders: 15);
            return (RunPlan.Of(CompiledScenario.Compile(scenario)) with { Name = $"x{speed}" }, ImmutableArray<string>.Empty);
        }),
    ];

    private static ExperimentReport Run(ExperimentDesign design, int threads, params double[] speeds) =>
        ParallelExperiment.Run("vats", Speeds(speeds), design, threads, stop: TestContext.Current.CancellationToken)!;

    private static KpiDescriptor<PlantKpis> Lead => KpiCatalogue.Find("lead-time-mean")!;

    [Fact]
    public void Runs_until_the_half_width_asked_for_is_reached_and_not_longer()
    {
        var report = Run(new ExperimentDesign { Replications = 10, PrecisionKpi = Lead, HalfWidth = 0.03, IsRelative = true }, 2, 1, 1.2);

        Assert.True(report.Precision!.Reached);
        Assert.InRange(report.Precision.Replications, 11, 200);
        Assert.All(report.Comparison.Variants, v => Assert.True(v["lead-time-mean"].Interval!.Value.RelativeHalfWidth <= 0.03));
        var before = report.Alternatives.Select(a => KpiSummary.Of(Lead, [.. a.Runs.Take(report.Precision.Replications - 10)]));
        Assert.Contains(before, k => k.Interval!.Value.RelativeHalfWidth > 0.03);
    }

    [Fact]
    public void A_cap_ends_the_search_for_precision_and_says_so()
    {
        var report = Run(new ExperimentDesign { Replications = 10, MostReplications = 24, PrecisionKpi = Lead, HalfWidth = 1e-6 }, 2, 1);

        Assert.False(report.Precision!.Reached);
        Assert.Equal(24, report.Precision.Replications);
    }

    [Fact]
    public void Selection_finds_the_fastest_vat_and_spends_its_effort_where_it_is_hard_to_tell()
    {
        var report = Run(new ExperimentDesign { Replications = 10, SelectKpi = Lead, Indifference = 0.02 }, 2, 1, 0.7, 1.5, 1.48, 1.1);

        var selection = report.Selection!;
        Assert.True(selection.Decided);
        Assert.Contains(selection.Best, new[] { 2, 3 });
        Assert.Equal(10, selection.Effort[1].Replications);
        Assert.True(selection.Effort[1].Replications <= selection.Effort[3].Replications);
        Assert.NotNull(selection.Effort[1].DroppedBy);
        Assert.Null(selection.Effort[selection.Best].DroppedBy);
    }

    [Fact]
    public void A_budget_is_spent_where_it_is_hard_to_tell_and_says_how_sure_it_is()
    {
        var design = new ExperimentDesign { SelectKpi = Lead, SelectBy = SelectionProcedure.OptimalBudget, Budget = 120, Indifference = 1e-6, Level = 0.9999 };
        var vats = Speeds(1, 0.7, 1.5, 1.49, 1.1).Select((a, i) => (a.Plan with { Seed = (ulong)i }, a.Changes)).ToList(); // own luck: harder
        var report = ParallelExperiment.Run("vats", vats, design, 2, stop: TestContext.Current.CancellationToken)!;

        var selection = report.Selection!;
        Assert.Equal((SelectionProcedure.OptimalBudget, 120, 120), (selection.Procedure, selection.Budget, selection.Effort.Sum(e => e.Replications)));
        Assert.Contains(selection.Best, new[] { 2, 3 });
        Assert.Equal(selection.Effort.Select(e => e.Replications), report.Alternatives.Select(a => a.Runs.Length));
        Assert.InRange(selection.Effort[3].Replications, selection.Effort[1].Replications + 15, 120);
        Assert.Equal(1 - selection.Effort.Sum(e => e.BeatsBest!.Value), selection.Probability!.Value, 12);
        Assert.InRange(selection.Probability.Value, 0.5, 1);
        Assert.Contains("two for each", Assert.Throws<ExperimentException>(() => Run(design with { Budget = 9 }, 1, 1, 0.7, 1.5, 1.49, 1.1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_is_not_spent_when_the_best_is_plain()
    {
        var selection = Run(new ExperimentDesign { SelectKpi = Lead, SelectBy = SelectionProcedure.OptimalBudget, Budget = 500 }, 2, 1, 3).Selection!;

        Assert.Equal((1, true, 20), (selection.Best, selection.Decided, selection.Effort.Sum(e => e.Replications)));
    }

    [Theory]
    [InlineData(SelectionProcedure.KimNelson)]
    [InlineData(SelectionProcedure.OptimalBudget)]
    public void The_outcome_does_not_depend_on_threads(SelectionProcedure by)
    {
        var design = new ExperimentDesign { Replications = 10, SelectKpi = Lead, Indifference = 0.01, SelectBy = by, Budget = 60 };
        var (one, three) = (Run(design, 1, 1, 1.02, 0.9), Run(design, 3, 1, 1.02, 0.9));

        Assert.Equal(one.Selection!.Effort, three.Selection!.Effort);
        Assert.Equal(one.Alternatives.Select(a => string.Join(',', a.Runs.Select(r => r.EventHash))), three.Alternatives.Select(a => string.Join(',', a.Runs.Select(r => r.EventHash))));
    }

    [Fact]
    public void Nothing_can_be_selected_by_a_figure_of_which_neither_way_is_better() =>
        Assert.Throws<ExperimentException>(() => Run(new ExperimentDesign { SelectKpi = KpiCatalogue.Find("pbt") }, 1, 1, 2));

    [Fact]
    public void A_queue_that_fills_up_first_has_a_warm_up_and_a_finite_order_book_has_none()
    {
        // An order an hour for a vat that needs 54 minutes: the queue needs a while to be what it will be.
        var random = new RandomSource(5, 0);
        var at = 0.0;
        var steady = OneVat.Scenario(v => v with { Calendar = null, Changeover = null }, o => o with { FixedTime = Distribution.Exponential(0.8 * Duration.MillisecondsPerHour) }, orders: 1500);
        steady = steady with { Horizon = Duration.FromHours(1400), Orders = [.. steady.Orders.Select((o, i) => o with { Release = SimTime.FromHours(at -= Math.Log(random.Uniform(1, i))), Due = null })] };
        var design = new ExperimentDesign { Replications = 2, WarmUpSeries = PlantSeries.All[PlantSeries.IndexOf("waiting")] };
        var plan = RunPlan.Of(CompiledScenario.Compile(steady)) with { StopWhenComplete = false };

        var report = ParallelExperiment.Run("queue", [(plan, [])], design, 2, stop: TestContext.Current.CancellationToken)!;

        Assert.True(report.WarmUp!.Result.IsSettled);
        Assert.Equal(SimTime.Zero + report.WarmUp.WarmUp, report.Alternatives[0].Runs[0].Kpis.From);
        var emptying = RunPlan.Of(CompiledScenario.Compile(OneVat.Scenario(v => v with { Calendar = null }, orders: 23)));
        Assert.Contains("order book runs out", Refusal(emptying), StringComparison.Ordinal);
        Assert.Contains("Run longer", Refusal(emptying with { StopWhenComplete = false, Until = SimTime.FromHours(20) }), StringComparison.Ordinal);

        string Refusal(RunPlan plan) =>
            Assert.Throws<ExperimentException>(() => ParallelExperiment.Run("book", [(plan, [])], design, 1, stop: TestContext.Current.CancellationToken)).Message;
    }

    [Fact]
    public void A_stop_reports_the_replications_that_all_alternatives_have()
    {
        using var stop = new CancellationTokenSource();
        var report = ParallelExperiment.Run("vats", Speeds(1, 2), new ExperimentDesign { Replications = 500 }, 1, (done, _) =>
        {
            if (done == 9)
            {
                stop.Cancel();
            }
        }, stop.Token)!;

        Assert.True(report.Interrupted);
        Assert.Equal(4, report.Comparison.Variants[0].Runs.Length);
        Assert.Equal([5, 4], report.Alternatives.Select(a => a.Runs.Length));
    }
}
