using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using DigitalTwin.Ui.Views;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Problems;

public class CommittedWorkTests
{
    /// <summary>Two vats at a boiler that can feed one: an hour at 10 kg/h each, the second half an hour later. After an hour the first has done
    /// half an hour at full and half an hour at half speed, so a quarter of an hour is left and takes half an hour.</summary>
    private static PlantState Stretched()
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        plant.Machine(c);
        plant.Machine(c);
        plant.Extra = plant.Extra with { Utilities = [new Utility { Id = "boiler", Name = "boiler", RateCap = 10 }] };
        var heat = new Phase { Name = "heat", Hold = Duration.FromHours(1), Draws = [new UtilityDraw(new UtilityId(0)) { Rate = 10 }] };
        var product = plant.Product(TinyPlant.Step(c, 0) with { Phases = [heat] });
        plant.Order(product);
        plant.Order(product, o => o with { Release = SimTime.FromHours(0.5) });
        plant.Order(product, o => o with { Release = SimTime.FromHours(0.9) });
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(1));
        return simulator.State;
    }

    [Fact]
    public void A_batch_that_a_utility_slows_down_is_expected_to_end_at_its_present_speed()
    {
        var state = Stretched();

        var problem = new ProblemBuilder(state.Plant, state, current: null, weights: null).Build();

        Assert.Equal(SimTime.FromHours(1.5).Milliseconds, problem.Machines[0].CommittedEnds.Single());
        Assert.Equal(SimTime.FromHours(2.5).Milliseconds, problem.Machines[1].CommittedEnds.Single());
    }

    [Fact]
    public void Progress_of_a_batch_that_a_utility_slows_down_is_what_is_done_not_what_is_over()
    {
        var state = Stretched();

        Assert.Equal((0.75, 0.25), (MachineCard.ProgressOf(state, 0), MachineCard.ProgressOf(state, 1)));
    }
}
