using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class MarketTests
{
    private static readonly TenantId A = new(0);
    private static readonly TenantId B = new(1);
    private static readonly TenantId C = new(2);

    /// <summary>Firm A owns a machine (jobs of an hour) and offers it daily from 02:00 to 05:00; the plant starts on Monday at midnight.</summary>
    private static (TinyPlant Plant, ProductId Product) Shop(MarketRules? market = null, Func<CapacityOffer, CapacityOffer>? terms = null)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A });
        var offer = new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(5, 0)), SimTime.Zero);
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }, new Tenant { Id = "c", Name = "c" }],
            Offers = [terms?.Invoke(offer) ?? offer],
            Market = market ?? new MarketRules { Booking = BookingPolicy.WhenWaiting },
        };
        return (plant, plant.Product((c, 60)));
    }

    private static double StartHour(PlantSimulator simulator, OrderId order) => new SimTime(simulator.State.Orders[order].StartedAt).Hours;

    private static string Told(IEnumerable<PlantEvent> events) => string.Join(' ', events
        .Where(e => e.Kind is >= PlantEventKind.ReservationOffered and <= PlantEventKind.ReservationReleased)
        .Select(e => FormattableString.Invariant($"{e.Kind.ToString()[11..]}@{e.Time.Hours}")));

    [Fact]
    public void A_waiting_job_books_the_earliest_offered_hours_and_begins_in_them()
    {
        var (plant, product) = Shop();
        var first = plant.Order(product, o => o with { Tenant = B });
        var second = plant.Order(product, o => o with { Tenant = C });

        var (simulator, events) = plant.Run();

        Assert.Equal((2, 3), (StartHour(simulator, first), StartHour(simulator, second)));
        Assert.Equal("Offered@0 Held@0 Confirmed@0 Offered@0 Held@0 Confirmed@0 Used@2 Used@3", Told(events));
        Assert.Equal((2, 2, 2, 2), (simulator.State.Market.Held, simulator.State.Market.Confirmed, simulator.State.Market.Used, simulator.State.Market.BookedHours));
        Assert.Equal(5 * Duration.MillisecondsPerHour, simulator.State.Market.LeadMs); // two hours and three
        Assert.All(simulator.State.Reservations.ToArray(), r => Assert.Equal(ReservationStatus.Used, r.Status));
    }

    /// <summary>The first lot of a dye lot is done on M2, which nobody may walk into from 03:00; M1 would be to be had at 02:00 but is not theirs.</summary>
    [Fact]
    public void The_lots_of_a_dye_lot_book_the_machine_that_took_the_first_of_them()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A });
        plant.Machine(c, m => m with { Owner = A });
        CapacityOffer From(int machine, int hour) =>
            new(new EquipmentId(machine), new WeeklyWindow(Weekdays.Daily, new TimeOnly(hour, 0), new TimeOnly(hour + 3, 0)), SimTime.Zero, WalkIn: false);
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [From(0, 2), From(1, 3)],
            Market = new MarketRules { Booking = BookingPolicy.WhenWaiting },
        };
        var product = plant.Product(TinyPlant.Step(c, 60) with { SameEquipment = true });
        plant.Order(product, o => o with { Tenant = A });
        plant.Order(product, o => o with { Tenant = A, DyeLot = "L" });
        var order = plant.Order(product, o => o with { Tenant = B, DyeLot = "L", Release = SimTime.FromHours(1) });

        var (simulator, _) = plant.Run();

        Assert.Equal(1, simulator.State.Jobs[1].Equipment);
        Assert.Equal((1, 3), (simulator.State.Jobs[2].Equipment, StartHour(simulator, order)));
    }

    [Fact]
    public void A_booking_that_the_firm_does_not_confirm_in_time_lapses_and_its_job_asks_anew()
    {
        var (plant, product) = Shop(new MarketRules
        {
            Booking = BookingPolicy.WhenWaiting, Hold = Duration.FromHours(1), Decision = Distribution.Constant(1.5 * Duration.MillisecondsPerHour),
        });
        var order = plant.Order(product, o => o with { Tenant = B });

        var (simulator, events) = plant.Run();

        Assert.Equal("Offered@0 Held@0 Expired@1 Offered@1 Held@1 Expired@2", Told(events));
        Assert.Equal(2, StartHour(simulator, order)); // without a booking, as the offer allows
    }

    [Fact]
    public void Nobody_begins_what_would_run_into_hours_that_another_firm_has_booked_and_the_owner_neither()
    {
        var (plant, product) = Shop(new MarketRules());
        var scenario = plant.Build();
        plant.Order(product, o => o with { Tenant = C, Release = SimTime.FromHours(2) }); // would run from 2 to 3, but 2:30–4:30 is B's
        plant.Order(product, o => o with { Tenant = A, Release = SimTime.FromHours(1.75) });
        plant.Order(product, o => o with { Tenant = B, Release = SimTime.FromHours(3) });
        scenario = plant.Build() with
        {
            Reservations = [new Reservation { Id = "r", Firm = B, Equipment = new EquipmentId(0), From = SimTime.FromHours(2.5), To = SimTime.FromHours(4.5) }],
        };
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal([26, 4.5, 3], Enumerable.Range(0, 3).Select(o => StartHour(simulator, new OrderId(o))));
        Assert.Equal("Offered@0 Held@0 Confirmed@0 Used@3", Told(recorder.Events));
    }

    [Fact]
    public void Booked_hours_that_pass_by_unused_are_free_again_and_an_unconfirmed_row_lapses_when_its_hold_is_over()
    {
        var (plant, product) = Shop(new MarketRules { Hold = Duration.FromHours(0.5) });
        plant.Order(product, o => o with { Tenant = C });
        var reservation = new Reservation { Id = "r", Firm = B, Equipment = new EquipmentId(0), From = SimTime.FromHours(2), To = SimTime.FromHours(3.25), Made = SimTime.FromHours(0) };
        foreach (var (confirmed, told, starts) in ((bool, string, double)[])[(true, "Offered@0 Held@0 Confirmed@0 Expired@3.25", 3.25), (false, "Offered@0 Held@0 Expired@0.5", 2)])
        {
            var recorder = new EventRecorder();
            var simulator = new PlantSimulator(
                CompiledScenario.Compile(plant.Build() with { Reservations = [reservation with { Confirmed = confirmed }] }), new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
            simulator.RunToCompletion(SimTime.FromHours(100));
            Assert.Equal(told, Told(recorder.Events));
            Assert.Equal(starts, StartHour(simulator, new OrderId(0)));
            Assert.Equal(0, simulator.State.Market.BookedHours);
        }
    }

    [Fact]
    public void An_owners_job_that_would_be_late_takes_booked_hours_back_with_notice_and_the_loser_books_anew()
    {
        var (plant, _) = Shop(terms: o => o with { Notice = Duration.FromHours(0.5) });
        var guest = plant.Order(plant.Product((new EquipmentClassId(0), 120)), o => o with { Tenant = B });
        var own = plant.Order(plant.Product((new EquipmentClassId(0), 90)), o => o with { Tenant = A, Release = SimTime.FromHours(1), Due = SimTime.FromHours(3) });

        var (simulator, events) = plant.Run();

        // The guest has 2–4. The owner's 1.5 h from 1:00 do not fit before 2:00, and after 4:00 they would be late.
        Assert.Equal("Offered@0 Held@0 Confirmed@0 Recalled@1 Offered@1 Held@1 Confirmed@1 Used@1 Offered@1 Held@1 Confirmed@1 Used@2.5", Told(events));
        Assert.Equal((1, 2.5), (StartHour(simulator, own), StartHour(simulator, guest)));
        Assert.Equal(own.Index, simulator.State.Plant.Jobs.OrderOf(events.Single(e => e.Kind == PlantEventKind.ReservationRecalled).Job));
        Assert.Equal(1, simulator.State.Market.Recalled);
        Assert.Equal(3.5, simulator.State.Market.BookedHours); // the guest's two hours and the owner's hour and a half
    }

    [Theory]
    [InlineData(1.25, 3.0)] // less than the notice before the start
    [InlineData(0.5, 6.0)] // in time without a recall
    public void An_owner_takes_nothing_back_after_the_notice_or_without_need(double noticeHours, double dueHour)
    {
        var (plant, _) = Shop(terms: o => o with { Notice = Duration.FromHours(noticeHours) });
        var guest = plant.Order(plant.Product((new EquipmentClassId(0), 120)), o => o with { Tenant = B });
        var own = plant.Order(plant.Product((new EquipmentClassId(0), 90)), o => o with { Tenant = A, Release = SimTime.FromHours(1), Due = SimTime.FromHours(dueHour) });

        var (simulator, _) = plant.Run();

        Assert.Equal((4, 2), (StartHour(simulator, own), StartHour(simulator, guest)));
        Assert.Equal(0, simulator.State.Market.Recalled);
    }

    [Fact]
    public void Notice_and_minimum_lot_are_kept_and_an_offer_without_walk_in_takes_only_bookings()
    {
        var (plant, product) = Shop(terms: o => o with { Notice = Duration.FromHours(3), MinimumLot = 10, WalkIn = false });
        var late = plant.Order(product, o => o with { Tenant = B, Quantity = 10 }); // 2:00 is less than three hours away
        var small = plant.Order(product, o => o with { Tenant = C, Quantity = 9 });

        var (simulator, _) = plant.Run();

        Assert.Equal(3, StartHour(simulator, late));
        Assert.Equal(OrderStatus.Released, simulator.State.Orders[small].Status);
    }

    [Fact]
    public void A_job_that_finds_an_open_machine_before_its_hours_goes_there_and_gives_them_back()
    {
        var (plant, product) = Shop();
        plant.Machine(new EquipmentClassId(0)); // the plant's own, open to all, but broken until 1:54
        plant.Disturbances = [new Disturbance { Time = SimTime.Zero, Equipment = new EquipmentId(1), Duration = Duration.FromHours(1.9) }];
        var order = plant.Order(product, o => o with { Tenant = B });

        var (simulator, events) = plant.Run();

        Assert.Equal(1.9, StartHour(simulator, order));
        Assert.Equal("Offered@0 Held@0 Confirmed@0 Released@1.9", Told(events));
        Assert.Equal(0, simulator.State.Market.BookedHours);
    }

    [Fact]
    public void A_job_that_has_waited_too_long_goes_before_all_others_and_in_offered_hours_before_the_owners()
    {
        var (plant, product) = Shop(new MarketRules { MaxWait = Duration.FromHours(2.5) });
        plant.Dispatch = DispatchRule.Edd;
        var guests = Enumerable.Range(0, 2).Select(_ => plant.Order(product, o => o with { Tenant = B, Due = SimTime.FromHours(900) })).ToList();
        var own = Enumerable.Range(0, 3).Select(_ => plant.Order(product, o => o with { Tenant = A, Release = SimTime.FromHours(2), Due = SimTime.FromHours(9) })).ToList();

        var (simulator, _) = plant.Run();

        // The owner's first goes at 2:00; at 3:00 the guests have waited for three hours, and go first while the offer is open.
        Assert.Equal([2, 5, 6], own.Select(o => StartHour(simulator, o)));
        Assert.Equal([3, 4], guests.Select(o => StartHour(simulator, o)));
    }

    [Fact]
    public void A_fork_goes_on_like_the_straight_run_and_any_state_completes_whatever_is_booked()
    {
        var (plant, product) = Shop(new MarketRules
        {
            Booking = BookingPolicy.WhenWaiting, Hold = Duration.FromHours(1), Decision = Distribution.Exponential(0.6 * Duration.MillisecondsPerHour), MaxWait = Duration.FromHours(30),
        }, o => o with { Notice = Duration.FromHours(0.25) });
        for (var i = 0; i < 14; i++)
        {
            var n = i;
            plant.Order(product, o => o with { Tenant = new TenantId(n % 3), Release = SimTime.FromHours(n * 0.6), Due = SimTime.FromHours(n * 0.6 + 3) });
        }

        var compiled = plant.Compile();
        foreach (var hours in (double[])[0.1, 1, 2.5, 4.9, 27])
        {
            var straight = new EventRecorder();
            var simulator = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(1, 0), sink: straight);
            simulator.RunUntil(SimTime.FromHours(hours));
            var before = straight.Events.Count;
            var forked = new EventRecorder();
            var fork = simulator.Fork(forked);
            var resumed = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(1, 0), simulator.State);
            foreach (var run in (PlantSimulator[])[fork, simulator, resumed])
            {
                run.RunToCompletion(SimTime.FromHours(24 * 30));
                Assert.Equal(0, run.OpenOrders);
            }

            Assert.Equal(straight.Events.Skip(before), forked.Events);
            var folded = new PlantState(compiled);
            straight.Events.ForEach(e => folded.Apply(e));
            Assert.Equal(simulator.State.Reservations.ToArray(), folded.Reservations.ToArray());
            Assert.Equal(simulator.State.Market, folded.Market);
        }
    }

    [Theory]
    [InlineData("r,b,vat-1,2026-03-02 19:00,2026-03-02 22:00,", "reservations.csv:2:1: firm '")]
    [InlineData("r,a,dry-1,2026-03-02 19:00,2026-03-02 22:00,", "equipment 'dry-1' is not offered — Offer its hours in capacity_offers.csv, or book another machine.")]
    [InlineData("r,b,vat-1,2026-03-02 19:00,2026-03-02 22:00,2026-03-02 18:30", "leaves less than the owner's notice of 2 h before the hours begin — Book later hours, or ask earlier.")]
    [InlineData("r,b,vat-1,2026-03-02 17:00,2026-03-02 22:00,", "no offer of 'vat-1' covers the time from '2026-03-02 17:00' to '2026-03-02 22:00' — Book inside one window of capacity_offers.csv.")]
    [InlineData("r,b,vat-1,2026-03-02 22:00,2026-03-02 19:00,", "to '2026-03-02 19:00' is not after from '2026-03-02 22:00' — Maybe the two are swapped?")]
    [InlineData("r,b,vat-1,2026-03-02 19:00,2026-03-02 22:00,\ns,b,vat-1,2026-03-02 21:00,2026-03-02 23:00,", "from '2026-03-02 21:00' lies in hours that 'r' has booked on 'vat-1' — Book other hours.")]
    [InlineData("r,a,vat-1,2026-03-02 19:00,2026-03-02 22:00,", "firm 'a' owns equipment 'vat-1' — An owner needs no reservation; remove the row.")]
    public void Reservations_that_cannot_be_are_refused_at_their_place_with_the_way_out(string rows, string message)
    {
        using var folder = new ScenarioFolder();
        folder.Write("tenants.csv", "id\na\nb\n");
        folder.Write("equipment.csv", "id,class,owner,capacity_max,capacity_unit,changeover\nvat-1,vat,a,400,kg,cleaning\ndry-1,dryer,,500,kg,\n");
        folder.Write("capacity_offers.csv", "equipment,days,start,end,notice\nvat-1,daily,18:00,06:00,2 h\n");
        folder.Write("reservations.csv", "id,firm,equipment,from,to,made\n" + rows + "\n");
        var found = ScenarioReader.Read(folder.Path).Diagnostics.Where(d => d.File.EndsWith("reservations.csv", StringComparison.Ordinal)).Select(d => d.ToString()).ToList();
        if (message.EndsWith("firm '", StringComparison.Ordinal))
        {
            Assert.Empty(found); // a sound one
            return;
        }

        Assert.Contains(message, Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_firm_that_decides_slower_than_a_booking_is_held_is_refused()
    {
        using var folder = new ScenarioFolder();
        File.AppendAllText(Path.Combine(folder.Path, "scenario.yaml"), "\nmarket:\n  booking: when_waiting\n  hold: 1 h\n  decision: 2 h\n");
        folder.Expect("scenario.yaml:16:13: decision '2 h' takes longer than a booking is held (1 h): bookings would lapse — Hold bookings longer, or let firms decide sooner.");
    }
}
