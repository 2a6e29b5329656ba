using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class CarSequencingFileTests
{
    private const string Small = "4 2 2\n1 2\n2 5\n0 1 1 0\n1 3 0 1\n";

    [Fact]
    public void A_class_becomes_a_product_with_options_and_an_order_with_a_lot_per_car()
    {
        var scenario = CarSequencingFile.ParseAll(new SourceText("small/four.txt", Small)).Single();

        Assert.Equal("four", scenario.Id);
        Assert.Equal([["option-1"], ["option-2"]], scenario.Plant.Products.Select(p => p.Options.ToArray()));
        Assert.Equal([new OptionRule("option-1", 1, 2), new OptionRule("option-2", 2, 5)], scenario.Plant.Lines.Single().OptionRules);
        Assert.Equal([1.0, 3.0], scenario.Orders.Select(o => o.Quantity));
        Assert.Equal(4, CompiledScenario.Compile(scenario).Jobs.LotCount);
    }

    [Fact]
    public void Comments_name_the_problems_and_a_hash_picks_one()
    {
        var text = $"Words of\nintroduction\n\n# Problem 4/72  (old)\n# Satisfiable\n{Small}\n#Problem 26/82\n{Small}";

        var problems = CarSequencingFile.ParseAll(new SourceText("two.txt", text));

        Assert.Equal(["4/72", "26/82"], problems.Select(p => p.Name.En));
        Assert.Equal(["4-72", "26-82"], problems.Select(p => p.Id));
    }

    [Theory]
    [InlineData("4 2 2\n1 2\n2 5\n0 2 1 0\n1 3 0 1\n", "f.txt:5:7: the classes have 5 cars, but the header promises 4")]
    [InlineData("4 2 2\n1 2\n2 5\n0 1 1 0\n1 3 0\n", "f.txt:5:5: class 1 has 3 numbers instead of 4")]
    [InlineData("4 2 2\n1 2\n2\n0 1 1 0\n1 3 0 1\n", "f.txt:3:1: there are 1 option windows for 2 options")]
    [InlineData("4 2 2\n0 1 1 0\n1 3 0 1\n", "f.txt:2:7: the option maxima and windows are missing")]
    [InlineData("4 2 2 9\n", "f.txt:1:7: the header has more than 3 numbers")]
    [InlineData("4 65 2\n", "f.txt:1:3: the number of options is 65, but must be from 1 to 64")]
    [InlineData("# nothing\n", "f.txt:2:1: the file ends where the number of cars should follow")]
    public void A_mistake_is_shown_with_its_place_and_the_way_out(string text, string message)
    {
        var error = Assert.Throws<ImportException>(() => CarSequencingFile.ParseAll(new SourceText("f.txt", text)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(" — ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_79_problems_of_CSPLib_parse_and_have_their_names()
    {
        var folder = SharedData.Require("benchmarks", "car_sequencing");
        var known = File.ReadLines(Path.Combine(folder, "best_known.csv")).Skip(1).Select(l => l.Split(',')).Where(r => r[0] == "csplib").ToList();

        var problems = CarSequencingFile.ReadAll(Path.Combine(folder, "csplib", "csplib_79.txt"));

        Assert.Equal(known.Select(r => r[1]), problems.Select(p => p.Name.En));
        Assert.All(problems, p => Assert.Equal(5, p.Plant.Lines.Single().OptionRules.Length));
        Assert.Equal([100, 200], problems.Select(p => (int)p.Orders.Sum(o => o.Quantity)).Distinct().Order());
    }

    [Fact]
    public void The_30_problems_of_Gravel_parse_with_the_size_in_their_name()
    {
        var folder = SharedData.Require("benchmarks", "car_sequencing", "csplib", "ProblemDataSet200to400");

        var files = Directory.GetFiles(folder, "*.txt");

        Assert.Equal(30, files.Length);
        Assert.All(files, f => Assert.Equal(Path.GetFileName(f).Split('_')[1], $"{CarSequencingFile.Read(f).Orders.Sum(o => o.Quantity)}"));
    }

    [Fact]
    public void An_unknown_problem_is_answered_with_the_ones_there_are()
    {
        var path = SharedData.Require("benchmarks", "car_sequencing", "csplib", "csplib_79.txt");

        var error = Assert.Throws<ImportException>(() => CarSequencingFile.Read($"{path}#4/73"));

        Assert.Contains("there is no problem '4/73' — this file has 4/72, 6/76", error.Message, StringComparison.Ordinal);
    }
}
