using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class MachiningHoldOutTests
{
    private const string Header = "case,activity,machine,worker,start,end,order_qty,part,report_type,qty_completed,qty_rejected,qty_mrb,rework\n";

    [Fact]
    public void A_wait_that_no_machine_explains_is_learned_and_one_that_a_machine_explains_is_not()
    {
        // Turning of A ends at 10:00. The grinder stands free until 12:00 and is taken from 12:00 to 15:00: only 10–12 is unexplained.
        var log = MachiningHoldOut.Parse(new SourceText("log.csv", Header + string.Join('\n',
            Row("W", "Milling", 9, "2012-01-02T07:00:00", "2012-01-02T18:00:00"), // so that these hours are working hours
            Row("A", "Turning", 4, "2012-01-02T08:00:00", "2012-01-02T10:00:00"),
            Row("A", "Grinding", 5, "2012-01-02T15:00:00", "2012-01-02T16:00:00"),
            Row("X", "Grinding", 5, "2012-01-02T12:00:00", "2012-01-02T15:00:00"),
            Row("Z", "Milling", 9, "2012-01-03T08:00:00", "2012-01-03T09:00:00"))), share: 0.75);

        Assert.Equal(3, log.Fitted);
        Assert.Equal(2, log.MeanTransferHours, 3);
        Assert.Equal(Duration.FromHours(2), log.WithWaits(0).Plant.WorkMasters.Single(w => w.Id == "A").Operations[0].MinWait);
    }

    [Fact]
    public void Nothing_of_the_orders_held_out_is_looked_at_but_release_and_routing()
    {
        string[] learned = [Row("A", "Turning", 4, "2012-01-02T08:00:00", "2012-01-02T10:00:00"), Row("A", "Grinding", 5, "2012-01-02T12:00:00", "2012-01-02T16:00:00")];
        string[] later = [Row("B", "Turning", 4, "2012-01-03T08:00:00", "2012-01-03T09:00:00"), Row("B", "Grinding", 5, "2012-01-03T10:00:00", "2012-01-03T11:00:00")];
        string[] other = [Row("B", "Turning", 4, "2012-01-03T08:00:00", "2012-01-03T17:00:00"), Row("B", "Grinding", 5, "2012-01-05T10:00:00", "2012-01-05T17:00:00")];

        var (one, two) = (Learn([.. learned, .. later]), Learn([.. learned, .. other]));

        Assert.Equal(1, one.Fitted);
        Assert.Equal(Times(one), Times(two));

        static string[] Times(MachiningHoldOut log) =>
            [.. log.WithWaits(3).Plant.WorkMasters.SelectMany(w => w.Operations).Select(o => FormattableString.Invariant($"{o.Id} {o.FixedTime.Mean} {o.Setup} {o.MinWait}"))];
    }

    [Fact]
    public void On_the_real_log_learned_waits_bring_lead_times_of_orders_never_seen_closer_to_the_truth()
    {
        var log = MachiningHoldOut.Read(SharedData.Require("data", "plant-history", "production_joined.csv"));
        var plain = CompiledScenario.Compile(log.WithoutWaits());
        var window = new HistoryWindow("held out", log.Fitted, plain.Scenario.Orders.Length, log.Split, log.History[^1].Time);

        var without = HistoryComparison.Of(_ => plain, log.History, [window], 3)[0];
        var with = HistoryComparison.Of(r => CompiledScenario.Compile(log.WithWaits(r)), log.History, [window], 3)[0];

        Assert.True(with.LeadDistance < without.LeadDistance, $"{with.LeadDistance} {without.LeadDistance}");
        Assert.True(Math.Abs(with.CompletionBiasDays) < Math.Abs(without.CompletionBiasDays), $"{with.CompletionBiasDays} {without.CompletionBiasDays}");
    }

    private static string Row(string order, string what, int machine, string start, string end) =>
        $"{order},{what} - Machine {machine},Machine {machine} - {what},W1,{start},{end},10,Shaft,D,10,0,0,";

    private static MachiningHoldOut Learn(params string[] rows) =>
        MachiningHoldOut.Parse(new SourceText("log.csv", Header + string.Join('\n', rows)));
}
