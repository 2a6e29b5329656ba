using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>What reading a schedule file gave.</summary>
/// <param name="Schedule"><c>null</c> exactly when there is an error.</param>
/// <param name="Diagnostics">All findings, in the order of the file.</param>
public sealed record ScheduleReadResult(Schedule? Schedule, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Schedules on disk, by names: CSV for people and spreadsheets, JSON as the API speaks it.</summary>
/// <remarks>
/// A row (an element of <c>batches</c>) is one planned batch: <c>equipment</c>, <c>jobs</c> (<c>order/lot/operation</c>; several are separated by
/// semicolons, in JSON an array), <c>setup_start</c>, <c>start</c>, <c>end</c>, <c>family</c>, <c>locked</c> (<c>true</c> for equipment and
/// place, <c>machine</c>, <c>time</c>), <c>hold_until_start</c>. Other columns are
/// for people and are passed over. Times are the plant's local time, to the millisecond. What is written is read back unchanged.
/// </remarks>
public static class ScheduleFile
{
    private static readonly string[] Columns =
        ["equipment", "jobs", "setup_start", "start", "end", "family", "locked", "hold_until_start", "orders", "load", "setup_hours", "hours"];

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Needed = ["equipment", "jobs", "start", "end"];

    /// <summary>Writes a schedule; the file's ending chooses <c>.json</c> or, by anything else, CSV (UTF-8 with BOM).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Schedule schedule, CompiledScenario plant)
    {
        var text = IsJson(path) ? Json(schedule, plant) : Csv(schedule, plant);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: !IsJson(path)));
    }

    /// <summary>Reads a schedule for a scenario; everything wrong with the file is in the result.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ScheduleReadResult Read(string path, CompiledScenario plant)
    {
        var findings = new List<Diagnostic>();
        var text = File.ReadAllText(path);
        var schedule = new Schedule { Batches = [], Origin = Path.GetFileName(path) };
        var rows = IsJson(path) ? JsonRows(path, text, plant, findings, ref schedule) : CsvRows(path, text, findings);
        var reader = new RowReader(path, plant, findings);
        var batches = rows.Select(reader.Read).OfType<PlannedBatch>().ToList();
        return findings.Count > 0
            ? new ScheduleReadResult(null, findings)
            : new ScheduleReadResult(schedule with { Batches = [.. batches] }, findings);
    }

    private static string LockText(LockKind kind) => kind switch
    {
        LockKind.Machine => "machine",
        LockKind.Place => "true",
        LockKind.Time => "time",
        _ => "",
    };

    private static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    private static string Csv(Schedule schedule, CompiledScenario plant)
    {
        var clock = plant.Scenario.Clock;
        var text = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        foreach (var batch in InOrder(schedule))
        {
            string[] cells =
            [
                plant.Plant.Equipment[batch.Equipment].Id,
                string.Join(';', batch.Jobs.Select(j => plant.JobName(j))),
                MomentText.Format(batch.SetupStart, clock),
                MomentText.Format(batch.Start, clock),
                MomentText.Format(batch.End, clock),
                batch.Family is { } family ? plant.Plant.Families[family].Id : "",
                LockText(batch.Lock),
                batch.HoldUntilStart ? "true" : "",
                string.Join(';', batch.Jobs.Select(j => plant.OrderOf(j).Id).Distinct(StringComparer.Ordinal)),
                batch.Jobs.Sum(j => plant.Jobs.QuantityOf(j)).ToString(CultureInfo.InvariantCulture),
                (batch.Start - batch.SetupStart).Hours.ToString("0.####", CultureInfo.InvariantCulture),
                (batch.End - batch.Start).Hours.ToString("0.####", CultureInfo.InvariantCulture),
            ];
            text.AppendJoin(',', cells.Select(c => CsvText.Quote(c))).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Json(Schedule schedule, CompiledScenario plant)
    {
        return JsonSerializer.Serialize(
            new
            {
                origin = schedule.Origin,
                madeAt = Iso(schedule.MadeAt),
                batches = InOrder(schedule).Select(b => new
                {
                    equipment = plant.Plant.Equipment[b.Equipment].Id,
                    jobs = b.Jobs.Select(j => plant.JobName(j)),
                    setupStart = Iso(b.SetupStart),
                    start = Iso(b.Start),
                    end = Iso(b.End),
                    family = b.Family is { } family ? plant.Plant.Families[family].Id : null,
                    locked = b.Lock is LockKind.Machine or LockKind.Time ? (object)LockText(b.Lock) : b.Locked,
                    holdUntilStart = b.HoldUntilStart,
                }),
            },
            s_json);

        string Iso(SimTime time) => plant.Scenario.Clock.ToWallClock(time).ToString("yyyy-MM-ddTHH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<PlannedBatch> InOrder(Schedule schedule) =>
        schedule.Batches.OrderBy(b => b.Equipment.Index).ThenBy(b => b.Start).ThenBy(b => b.Jobs[0].Index);

    private static List<Row> CsvRows(string path, string text, List<Diagnostic> findings)
    {
        var rows = CsvText.Read(text, CsvText.DetectSeparator(text), (line, column, what, wayOut) => Fail(line, column, what, wayOut));
        if (rows.Count == 0)
        {
            Fail(0, 0, "has no heading", $"Maybe the first line is missing: {string.Join(',', Columns[..8])}.");
            return [];
        }

        var heading = rows[0].Cells.Select(c => c.Text.ToLowerInvariant()).ToList();
        foreach (var missing in Needed.Where(n => !heading.Contains(n)))
        {
            var near = Suggestion.For(missing, heading);
            Fail(rows[0].Line, 1, $"there is no column '{missing}'", near ?? $"A schedule needs {string.Join(", ", Needed)}.");
        }

        if (findings.Count > 0)
        {
            return [];
        }

        return [.. rows.Skip(1).Select(r => new Row(r.Line, name =>
            heading.IndexOf(name) is >= 0 and var i && i < r.Cells.Count ? (r.Cells[i].Text, r.Cells[i].Column) : ("", 1)))];

        void Fail(int line, int column, string what, string wayOut) => findings.Add(new Diagnostic(path, line, column, Severity.Error, what, wayOut));
    }

    private static List<Row> JsonRows(string path, string text, CompiledScenario plant, List<Diagnostic> findings, ref Schedule schedule)
    {
        try
        {
            var root = JsonDocument.Parse(text).RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("batches", out var batches) || batches.ValueKind != JsonValueKind.Array)
            {
                findings.Add(new Diagnostic(path, 0, 0, Severity.Error, "has no array 'batches'", "Maybe this is not a schedule?"));
                return [];
            }

            var made = root.TryGetProperty("madeAt", out var at) && MomentText.TryParse(at.ToString(), plant.Scenario.Clock, out var time, out _) ? time : SimTime.Zero;
            schedule = schedule with { Origin = root.TryGetProperty("origin", out var origin) ? origin.ToString() : schedule.Origin, MadeAt = made };
            return [.. batches.EnumerateArray().Select((b, i) => new Row(0, name => (TextOf(b, name), 0)) { Where = $"batches[{i}]: " })];
        }
        catch (JsonException e)
        {
            findings.Add(new Diagnostic(path, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, Severity.Error, "is not JSON", e.Message));
            return [];
        }
    }

    private static string TextOf(JsonElement batch, string column)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(string.Concat(column.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..])));
        return batch.ValueKind != JsonValueKind.Object || !batch.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
            : value.ValueKind == JsonValueKind.Array ? string.Join(';', value.EnumerateArray().Select(v => v.ToString()))
            : value.ToString();
    }

    /// <summary>One batch as text: a field by its column's name gives its text and its column.</summary>
    private sealed record Row(int Line, Func<string, (string Text, int Column)> Field)
    {
        public string Where { get; init; } = "";
    }

    /// <summary>Turns the texts of a row into a batch of the scenario.</summary>
    private sealed class RowReader(string path, CompiledScenario plant, List<Diagnostic> findings)
    {
        private readonly Dictionary<string, int> _equipment = Index(plant.Plant.Equipment.Select(e => e.Id));
        private readonly Dictionary<string, int> _families = Index(plant.Plant.Families.Select(f => f.Id));
        private readonly Dictionary<string, int> _jobs = Index(Enumerable.Range(0, plant.Jobs.JobCount).Select(plant.JobName));

        public PlannedBatch? Read(Row row)
        {
            var before = findings.Count;
            var equipment = Lookup(row, "equipment", row.Field("equipment").Text, _equipment);
            var jobs = row.Field("jobs").Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(job => Lookup(row, "jobs", job, _jobs)).ToArray();
            if (jobs.Length == 0)
            {
                Fail(row, "jobs", "jobs is empty", "Name them as order/lot/operation.");
            }

            var family = row.Field("family").Text is { Length: > 0 } name ? Lookup(row, "family", name, _families) : -1;
            var start = Moment(row, "start");
            var end = Moment(row, "end");
            var setup = row.Field("setup_start").Text.Length > 0 ? Moment(row, "setup_start") : start;
            var (locked, hold) = (Lock(row), Flag(row, "hold_until_start"));
            if (findings.Count == before && (setup > start || start > end))
            {
                Fail(row, "start", "the batch ends before it starts, or starts before its setup", "Maybe two columns are swapped?");
            }

            return findings.Count > before ? null : new PlannedBatch
            {
                Equipment = new EquipmentId(equipment),
                Jobs = [.. jobs.Select(j => new JobId(j))],
                SetupStart = setup,
                Start = start,
                End = end,
                Family = family >= 0 ? new FamilyId(family) : null,
                Lock = locked,
                HoldUntilStart = hold,
            };
        }

        private int Lookup(Row row, string column, string name, Dictionary<string, int> known)
        {
            if (known.TryGetValue(name, out var index))
            {
                return index;
            }

            Fail(row, column, $"{column} '{name}' is not in the scenario", Suggestion.For(name, known.Keys) ?? "Maybe the schedule belongs to another scenario?");
            return -1;
        }

        private SimTime Moment(Row row, string column)
        {
            var text = row.Field(column).Text;
            if (!MomentText.TryParse(text, plant.Scenario.Clock, out var time, out var trouble))
            {
                Fail(row, column, $"{column} '{text}' {trouble.What}", trouble.WayOut);
            }

            return time;
        }

        private LockKind Lock(Row row) => row.Field("locked").Text.ToUpperInvariant() switch
        {
            "MACHINE" => LockKind.Machine,
            "PLACE" => LockKind.Place,
            "TIME" => LockKind.Time,
            _ => Flag(row, "locked") ? LockKind.Place : LockKind.None,
        };

        private bool Flag(Row row, string column)
        {
            var text = row.Field(column).Text.ToUpperInvariant();
            if (text is not ("" or "TRUE" or "FALSE" or "1" or "0" or "YES" or "NO"))
            {
                Fail(row, column, $"{column} '{text}' is neither true nor false", column == "locked" ? "Leave it empty for false; machine, place (the same as true) and time are locks, too." : "Leave it empty for false.");
            }

            return text is "TRUE" or "1" or "YES";
        }

        private void Fail(Row row, string column, string what, string wayOut) =>
            findings.Add(new Diagnostic(path, row.Line, row.Field(column).Column, Severity.Error, row.Where + what, wayOut));

        private static Dictionary<string, int> Index(IEnumerable<string> names) =>
            names.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
    }
}
