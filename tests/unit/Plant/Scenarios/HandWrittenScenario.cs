using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>A folder below <c>scenarios/</c> that is written by hand. With TWIN_WRITE_SCENARIOS=1 its expected figures are written anew.</summary>
internal sealed class HandWrittenScenario(string name)
{
    private string Folder => Path.Combine(SharedData.Repository, "scenarios", name);

    /// <summary>The folder, read without a word.</summary>
    public CompiledScenario Read()
    {
        var read = ScenarioReader.Read(Folder);
        Assert.Empty(read.Diagnostics);
        return CompiledScenario.Compile(read.Scenario!);
    }

    /// <summary>A run by the scenario's own rule and seed, at its start.</summary>
    public static PlantSimulator Simulate(CompiledScenario plant, IPlantEventSink? sink = null) =>
        new(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(plant.Scenario.Seed, 0), sink: sink);

    public void GivesTheExpectedFigures()
    {
        var path = Path.Combine(Folder, ExpectedKpis.FileName);
        var current = ExpectedKpis.Of(Read().Scenario);
        if (Environment.GetEnvironmentVariable("TWIN_WRITE_SCENARIOS") == "1")
        {
            File.WriteAllText(path, current);
        }

        Assert.Equal(current, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
