using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Flexible job shop text files, without or with sequence-dependent setups.</summary>
/// <remarks>
/// Header <c>jobs machines [mean alternatives]</c>; a line per job: number of operations, then for each the number of eligible
/// machines and as many <c>machine duration</c> pairs. Collections disagree on where machines begin: they count from 0 when a 0
/// occurs, and otherwise from 1 when the highest number or a third number in the header says so.
/// With setups, a square matrix over all operations follows for each machine: row = the operation before, column = the one
/// after, 1000000 = cannot be. Each operation is then a family of its own, each machine has its matrix, and the first operation
/// on a machine needs no setup. A unit of time is read as one minute; the objective is the makespan.
/// </remarks>
public static class FlexibleJobShopFile
{
    /// <summary>Setups from here on mean "this machine cannot do that".</summary>
    private const int Forbidden = 1_000_000;

    private const int MostJobs = 1_000_000;

    private readonly record struct Choice(int Machine, int Units, int Line, int Column);

    /// <summary>Reads a file; <c>.gz</c> and <c>archive.tar.gz:member</c> are unpacked.</summary>
    /// <exception cref="ImportException">The file breaks the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Scenario Read(string path) => Parse(SourceText.Read(path));

    public static Scenario Parse(SourceText source)
    {
        var reader = new NumberReader(source);
        var jobCount = reader.Next("the number of jobs", 1, MostJobs);
        var machineCount = reader.Next("the number of machines", 1, MostJobs);
        var thirdNumber = !reader.AtEndOfLine;
        if (thirdNumber)
        {
            reader.SkipToken();
        }

        var jobs = ReadJobs(reader, jobCount, machineCount);
        var countedFrom = FirstMachine(source, jobs, machineCount, thirdNumber);
        var operationCount = jobs.Sum(j => j.Length);
        var plant = reader.AtEnd
            ? new PlantModel { Equipment = BenchmarkPlant.Machines(machineCount, countedFrom) }
            : ReadSetups(reader, jobs, machineCount, countedFrom, operationCount);
        if (!reader.AtEnd)
        {
            reader.Next("a number after the last matrix", int.MinValue);
            throw reader.Fail("numbers follow after the last setup matrix", "correct the number of machines in the header or remove the lines");
        }

        var families = !plant.Families.IsEmpty;
        var routings = new List<ImmutableArray<Operation>>(jobCount);
        var flat = 0;
        foreach (var job in jobs)
        {
            routings.Add([.. job.Select((choices, k) => MakeOperation(choices, k, countedFrom, families ? flat + k : null))]);
            flat += job.Length;
        }

        long longest = jobs.Sum(job => job.Sum(choices => (long)choices.Max(c => c.Units)));
        return BenchmarkPlant.Build(source.Name, families ? "Flexible job shop with setups" : "Flexible job shop",
            plant with { EquipmentClasses = [new EquipmentClass { Id = "machine", Name = new Label("Machine", "机器") }] },
            routings, countedFrom, BenchmarkPlant.Units(longest) + LongestSetups(plant, operationCount));
    }

    private static List<Choice[][]> ReadJobs(NumberReader reader, int jobCount, int machineCount)
    {
        var jobs = new List<Choice[][]>(jobCount);
        for (var j = 1; j <= jobCount; j++)
        {
            var job = new Choice[reader.Next($"the number of operations of job {j}", 1, MostJobs)][];
            for (var k = 0; k < job.Length; k++)
            {
                var of = $"operation {k + 1} of job {j}";
                var choices = new Choice[reader.Next($"the number of machines for {of}", 1, machineCount)];
                for (var c = 0; c < choices.Length; c++)
                {
                    var machine = reader.Next($"a machine for {of}", 0, machineCount);
                    var (line, column) = reader.Position;
                    choices[c] = new Choice(machine, reader.Next($"a duration of {of}", 0, Forbidden - 1), line, column);
                }

                job[k] = choices;
            }

            if (!reader.AtEndOfLine)
            {
                reader.Next("the end of the line", int.MinValue);
                throw reader.Fail($"job {j} promises {job.Length} operations, but its line goes on", "count the operations and the machines of each again");
            }

            jobs.Add(job);
        }

        return jobs;
    }

    private static int FirstMachine(SourceText source, List<Choice[][]> jobs, int machineCount, bool thirdNumber)
    {
        var all = jobs.SelectMany(job => job).SelectMany(choices => choices).ToList();
        var (lowest, highest) = (all.Min(c => c.Machine), all.Max(c => c.Machine));
        if (lowest > 0)
        {
            return highest == machineCount || thirdNumber ? 1 : 0;
        }

        if (highest == machineCount)
        {
            var wrong = all.First(c => c.Machine == machineCount);
            throw new ImportException(source.Name, wrong.Line, wrong.Column,
                $"machine {machineCount} does not exist: the file counts {machineCount} machines from 0",
                "maybe one of the machines is misprinted, or the header counts too few");
        }

        return 0;
    }

    private static PlantModel ReadSetups(NumberReader reader, List<Choice[][]> jobs, int machineCount, int countedFrom, int operationCount)
    {
        var eligible = jobs.SelectMany(job => job).Select(choices => choices.Select(c => c.Machine - countedFrom).ToHashSet()).ToArray();
        var rules = ImmutableArray.CreateBuilder<ChangeoverRule>(machineCount);
        for (var m = 0; m < machineCount; m++)
        {
            var pairs = ImmutableDictionary.CreateBuilder<(FamilyId, FamilyId), Changeover>();
            for (var from = 0; from < operationCount; from++)
            {
                for (var to = 0; to < operationCount; to++)
                {
                    var units = reader.Next($"the setup on machine {m + countedFrom} from operation {from + 1} to {to + 1}", 0, Forbidden);
                    if (eligible[from].Contains(m) && eligible[to].Contains(m) && from != to)
                    {
                        pairs.Add((new FamilyId(from), new FamilyId(to)), units == Forbidden
                            ? new Changeover(Duration.Zero, Allowed: false)
                            : new Changeover(BenchmarkPlant.Units(units)));
                    }
                }
            }

            rules.Add(new MatrixChangeover { Id = $"setup-M{m + countedFrom}", Pairs = pairs.ToImmutable() });
        }

        return new PlantModel
        {
            Equipment = BenchmarkPlant.Machines(machineCount, countedFrom, m => new ChangeoverRuleId(m)),
            ChangeoverRules = rules.MoveToImmutable(),
            Families = [.. jobs.SelectMany((job, j) => job.Select((_, k) => new Family
            {
                Id = $"J{j + countedFrom}O{k + countedFrom}",
                Name = new Label($"Job {j + countedFrom} operation {k + countedFrom}", $"作业{j + countedFrom}工序{k + countedFrom}"),
            }))],
        };
    }

    /// <summary>No sequence of all operations sets up longer than this.</summary>
    private static Duration LongestSetups(PlantModel plant, int operationCount)
    {
        var longest = plant.ChangeoverRules.OfType<MatrixChangeover>()
            .SelectMany(r => r.Pairs.Values).Select(c => c.Duration).DefaultIfEmpty(Duration.Zero).Max();
        return longest * operationCount;
    }

    private static Operation MakeOperation(Choice[] choices, int index, int countedFrom, int? family) => new()
    {
        Id = $"O{index + countedFrom}",
        Name = new Label($"Operation {index + countedFrom}", $"工序{index + countedFrom}"),
        Alternatives = [.. choices.Select(c => new Alternative
        {
            Equipment = new EquipmentId(c.Machine - countedFrom), FixedTime = BenchmarkPlant.ConstantUnits(c.Units),
        })],
        Predecessors = index == 0 ? [] : [index - 1],
        Family = family is { } f ? new FamilyId(f) : null,
    };
}
