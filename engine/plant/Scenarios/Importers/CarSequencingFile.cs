using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Car sequencing text files (CSPLib prob001): one problem or many in one file.</summary>
/// <remarks>
/// A problem is <c>cars options classes</c>; the option maxima h; the window lengths q; then a line per class: index, number of cars,
/// a 0/1 flag per option. Lines that do not begin with a digit are comments; one that says <c>Problem NAME</c> names the next problem.
/// The oldest problems of the collection leave out h and q and mean the classical 1:2, 2:3, 1:3, 2:5, 1:5.
/// Every class becomes a product and an order with lots of one car; the line has one station and a takt of a minute; the objective
/// counts violated option windows and nothing else.
/// </remarks>
public static class CarSequencingFile
{
    private const int MostCars = 1_000_000;
    private static readonly (int Max, int Window)[] ClassicalRules = [(1, 2), (2, 3), (1, 3), (2, 5), (1, 5)];

    /// <summary>The first problem of a file; <c>file.txt#NAME</c> asks for another.</summary>
    /// <exception cref="ImportException">The file breaks the format or has no such problem.</exception>
    public static Scenario Read(string path)
    {
        var at = path.LastIndexOf('#');
        var problems = ReadAll(at < 0 ? path : path[..at]);
        return at < 0 ? problems[0]
            : problems.FirstOrDefault(p => p.Name.En == path[(at + 1)..])
            ?? throw new ImportException(path, 1, 1, $"there is no problem '{path[(at + 1)..]}'",
                $"this file has {string.Join(", ", problems.Select(p => p.Name.En))}");
    }

    /// <summary>All problems of a file, in its order.</summary>
    /// <exception cref="ImportException">The file breaks the format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<Scenario> ReadAll(string path) => ParseAll(SourceText.Read(path));

    public static IReadOnlyList<Scenario> ParseAll(SourceText source)
    {
        var (text, names) = WithoutComments(source.Text);
        var reader = new NumberReader(source with { Text = text });
        var problems = new List<Scenario>();
        do
        {
            problems.Add(ReadProblem(reader, source.Name, names, problems.Count + 1));
        }
        while (!reader.AtEnd);
        return problems;
    }

    private static Scenario ReadProblem(NumberReader reader, string path, List<(int Line, string Name)> names, int number)
    {
        var cars = reader.Next("the number of cars", 1, MostCars);
        var headerLine = reader.Position.Line;
        var options = reader.Next("the number of options", 1, 64);
        var classes = reader.Next("the number of classes", 1, MostCars);
        ExpectEndOfLine(reader, "the header", 3);
        var firstLine = Line(reader, "the option maxima or the first class");
        ImmutableArray<OptionRule> rules;
        if (firstLine.Count == options)
        {
            var windows = Line(reader, "the option windows");
            Expect(reader, windows.Count == options, $"there are {windows.Count} option windows for {options} options");
            rules = [.. Enumerable.Range(0, options).Select(o => new OptionRule(OptionName(o), firstLine[o], windows[o]))];
            Expect(reader, rules.All(r => r.Max >= 0 && r.Window >= 1), "an option maximum is negative or a window is empty");
            firstLine = Line(reader, "the first class");
        }
        else
        {
            Expect(reader, options == ClassicalRules.Length, $"the option maxima and windows are missing, and there are no classical ones for {options} options");
            rules = [.. ClassicalRules.Select((r, o) => new OptionRule(OptionName(o), r.Max, r.Window))];
        }

        var models = new List<(int Count, ImmutableArray<string> Options)>();
        for (var c = 0; c < classes; c++)
        {
            var line = c == 0 ? firstLine : Line(reader, $"class {c}");
            Expect(reader, line.Count == options + 2, $"class {c} has {line.Count} numbers instead of {options + 2} (index, cars, a flag per option)");
            Expect(reader, line[1] >= 1, $"class {c} has {line[1]} cars");
            models.Add((line[1], [.. Enumerable.Range(0, options).Where(o => line[o + 2] != 0).Select(OptionName)]));
        }

        Expect(reader, models.Sum(m => m.Count) == cars, $"the classes have {models.Sum(m => m.Count)} cars, but the header promises {cars}");
        var name = names.LastOrDefault(n => n.Line < headerLine).Name ?? "";
        return Build(path, name.Length > 0 ? name : number == 1 ? BenchmarkPlant.NameOf(path) : $"{BenchmarkPlant.NameOf(path)}-{number}", models, rules);
    }

    private static string OptionName(int option) => $"option-{option + 1}";

    private static List<int> Line(NumberReader reader, string what)
    {
        var numbers = new List<int>();
        do
        {
            numbers.Add(reader.Next(what, int.MinValue));
        }
        while (!reader.AtEndOfLine);
        return numbers;
    }

    private static void ExpectEndOfLine(NumberReader reader, string what, int count)
    {
        if (!reader.AtEndOfLine)
        {
            reader.Next("the end of the line", int.MinValue);
            throw reader.Fail($"{what} has more than {count} numbers", "maybe this is a file of another format");
        }
    }

    private static void Expect(NumberReader reader, bool condition, string otherwise)
    {
        if (!condition)
        {
            throw reader.Fail(otherwise, "correct the line, or maybe the header of the problem is wrong");
        }
    }

    /// <summary>Blanks the comments, so that numbers keep their line and column, and collects the names in them.</summary>
    private static (string Text, List<(int Line, string Name)> Names) WithoutComments(string text)
    {
        var names = new List<(int, string)>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || char.IsAsciiDigit(line[0]))
            {
                continue;
            }

            var at = line.IndexOf("Problem ", StringComparison.Ordinal);
            if (at >= 0)
            {
                names.Add((i + 1, line[(at + "Problem ".Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
            }

            lines[i] = "";
        }

        return (string.Join('\n', lines), names);
    }

    private static Scenario Build(string path, string name, List<(int Count, ImmutableArray<string> Options)> models, ImmutableArray<OptionRule> rules)
    {
        var takt = BenchmarkPlant.Units(1);
        var station = new EquipmentClassId(0);
        var plant = new PlantModel
        {
            Sites = BenchmarkPlant.OneSite,
            EquipmentClasses = [new EquipmentClass { Id = "station", Name = new Label("Station", "工位") }],
            Equipment = [new Equipment { Id = "S1", Name = new Label("Station 1", "工位1"), Class = station, Site = new SiteId(0), WorkCenter = "line" }],
            WorkMasters =
            [
                new WorkMaster
                {
                    Id = "assembly",
                    Name = new Label("Assembly", "装配"),
                    Operations =
                    [
                        new Operation
                        {
                            Id = "assemble", Name = new Label("Assemble", "装配"),
                            Alternatives = [new Alternative { Class = station }], FixedTime = BenchmarkPlant.ConstantUnits(1),
                        },
                    ],
                },
            ],
            Products = [.. models.Select((m, i) => new Product
            {
                Id = $"C{i}", Name = new Label($"Class {i}", $"车型{i}"), WorkMaster = new WorkMasterId(0), Options = m.Options,
            })],
            Lines = [new ProductionLine { Id = "line", Name = new Label("Line", "装配线"), Takt = takt, Stations = [station], OptionRules = rules }],
        };
        var cars = models.Sum(m => m.Count);
        return new Scenario
        {
            Id = name.Replace('/', '-'),
            Name = new Label(name),
            Description = string.Create(CultureInfo.InvariantCulture,
                $"Car sequencing {name} of {Path.GetFileName(path)}: {cars} cars of {models.Count} classes, {rules.Length} options; one car a minute."),
            Clock = new PlantClock(BenchmarkPlant.Epoch, "UTC"),
            Horizon = takt * cars,
            Plant = plant,
            Orders = [.. models.Select((m, i) => new Order { Id = $"C{i}", Product = new ProductId(i), Quantity = m.Count, LotSize = 1 })],
            Dispatch = DispatchRule.Fifo,
            Objective = new ObjectiveWeights
            {
                Tardiness = 0, Makespan = 0, ChangeoverTime = 0, ChangeoverCost = 0, OptionViolation = 1, UtilityWork = 0, Levelling = 0,
            },
        };
    }
}
