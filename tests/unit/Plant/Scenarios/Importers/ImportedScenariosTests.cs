using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

/// <summary>What the importers make is a scenario like any other: it runs to its end and survives being written and read.</summary>
public sealed class ImportedScenariosTests
{
    public static TheoryData<string, double, double> Sources => new()
    {
        // Bounds of the makespan in minutes: the proven optimum (or best known lower bound), and everything one after the other.
        { "benchmarks/jsp/instances/ft/ft06.txt", 55, 197 },
        { "benchmarks/jsp/instances/la/la01.txt", 666, 2849 },
        { "benchmarks/fjsp/instances/brandimarte/mk01.txt", 36, 5000 },
        { "benchmarks/fjsp_sdst/fattahi/Fattahi_setup_10.fjs", 1, 20_000 },
        { "benchmarks/osp/use-case-1.tar.gz:use-case-1/26RandomOvenSchedulingInstance-n25-k2-a5-WithInitialStates.dzn", 1, 200_000 },
        { "data/plant-history/production_joined.csv", 1440, 400 * 1440 },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void An_imported_scenario_runs_to_its_end_within_known_bounds(string source, double atLeast, double atMost)
    {
        var plant = CompiledScenario.Compile(Open(source));
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.Zero + plant.Scenario.Horizon * 10);

        Assert.Equal(0, simulator.OpenOrders);
        Assert.InRange(simulator.State.Orders.ToArray().Max(o => o.CompletedAt) / (double)Duration.MillisecondsPerMinute, atLeast, atMost);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void An_imported_scenario_written_as_a_folder_reads_without_an_error_and_behaves_the_same(string source, double atLeast, double atMost)
    {
        Assert.True(atLeast < atMost);
        var imported = Open(source);
        var folder = Path.Combine(Path.GetTempPath(), $"twin-import-{Environment.ProcessId}-{imported.Id}");
        ScenarioWriter.Write(imported, folder);
        try
        {
            var read = ScenarioReader.Read(folder);
            Assert.All(read.Diagnostics, d => Assert.Contains("works only on its exceptional days", d.Message)); // true of an oven's shifts
            Assert.Equal(HashOf(imported), HashOf(read.Scenario!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ulong HashOf(Scenario scenario)
    {
        var hash = new EventHash();
        new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(7, 0), sink: hash).RunUntil(SimTime.Zero + scenario.Horizon);
        return hash.Value;
    }

    private static Scenario Open(string source)
    {
        var member = source.IndexOf(':', StringComparison.Ordinal);
        var path = SharedData.Require((member < 0 ? source : source[..member]).Split('/'));
        return ScenarioSource.Open(member < 0 ? path : path + source[member..]).Scenario!;
    }
}
