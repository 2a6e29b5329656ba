using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class FlexibleJobShopFileTests
{
    [Fact]
    public void Alternatives_carry_their_own_times()
    {
        var scenario = FlexibleJobShopFile.Parse(new SourceText("f.txt", "1 3\n2 2 0 5 2 7 1 1 4\n"));
        var operations = scenario.Plant.WorkMasters[0].Operations;
        Assert.Equal([(0, 5.0), (2, 7.0)], operations[0].Alternatives.Select(a => (a.Equipment!.Value.Index, Minutes(a.FixedTime!))));
        Assert.Equal([(1, 4.0)], operations[1].Alternatives.Select(a => (a.Equipment!.Value.Index, Minutes(a.FixedTime!))));
        Assert.Empty(scenario.Plant.Families);
    }

    [Theory]
    [InlineData("1 2\n1 2 0 5 1 7\n", "M0")]
    [InlineData("1 2\n1 2 1 5 2 7\n", "M1")]
    [InlineData("1 2 2\n1 1 1 5\n", "M1")]
    [InlineData("1 2\n1 1 1 5\n", "M0")]
    public void Machines_are_counted_from_where_the_file_counts_them(string text, string first) =>
        Assert.Equal(first, FlexibleJobShopFile.Parse(new SourceText("f.fjs", text)).Plant.Equipment[0].Id);

    [Fact]
    public void A_setup_matrix_makes_each_operation_a_family_and_each_machine_its_rule()
    {
        var scenario = FlexibleJobShopFile.Parse(new SourceText("f.fjs",
            "1 2 1.5\n2 2 1 25 2 37 1 1 32\n0 6\n1000000 0\n0 9\n9 0\n"));
        Assert.Equal(["J1O1", "J1O2"], scenario.Plant.Families.Select(f => f.Id));
        var first = Assert.IsType<MatrixChangeover>(scenario.Plant.ChangeoverRules[scenario.Plant.Equipment[0].Changeover!.Value]);
        Assert.Equal(Duration.FromMinutes(6), first.Between(new FamilyId(0), new FamilyId(1)).Duration);
        Assert.False(first.Between(new FamilyId(1), new FamilyId(0)).Allowed);
        Assert.Equal(Changeover.None, first.Between(null, new FamilyId(1)));
        var second = Assert.IsType<MatrixChangeover>(scenario.Plant.ChangeoverRules[scenario.Plant.Equipment[1].Changeover!.Value]);
        Assert.Empty(second.Pairs); // the second machine can only do one of the two operations: nothing to set up between
    }

    [Theory]
    [InlineData("1 2\n1 2 0 5 2 7\n", "f.fjs:2:9: machine 2 does not exist: the file counts 2 machines from 0 — maybe one of the machines is misprinted, or the header counts too few")]
    [InlineData("1 2\n1 3 0 5 2 7\n", "f.fjs:2:3: the number of machines for operation 1 of job 1 is 3, but must be from 1 to 2 — correct the number, or maybe the header of the file is wrong")]
    [InlineData("1 2\n1 1 0 5 9\n", "f.fjs:2:9: job 1 promises 1 operations, but its line goes on — count the operations and the machines of each again")]
    [InlineData("1 2\n2 1 0 5\n", "f.fjs:3:1: the file ends where the number of machines for operation 2 of job 1 should follow — maybe the file is cut off; fetch it again")]
    [InlineData("1 1 1\n1 1 1 5\n7 7\n", "f.fjs:3:3: numbers follow after the last setup matrix — correct the number of machines in the header or remove the lines")]
    [InlineData("1 2 1\n1 1 1 5\n7\n", "f.fjs:4:1: the file ends where the setup on machine 2 from operation 1 to 1 should follow — maybe the file is cut off; fetch it again")]
    public void A_mistake_is_shown_with_its_place_and_the_way_out(string text, string message)
    {
        var error = Assert.Throws<ImportException>(() => FlexibleJobShopFile.Parse(new SourceText("f.fjs", text)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void All_276_files_parse_and_no_best_known_makespan_is_below_the_trivial_bound()
    {
        var folder = SharedData.Require("benchmarks", "fjsp");
        var rows = File.ReadLines(Path.Combine(folder, "best_known.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        var header = File.ReadLines(Path.Combine(folder, "best_known.csv")).First().Split(',');
        Assert.Equal(276, rows.Count);
        foreach (var row in rows)
        {
            var scenario = FlexibleJobShopFile.Read(Path.Combine(folder, "instances", row[Array.IndexOf(header, "file")]));
            Assert.Equal("M0", scenario.Plant.Equipment[0].Id);
            var best = double.Parse(row[Array.IndexOf(header, "upper_bound")]);
            Assert.True(ShortestJob(scenario) <= best, row[0]);
        }
    }

    [Fact]
    public void All_20_files_with_setups_parse_with_one_family_per_operation()
    {
        var folder = SharedData.Require("benchmarks", "fjsp_sdst");
        var rows = File.ReadLines(Path.Combine(folder, "best_known.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(20, rows.Count);
        foreach (var row in rows)
        {
            var scenario = FlexibleJobShopFile.Read(Path.Combine(folder, row[1]));
            Assert.Equal(int.Parse(row[2]), scenario.Orders.Length);
            Assert.Equal(int.Parse(row[3]), scenario.Plant.Equipment.Length);
            Assert.Equal(int.Parse(row[4]), scenario.Plant.Families.Length);
            Assert.Equal(scenario.Plant.Equipment.Length, scenario.Plant.ChangeoverRules.Length);
            Assert.True(ShortestJob(scenario) <= double.Parse(row[6]), row[0]);
        }
    }

    /// <summary>The longest job with every operation on its fastest machine: no schedule is shorter.</summary>
    private static double ShortestJob(Scenario scenario) =>
        scenario.Plant.WorkMasters.Max(w => w.Operations.Sum(o => o.Alternatives.Min(a => Minutes(a.FixedTime!))));

    private static double Minutes(Distribution d) => d.Mean / Duration.MillisecondsPerMinute;
}
