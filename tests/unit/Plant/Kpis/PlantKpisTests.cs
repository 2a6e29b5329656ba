using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Kpis;

public sealed class PlantKpisTests
{
    private const double Tolerance = 1e-9;

    private static PlantState Fresh(Func<Equipment, Equipment>? vat = null, int orders = 2) =>
        new(CompiledScenario.Compile(OneVat.Scenario(vat, orders: orders)));

    /// <summary>0–0.5 setup, 0.5–2.5 A, 2.5–4.5 B, 4.5–5.5 its addition, shift ends at 10, measured at 12.</summary>
    private static PlantState Day()
    {
        var state = Fresh();
        state.Fold(
            (0, PlantEventKind.OrderReleased, -1, -1, 0, -1, 0),
            (0, PlantEventKind.OrderReleased, -1, -1, 1, -1, 0),
            (0, PlantEventKind.JobReady, -1, 0, -1, -1, 0),
            (0, PlantEventKind.JobReady, -1, 1, -1, -1, 0),
            (0, PlantEventKind.JobAssigned, 0, 0, -1, 0, 0),
            (0, PlantEventKind.SetupStarted, 0, 0, -1, 0, 0.5 * Duration.MillisecondsPerHour),
            (0.5, PlantEventKind.SetupEnded, 0, 0, -1, -1, 0),
            (0.5, PlantEventKind.BatchStarted, 0, 0, -1, 0, 2 * Duration.MillisecondsPerHour));
        state.End(2.5, 0);
        state.Fold(
            (2.5, PlantEventKind.JobAssigned, 0, 1, -1, 1, 0),
            (2.5, PlantEventKind.BatchStarted, 0, 1, -1, 0, 2 * Duration.MillisecondsPerHour),
            (4.5, PlantEventKind.AdditionStarted, 0, 1, -1, -1, 1 * Duration.MillisecondsPerHour));
        state.End(5.5, 1);
        state.Fold((10, PlantEventKind.ShiftEnded, 0, -1, -1, -1, 0));
        return state.At(12);
    }

    [Fact]
    public void Times_split_the_window_by_their_ISO_22400_and_SEMI_E10_names()
    {
        var kpis = PlantKpis.Of(Day()).Equipment[0];

        Assert.Equal(10, kpis.PlannedBusyTime, Tolerance);
        Assert.Equal(5, kpis.ActualProductionTime, Tolerance);
        Assert.Equal(0.5, kpis.ActualSetupTime, Tolerance);
        Assert.Equal(0, kpis.ActualDelayTime, Tolerance);
        Assert.Equal(5.5, kpis.ActualProcessingTime, Tolerance);
        Assert.Equal(5.5, kpis.ActualBusyTime, Tolerance);
        Assert.Equal((4.5, 0.5, 0, 2, 0), (kpis.Standby, kpis.ScheduledDown, kpis.UnscheduledDown, kpis.NonScheduled, kpis.Engineering));
    }

    [Fact]
    public void Ratios_are_those_of_ISO_22400()
    {
        var kpis = PlantKpis.Of(Day()).Equipment[0];

        Assert.Equal(0.5, kpis.Availability!.Value, Tolerance);
        Assert.Equal(0.8, kpis.Effectiveness!.Value, Tolerance); // 4 h planned, 5 h with the addition
        Assert.Equal(1, kpis.QualityRatio!.Value, Tolerance);
        Assert.Equal(0.4, kpis.OeeIndex!.Value, Tolerance);
        Assert.Equal(0.55, kpis.AllocationEfficiency!.Value, Tolerance);
        Assert.Equal(5 / 5.5, kpis.UtilizationEfficiency!.Value, Tolerance);
        Assert.Equal(0.5 / 5.5, kpis.SetupRate!.Value, Tolerance);
    }

    [Fact]
    public void Effective_utilisation_is_time_share_times_loading_times_right_first_time()
    {
        var kpis = PlantKpis.Of(Day()).Equipment[0];

        Assert.Equal(0.5, kpis.TimeShare!.Value, Tolerance);
        Assert.Equal((2 * 0.5 + 3 * 1) / 5, kpis.Loading!.Value, Tolerance);
        Assert.Equal(50.0 / 150, kpis.RightFirstTime!.Value, Tolerance); // B needed an addition
        Assert.Equal(0.5 * 0.8 / 3, kpis.EffectiveUtilisation!.Value, Tolerance);
    }

    [Fact]
    public void Orders_count_on_time_late_and_weighted_and_lead_times_by_kind()
    {
        var orders = PlantKpis.Of(Day()).Orders;

        Assert.Equal((2, 0, 1, 1), (orders.Completed, orders.Open, orders.OnTime, orders.Late));
        Assert.Equal(1.5, orders.TardinessHours, Tolerance);
        Assert.Equal(0.75, orders.TardinessMeanHours!.Value, Tolerance);
        Assert.Equal(3, orders.WeightedTardinessHours, Tolerance);
        Assert.Equal(4, orders.LeadTimeMeanHours!.Value, Tolerance);
        Assert.Equal(5.5, orders.SampleLeadTimeMeanHours!.Value, Tolerance);
        Assert.Equal(2.5, orders.BulkLeadTimeMeanHours!.Value, Tolerance);
        Assert.Equal(5 / 8.0, orders.TouchShare!.Value, Tolerance);
        Assert.Equal(150 / 5.0, orders.ThroughputRate!.Value, Tolerance);
        Assert.Equal(5.5, orders.MakespanHours!.Value, Tolerance);
        Assert.Equal(5 / 12.0, orders.WipMean!.Value, Tolerance);
    }

    [Fact]
    public void Energy_water_and_demand_follow_the_meters()
    {
        var kpis = PlantKpis.Of(Day());

        Assert.Equal(0.5 * 1 + 5 * 10 + 4.5 * 1 + 3, kpis.Total.EnergyKwh, Tolerance); // 3 kWh of the changeover
        Assert.Equal(58 * 0.5, kpis.Total.EnergyCost, Tolerance);
        Assert.Equal(2, kpis.Total.WaterM3, Tolerance);
        Assert.Equal((1, 7), (kpis.Total.Changeovers, kpis.Total.ChangeoverCost));
        Assert.Equal(10, kpis.DemandPeakKw, Tolerance); // the changeover draws 6 kW beside the idle kilowatt, less than the work
        Assert.Equal(10 * 30, kpis.DemandCost, Tolerance);
    }

    [Fact]
    public void An_open_order_past_its_due_date_is_late_by_as_much_as_it_is_late_so_far()
    {
        var state = Fresh().Begin(1, 0).At(8);

        var orders = PlantKpis.Of(state).Orders;

        Assert.Equal((0, 1, 0, 2), (orders.Completed, orders.Open, orders.OnTime, orders.Late)); // B was never even released
        Assert.Equal(5 + 4, orders.TardinessHours, Tolerance);
        Assert.Equal(5, orders.TardinessMaxHours, Tolerance);
        Assert.Null(orders.LeadTimeMeanHours);
    }

    [Fact]
    public void An_order_that_is_neither_complete_nor_past_due_is_neither_on_time_nor_late()
    {
        var orders = PlantKpis.Of(Fresh().Begin(0, 0).At(1)).Orders;

        Assert.Equal((0, 0), (orders.OnTime, orders.Late));
        Assert.Null(orders.OnTimeShare);
        Assert.Equal(1, orders.Wip);
    }

    [Fact]
    public void Down_time_delays_an_order_only_while_work_is_in_the_machine()
    {
        var state = Fresh();
        state.Fold((0, PlantEventKind.EquipmentDown, 0, -1, -1, -1, 0), (1, PlantEventKind.RepairEnded, 0, -1, -1, -1, 0));
        state.Begin(1, 0);
        state.Fold(
            (2, PlantEventKind.EquipmentDown, 0, -1, -1, -1, 0),
            (2, PlantEventKind.BatchHeld, 0, 0, -1, (int)HoldReason.Breakdown, 0),
            (2.5, PlantEventKind.RepairStarted, 0, -1, -1, -1, 0),
            (4, PlantEventKind.RepairEnded, 0, -1, -1, -1, 0),
            (4, PlantEventKind.BatchResumed, 0, 0, -1, -1, 0));
        state.End(5, 0);

        var kpis = PlantKpis.Of(state.At(6)).Equipment[0];

        Assert.Equal(3, kpis.UnscheduledDown, Tolerance);
        Assert.Equal(2, kpis.ActualDelayTime, Tolerance);
        Assert.Equal(2, kpis.ActualProductionTime, Tolerance);
        Assert.Equal(1, kpis.Effectiveness!.Value, Tolerance); // a standstill is no processing
        Assert.Equal(2, kpis.Failures);
    }

    [Fact]
    public void Rework_and_scrap_lower_quality_and_right_first_time()
    {
        var state = Fresh().Begin(0, 1);
        state.Fold(
            (2, PlantEventKind.BatchRework, 0, 1, -1, -1, 0),
            (2, PlantEventKind.JobAssigned, 0, 1, -1, 1, 0),
            (2, PlantEventKind.BatchStarted, 0, 1, -1, 0, 2 * Duration.MillisecondsPerHour),
            (4, PlantEventKind.Scrapped, 0, 1, -1, -1, 10));
        state.End(4, 1);

        var kpis = PlantKpis.Of(state.At(4)).Equipment[0];

        Assert.Equal((200, 100, 10, 90), (kpis.Produced, kpis.Rework, kpis.Scrap, kpis.Good));
        Assert.Equal(0.45, kpis.QualityRatio!.Value, Tolerance);
        Assert.Equal(0, kpis.RightFirstTime!.Value, Tolerance);
    }

    [Fact]
    public void Slots_side_by_side_share_the_time_of_one_machine()
    {
        var state = Fresh(v => v with { Slots = 4 }, orders: 4).Begin(0, 2, 4).Begin(0, 3, 2);
        state.End(2, 3);

        var kpis = PlantKpis.Of(state.At(4)).Equipment[0]; // one slot for 4 h, still running, and one for 2 h

        Assert.Equal(4, kpis.ActualProductionTime, Tolerance);
        Assert.Equal(6.0 / 16, kpis.TimeShare!.Value, Tolerance);
    }

    [Fact]
    public void After_a_warm_up_only_the_rest_counts()
    {
        var state = Fresh().Begin(0, 0).End(2, 0).Begin(2, 1);
        state.ResetStatistics(SimTime.FromHours(3));

        var kpis = PlantKpis.Of(state.End(4, 1).At(5));

        Assert.Equal(SimTime.FromHours(3), kpis.From);
        Assert.Equal(1, kpis.Orders.Completed); // A was complete before
        Assert.Equal(1, kpis.Total.ActualProductionTime, Tolerance);
        Assert.Equal(0.5, kpis.Total.TimeShare!.Value, Tolerance);
    }

    [Fact]
    public void A_plant_that_did_nothing_has_undefined_ratios_not_wrong_ones()
    {
        var kpis = PlantKpis.Of(Fresh(orders: 0));

        Assert.All(["availability", "quality-ratio", "oee", "loading", "on-time-share", "lead-time-p90", "utility-work"],
            key => Assert.Null(KpiCatalogue.Find(key)!.Value(kpis)));
        Assert.Equal(0, KpiCatalogue.Find("energy")!.Value(kpis));
    }

    [Fact]
    public void Demand_is_charged_for_the_highest_quarter_hour_of_each_month()
    {
        var hoursToFebruary = 27 * 24 - 8; // epoch is 5 January, 08:00
        var state = Fresh(v => v with { IdleKw = 2 });
        state.At(hoursToFebruary - 1);
        state.Begin(hoursToFebruary - 1, 0, 0.5);
        state.End(hoursToFebruary - 0.5, 0).At(hoursToFebruary + 5);

        var kpis = PlantKpis.Of(state);

        Assert.Equal(10, kpis.DemandPeakKw, Tolerance);
        Assert.Equal((10 + 2) * 30, kpis.DemandCost, Tolerance);
    }

    [Fact]
    public void Utility_work_is_what_does_not_fit_into_takt_and_window()
    {
        var scenario = OneVat.Scenario(orders: 4);
        scenario = scenario with
        {
            Plant = scenario.Plant with
            {
                Lines = [new ProductionLine { Id = "L", Name = "L", Takt = Duration.FromHours(2), StationWindow = Duration.FromHours(0.5), Stations = [new(0)] }],
            },
        };
        var state = new PlantState(CompiledScenario.Compile(scenario));
        state.Begin(0, 0, 3).End(3, 0).Begin(3, 1, 2.25).End(5.25, 1).Begin(6, 2, 1).End(7, 2).At(8);

        // w: 0 + 3 − 2 = 1 → 0.5 over; 0.5 + 2.25 − 2 = 0.75 → 0.25 over; 0.5 + 1 − 2 < 0.
        var kpis = PlantKpis.Of(state);

        Assert.Equal(45, kpis.UtilityWorkMinutes!.Value, Tolerance);
        Assert.Equal(3, kpis.Lines[0].Units);
    }
}
