using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

public sealed class JobShopFileTests
{
    private const string TwoByTwo = "2 2\n0 3 1 2\n1 4 0 1\n";

    [Fact]
    public void A_job_becomes_an_order_whose_routing_visits_the_machines_in_file_order()
    {
        var scenario = JobShopFile.Parse(new SourceText("small/two.txt", TwoByTwo));

        Assert.Equal("two", scenario.Id);
        Assert.Equal(["J0", "J1"], scenario.Orders.Select(o => o.Id));
        Assert.Equal(["M0", "M1"], scenario.Plant.Equipment.Select(e => e.Id));
        var second = scenario.Plant.WorkMasters[1].Operations;
        Assert.Equal([1, 0], second.Select(o => o.Alternatives.Single().Equipment!.Value.Index));
        Assert.Equal([4.0, 1.0], second.Select(o => o.FixedTime.Mean / Duration.MillisecondsPerMinute));
        Assert.Empty(second[0].Predecessors);
        Assert.Equal([0], second[1].Predecessors);
        Assert.Equal(Duration.FromMinutes(10), scenario.Horizon);
    }

    [Theory]
    [InlineData("2 x\n", "f.txt:1:3: 'x' is not the number of machines — a whole number belongs here; maybe this is a file of another format")]
    [InlineData("0 2\n", "f.txt:1:1: the number of jobs is 0, but must be from 1 to 1000000 — correct the number, or maybe the header of the file is wrong")]
    [InlineData("2 2 1\n0 3 1 2\n1 4 0 1\n", "f.txt:1:5: the header has more than two numbers — maybe this is a flexible job shop; its header has a third number")]
    [InlineData("2 2\n0 3 1 2\n", "f.txt:3:1: the file ends where the line of job 1 should follow — maybe the file is cut off; fetch it again")]
    [InlineData("2 2\n0 3 2 2\n1 4 0 1\n", "f.txt:2:5: the machine of operation 1 of job 0 is 2, but must be from 0 to 1 — correct the number, or maybe the header of the file is wrong")]
    [InlineData("2 2\n0 3 1\n1 4 0 1\n", "f.txt:2:5: job 0 ends with machine 1 and no duration — every operation is a pair `machine duration`")]
    [InlineData("2 2\n0 -3 1 2\n1 4 0 1\n", "f.txt:2:3: the duration of operation 0 of job 0 is -3, but must be at least 0 — correct the number, or maybe the header of the file is wrong")]
    [InlineData("1 2\n0 3 1 2\n1 4 0 1\n", "f.txt:3:1: the header promises 1 jobs, but more lines follow — correct the header or remove the lines")]
    public void A_mistake_is_shown_with_its_place_and_the_way_out(string text, string message)
    {
        var error = Assert.Throws<ImportException>(() => JobShopFile.Parse(new SourceText("f.txt", text)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Ft06_has_its_published_job_lengths_and_machine_loads()
    {
        var scenario = JobShopFile.Read(SharedData.Require("benchmarks", "jsp", "instances", "ft", "ft06.txt"));

        // Sums of the rows and columns of Fisher and Thompson's table; the longest machine and job bound the optimum 55 from below.
        Assert.Equal([26, 47, 34, 35, 25, 30], JobMinutes(scenario));
        Assert.Equal(197, JobMinutes(scenario).Sum());
        Assert.Equal([40, 26, 26, 22, 40, 43], MachineMinutes(scenario).Select(m => (int)m));
        Assert.True(JobMinutes(scenario).Max() <= 55 && MachineMinutes(scenario).Max() <= 55);
    }

    [Fact]
    public void All_162_classical_files_parse_and_no_best_known_makespan_is_below_the_trivial_bound()
    {
        var folder = SharedData.Require("benchmarks", "jsp");
        var rows = File.ReadLines(Path.Combine(folder, "best_known.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(162, rows.Count);
        foreach (var row in rows)
        {
            var scenario = JobShopFile.Read(Path.Combine(folder, "instances", row[1]));
            Assert.Equal(int.Parse(row[2]), scenario.Orders.Length);
            Assert.Equal(int.Parse(row[3]), scenario.Plant.Equipment.Length);
            var trivial = Math.Max(JobMinutes(scenario).Max(), MachineMinutes(scenario).Max());
            Assert.True(trivial <= int.Parse(row[5]), $"{row[0]}: bound {trivial} > best known {row[5]}");
        }
    }

    [Fact]
    public void All_44_large_files_parse_from_gzip()
    {
        var folder = SharedData.Require("benchmarks", "jsp_large", "instances");
        var files = Directory.GetFiles(folder, "*.gz", SearchOption.AllDirectories);
        Assert.Equal(44, files.Length);
        foreach (var file in files)
        {
            var scenario = JobShopFile.Read(file);
            var operations = scenario.Plant.WorkMasters.Sum(w => w.Operations.Length);
            Assert.InRange(operations, 4000, 101_000);
        }
    }

    [Fact]
    public void A_damaged_archive_is_named_not_dumped()
    {
        var path = Path.Combine(Path.GetTempPath(), $"damaged-{Environment.ProcessId}.txt.gz");
        File.WriteAllText(path, "this is not gzip");
        try
        {
            var error = Assert.Throws<ImportException>(() => JobShopFile.Read(path));
            Assert.Contains("the archive is damaged", error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_scenario_compiles_and_every_job_has_its_machine()
    {
        var compiled = CompiledScenario.Compile(JobShopFile.Parse(new SourceText("two.txt", TwoByTwo)));
        Assert.Equal([[0], [1], [1], [0]], Enumerable.Range(0, compiled.Jobs.JobCount).Select(j => compiled.EligibleEquipment(j).ToArray()));
    }

    private static int[] JobMinutes(Scenario scenario) =>
        [.. scenario.Plant.WorkMasters.Select(w => (int)(w.Operations.Sum(o => o.FixedTime.Mean) / Duration.MillisecondsPerMinute))];

    private static double[] MachineMinutes(Scenario scenario)
    {
        var load = new double[scenario.Plant.Equipment.Length];
        foreach (var operation in scenario.Plant.WorkMasters.SelectMany(w => w.Operations))
        {
            load[operation.Alternatives[0].Equipment!.Value] += operation.FixedTime.Mean / Duration.MillisecondsPerMinute;
        }

        return load;
    }
}
