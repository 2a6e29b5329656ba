using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Importers;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>What kind of source a scenario came from.</summary>
public enum SourceFormat
{
    /// <summary>A folder with <c>scenario.yaml</c>.</summary>
    Folder,
    JobShop,
    FlexibleJobShop,
    Oven,
    CarSequencing,
    MachiningLog,

    /// <summary>None that is known; the diagnostics say so.</summary>
    Unknown,
}

/// <summary>A scenario from wherever it was.</summary>
public sealed record OpenedSource
{
    public required SourceFormat Format { get; init; }

    /// <summary>The scenario; <c>null</c> exactly when <see cref="Diagnostics"/> contains an error.</summary>
    public required Scenario? Scenario { get; init; }

    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>What happened already, where the source is a log; otherwise empty.</summary>
    public IReadOnlyList<PlantEvent> History { get; init; } = [];

    /// <summary>How the source was understood, a sentence per line; for people.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>Opens whatever a user may point at: a scenario folder or a file of a public format, told apart by content.</summary>
public static class ScenarioSource
{
    private const string Known = "a scenario folder with scenario.yaml, a job shop or flexible job shop file, an oven scheduling file (.dzn), a car sequencing file, or a machining log (.csv); also gzip'd, or archive.tar.gz:member";

    /// <summary>Whatever is wrong with the source is a finding, not an exception.</summary>
    /// <exception cref="FileNotFoundException">There is nothing at the path, or the archive has no such member; the message says so.</exception>
    /// <param name="path">A folder, its <c>scenario.yaml</c>, a file, <c>file.gz</c>, <c>archive.tar.gz:member</c>, or <c>cars.txt#problem</c>.</param>
    public static OpenedSource Open(string path)
    {
        if (Directory.Exists(path) || Path.GetFileName(path) == "scenario.yaml")
        {
            var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
            var read = ScenarioReader.Read(folder);
            return new OpenedSource { Format = SourceFormat.Folder, Scenario = read.Scenario, Diagnostics = read.Diagnostics };
        }

        var problem = path.LastIndexOf('#') is var at && at > 0 && !File.Exists(path) ? path[at..] : "";
        try
        {
            return Parse(SourceText.Read(path[..^problem.Length]), problem);
        }
        catch (ImportException wrong)
        {
            return Failed(SourceFormat.Unknown, wrong.ToDiagnostic());
        }
        catch (Exception unreadable) when (unreadable is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            return Failed(SourceFormat.Unknown, new Diagnostic(path, 0, 0, Severity.Error, unreadable.Message, "Check the path and the rights."));
        }
    }

    /// <summary>The format that a text looks like; a text that looks like none is <see cref="SourceFormat.Unknown"/>.</summary>
    public static SourceFormat FormatOf(string text)
    {
        var lines = text.Split('\n', 60).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '%').Take(50).ToList();
        if (lines.Count == 0)
        {
            return SourceFormat.Unknown;
        }

        var header = lines[0].TrimStart('\uFEFF').Split(',');
        if (header.Contains("case") && header.Contains("activity"))
        {
            return SourceFormat.MachiningLog;
        }

        if (lines[0].IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && lines[0][..equals].Trim().All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            return SourceFormat.Oven;
        }

        var numbers = lines.Where(l => char.IsAsciiDigit(l[0])).Select(Numbers).ToList();
        if (numbers.Count == 0 || numbers[0] is null || !char.IsAsciiDigit(lines[0][0]))
        {
            return numbers.Count > 3 && numbers.TrueForAll(n => n is not null) && LooksLikeCars(numbers!, hasComments: true) ? SourceFormat.CarSequencing : SourceFormat.Unknown;
        }

        // A header of numbers and a slip further down: the importer that the header suggests will show the place.
        return numbers.Count < 2 || numbers.Exists(n => n is null) ? (numbers[0]!.Count > 2 ? SourceFormat.FlexibleJobShop : SourceFormat.JobShop)
            : LooksLikeCars(numbers!, hasComments: numbers.Count < lines.Count) ? SourceFormat.CarSequencing
            : numbers.Count < lines.Count ? SourceFormat.Unknown
            : LooksFlexible(numbers!) ? SourceFormat.FlexibleJobShop
            : SourceFormat.JobShop;
    }

    private static OpenedSource Parse(SourceText source, string problem)
    {
        var format = problem.Length > 0 ? SourceFormat.CarSequencing : FormatOf(source.Text);
        try
        {
            if (format == SourceFormat.MachiningLog)
            {
                var log = MachiningLog.Parse(source);
                return new OpenedSource
                {
                    Format = format, Scenario = log.Scenario, History = log.History, Notes = [.. log.Report.Lines()],
                    Diagnostics = [.. log.Report.Refused.Select(r => new Diagnostic(source.Name, r.Line, r.Column, Severity.Warning, $"the row is not used: it {r.Reason}", "Correct the row if it should count."))],
                };
            }

            Scenario? scenario = format switch
            {
                SourceFormat.Oven => OvenFile.Parse(source),
                SourceFormat.CarSequencing => problem.Length > 0 ? CarSequencingFile.Read(source.Name + problem) : CarSequencingFile.ParseAll(source)[0],
                SourceFormat.FlexibleJobShop => FlexibleJobShopFile.Parse(source),
                SourceFormat.JobShop => JobShopFile.Parse(source),
                _ => null,
            };
            return scenario is null
                ? Failed(format, new Diagnostic(source.Name, 1, 1, Severity.Error, "this is no scenario in a format that is known", $"What can be opened: {Known}."))
                : new OpenedSource { Format = format, Scenario = scenario, Diagnostics = [], Notes = [scenario.Description] };
        }
        catch (ImportException wrong)
        {
            return Failed(format, wrong.ToDiagnostic());
        }
    }

    private static OpenedSource Failed(SourceFormat format, Diagnostic error) => new() { Format = format, Scenario = null, Diagnostics = [error] };

    private static List<int>? Numbers(string line)
    {
        var numbers = new List<int>();
        foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                // The mean number of alternatives in the header of a flexible job shop may be a fraction.
                if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
                {
                    return null;
                }

                number = (int)fraction;
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Header of three; then a number per option, twice; or, in old files, at once the classes with a flag per option.</summary>
    private static bool LooksLikeCars(List<List<int>> lines, bool hasComments) =>
        lines[0] is [_, var options, var classes]
        && ((lines.Count > 3 && lines[1].Count == options && lines[2].Count == options && lines[3].Count == options + 2)
            || (hasComments && lines[1].Count == options + 2)
            || (lines.Count > classes && Enumerable.Range(1, classes).All(l => lines[l].Count == options + 2 && lines[l][0] == l - 1 && lines[l].Skip(2).All(f => f is 0 or 1))));

    /// <summary>Every job line says how many operations, and for each how many pairs follow, and that comes out even.</summary>
    private static bool LooksFlexible(List<List<int>> lines)
    {
        if (lines[0].Count > 2)
        {
            return true;
        }

        var jobs = lines.Skip(1).Take(Math.Max(1, Math.Min(lines[0][0], lines.Count - 2))).ToList();
        var classical = lines[0].Count == 2 && jobs.TrueForAll(j => j.Count == 2 * lines[0][1] && j.Where((_, i) => i % 2 == 0).Distinct().Count() == lines[0][1]);
        return !classical && jobs.TrueForAll(ComesOutEven);

        static bool ComesOutEven(List<int> job)
        {
            var at = 1;
            for (var o = 0; o < job[0]; o++)
            {
                if (at >= job.Count || job[at] < 1)
                {
                    return false;
                }

                at += 1 + 2 * job[at];
            }

            return at == job.Count;
        }
    }
}
