using CsCheck;
using DigitalTwin.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class ScenarioRoundTripTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scenario-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reading_what_was_written_gives_the_same_scenario_and_writing_it_again_the_same_bytes() =>
        ScenarioGen.Any.Sample(
            scenario =>
            {
                var (first, second) = (Fresh(), Fresh());
                ScenarioWriter.Write(scenario, first);
                var read = ScenarioReader.Read(first);
                Assert.True(read.Scenario is not null, string.Join('\n', read.Errors));
                Assert.Equal(Deep.Text(scenario), Deep.Text(read.Scenario));
                ScenarioWriter.Write(read.Scenario, second);
                Assert.Equal(Bytes(first), Bytes(second));
            },
            iter: 150, threads: 1);

    private string Fresh() => Path.Combine(_folder, Path.GetRandomFileName());

    private static Dictionary<string, string> Bytes(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexString(File.ReadAllBytes(f)));
}
