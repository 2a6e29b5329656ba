using CsCheck;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Documentation;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class ScenarioDraftTests : IDisposable
{
    private static readonly string[] NoParameters = ["text", "id", "list", "colour #rrggbb"];

    private readonly string _folder = Directory.CreateTempSubdirectory("draft-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_patch_of_one_thing_leaves_everything_else_of_any_scenario_as_it_is() =>
        ScenarioGen.Any.Sample(
            scenario =>
            {
                var patched = ScenarioPatch.Apply(scenario, [new SetParameter("seed", "77")]);
                Assert.True(patched.Scenario is not null, string.Join('\n', patched.Errors));
                Assert.Equal(Deep.Text(scenario with { Seed = 77 }), Deep.Text(patched.Scenario));
            },
            iter: 60, threads: 1);

    public static TheoryData<string> Shipped => ["dyehouse", "shared-factory", "refrigerator-line", "foundry"];

    [Theory, MemberData(nameof(Shipped))]
    public void Every_number_of_a_shipped_scenario_has_a_path(string folder)
    {
        var scenario = ScenarioReader.Read(Path.Combine(SharedData.Repository, "scenarios", folder)).Scenario!;
        scenario = scenario with { Orders = [.. scenario.Orders.Take(20)] };
        ScenarioWriter.Write(scenario, Path.Combine(_folder, folder));

        // Rows that share their names (windows of a tariff, of a calendar) are set together, so that they would all become the first.
        var patches = FormatDocumentation.Tables
            .SelectMany(t => Numbers(t, Path.Combine(_folder, folder, t.Name)))
            .GroupBy(n => n.Path).Where(g => g.Select(n => n.Text).Distinct().Count() == 1)
            .Select(g => (ScenarioPatch)new SetParameter(g.Key, g.First().Text)).ToList();
        var patched = ScenarioPatch.Apply(scenario, patches);

        Assert.True(patches.Count > 100);
        Assert.True(patched.Scenario is not null, string.Join('\n', patched.Errors.Take(5)));
        Assert.Equal(Deep.Text(scenario), Deep.Text(patched.Scenario));
    }

    private static IEnumerable<(string Path, string Text)> Numbers(Shape table, string file)
    {
        if (!File.Exists(file))
        {
            yield break;
        }

        var lines = File.ReadAllLines(file).Select(Cells).ToList();
        var heading = lines[0];
        var keys = heading.Contains("id") ? ["id"] : table.Fields.Where(f => f.Required && f.TypeWords is "id" or "text" && f.Required).Select(f => f.Name).ToArray();
        foreach (var row in lines.Skip(1).Take(40))
        {
            string Of(string column) => Array.IndexOf(heading, column) is >= 0 and var i && i < row.Length ? row[i] : "";
            foreach (var field in table.Fields.Where(f => !NoParameters.Contains(f.TypeWords) && Of(f.Name).Length > 0))
            {
                yield return ($"{Path.GetFileNameWithoutExtension(table.Name)}.{string.Join('.', keys.Select(Of))}.{field.Name}", Of(field.Name));
            }
        }
    }

    /// <summary>Cells of a line without line breaks in its quotes.</summary>
    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        var quoted = false;
        var cell = "";
        foreach (var c in line.TrimStart('\uFEFF') + ',')
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell);
                cell = "";
            }
            else
            {
                cell += c;
            }
        }

        return [.. cells];
    }
}
