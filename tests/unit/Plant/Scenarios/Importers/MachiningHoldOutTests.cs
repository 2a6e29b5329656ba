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

    /// <summary>Ann turns and mills, at two machines at once for an hour of ten. Grinding was only seen of orders held out.</summary>
    [Fact]
    public void People_who_worked_at_the_same_machine_groups_are_a_crew_with_as_many_heads_as_machines_they_tended_at_once()
    {
        string Did(string order, string what, int machine, string who, int from, int to) =>
            Row(order, what, machine, $"2012-01-02T{from:00}:00:00", $"2012-01-02T{to:00}:00:00").Replace(",W1,", $",{who},", StringComparison.Ordinal);
        var log = Learn(
            Did("A", "Turning", 4, "Ann", 8, 17), Did("A", "Milling", 9, "Ann", 16, 18),
            Row("B", "Turning", 4, "2012-01-03T08:00:00", "2012-01-03T09:00:00"), Row("B", "Grinding", 5, "2012-01-03T10:00:00", "2012-01-03T11:00:00"));

        Assert.True(log.NamesPeople);
        var crew = Assert.Single(log.Crews);
        Assert.Equal((1, 2), (log.People, crew.Count));
        Assert.Equal(["milling", "turning"], crew.Skills);
        var needs = log.WithPeople().Plant.WorkMasters.SelectMany(w => w.Operations).Select(o => o.Crew?.Skill);
        Assert.Equal(["turning", "milling", "turning", null], needs);
        Assert.All(log.WithoutWaits().Plant.WorkMasters.SelectMany(w => w.Operations), o => Assert.Null(o.Crew));
    }

    [Fact]
    public void On_the_real_log_people_explain_next_to_nothing_of_the_waits()
    {
        var log = MachiningHoldOut.Read(SharedData.Require("data", "plant-history", "production_joined.csv"));
        var (plain, crewed) = (CompiledScenario.Compile(log.WithoutWaits()), CompiledScenario.Compile(log.WithPeople()));
        var window = new HistoryWindow("held out", log.Fitted, plain.Scenario.Orders.Length, log.Split, log.History[^1].Time);

        var without = HistoryComparison.Of(_ => plain, log.History, [window], 3)[0];
        var with = HistoryComparison.Of(_ => crewed, log.History, [window], 3, plain)[0];

        Assert.InRange(log.People, 30, 46);
        Assert.InRange(without.LeadDistance - with.LeadDistance, -0.02, 0.02); // the waits themselves bring it from 0.59 to 0.10
    }

    /// <summary>Four weeks in which turning works from 8 to 18 on five days, inspection from 14 to 16 (on Fridays from 9 to 10), and packing once.</summary>
    [Fact]
    public void A_machine_group_works_in_the_hours_in_which_it_is_seen_to_work()
    {
        var rows = new List<string>();
        for (var day = new DateTime(2012, 1, 2, 0, 0, 0, DateTimeKind.Unspecified); day < new DateTime(2012, 1, 30, 0, 0, 0, DateTimeKind.Unspecified); day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                continue;
            }

            var inspected = day.DayOfWeek == DayOfWeek.Friday ? 9 : 14;
            for (var k = 0; k < 4; k++)
            {
                rows.Add(Row($"{day:MMdd}-{k}", "Turning", 4 + k, At(day, 8), At(day, 18)));
                rows.Add(Row($"{day:MMdd}-{k}", "Inspection", 20 + k, At(day, inspected), At(day, inspected + (inspected == 14 ? 2 : 1))));
            }
        }

        rows.Add(Row("once", "Packing", 30, At(new DateTime(2012, 1, 9, 0, 0, 0, DateTimeKind.Unspecified), 3), At(new DateTime(2012, 1, 9, 0, 0, 0, DateTimeKind.Unspecified), 4)));
        var log = MachiningHoldOut.Parse(new SourceText("log.csv", Header + string.Join('\n', rows)), share: 1);
        var plant = log.InGroupHours(0).Plant;

        string HoursOf(string machine) => string.Join(' ', plant.Calendars[plant.Equipment.Single(e => e.Id == machine).Calendar!.Value].Windows.Select(w => $"{w.Days} {w.Start.Hour}-{w.End.Hour}"));
        Assert.Equal("Monday, Tuesday, Wednesday, Thursday 8-18 Friday 8-18", HoursOf("M04"));
        Assert.Equal("Monday, Tuesday, Wednesday, Thursday 14-16 Friday 9-10", HoursOf("M20"));
        Assert.Equal(0, plant.Equipment.Single(e => e.Id == "M30").Calendar!.Value.Index); // too seldom to tell: as the plant

        static string At(DateTime day, int hour) => day.AddHours(hour).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void On_the_real_log_hours_of_their_own_explain_waits_and_bring_lead_times_closer_still()
    {
        var log = MachiningHoldOut.Read(SharedData.Require("data", "plant-history", "production_joined.csv"));
        var plain = CompiledScenario.Compile(log.WithoutWaits());
        var end = log.History[^1].Time;
        var window = new HistoryWindow("held out", log.Fitted, plain.Scenario.Orders.Length, log.Split, end) { SeenUntil = end };

        var plantHours = HistoryComparison.Of(r => CompiledScenario.Compile(log.WithWaits(r)), log.History, [window], 3, plain)[0];
        var ownHours = HistoryComparison.Of(r => CompiledScenario.Compile(log.InGroupHours(r)), log.History, [window], 3, plain)[0];

        Assert.True(log.MeanTransferHoursInGroupHours < log.MeanTransferHours, $"{log.MeanTransferHoursInGroupHours} {log.MeanTransferHours}");
        Assert.True(ownHours.LeadDistance < plantHours.LeadDistance, $"{ownHours.LeadDistance} {plantHours.LeadDistance}");
    }

    private static string Row(string order, string what, int machine, string start, string end) =>
        $"{order},{what} - Machine {machine},Machine {machine} - {what},W1,{start},{end},10,Shaft,D,10,0,0,";

    private static MachiningHoldOut Learn(params string[] rows) =>
        MachiningHoldOut.Parse(new SourceText("log.csv", Header + string.Join('\n', rows)));
}
