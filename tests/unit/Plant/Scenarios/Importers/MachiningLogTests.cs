using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class MachiningLogTests
{
    private const string Header = "case,activity,machine,worker,start,end,order_qty,part,report_type,qty_completed,qty_rejected,qty_mrb,rework\n";

    private static readonly Lazy<MachiningImport> s_real = new(() => MachiningLog.Read(SharedData.Require("data", "plant-history", "production_joined.csv")));

    [Fact]
    public void Consecutive_records_of_one_activity_become_one_operation_with_its_setup()
    {
        var import = Parse(
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T08:00:00,2012-01-02T09:00:00,10,Shaft,S,0,0,0,",
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T09:00:00,2012-01-02T11:00:00,10,Shaft,D,5,1,0,",
            "A,Turning - Machine 4,Machine 4 - Turning,W2,2012-01-02T12:00:00,2012-01-02T13:00:00,10,Shaft,D,5,0,0,Y",
            "A,Packing,Packing,W1,2012-01-03T08:00:00,2012-01-03T08:30:00,10,Shaft,D,9,0,0,");

        var operations = import.Scenario.Plant.WorkMasters[0].Operations;
        Assert.Equal(["01-turning-machine-4", "02-packing"], operations.Select(o => o.Id));
        Assert.Equal(Duration.FromHours(1), operations[0].Setup);
        Assert.Equal(Duration.FromHours(3).Milliseconds, operations[0].FixedTime.Mean);
        Assert.Equal(0.1, operations[0].ScrapFraction);
        Assert.Equal([0], operations[1].Predecessors);
        Assert.Equal("机床 4 - 车削", import.Scenario.Plant.Equipment[0].Name.Zh);
        Assert.Equal(SimTime.FromHours(8), import.Scenario.Orders[0].Release);
        Assert.Equal(import.Scenario.Orders[0].Release + Duration.FromHours(24.5), import.Scenario.Orders[0].Due);
        Assert.Equal((4, 4, 1), (import.Report.RowsRead, import.Report.RowsUsed, import.Report.ReworkRows));
        Assert.Equal(
            [
                "OrderReleased 8", "JobReady 8", "JobAssigned 8", "SetupStarted 8", "SetupEnded 9", "BatchStarted 9", "BatchHeld 11", "BatchResumed 12",
                "Scrapped 13", "BatchEnded 13", "JobReady 13", "JobAssigned 32", "BatchStarted 32", "BatchEnded 32.5", "OrderCompleted 32.5",
            ],
            import.History.Select(e => FormattableString.Invariant($"{e.Kind} {e.Time.Hours}")));
        Fold(import);
    }

    [Fact]
    public void Operations_of_one_order_that_overlapped_run_side_by_side()
    {
        var import = Parse(
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T08:00:00,2012-01-02T12:00:00,10,Shaft,D,0,0,0,",
            "A,Lapping - Machine 1,Machine 1 - Lapping,W2,2012-01-02T10:00:00,2012-01-02T11:00:00,10,Shaft,D,0,0,0,",
            "A,Packing,Packing,W3,2012-01-02T13:00:00,2012-01-02T14:00:00,10,Shaft,D,0,0,0,");
        var operations = import.Scenario.Plant.WorkMasters[0].Operations;
        Assert.Empty(operations[1].Predecessors);
        Assert.Equal([0, 1], operations[2].Predecessors.Order());
        Fold(import);
    }

    [Fact]
    public void A_machine_claimed_by_two_orders_at_once_is_shared_between_them_and_counted()
    {
        var import = Parse(
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T08:00:00,2012-01-02T12:00:00,10,Shaft,D,0,0,0,",
            "B,Turning - Machine 4,Machine 4 - Turning,W2,2012-01-02T11:00:00,2012-01-02T14:00:00,10,Shaft,D,0,0,0,",
            Filler(1), Filler(2), Filler(3), Filler(4));
        Assert.Equal(1, import.Report.Overlaps.SharedIntervals);
        Assert.Equal(Duration.FromHours(1).Milliseconds, import.Report.Overlaps.SharedMs);
        Assert.Equal([3.5, 2.5], import.History.Where(e => e.Kind == PlantEventKind.BatchStarted).Take(2).Select(e => Duration.FromMilliseconds(e.Value).Hours));
        Fold(import);
    }

    [Fact]
    public void Processing_times_are_the_mean_of_the_same_step_of_the_same_part()
    {
        var import = Parse(Filler(1), Filler(2), Filler(3).Replace("T10:00", "T14:00", StringComparison.Ordinal), Filler(4).Replace("Shaft", "Bolt", StringComparison.Ordinal));
        Assert.Equal([(2 + 2 + 6) / 3.0, (2 + 2 + 6) / 3.0, (2 + 2 + 6) / 3.0, 2.0],
            import.Scenario.Plant.WorkMasters.Select(w => Math.Round(Duration.FromMilliseconds(w.Operations[0].FixedTime.Mean).Hours, 9)), Close);

        static bool Close(double a, double b) => Math.Abs(a - b) < 1e-6;
    }

    [Fact]
    public void An_operation_that_another_order_interrupts_is_divided()
    {
        var import = Parse(
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T08:00:00,2012-01-02T10:00:00,10,Shaft,D,0,0,0,",
            "B,Turning - Machine 4,Machine 4 - Turning,W2,2012-01-02T10:00:00,2012-01-02T14:00:00,10,Shaft,D,0,0,0,",
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T14:00:00,2012-01-02T15:00:00,10,Shaft,D,0,0,0,");
        Assert.Equal(1, import.Report.Overlaps.DividedOperations);
        Assert.Equal([2.0, 4.0, 1.0], import.History.Where(e => e.Kind == PlantEventKind.BatchStarted).Select(e => Duration.FromMilliseconds(e.Value).Hours));
        Assert.Equal(2, import.Scenario.Plant.WorkMasters[0].Operations.Length);
        Fold(import);
    }

    [Fact]
    public void A_breakdown_stops_the_machine_and_the_work_on_it()
    {
        var import = Parse(
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T08:00:00,2012-01-02T12:00:00,10,Shaft,D,0,0,0,",
            "A,Turning - Machine 4,Machine 4 - Turning,W1,2012-01-02T09:00:00,2012-01-02T10:00:00,10,Shaft,B,0,0,0,");
        Assert.Equal(3, Duration.FromMilliseconds(import.Scenario.Plant.WorkMasters[0].Operations.Single().FixedTime.Mean).Hours);
        var state = Fold(import);
        Assert.Equal(1, state.Equipment[0].Failures);
        Assert.Equal(Duration.FromHours(1), import.Report.MedianRepair);
    }

    [Theory]
    [InlineData("A,Turning,M,W1,2012-13-02T08:00:00,2012-01-02T12:00:00,10,Shaft,D,0,0,0,", 16, "start '2012-13-02T08:00:00' is not a date and time")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00,2012-01-02T08:00:00,10,Shaft,D,0,0,0,", 36, "lasts no time")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00,2012-01-02T07:00:00,10,Shaft,D,0,0,0,", 36, "ends before it starts")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00,2012-01-02T09:00:00,0,Shaft,D,0,0,0,", 56, "order quantity '0' is not a number above 0")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00,2012-01-02T09:00:00,10,Shaft,X,0,0,0,", 65, "report type 'X' is none of D (production), S (setup), B (breakdown)")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00,2012-01-02T09:00:00,10,Shaft,D,0,some,0,", 69, "rejected quantity 'some' is not a number")]
    [InlineData(",Turning,M,W1,2012-01-02T08:00:00,2012-01-02T09:00:00,10,Shaft,D,0,0,0,", 1, "names no order")]
    [InlineData("A,Turning,M,W1,2012-01-02T08:00:00", 1, "has 5 fields, the header names 13 or more")]
    public void A_bad_row_is_refused_with_its_place_and_reason_and_the_rest_is_read(string row, int column, string reason)
    {
        var import = Parse(Filler(1), row);
        Assert.Equal(new RefusedRow(3, column, reason), import.Report.Refused.Single());
        Assert.Equal((2, 1), (import.Report.RowsRead, import.Report.RowsUsed));
    }

    [Fact]
    public void A_row_reported_twice_counts_once()
    {
        var import = Parse(Filler(1), Filler(1));
        Assert.Equal("repeats line 2 word by word", import.Report.Refused.Single().Reason);
    }

    [Fact]
    public void A_file_that_is_no_log_says_which_columns_are_missing()
    {
        var error = Assert.Throws<ImportException>(() => MachiningLog.Parse(new SourceText("x.csv", "case,activity,machine\nA,B,C\n")));
        Assert.StartsWith("x.csv:1:1: the header lacks start, end, order_qty, part, report_type, qty_rejected, rework — a machining log has", error.Message);
    }

    [Fact]
    public void Every_row_of_the_real_log_is_accounted_for()
    {
        var report = s_real.Value.Report;
        var rows = File.ReadLines(SharedData.Require("data", "plant-history", "production_joined.csv")).Count(l => l.Length > 0) - 1;
        Assert.Equal(4350, rows);
        Assert.Equal(rows, report.RowsRead);
        Assert.Equal(rows, report.RowsUsed + report.Refused.Length);
        Assert.Equal(report.RowsUsed, report.ProductionRows + report.SetupRows + report.BreakdownRows);
        Assert.Equal(22, report.Refused.Count(r => r.Reason.StartsWith("repeats line", StringComparison.Ordinal)));
        Assert.Equal((225, 0), (report.Orders, report.LostOrders));
        Assert.Equal(27, report.Machines);
        Assert.Equal(13.9, report.MedianLead.Days, 0.05); // the published median
        Assert.Equal(0.12, report.TouchShare, 0.02); // the plant model's figure for this log
        Assert.Equal(["Machine 1 - Lapping", "Packing", "Quality Check 1"], report.Benches.Select(b => b.Machine));
    }

    [Fact]
    public void The_real_history_folds_into_225_finished_orders()
    {
        var import = s_real.Value;
        var state = Fold(import);
        Assert.All(state.Orders.ToArray(), o => Assert.Equal(OrderStatus.Complete, o.Status));
        Assert.Equal(import.Report.Operations, state.Jobs.ToArray().Count(j => j.Status == JobStatus.Done));
        Assert.Equal(import.Report.Events, import.History.Count);
        Assert.Equal(import.Scenario.Orders.Select(o => o.Release.Milliseconds), state.Orders.ToArray().Select(o => o.ReleasedAt));
    }

    [Fact]
    public void Planned_hours_of_the_real_log_are_the_recorded_ones_less_what_was_counted_twice()
    {
        var import = s_real.Value;
        var operations = import.Scenario.Plant.WorkMasters.SelectMany(w => w.Operations).ToList();
        var planned = Duration.FromMilliseconds(operations.Sum(o => o.FixedTime.Mean + o.Setup.Milliseconds)).Hours;
        var worked = import.History.Sum(e => e.Kind is PlantEventKind.BatchStarted or PlantEventKind.SetupStarted ? e.Value : 0) / Duration.MillisecondsPerHour;
        Assert.Equal(worked, planned, 0.001); // means are rounded to the millisecond

        // The plant model's figure for this log, over all rows: setup is 18 % of the recorded hours.
        Assert.InRange(operations.Sum(o => o.Setup.Hours) / planned, 0.15, 0.21);
        Assert.All(operations, o => Assert.Equal(1, o.Variation.Mean, 1e-6));
    }

    [Fact]
    public void The_report_speaks_in_sentences()
    {
        var lines = s_real.Value.Report.Lines().ToList();
        Assert.Contains(lines, l => l.StartsWith("4350 rows read from", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("22 refused: repeats another line word by word (line ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("each order is due 13.9 days after its first record", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
    }

    [Fact]
    public void The_real_scenario_compiles_and_every_operation_has_the_machine_that_did_it_first()
    {
        var import = s_real.Value;
        var plant = CompiledScenario.Compile(import.Scenario);
        foreach (var started in import.History.Where(e => e.Kind == PlantEventKind.BatchStarted))
        {
            Assert.Equal(started.Equipment, plant.OperationOf(started.Job).Alternatives[0].Equipment!.Value.Index);
        }
    }

    private static MachiningImport Parse(params string[] rows) => MachiningLog.Parse(new SourceText("log.csv", Header + string.Join('\n', rows) + "\n"));

    /// <summary>Work of another order, apart from all the rest.</summary>
    private static string Filler(int n) =>
        $"F{n},Turning - Machine 4,Machine 4 - Turning,W9,2012-01-1{n}T08:00:00,2012-01-1{n}T10:00:00,10,Shaft,D,0,0,0,";

    private static PlantState Fold(MachiningImport import)
    {
        var state = new PlantState(CompiledScenario.Compile(import.Scenario));
        foreach (var e in import.History)
        {
            state.Apply(e);
        }

        return state;
    }
}
