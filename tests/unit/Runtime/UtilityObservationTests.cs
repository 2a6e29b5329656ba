using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Runtime;

public class UtilityObservationTests
{
    [Fact]
    public void Everything_that_utilities_do_to_the_foundry_can_be_said_by_names()
    {
        var plant = CompiledScenario.Compile(ScenarioReader.Read(Path.Combine(SharedData.Repository, "scenarios", "foundry")).Scenario!);
        var round = new RoundTrip(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: round);
        simulator.RunUntil(SimTime.FromHours(48));

        Assert.True(round.Rates > 10 && round.Waits > 0, $"{round.Rates} rates, {round.Waits} waits");
        Assert.Equal(simulator.State.Utilities[0].Drawing, round.State.Utilities[0].Drawing);
        Assert.Equal(simulator.State.Utilities[1].WaitMs, round.State.Utilities[1].WaitMs);
    }

    [Fact]
    public void A_hold_for_a_utility_must_name_it()
    {
        var plant = CompiledScenario.Compile(ScenarioReader.Read(Path.Combine(SharedData.Repository, "scenarios", "foundry")).Scenario!);
        var translator = new ObservationTranslator(new PlantNames(plant));
        var job = plant.JobName(1);

        Assert.False(translator.TryRead(new Observation { Id = "1", Time = PlantMoment.At(SimTime.Zero), Kind = "BatchHeld", Equipment = "F1", Job = job, Reason = "utility" }, out _, out var problem));
        Assert.Contains("utility", problem, StringComparison.Ordinal);
        Assert.True(translator.TryRead(new Observation { Id = "1", Time = PlantMoment.At(SimTime.Zero), Kind = "BatchHeld", Equipment = "F1", Job = job, Reason = "utility", Utility = "cooling" }, out var e, out _));
        Assert.Equal(1, e.Value);
    }

    private sealed class RoundTrip(CompiledScenario plant) : IPlantEventSink
    {
        private readonly ObservationTranslator _translator = new(new PlantNames(plant));

        public PlantState State { get; } = new(plant);

        public int Rates { get; private set; }

        public int Waits { get; private set; }

        public void On(in PlantEvent e)
        {
            Rates += e.Kind == PlantEventKind.UtilityRate ? 1 : 0;
            Waits += e.Kind == PlantEventKind.BatchHeld && e.Arg == (int)HoldReason.Utility ? 1 : 0;
            Assert.True(_translator.TryRead(_translator.Write(e, "x"), out var read, out var problem), problem);
            State.Apply(read with { Source = e.Source });
        }
    }
}
