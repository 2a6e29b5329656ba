using DigitalTwin.Plant.Scenarios;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class ScenarioSourceTests
{
    [Theory]
    [InlineData("2 2\n0 3 1 2\n1 4 0 1\n", SourceFormat.JobShop)]
    [InlineData("1 3\n2 2 0 5 2 7 1 1 4\n", SourceFormat.FlexibleJobShop)]
    [InlineData("2 2 1.5\n1 1 1 5\n1 1 2 4\n", SourceFormat.FlexibleJobShop)]
    [InlineData("% made by hand\nl = 100;\na=2;\n", SourceFormat.Oven)]
    [InlineData("case,activity,machine\nA,B,C\n", SourceFormat.MachiningLog)]
    [InlineData("4 2 2\n1 1\n2 3\n0 2 1 0\n1 2 0 1\n", SourceFormat.CarSequencing)]
    [InlineData("Dear all,\nplease find attached\n", SourceFormat.Unknown)]
    [InlineData("", SourceFormat.Unknown)]
    public void Text_is_told_apart_by_what_it_says(string text, SourceFormat format) => Assert.Equal(format, ScenarioSource.FormatOf(text));

    [Theory]
    [InlineData(SourceFormat.JobShop, "benchmarks", "jsp", "instances")]
    [InlineData(SourceFormat.FlexibleJobShop, "benchmarks", "fjsp", "instances")]
    [InlineData(SourceFormat.FlexibleJobShop, "benchmarks", "fjsp_sdst", "fattahi")]
    [InlineData(SourceFormat.CarSequencing, "benchmarks", "car_sequencing", "csplib")]
    public void Every_public_file_is_recognised(SourceFormat format, params string[] folder)
    {
        var files = Directory.GetFiles(SharedData.Require(folder), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".txt" or ".fjs").ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.True(format == ScenarioSource.FormatOf(File.ReadAllText(file)), file);
        }
    }

    [Fact]
    public void Packed_files_and_members_of_archives_open()
    {
        var large = ScenarioSource.Open(SharedData.Require("benchmarks", "jsp_large", "instances", "mt", "mt00.txt.gz"));
        Assert.Equal((SourceFormat.JobShop, 792), (large.Format, large.Scenario!.Orders.Length));
        var oven = ScenarioSource.Open(SharedData.Require("benchmarks", "osp", "use-case-1.tar.gz") + ":use-case-1/01RandomOvenSchedulingInstance-n10-k2-a2-WithInitialStates.dzn");
        Assert.Equal((SourceFormat.Oven, 10), (oven.Format, oven.Scenario!.Orders.Length));
    }

    [Fact]
    public void A_log_brings_its_history_and_its_refused_rows_as_warnings()
    {
        var log = ScenarioSource.Open(SharedData.Require("data", "plant-history", "production_joined.csv"));
        Assert.Equal(SourceFormat.MachiningLog, log.Format);
        Assert.Equal(225, log.Scenario!.Orders.Length);
        Assert.NotEmpty(log.History);
        Assert.NotEmpty(log.Notes);
        Assert.Equal(31, log.Diagnostics.Count);
        Assert.All(log.Diagnostics, d => Assert.Equal(Severity.Warning, d.Severity));
    }

    [Fact]
    public void A_file_that_is_no_scenario_says_what_could_be_opened()
    {
        var path = Path.Combine(Path.GetTempPath(), $"letter-{Environment.ProcessId}.txt");
        File.WriteAllText(path, "Dear all,\nplease find attached\n");
        try
        {
            var opened = ScenarioSource.Open(path);
            Assert.Null(opened.Scenario);
            Assert.StartsWith($"{path}:1:1: this is no scenario in a format that is known — What can be opened: a scenario folder", opened.Diagnostics.Single().ToString());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_slip_in_the_middle_is_shown_by_the_importer_that_the_header_suggests()
    {
        var path = Path.Combine(Path.GetTempPath(), $"slip-{Environment.ProcessId}.txt");
        File.WriteAllText(path, "2 2\n0 3 1 2\n1 four 0 1\n");
        try
        {
            var opened = ScenarioSource.Open(path);
            Assert.Equal($"{path}:3:3: 'four' is not the duration of operation 0 of job 1 — a whole number belongs here; maybe this is a file of another format",
                opened.Diagnostics.Single().ToString());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => ScenarioSource.Open("no/such/file.txt"));
        Assert.StartsWith("There is no file no/such/file.txt", missing.Message);
    }
}
