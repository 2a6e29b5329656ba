using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Ui.Views;

/// <summary>A dyehouse with a small book, some hours into its first day.</summary>
internal static class SmallTwin
{
    public static CompiledScenario Plant { get; } = CompiledScenario.Compile(DyehouseGenerator.Create(60));

    /// <summary>The plant after so many hours of simulated work.</summary>
    public static TwinView After(double hours, Schedule? schedule = null)
    {
        var simulator = new PlantSimulator(Plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(7, 0));
        simulator.RunUntil(SimTime.FromHours(hours));
        simulator.State.AdvanceTo(SimTime.FromHours(hours));
        var inForce = schedule is null ? ScheduleInForce.None : new ScheduleInForce(schedule, 3, "tester");
        return new TwinView(simulator.State, 1, 1, simulator.State.Now, inForce, DateTimeOffset.UnixEpoch);
    }

    /// <summary>A schedule of one batch per order, an hour each, on the first machine that may run it.</summary>
    public static Schedule OneAfterTheOther(SimTime from)
    {
        var at = from;
        var batches = new List<PlannedBatch>();
        for (var o = 0; o < Plant.Jobs.OrderCount; o++)
        {
            var job = Plant.Jobs.LotFirstJob[Plant.Jobs.OrderFirstLot[o]];
            batches.Add(new PlannedBatch
            {
                Equipment = new EquipmentId(Plant.EligibleEquipment(job).First()), Jobs = [new JobId(job)],
                SetupStart = at, Start = at + Duration.FromMinutes(10), End = at + Duration.FromHours(1),
            });
            at += Duration.FromHours(1);
        }

        return new Schedule { Batches = [.. batches], Origin = "test" };
    }
}
