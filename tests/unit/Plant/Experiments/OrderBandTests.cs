using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class OrderBandTests
{
    private static readonly Scenario OneOrder = OneVat.Scenario(orders: 1) is var s ? s with { Orders = [s.Orders[0] with { Id = "A", Due = SimTime.FromHours(10) }] } : null!;

    private static readonly RunResult Template = Experiment.Run(RunPlan.Of(CompiledScenario.Compile(OneOrder)), 0);

    private static RunResult[] Runs(params double?[] hours) =>
    [
        .. hours.Select((h, r) => Template with
        {
            Replication = r,
            Completions = [h is { } at ? SimTime.FromHours(at) : null],
            Kpis = Template.Kpis with { To = SimTime.FromHours(20) },
        }),
    ];

    [Fact]
    public void Band_holds_percentiles_and_the_probability_of_being_on_time()
    {
        var band = OrderBand.Of(OneOrder, Runs(8, 9, 10, 11, 12, 6, 7, 8, 9, 16, 5), null)[0];

        Assert.Equal((6, 9, 12), (band.P10!.Value.Hours, band.P50!.Value.Hours, band.P90!.Value.Hours));
        Assert.Equal(8.0 / 11, band.OnTime!.Value.Share);
        Assert.Equal((1 + 2 + 6) / 11.0, band.TardinessMeanHours!.Value, 1e-12);
        Assert.Null(band.Change);
    }

    [Fact]
    public void What_never_ended_lies_beyond_every_percentile_and_is_late_once_past_its_due_date()
    {
        var band = OrderBand.Of(OneOrder, Runs(5, 6, null, null), null)[0];

        Assert.NotNull(band.P10);
        Assert.Null(band.P50);
        Assert.Null(band.P90);
        Assert.Equal(0.5, band.OnTime!.Value.Share);
        Assert.Equal(5, band.TardinessMeanHours!.Value, 1e-12); // twice 20 − 10 hours so far

        var early = Runs(null, null).Select(r => r with { Kpis = r.Kpis with { To = SimTime.FromHours(9) } }).ToArray();
        Assert.Null(OrderBand.Of(OneOrder, early, null)[0].OnTime);
    }

    [Fact]
    public void Change_is_counted_replication_by_replication_against_the_order_of_the_same_id()
    {
        var twoOrders = OneOrder with { Orders = [OneOrder.Orders[0] with { Id = "new" }, OneOrder.Orders[0]] };
        var here = Runs(11, 12, 13, 14, 15, 16, 9, 8).Select(r => r with { Completions = [SimTime.FromHours(1), r.Completions[0]] }).ToArray();

        var bands = OrderBand.Of(twoOrders, here, (OneOrder, Runs(9, 9, 9, 9, 9, 9, 9, 12)));

        Assert.Null(bands[0].Change);
        var change = bands[1].Change!;
        Assert.Equal((6, 1, 8), (change.BecameLate, change.BecameOnTime, change.Pairs));
        Assert.Equal(7.0 / 8, change.BaselineOnTime!.Value.Share);
        Assert.Equal(-5.0 / 8, change.OnTimeGain);
        Assert.Equal((98 - 75) / 8.0, change.ShiftHours!.Value, 1e-12);
        Assert.False(change.IsShown); // 6 against 1 happens by chance one time in eight
        Assert.True(OrderBand.Of(twoOrders, here[..6], (OneOrder, Runs(9, 9, 9, 9, 9, 9)))[1].Change!.IsShown);
    }

    [Fact]
    public void Sampling_changes_no_event_and_shows_the_plant_over_time()
    {
        var plan = RunPlan.Of(CompiledScenario.Compile(OneVat.Scenario(orders: 5)));
        var sampled = Experiment.Run(plan with { SampleEvery = Duration.FromMinutes(30) }, 0);

        Assert.Equal(Experiment.Run(plan, 0).EventHash, sampled.EventHash);
        var samples = sampled.Samples!;
        Assert.Equal((int)((sampled.Kpis.To - SimTime.Zero) / Duration.FromMinutes(30)) + 1, samples.Count);
        var completed = samples.Values[PlantSeries.IndexOf("completed")];
        Assert.Equal(completed.Order(), completed);
        for (var i = 0; i < samples.Count; i++)
        {
            Assert.Equal(sampled.Completions.Count(c => c <= SimTime.FromHours(i * 0.5)), completed[i]);
        }
    }

    [Fact]
    public void Report_holds_comparison_bands_and_series_of_every_alternative()
    {
        var scenario = OneVat.Scenario(orders: 6);
        var plan = RunPlan.Of(CompiledScenario.Compile(scenario)) with { SampleEvery = Duration.FromHours(1) };
        var fewer = RunPlan.Of(CompiledScenario.Compile(scenario with { Orders = scenario.Orders.RemoveAt(0) })) with { Name = "fewer", SampleEvery = Duration.FromHours(1) };

        var report = ExperimentReport.Of("one vat", [(plan, [], [.. Experiment.Replicate(plan, 3)]), (fewer, ["cancel"], [.. Experiment.Replicate(fewer, 3)])]);

        Assert.Equal(["Edd", "fewer"], report.Alternatives.Select(a => a.Name));
        Assert.Equal([scenario.Orders[0].Id], report.Alternatives[1].OrdersGone);
        Assert.All(report.Alternatives[1].Orders, o => Assert.NotNull(o.Change));
        Assert.Equal(-1, report.Comparison.Variants[1]["completed"].Difference!.Mean);
        Assert.Equal(3, report.Comparison.Variants[1]["completed"].Difference!.Down);
        Assert.Equal(PlantSeries.All.Length, report.Alternatives[0].Series.Length);
    }
}
