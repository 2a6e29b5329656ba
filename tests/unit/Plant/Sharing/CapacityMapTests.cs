using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Sharing;

public class CapacityMapTests
{
    private static readonly TenantId A = new(0);
    private static readonly TenantId B = new(1);
    private static readonly TenantId C = new(2);

    /// <summary>A offers its machine from 02:00 to 05:00 at 10 an hour, B's is open to all, C keeps its own; A had a job of an hour; B has booked Tuesday 02:00–04:00.</summary>
    private static CompiledScenario Shop()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A });
        plant.Machine(c, m => m with { Owner = B });
        plant.Machine(c, m => m with { Owner = C, Shared = false });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }, new Tenant { Id = "c", Name = "c" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(5, 0)), SimTime.Zero, PricePerHour: 10)],
        };
        var product = plant.Product((c, 60));
        plant.Order(product, o => o with { Tenant = A });
        var order = plant.Order(product, o => o with { Tenant = B, Release = SimTime.FromHours(200) });
        return CompiledScenario.Compile(plant.Build() with
        {
            Reservations = [new Reservation { Id = "r", Firm = B, Equipment = new EquipmentId(0), From = SimTime.FromHours(26), To = SimTime.FromHours(28), Order = order }],
        });
    }

    private static CapacityMap Look(TenantId? viewer, int weeks = 1) => CapacityMap.Of(Shop(), SimTime.FromHours(24), viewer, weeks, bySite: false, new RandomSource(1, 0));

    [Fact]
    public void The_hours_of_a_week_are_used_unused_committed_available_or_unattainable_by_hand()
    {
        var cell = Assert.Single(Look(null).Cells);

        // Monday is over: an hour of 72 was used. Ahead of A's machine lie 144 h: 2 booked, 6 × 3 − 2 offered and free; B's is free, C's is kept.
        Assert.Equal(new CapacityHours(Used: 1, Unused: 71, Committed: 2, Available: 16 + 144, Unattainable: 126 + 144, Offered: 21), cell.Hours);
        Assert.Equal((3, 3, 10, 3 * 168), (cell.Machines, cell.Firms, cell.PricePerHour, cell.Hours!.Value.Total));
    }

    [Fact]
    public void A_firm_sees_its_own_machines_bookings_and_account_in_full_and_others_without_a_name()
    {
        var (a, b, c) = (Look(A), Look(B), Look(C));

        Assert.Equal(142, Assert.Single(a.Own).Hours.Available); // its own hours are open to it, but for those booked
        Assert.Equal(144, Assert.Single(c.Own).Hours.Available);
        Assert.Equal((false, (OrderId?)null), Assert.Single(a.Bookings) is var seen ? (seen.Own, seen.Order) : default);
        Assert.Equal((true, new OrderId(1), ReservationStatus.Confirmed), Assert.Single(b.Bookings) is var own ? (own.Own, own.Order!.Value, own.Status) : default);
        Assert.Empty(c.Bookings);
        Assert.Empty(Look(null).Own);
        Assert.Null(Look(null).Account);
    }

    [Fact]
    public void A_cell_of_fewer_than_three_firms_is_withheld_and_left_out_of_the_sum()
    {
        var plant = Shop();
        var two = CompiledScenario.Compile(plant.Scenario with
        {
            Plant = plant.Plant with { Equipment = [.. plant.Plant.Equipment.Select(e => e with { Owner = e.Owner == C ? B : e.Owner })] },
        });

        var map = CapacityMap.Of(two, SimTime.FromHours(24), null, 2, bySite: false, new RandomSource(1, 0));

        Assert.Equal((2, 2), (map.Cells.Length, map.Withheld));
        Assert.All(map.Cells, cell => Assert.True(cell.Hours is null && cell.PricePerHour is null));
        Assert.Equal(0, map.Shown.Total);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(400)]
    public void The_five_parts_are_the_working_hours_of_every_machine_and_week_whoever_looks(double hours)
    {
        var scenario = DigitalTwin.Plant.Scenarios.Generators.CapacityMapGenerator.Create(6, 20, seed: 4);
        var plant = CompiledScenario.Compile(scenario);
        foreach (var viewer in (TenantId?[])[null, A, B])
        {
            var map = CapacityMap.Of(plant, SimTime.FromHours(hours), viewer, 2, bySite: true, new RandomSource(1, 0));
            Assert.All(map.Own, m => Assert.InRange(Math.Min(Math.Min(m.Hours.Used, m.Hours.Unused), Math.Min(Math.Min(m.Hours.Committed, m.Hours.Available), m.Hours.Unattainable)), -1e-9, 1e9));
            foreach (var cell in map.Cells.Where(c => c.Hours is not null))
            {
                Assert.InRange(cell.Hours!.Value.Total / cell.Machines, 96 - 1e-6, 96 + 12); // six days of sixteen hours; what runs over the shift's end counts as used
            }
        }
    }
}
