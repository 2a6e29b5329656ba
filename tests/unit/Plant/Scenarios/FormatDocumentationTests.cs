using System.Text.Json;
using DigitalTwin.Plant.Scenarios.Documentation;
using DigitalTwin.Plant.Scenarios.Format;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class FormatDocumentationTests
{
    // After a change of the format: UPDATE_SCENARIO_FORMAT=1 dotnet test … writes both files anew.
    [Theory]
    [InlineData("scenario.schema.json")]
    [InlineData("README.md")]
    public void Committed_schema_and_documentation_are_those_of_the_descriptors(string file)
    {
        var path = Path.Combine(Root(), "scenarios", file);
        var current = file == "README.md" ? FormatDocumentation.Markdown() : FormatDocumentation.Schema();
        if (Environment.GetEnvironmentVariable("UPDATE_SCENARIO_FORMAT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, current);
        }

        Assert.Equal(current, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_field_says_what_it_is_what_its_absence_means_and_gives_an_example_that_it_accepts()
    {
        foreach (var shape in FormatDocumentation.Tables.Append(FormatDocumentation.Head))
        {
            Assert.NotEmpty(shape.Description);
            foreach (var field in shape.Fields)
            {
                Assert.True(field.Description.EndsWith('.') || field.Description.Contains('…', StringComparison.Ordinal), $"{shape.Name} {field.Name}: {field.Description}");
                Assert.True(field.Required || field.Otherwise.Length > 0, $"{shape.Name} {field.Name} says nothing of its absence");
                Assert.True(field.Example.Length > 0 || field.TypeWords.Contains("mapping", StringComparison.Ordinal), $"{shape.Name} {field.Name} has no example");
                Assert.True(field.Example.Length == 0 || field.Accepts(field.Example, out _), $"{shape.Name} {field.Name}: its example '{field.Example}' is refused");
            }
        }
    }

    [Fact]
    public void Schema_lists_every_key_once_and_closes_every_mapping()
    {
        using var schema = JsonDocument.Parse(FormatDocumentation.Schema());
        var properties = schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name);
        Assert.Equal(FormatDocumentation.Head.Fields.Select(f => f.Name), properties);
        Closed(schema.RootElement);
    }

    private static void Closed(JsonElement node)
    {
        if (node.TryGetProperty("properties", out var properties))
        {
            Assert.False(node.GetProperty("additionalProperties").GetBoolean());
            foreach (var property in properties.EnumerateObject())
            {
                Closed(property.Value);
            }
        }

        if (node.TryGetProperty("items", out var items))
        {
            Closed(items);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DigitalTwin.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
