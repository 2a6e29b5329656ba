using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class KitTests
{
    private const long Minute = Duration.MillisecondsPerMinute;

    /// <summary>Cut (30 min), then assemble (10 min) from two screws a piece, staged an hour before.</summary>
    private static (TinyPlant Plant, ProductId Product) Shop(double stock)
    {
        var plant = new TinyPlant();
        var (cutter, bench) = (plant.Class("cutter"), plant.Class("bench"));
        plant.Machine(cutter);
        plant.Machine(bench);
        var product = plant.Product(TinyPlant.Step(cutter, 30), TinyPlant.Step(bench, 10) with { KitLead = Duration.FromHours(1) });
        plant.Extra = plant.Extra with
        {
            Materials = [new Material { Id = "screw", Name = "screw", InitialStock = stock }], BillOfMaterials = [new BillLine(product, 1, new MaterialId(0), 2)],
        };
        return (plant, product);
    }

    private static PlantSimulator Begin(Scenario scenario, IPlantEventSink? sink = null) =>
        new(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0), sink: sink);

    [Fact]
    public void A_kit_is_staged_from_the_release_on_and_the_job_waits_visibly_for_the_rest_of_it()
    {
        var (plant, product) = Shop(stock: 2);
        plant.Order(product);
        var simulator = Begin(plant.Build());

        simulator.RunUntil(new SimTime(40 * Minute));
        Assert.Equal(KitStatus.Staging, simulator.State.KitOf(1));
        Assert.Equal(WaitReason.Material, simulator.State.Jobs[1].WaitsFor); // cut since 30, the kit comes at 60
        simulator.RunUntil(new SimTime(60 * Minute));
        Assert.Equal(KitStatus.Complete, simulator.State.KitOf(1));
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal(70, simulator.State.Orders[0].CompletedAt / Minute);
        Assert.Equal(KitStatus.None, simulator.State.KitOf(0));
    }

    [Fact]
    public void A_missing_kit_is_counted_and_the_unit_behind_it_that_has_its_kit_goes_first()
    {
        var (plant, product) = Shop(stock: 2);
        var missing = plant.Order(product, o => o with { Quantity = 3 }); // wants 6: 2 there, 4 come at 100
        var whole = plant.Order(product, o => o with { Release = new SimTime(Minute), Product = product, Quantity = 1 });
        var scenario = plant.Build() with { Receipts = [new FirmReceipt { Material = new MaterialId(0), Quantity = 6, Time = new SimTime(100 * Minute) }] };
        var simulator = Begin(scenario);

        simulator.RunUntil(new SimTime(90 * Minute));
        Assert.Equal(KitStatus.Missing, simulator.State.KitOf(1));
        Assert.Equal(2, PlantKpis.Of(simulator.State).MaterialTotal!.KitsMissing); // what the first claims, the second may not take
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal(170, simulator.State.Orders[missing].CompletedAt / Minute);
        Assert.Equal(180, simulator.State.Orders[whole].CompletedAt / Minute);
        Assert.Equal(0, PlantKpis.Of(simulator.State).MaterialTotal!.KitsMissing);
    }

    [Fact]
    public void Waiting_for_a_kit_is_waiting_for_material()
    {
        var (plant, product) = Shop(stock: 2);
        plant.Order(product);
        var start = new PlantState(plant.Compile());
        var tracker = new FlowTracker(start);
        var watch = new PlantWatch(start, tracker);
        new PlantSimulator(start.Plant, new DispatchPolicy(), new RandomSource(1, 0), sink: watch).RunToCompletion(SimTime.FromHours(100));

        var flow = OrderFlow.Of(tracker, watch.State)[0];

        Assert.Equal(30, flow[FlowPart.Material] / Minute);
        Assert.Equal(flow.FlowMs, flow.Parts.Sum());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(65)]
    public void A_plant_that_stages_kits_resumes_and_forks_to_the_same_end(int minutes)
    {
        var (plant, product) = Shop(stock: 8);
        plant.Order(product);
        plant.Order(product, o => o with { Quantity = 2 });
        var straight = Begin(plant.Build());
        straight.RunUntil(new SimTime(minutes * Minute));
        var (left, right) = (new EventHash(), new EventHash());
        var fork = straight.Fork(left);
        var again = straight.Fork(right);
        var resumed = new PlantSimulator(straight.State.Plant, new DispatchPolicy(), new RandomSource(1, 0), straight.State);
        foreach (var simulator in (PlantSimulator[])[straight, fork, again, resumed])
        {
            simulator.RunToCompletion(SimTime.FromHours(100));
        }

        Assert.Equal(left.Value, right.Value);
        Assert.Equal(straight.State.Orders.ToArray().Select(o => o.CompletedAt), resumed.State.Orders.ToArray().Select(o => o.CompletedAt));
    }
}
