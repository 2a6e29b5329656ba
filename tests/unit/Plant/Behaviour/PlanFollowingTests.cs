using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class PlanFollowingTests
{
    [Fact]
    public void A_machine_works_on_however_many_batches_pass_the_one_that_does_not_come()
    {
        const int Passing = 60;
        var tiny = new TinyPlant();
        var (before, one) = (tiny.Class("before"), tiny.Class("one"));
        var slow = tiny.Machine(before);
        var machine = tiny.Machine(one);
        tiny.Order(tiny.Product((before, 6000), (one, 60))); // planned to be there at once, comes after 100 h
        var quick = tiny.Product((one, 60));
        var batches = new List<PlannedBatch> { Batch(slow, 0, 0), Batch(machine, 1, 0) };
        for (var i = 0; i < Passing; i++)
        {
            tiny.Order(quick);
            batches.Add(Batch(machine, 2 + i, 1 + i));
        }

        var simulator = new PlantSimulator(tiny.Compile(), new DispatchPolicy { Schedule = new Schedule { Batches = [.. batches] } }, new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(99));

        Assert.All(Enumerable.Range(2, Passing), job => Assert.True(simulator.State.Jobs[job].EndAt > 0, $"job {job} still waits"));

        static PlannedBatch Batch(EquipmentId equipment, int job, int hour) => new()
        {
            Equipment = equipment, Jobs = [new JobId(job)], SetupStart = SimTime.FromHours(hour), Start = SimTime.FromHours(hour), End = SimTime.FromHours(hour + 1),
        };
    }
}
