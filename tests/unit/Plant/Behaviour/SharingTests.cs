using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class SharingTests
{
    private static readonly TenantId A = new(0);
    private static readonly TenantId B = new(1);

    /// <summary>Firm A owns a machine (jobs of an hour) and offers it daily from 02:00 to 05:00; the plant starts on Monday at midnight.</summary>
    private static (TinyPlant Plant, ProductId Product) Shop()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(5, 0)), SimTime.Zero)],
        };
        return (plant, plant.Product((c, 60)));
    }

    private static double StartHour(PlantSimulator simulator, OrderId order) => new SimTime(simulator.State.Orders[order].StartedAt).Hours;

    [Fact]
    public void Work_of_other_firms_begins_only_in_offered_hours_that_it_fits_and_the_owner_any_time()
    {
        var (plant, product) = Shop();
        var foreign = Enumerable.Range(0, 4).Select(_ => plant.Order(product, o => o with { Tenant = B })).ToList();
        var own = plant.Order(product, o => o with { Tenant = A, Release = SimTime.FromHours(0.5) });

        var (simulator, _) = plant.Run();

        Assert.Equal(0.5, StartHour(simulator, own));
        Assert.Equal([2, 3, 4, 26], foreign.Select(o => StartHour(simulator, o)));
        simulator.RunUntil(SimTime.FromHours(48));
        var kpis = PlantKpis.Of(simulator.State).Sharing!;
        Assert.Equal((6, 4, 4 / 6.0), (kpis.OfferedHours, kpis.UsedHours, kpis.FillRate));
    }

    [Fact]
    public void The_owner_goes_first_inside_offered_hours_whatever_the_rule_says()
    {
        var (plant, product) = Shop();
        var foreign = plant.Order(product, o => o with { Tenant = B });
        var own = plant.Order(product, o => o with { Tenant = A, Release = SimTime.FromHours(2) });

        var (simulator, _) = plant.Run();

        Assert.Equal((2, 3), (StartHour(simulator, own), StartHour(simulator, foreign)));
    }

    [Fact]
    public void A_machine_that_the_owner_leaves_for_another_takes_the_others_at_once()
    {
        var (plant, product) = Shop();
        plant.Machine(new EquipmentClassId(0), m => m with { Owner = A, SpeedFactor = 2 }); // the owner's second, faster, not offered but shared
        var foreign = plant.Order(product, o => o with { Tenant = B, Release = SimTime.FromHours(2) });
        var other = plant.Order(product, o => o with { Tenant = B, Release = SimTime.FromHours(2) });
        var own = plant.Order(product, o => o with { Tenant = A, Release = SimTime.FromHours(2) });

        var (simulator, _) = plant.Run();

        Assert.All([foreign, other, own], o => Assert.InRange(StartHour(simulator, o), 2, 3));
        Assert.Equal(0, simulator.OpenOrders);
    }

    [Fact]
    public void A_job_longer_than_every_offered_window_begins_in_one_all_the_same()
    {
        var (plant, _) = Shop();
        var endless = plant.Order(plant.Product((new EquipmentClassId(0), 400)), o => o with { Tenant = B });

        var (simulator, _) = plant.Run();

        Assert.Equal(2, StartHour(simulator, endless));
    }

    [Fact]
    public void A_fork_inside_a_window_goes_on_like_the_straight_run_and_any_state_completes()
    {
        var (plant, product) = Shop();
        for (var i = 0; i < 12; i++)
        {
            var n = i;
            plant.Order(product, o => o with { Tenant = n % 3 == 0 ? A : B, Release = SimTime.FromHours(n * 0.7) });
        }

        var compiled = plant.Compile();
        foreach (var hours in (double[])[1, 2.5, 4.9, 27])
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
        }
    }

    [Fact]
    public void Fairness_is_one_when_all_who_offer_get_alike_and_less_when_one_gets_everything()
    {
        double? Fairness(params TenantId[] guests)
        {
            var plant = new TinyPlant();
            var classes = new[] { plant.Class("a"), plant.Class("b") };
            plant.Machine(classes[0], m => m with { Owner = A });
            plant.Machine(classes[1], m => m with { Owner = B });
            var all = new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(0, 0));
            plant.Extra = plant.Extra with
            {
                Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
                Offers = [new CapacityOffer(new EquipmentId(0), all, SimTime.Zero), new CapacityOffer(new EquipmentId(1), all, SimTime.Zero)],
            };
            ProductId[] products = [plant.Product((classes[0], 60)), plant.Product((classes[1], 60))];
            foreach (var guest in guests)
            {
                plant.Order(products[1 - guest.Index], o => o with { Tenant = guest });
            }

            return PlantKpis.Of(plant.Run().Simulator.State).Sharing!.Fairness;
        }

        Assert.Equal(1, Fairness(A, B));
        Assert.Equal(0.5, Fairness(A, A));
        Assert.Equal(0.9, Fairness(A, A, B)!.Value, 9);
    }

    [Fact]
    public void Offers_of_machines_without_an_owner_are_refused_with_the_way_out()
    {
        using var folder = new ScenarioFolder();
        folder.Write("capacity_offers.csv", """
            equipment,days,start,end
            vat-1,daily,18:00,06:00
            """);
        folder.Expect("capacity_offers.csv:2:1: equipment 'vat-1' has no owner who could offer it — Give it an owner and shared: yes in equipment.csv.");
    }
}
