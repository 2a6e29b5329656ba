using System.Globalization;
using System.Text.Json;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Import;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Doors;

/// <summary>A file of observations, read as a whole.</summary>
/// <param name="Rows">Its observations with the number of their row or line, from 1.</param>
/// <param name="Problems">What is wrong; then nothing of it is to be taken.</param>
internal sealed record DroppedFile(IReadOnlyList<(int Row, Observation Observation)> Rows, IReadOnlyList<string> Problems)
{
    private const int ProblemsTold = 1000;

    /// <summary>Reads CSV (any usual encoding and separator), Excel, JSON or NDJSON; never throws for what is in the file.</summary>
    public static DroppedFile Read(string path, byte[] content, Mapping? mapping, DateTimeOffset received, string door)
    {
        var digest = DoorIds.Of(content);
        var read = Path.GetExtension(path).ToLowerInvariant() is ".json" or ".ndjson" or ".jsonl" ? ReadJson(path, content, received) : ReadSheet(path, content, mapping, received, $"{door}:{digest}");
        return read with
        {
            Rows = [.. read.Rows.Select(r => r.Observation.Id.Length > 0 ? r : (r.Row, r.Observation with { Id = string.Create(CultureInfo.InvariantCulture, $"{door}:{digest}:{r.Row}") }))],
            Problems = read.Problems.Count > ProblemsTold ? [.. read.Problems.Take(ProblemsTold), $"and {read.Problems.Count - ProblemsTold} more"] : read.Problems,
        };
    }

    private static DroppedFile ReadJson(string path, byte[] content, DateTimeOffset received)
    {
        var unreadable = new List<MarkedObservation>();
        try
        {
            var observations = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? ObservationReader.ReadJson(content, received, unreadable)
                : ObservationReader.ReadLines(content, received, unreadable);
            return new([.. observations.Select((o, i) => (i + 1, o))], [.. unreadable.Select(u => $"{path}: {u.Id}: {u.Reason}")]);
        }
        catch (JsonException e)
        {
            return new([], [$"{path}: the file is no JSON: {e.Message}"]);
        }
    }

    private static DroppedFile ReadSheet(string path, byte[] content, Mapping? mapping, DateTimeOffset received, string id)
    {
        var bag = new DiagnosticBag();
        if (Sheet.Read(path, content, null, bag) is not { } sheet)
        {
            return new([], [.. bag.All.Select(d => d.ToString())]);
        }

        if (sheet.Rows.Count == 0)
        {
            return new([], [$"{path}: the file has no heading"]);
        }

        var headings = sheet.Rows[0].Cells.ConvertAll(c => c.Text.Trim());
        var plain = headings.ConvertAll(ObservationFields.Plain);
        if (mapping is null && plain.Find(h => h.Length > 0 && !ObservationFields.Names.Contains(h)) is { } unknown)
        {
            return new([], [$"{path}:1: unknown column '{unknown}' — {Suggestion.For(unknown, ObservationFields.Names) ?? $"Known: {string.Join(", ", ObservationFields.Names)}; or give the door a mapping."}"]);
        }

        var (rows, problems) = (new List<(int, Observation)>(sheet.Rows.Count), new List<string>());
        foreach (var row in sheet.Rows.Skip(1))
        {
            if (mapping is null)
            {
                ReadRow(path, row, plain, rows, problems);
            }
            else
            {
                var before = problems.Count;
                var made = mapping.Apply(
                    Path.GetFileName(path), column => Value(headings, row, column), string.Create(CultureInfo.InvariantCulture, $"{id}:{row.Line}"), PlantMoment.At(received), problems);
                rows.AddRange(made.Select(o => (row.Line, o)));
                for (var p = before; p < problems.Count; p++)
                {
                    problems[p] = string.Create(CultureInfo.InvariantCulture, $"{path}:{row.Line}: {problems[p]}");
                }
            }
        }

        return new(rows, problems);
    }

    private static string? Value(List<string> headings, CsvRow row, string column)
    {
        var at = headings.FindIndex(h => h.Equals(column, StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at < row.Cells.Count && row.Cells[at].Text.Trim() is { Length: > 0 } text ? text : null;
    }

    private static void ReadRow(string path, CsvRow row, List<string> headings, List<(int, Observation)> rows, List<string> problems)
    {
        var observation = new Observation();
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var text = row.Cells[i].Text.Trim();
            if (text.Length == 0)
            {
                continue;
            }

            if (i >= headings.Count || headings[i].Length == 0)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{row.Line}: '{text}' stands under no heading"));
                return;
            }

            if (!ObservationFields.TrySet(ref observation, headings[i], text, out var problem))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{row.Line}: {problem}"));
                return;
            }
        }

        if (!ObservationTranslator.Knows(observation.Kind) || (observation.Time.IsMissing && !ObservationTranslator.IsClock(observation)))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{row.Line}: {(observation.Time.IsMissing ? "the row has no time" : $"kind '{observation.Kind}' is unknown")}"));
            return;
        }

        rows.Add((row.Line, observation));
    }
}
