using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class OvenFileTests
{
    private const string Small = """
        l=3000; % minutes
        a=2;
        setup_costs=[|3,4,
        |5,1,
        |0,0|];
        setup_times=[|2,6,|2,1,|0,0|];
        m=2;
        min_cap=[0,1]; max_cap=[61,83];
        initState=[1,0];
        s=2;
        m_a_s = [|3,1400,
        |0,0|];
        m_a_e = [|36,1500,
        |0,2880|];
        n=3;
        eligible_machine = [{2},{1,2},{2,1}];
        earliest_start=[1,4,0];
        latest_end=[12,6,3];
        min_time=[7,2,2];
        max_time=[10,3,3];
        size=[5,3,1];
        attribute=[1,2,1];
        mult_factor_total_runtime=341;
        mult_factor_total_setupcosts=1;
        """;

    [Fact]
    public void Ovens_attributes_setups_shifts_and_jobs_find_their_place()
    {
        var scenario = OvenFile.Parse(new SourceText("small.dzn", Small));

        Assert.Equal([(0.0, 61.0, 0), (1.0, 83.0, -1)], scenario.Plant.Equipment.Select(e => (e.CapacityMin, e.CapacityMax, e.InitialFamily?.Index ?? -1)));
        var rule = Assert.IsType<MatrixChangeover>(scenario.Plant.ChangeoverRules[0]);
        Assert.Equal(new Changeover(Duration.FromMinutes(6), 4), rule.Between(new FamilyId(0), new FamilyId(1)));
        Assert.Equal(new Changeover(Duration.FromMinutes(2), 3), rule.Between(new FamilyId(0), new FamilyId(0)));
        var order = scenario.Orders[1];
        Assert.Equal((3.0, 1, 4.0, 6.0), (order.Quantity, order.Family!.Value.Index, new Duration(order.Release.Milliseconds).Minutes, new Duration(order.Due!.Value.Milliseconds).Minutes));
        Assert.Equal(scenario.Orders[1].Product, scenario.Orders[2].Product); // same ovens, same time window: may share a batch
        Assert.NotEqual(scenario.Orders[0].Product, scenario.Orders[1].Product);
        Assert.Contains("run time 341", scenario.Description);
    }

    [Fact]
    public void Shifts_past_midnight_are_whole_again_in_the_timeline()
    {
        var plant = CompiledScenario.Compile(OvenFile.Parse(new SourceText("small.dzn", Small)));
        Assert.Equal([(3.0, 36.0), (1400.0, 1500.0)], Windows(plant.CalendarOf(0)!, 2));
        Assert.Equal([(0.0, 2880.0)], Windows(plant.CalendarOf(1)!, 1));

        static IEnumerable<(double, double)> Windows(CalendarTimeline calendar, int count) =>
            Enumerable.Range(0, count).Select(i => calendar.Window(i)).Select(w => (w.Start.Hours * 60, w.End.Hours * 60));
    }

    [Theory]
    [InlineData("a=2;", "a=two;", "small.dzn:2:3: 't' stands where a whole number belongs — maybe the file is cut off or of another format")]
    [InlineData("a=2;", "", "small.dzn:24:1: the file does not define a — maybe this is not an oven scheduling file")]
    [InlineData("a=2;", "a=2; a=3;", "small.dzn:2:6: a is defined twice — keep one of the two")]
    [InlineData("size=[5,3,1];", "size=[5,3];", "small.dzn:21:1: size has 2 numbers, but 3 belong there — count again, or correct the number the list belongs to")]
    [InlineData("attribute=[1,2,1]", "attribute=[1,3,1]", "small.dzn:22:1: attribute contains 3, but must be from 1 to 2 — correct the number")]
    [InlineData("min_time=[7,2,2]", "min_time=[7,9,2]", "small.dzn:20:1: job 2 may run for 9 to 3 — the longest time must not be below the shortest")]
    [InlineData("[{2},", "[{},", "small.dzn:16:1: job 1 may use no oven — name at least one")]
    [InlineData("max_cap=[61,83]", "max_cap=[61 83]", "small.dzn:8:28: '8' stands where ',' or ']' belongs — maybe the file is cut off or a comma is missing")]
    public void A_mistake_is_shown_with_its_place_and_the_way_out(string right, string wrong, string message)
    {
        var error = Assert.Throws<ImportException>(() => OvenFile.Parse(new SourceText("small.dzn", Small.Replace(right, wrong, StringComparison.Ordinal))));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_missing_member_is_named()
    {
        var archive = SharedData.Require("benchmarks", "osp", "use-case-1.tar.gz");
        var error = Assert.Throws<FileNotFoundException>(() => OvenFile.Read(archive + ":use-case-1/none.dzn"));
        Assert.Contains("has no member use-case-1/none.dzn", error.Message);
    }

    [Fact]
    public void All_240_files_parse_out_of_their_archives_with_the_sizes_of_the_table()
    {
        var folder = SharedData.Require("benchmarks", "osp");
        var rows = File.ReadLines(Path.Combine(folder, "best_known.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(240, rows.Count);
        var texts = rows.Select(r => r[1].Split(':')[0]).Distinct()
            .SelectMany(a => SourceText.ReadAll(Path.Combine(folder, a)).Select(t => (Key: $"{a}:{t.Name}", t.Text)))
            .ToDictionary(x => x.Key, x => x.Text);
        foreach (var row in rows)
        {
            var scenario = OvenFile.Parse(new SourceText(row[1], texts[row[1]]));
            Assert.Equal((int.Parse(row[2]), int.Parse(row[3]), int.Parse(row[4])),
                (scenario.Orders.Length, scenario.Plant.Equipment.Length, scenario.Plant.Families.Length));
            Assert.All(scenario.Orders, o => Assert.True(o.Release < o.Due));
        }

        var first = rows[0][1];
        Assert.Equal(texts[first], SourceText.Read(Path.Combine(folder, first)).Text);
    }
}
