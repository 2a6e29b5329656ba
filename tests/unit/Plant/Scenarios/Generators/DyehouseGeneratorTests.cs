using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

public sealed class DyehouseGeneratorTests
{
    private static readonly Scenario s_scenario = DyehouseGenerator.Create();
    private static readonly List<Equipment> s_vats = [.. s_scenario.Plant.Equipment.Where(e => e.Id[0] == 'V')];

    [Fact]
    public void The_vats_are_those_of_the_order_book_statistics()
    {
        Assert.Equal(96, s_vats.Count);
        Assert.Equal(3, s_vats.Min(v => v.CapacityNominal));
        Assert.Equal(650, s_vats.Max(v => v.CapacityNominal));
        Assert.Equal(14.9, Math.Round(s_vats.Sum(v => v.CapacityNominal) / 1000, 1));
        var preferred = s_vats.CountBy(v => v.PreferredFamilies.Length == 0 ? "none" : s_scenario.Plant.Families[v.PreferredFamilies[0]].Id)
            .ToDictionary(x => x.Key, x => x.Value);
        Assert.Equal((40, 32, 17, 3, 2, 2), (preferred["dark"], preferred["light"], preferred["white"], preferred["extra-light"], preferred["medium"], preferred["none"]));
    }

    [Theory]
    [InlineData("dark", "light", null)]
    [InlineData("dark", "medium", 10.0)]
    [InlineData("medium", "extra-light", 50.0)]
    [InlineData("light", "extra-light", 0.0)]
    [InlineData("white", "dark", 999.0)]
    [InlineData("white", "light", null)]
    [InlineData("white", "white", 0.0)]
    public void Changeovers_have_the_measured_costs_and_forbidden_ways(string from, string to, double? cost)
    {
        var rule = Assert.IsType<MatrixChangeover>(s_scenario.Plant.ChangeoverRules[0]);
        var changeover = rule.Between(Family(from), Family(to));
        Assert.Equal(cost is not null, changeover.Allowed);
        Assert.Equal(cost ?? 0, changeover.Cost);
        Assert.Equal(cost switch { null => 0, 0 => 25, _ => 120 }, changeover.Duration.Minutes);
    }

    [Fact]
    public void The_order_mix_follows_the_order_books()
    {
        var share = s_scenario.Orders.CountBy(o => s_scenario.Plant.Families[s_scenario.Plant.Products[o.Product].Family!.Value].Id)
            .ToDictionary(x => x.Key, x => x.Value / 600.0);
        Assert.Equal(600, s_scenario.Orders.Length);
        Assert.Equal((0.31, 0.30, 0.20, 0.13, 0.06), (share["white"], share["extra-light"], share["dark"], share["light"], share["medium"]));
        Assert.InRange(s_scenario.Orders.Count(o => o.Quantity <= 24) / 600.0, 0.09, 0.27);
        Assert.InRange(s_scenario.Orders.CountBy(o => o.DyeLot).Max(x => x.Value), 13, 24);
        var dated = s_scenario.Orders.Where(o => o.Due is not null).ToList();
        Assert.InRange(dated.Count(o => o.Due < SimTime.Zero) / (double)dated.Count, 0.55, 0.84);
    }

    [Fact]
    public void Every_batch_fills_at_least_one_vat_as_it_must_be_filled()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        Assert.Empty(WorkContent.Impossible(plant));
        for (var job = 0; job < plant.Jobs.JobCount; job++)
        {
            if (plant.OperationOf(job).Id == "dye")
            {
                var kg = plant.Jobs.QuantityOf(job);
                Assert.Contains(plant.EligibleEquipment(job), e => s_scenario.Plant.Equipment[e].CapacityMin <= kg);
            }
        }
    }

    [Theory]
    [InlineData("reactive-cotton-dark-M", 9.9, 52, 7.2)]
    [InlineData("reactive-cotton-light-M", 7.2, 38, 4.8)]
    [InlineData("optical-white-M", 3.2, 16, 2.3)]
    [InlineData("disperse-polyester-dark-M", 5.6, 20, 3.9)]
    [InlineData("disperse-polyester-light-M", 3.0, 10, 1.8)]
    [InlineData("acid-nylon-M", 5.3, 30, 3.2)]
    public void Recipe_phases_add_up_to_the_sheet(string routing, double hours, double litres, double steam)
    {
        var dye = s_scenario.Plant.WorkMasters.Single(w => w.Id == routing).Operations.Single(o => o.Id == "dye");
        Assert.Equal(hours, dye.Phases.Sum(p => p.Duration.Hours), 0.06);
        Assert.Equal(litres, dye.Phases.Sum(p => p.WaterLitresPerUnit), 0.1);
        Assert.Equal(steam, dye.Phases.Sum(p => p.SteamKgPerUnit), 0.01);
    }

    [Fact]
    public void Vats_are_busy_and_winders_are_not_the_bottleneck()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        var (hours, places) = (WorkContent.HoursByClass(plant), WorkContent.Places(plant.Plant));
        double Days(string c) => hours[c] / places[c] / 24;

        // Large and medium vats carry the load: about two days of dyeing without washes, redyes and waiting for frames.
        Assert.InRange(Days("vat-M"), 1.4, 2.2);
        Assert.InRange(Days("vat-L"), 1.4, 2.2);
        Assert.True(Days("vat-S") < Days("vat-M"));
        Assert.True(Days("soft-winder") < 2 && Days("tight-winder") < 2 && Days("packing") < 2);
    }

    [Fact]
    public void Medium_and_large_vats_dye_and_wash_for_most_of_the_first_forty_hours()
    {
        var simulator = new PlantSimulator(CompiledScenario.Compile(s_scenario), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(40));
        var busy = PlantKpis.Of(simulator.State).Equipment
            .Where(k => s_scenario.Plant.EquipmentClasses[s_scenario.Plant.Equipment[k.Equipment].Class].Id is "vat-M" or "vat-L")
            .Average(k => k.ActualProcessingTime / k.PlannedBusyTime);
        Assert.InRange(busy, 0.75, 0.9);
    }

    [Fact]
    public void Same_seed_same_scenario_and_other_seed_other_orders()
    {
        Assert.Equal(s_scenario.Orders, DyehouseGenerator.Create().Orders);
        Assert.NotEqual(s_scenario.Orders, DyehouseGenerator.Create(seed: 2).Orders);
    }

    private static FamilyId Family(string id) => new(s_scenario.Plant.Families.ToList().FindIndex(f => f.Id == id));
}
