using System.Text.Json;
using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

public sealed class MappingTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("a/b/c", "a/b", false)]
    [InlineData("+/b", "a/b", true)]
    [InlineData("a", "b", false)]
    public void A_topic_fits_a_filter_as_brokers_see_it(string filter, string topic, bool fits) => Assert.Equal(fits, TopicFilter.Fits(filter, topic));

    [Theory]
    [InlineData("$value > 80", "90", true)]
    [InlineData("$value > 80", "9", false)]
    [InlineData("$state = run", "RUN", true)]
    [InlineData("$state != run", null, true)]
    [InlineData("$state = run", null, false)]
    [InlineData("$value <= 1e2", "100", true)]
    public void A_condition_compares_numbers_as_numbers_and_texts_as_texts(string text, string? value, bool holds) =>
        Assert.Equal(holds, MappingCondition.Parse(text)!.Holds(value));

    [Fact]
    public void A_message_makes_an_observation_per_row_that_fits_with_ids_of_their_own()
    {
        var mapping = new Mapping(
        [
            new(2, "plant/+/state", [MappingCondition.Parse("$s = 3")!], Fields(("kind", "EquipmentDown"), ("equipment", "{2}"))),
            new(3, "plant/+/state", [], Fields(("kind", "ConditionMeasured"), ("equipment", "{2}"), ("value", "$rms.x"), ("time", "$t"))),
            new(4, "plant/other", [], Fields(("kind", "Never"))),
        ]);
        using var document = JsonDocument.Parse("""{"s":3,"rms":{"x":4.5},"t":"2026-03-02T08:00:00+08:00"}""");
        var problems = new List<string>();

        var made = mapping.Apply("plant/V07/state", path => Json(document, path), "id", PlantMoment.At(new SimTime(5)), problems);

        Assert.Empty(problems);
        Assert.Equal([("id", "EquipmentDown", "V07"), ("id+1", "ConditionMeasured", "V07")], made.Select(o => (o.Id, o.Kind, o.Equipment!)));
        Assert.Equal(5, made[0].Time.Milliseconds);
        Assert.NotNull(made[1].Time.Wall);
        Assert.Equal(4.5, made[1].Value);
    }

    [Fact]
    public void A_value_that_is_none_is_told_with_the_line_of_the_mapping()
    {
        var mapping = new Mapping([new(7, "", [], Fields(("kind", "ConditionMeasured"), ("value", "$x")))]);
        var problems = new List<string>();

        Assert.Empty(mapping.Apply("t", _ => "warm", "id", default, problems));

        Assert.Contains("line 7 of the mapping: value 'warm' is not a number", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Fields(params (string, string)[] fields) => fields.ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal);

    private static string? Json(JsonDocument document, string path) => JsonPath.Find(document.RootElement, path);
}
