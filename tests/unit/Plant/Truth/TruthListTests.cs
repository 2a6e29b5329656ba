using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>The list of closed forms that a newcomer reads is the list that is tested.</summary>
public partial class TruthListTests
{
    [Fact]
    public void The_list_of_closed_forms_names_every_test_of_this_folder_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(SharedData.Repository, "tests", "unit", "Plant", "Truth", "README.md"));
        var listed = Row().Matches(page[..page.IndexOf("## Every concept", StringComparison.Ordinal)]).Select(m => $"{m.Groups["class"].Value}.{m.Groups["test"].Value}").Order(StringComparer.Ordinal).ToArray();
        var tested = typeof(TruthListTests).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(TruthListTests).Namespace && t.Name.EndsWith("TheoryTests", StringComparison.Ordinal) | t.Name == nameof(QueueingNetworkTests))
            .SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>().Any()).Select(m => $"{t.Name}.{m.Name}"))
            .Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(tested, listed);
    }

    [Fact]
    public void Every_concept_of_the_plant_has_a_key_that_the_scenario_documentation_explains_and_a_case_reckoned_by_hand()
    {
        var page = File.ReadAllText(Path.Combine(SharedData.Repository, "tests", "unit", "Plant", "Truth", "README.md"));
        var documentation = File.ReadAllText(Path.Combine(SharedData.Repository, "scenarios", "README.md"));
        var tests = typeof(TruthListTests).Assembly.GetTypes().SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>().Any()).Select(m => $"{t.Name}.{m.Name}")).ToHashSet(StringComparer.Ordinal);
        var concepts = Concept().Matches(page);

        Assert.InRange(concepts.Count, 35, int.MaxValue);
        Assert.All(concepts, c =>
        {
            Assert.Matches($@"\b{c.Groups["key"].Value}\b", documentation);
            Assert.Contains(c.Groups["test"].Value, tests);
        });
    }

    [GeneratedRegex(@"^\| [^|`]+ \| `(?<key>\w+)` \| `(?<test>\w+\.\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Concept();

    [GeneratedRegex(@"\| `(?<class>\w+)\.(?<test>\w+)` \|")]
    private static partial Regex Row();
}
