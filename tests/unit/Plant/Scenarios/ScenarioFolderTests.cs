using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>The committed folders below <c>scenarios/</c>. With TWIN_WRITE_SCENARIOS=1 they are written anew instead of compared.</summary>
public sealed class ScenarioFolderTests
{
    private static readonly bool s_write = Environment.GetEnvironmentVariable("TWIN_WRITE_SCENARIOS") == "1";

    private static readonly Dictionary<string, Func<Scenario>> s_generators = new(StringComparer.Ordinal)
    {
        ["dyehouse"] = () => DyehouseGenerator.Create(),
        ["refrigerator-line"] = () => RefrigeratorLineGenerator.Create(),
        ["car-parts"] = () => CarPartsGenerator.Create(),
        ["electronics-supply"] = () => ElectronicsSupplyGenerator.Create(),
        ["capacity-map"] = () => CapacityMapGenerator.Create(),
        ["shared-factory"] = () => SharedFactoryGenerator.Create(),
    };

    public static TheoryData<string> Names => [.. s_generators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_generator_writes_the_committed_folder_byte_for_byte(string name)
    {
        WriteWhenAsked(name);
        var fresh = Path.Combine(Path.GetTempPath(), $"twin-{name}-{Environment.ProcessId}");
        ScenarioWriter.Write(s_generators[name](), fresh);
        try
        {
            var written = Directory.GetFiles(fresh).Select(Path.GetFileName).Order().ToList();
            var committed = Directory.GetFiles(Folder(name)).Select(Path.GetFileName).Where(f => f is not ("README.md" or ExpectedKpis.FileName)).Order().ToList();
            Assert.Equal(written, committed);
            Assert.All(written, f => Assert.True(File.ReadAllBytes(Path.Combine(fresh, f!)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Folder(name), f!))), $"{name}/{f} differs from what the generator writes"));
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_folder_reads_without_a_word_and_reproduces_its_expected_figures(string name)
    {
        WriteWhenAsked(name);
        var read = ScenarioReader.Read(Folder(name));
        Assert.Empty(read.Diagnostics);
        var expected = Path.Combine(Folder(name), ExpectedKpis.FileName);
        var actual = ExpectedKpis.Of(read.Scenario!);
        if (s_write)
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected), actual);
        Assert.Contains("  open: 0 #", actual); // it runs to completion
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_that_people_see_has_a_Chinese_name(string name)
    {
        var scenario = s_generators[name]();
        var plant = scenario.Plant;
        IEnumerable<Label> labels =
        [
            scenario.Name, .. plant.Tenants.Select(x => x.Name), .. plant.Sites.Select(x => x.Name), .. plant.EquipmentClasses.Select(x => x.Name),
            .. plant.Equipment.Select(x => x.Name), .. plant.Auxiliaries.Select(x => x.Name), .. plant.Families.Select(x => x.Name), .. plant.Products.Select(x => x.Name),
            .. plant.WorkMasters.Select(x => x.Name), .. plant.WorkMasters.SelectMany(w => w.Operations).Select(x => x.Name),
            .. plant.WorkMasters.SelectMany(w => w.Operations).SelectMany(o => o.Phases).Select(x => x.Name),
            .. plant.Calendars.Select(x => x.Name), .. plant.Tariffs.Select(x => x.Name), .. plant.Lines.Select(x => x.Name),
        ];
        Assert.All(labels, l => Assert.False(string.IsNullOrEmpty(l.Zh), l.En));
    }

    private static void WriteWhenAsked(string name)
    {
        if (s_write)
        {
            ScenarioWriter.Write(s_generators[name](), Folder(name));
        }
    }

    private static string Folder(string name) => Path.Combine(SharedData.Repository, "scenarios", name);
}
