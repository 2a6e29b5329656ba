using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Job shop text files of the literature (ft, la, abz, orb, swv, yn, ta, and the large re-entrant ones).</summary>
/// <remarks>
/// First line <c>jobs machines</c>; then a line per job of <c>machine duration</c> pairs in routing order, machines counted from 0.
/// A job may visit a machine never, once or often. A unit of time is read as one minute. Every job becomes an order of one
/// piece, released at the epoch, without due date; the objective is the makespan.
/// </remarks>
public static class JobShopFile
{
    private const int MostJobs = 1_000_000;

    /// <summary>Reads a file; <c>.gz</c> and <c>archive.tar.gz:member</c> are unpacked.</summary>
    /// <exception cref="ImportException">The file breaks the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Scenario Read(string path) => Parse(SourceText.Read(path));

    public static Scenario Parse(SourceText source)
    {
        var reader = new NumberReader(source);
        var jobCount = reader.Next("the number of jobs", 1, MostJobs);
        var machineCount = reader.Next("the number of machines", 1, MostJobs);
        if (!reader.AtEndOfLine)
        {
            reader.Next("the end of the header", int.MinValue);
            throw reader.Fail("the header has more than two numbers", "maybe this is a flexible job shop; its header has a third number");
        }

        var jobs = new List<ImmutableArray<Operation>>(jobCount);
        long total = 0;
        for (var j = 0; j < jobCount; j++)
        {
            if (!reader.NextLine())
            {
                reader.Next($"the line of job {j}", 0); // throws at the place where it should stand
            }

            var operations = new List<Operation>();
            while (operations.Count == 0 || !reader.AtEndOfLine)
            {
                var machine = reader.Next($"the machine of operation {operations.Count} of job {j}", 0, machineCount - 1);
                if (reader.AtEndOfLine)
                {
                    throw reader.Fail($"job {j} ends with machine {machine} and no duration", "every operation is a pair `machine duration`");
                }

                var units = reader.Next($"the duration of operation {operations.Count} of job {j}", 0);
                operations.Add(MakeOperation(operations.Count, machine, units));
                total += units;
            }

            jobs.Add([.. operations]);
        }

        if (!reader.AtEnd)
        {
            reader.Next("a number after the last job", int.MinValue);
            throw reader.Fail($"the header promises {jobCount} jobs, but more lines follow", "correct the header or remove the lines");
        }

        var plant = new PlantModel
        {
            EquipmentClasses = [new EquipmentClass { Id = "machine", Name = new Label("Machine", "机器") }],
            Equipment = BenchmarkPlant.Machines(machineCount, countedFrom: 0),
        };
        return BenchmarkPlant.Build(source.Name, "Job shop", plant, jobs, countedFrom: 0, BenchmarkPlant.Units(total));
    }

    private static Operation MakeOperation(int index, int machine, int units) => new()
    {
        Id = $"O{index}",
        Name = new Label($"Operation {index}", $"工序{index}"),
        Alternatives = [new Alternative { Equipment = new EquipmentId(machine) }],
        Predecessors = index == 0 ? [] : [index - 1],
        FixedTime = BenchmarkPlant.ConstantUnits(units),
    };
}
