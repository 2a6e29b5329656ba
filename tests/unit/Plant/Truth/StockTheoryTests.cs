using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>Stock of a material that jobs use one by one at random against the closed forms of inventory theory.</summary>
public class StockTheoryTests
{
    private const double Between = 60; // mean minutes between two jobs, each of which uses one piece

    private static readonly Material s_stock = new() { Id = "part", Name = "part" };

    /// <summary>The inventory position is as often at s + 1 as at any level up to s + Q, and what came of it a lead time later has left
    /// (Hadley and Whitin, 1963). With single demands (s, S) is (s, Q) with Q = S − s.</summary>
    [Theory]
    [InlineData(ReorderRule.OrderUpTo, 3, 7)]
    [InlineData(ReorderRule.FixedQuantity, 3, 7)]
    [InlineData(ReorderRule.FixedQuantity, 6, 7)] // s = S − 1: base stock
    [InlineData(ReorderRule.OrderUpTo, 1, 11)]
    public void Stock_backorders_and_fill_rate_of_s_S_are_what_Hadley_and_Whitin_say(ReorderRule rule, int s, int upTo)
    {
        const double Lead = 300;
        var levels = Enumerable.Range(s + 1, upTo - s).ToArray();
        var truth = levels.Select(y => Expected(y, Lead / Between)).ToArray();

        Replicated.Hold(
            [truth.Average(t => t.OnHand), truth.Average(t => t.Backorders), truth.Average(t => t.Filled)],
            r => Measure(r, s_stock with { Reorder = rule, ReorderPoint = s, OrderUpTo = upTo, OrderQuantity = upTo - s, InitialStock = upTo }, Distribution.Constant(Lead * Replicated.Minute)));
    }

    /// <summary>Base stock: orders under way are Poisson whatever the law of the lead time, even where they overtake (Palm, 1938).</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Base_stock_with_random_lead_times_is_what_Palm_says(int level)
    {
        const double Lead = 180;
        var (onHand, backorders, filled) = Expected(level, Lead / Between);

        Replicated.Hold(
            [onHand, backorders, filled],
            r => Measure(r, s_stock with { Reorder = ReorderRule.OrderUpTo, ReorderPoint = level - 1, OrderUpTo = level, InitialStock = level }, Distribution.Exponential(Lead * Replicated.Minute)));
    }

    /// <summary>(R, S): at a time t after the orders of a review have come, what was demanded in L + t is gone from S.</summary>
    [Fact]
    public void Stock_and_backorders_of_a_periodic_review_are_those_of_the_time_since_its_orders_came()
    {
        const double Lead = 150, Review = 240;
        const int UpTo = 9, Steps = 480;
        var truth = Enumerable.Range(0, Steps).Select(i => Expected(UpTo, (Lead + (i + 0.5) * Review / Steps) / Between)).ToArray();

        Replicated.Hold(
            [truth.Average(t => t.OnHand), truth.Average(t => t.Backorders), truth.Average(t => t.Filled)],
            r => Measure(r, s_stock with { Reorder = ReorderRule.Periodic, ReviewPeriod = Duration.FromMinutes(Review), OrderUpTo = UpTo, InitialStock = UpTo }, Distribution.Constant(Lead * Replicated.Minute)));
    }

    /// <summary>On hand, backorders and the chance that a demand is filled at once, when a Poisson number with the given mean has left a level.</summary>
    private static (double OnHand, double Backorders, double Filled) Expected(int level, double mean)
    {
        var (onHand, filled, term) = (0.0, 0.0, Math.Exp(-mean));
        for (var n = 0; n < level; n++)
        {
            onHand += (level - n) * term;
            filled += term;
            term *= mean / (n + 1);
        }

        return (onHand, onHand - level + mean, filled);
    }

    private static double[] Measure(int replication, Material part, Distribution lead)
    {
        const int Demands = 1500, WarmUp = 150;
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Slots = 1000 });
        var product = plant.Product(TinyPlant.Step(c, 0.001)); // what is there is used up at once
        plant.Extra = plant.Extra with
        {
            Materials = [part], BillOfMaterials = [new BillLine(product, 0, new MaterialId(0), 1)],
            Sources = [new MaterialSource { Material = new MaterialId(0), Supplier = "a", LeadTime = lead }],
        };
        Replicated.Arrivals(plant, replication, Between, Demands + WarmUp + 500, _ => product); // more than the window takes
        var simulator = Replicated.Simulate(plant, replication);
        simulator.RunUntil(SimTime.Zero + Duration.FromMinutes(WarmUp * Between));
        simulator.State.ResetStatistics(simulator.Now);
        simulator.RunUntil(SimTime.Zero + Duration.FromMinutes((WarmUp + Demands) * Between));
        var material = PlantKpis.Of(simulator.State).Materials[0];
        return [material.StockMean, material.WaitingHours * 60 / (Demands * Between), material.FillRate!.Value];
    }
}
