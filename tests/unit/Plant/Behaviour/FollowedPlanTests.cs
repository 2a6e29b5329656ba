using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>What machines do when the plan and the plant part: the material that is planned next is not there yet.</summary>
public class FollowedPlanTests
{
    [Fact]
    public void When_the_planned_batch_is_late_work_that_is_there_goes_first()
    {
        // The plan believes that order 1 is there at 10; it comes at 60.
        var starts = Run(firstArrives: 60, firstPlanned: 10, locked: false);
        Assert.Equal((60, 10), starts);
    }

    [Fact]
    public void Before_the_planned_batch_is_late_only_work_that_is_over_in_time_goes_first()
    {
        Assert.Equal((30, 0), Run(firstArrives: 30, firstPlanned: 30, locked: false)); // 20 minutes fit before 30
        Assert.Equal((15, 35), Run(firstArrives: 15, firstPlanned: 15, locked: false)); // they do not fit before 15
    }

    [Fact]
    public void A_locked_batch_keeps_its_place() => Assert.Equal((60, 80), Run(firstArrives: 60, firstPlanned: 10, locked: true));

    /// <summary>One machine, two jobs of 20 minutes, planned in this order; the second is there from the start. Starts in minutes.</summary>
    private static (double First, double Second) Run(double firstArrives, double firstPlanned, bool locked)
    {
        var plant = new TinyPlant();
        var machine = plant.Machine(plant.Class("c"));
        var product = plant.Product((new EquipmentClassId(0), 20));
        plant.Order(product, o => o with { Release = SimTime.FromHours(firstArrives / 60) });
        plant.Order(product);
        var schedule = new Schedule { Batches = [Planned(0, firstPlanned), Planned(1, firstPlanned + 20)] };

        var (simulator, _) = plant.Run(new DispatchPolicy { Schedule = schedule });

        return (Started(0), Started(1));

        double Started(int job) => simulator.State.Jobs[job].StartAt / (double)Duration.MillisecondsPerMinute;

        PlannedBatch Planned(int job, double start) => new()
        {
            Equipment = machine, Jobs = [new JobId(job)], Locked = locked,
            SetupStart = SimTime.FromHours(start / 60), Start = SimTime.FromHours(start / 60), End = SimTime.FromHours((start + 20) / 60),
        };
    }
}
