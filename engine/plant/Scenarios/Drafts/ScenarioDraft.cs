using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>A scenario as its files say it, in memory and open for changes; reading it back goes through every check of a folder.</summary>
internal sealed class ScenarioDraft
{
    private readonly Dictionary<Shape, List<Cell[]>> _tables = [];

    public ScenarioDraft(Scenario scenario)
    {
        Head = YamlText.Read(ScenarioHead.Write(scenario), ScenarioHead.FileName, new DiagnosticBag())!;
        foreach (var (shape, write) in ScenarioFormat.Tables)
        {
            var table = new TableWriter(shape, scenario.Clock);
            write(scenario, table);
            _tables[shape] = [.. Enumerable.Range(0, table.Count).Select(row => table.Values(row).Select(text => new Cell(text, row + 2, 1)).ToArray())];
        }
    }

    /// <summary>The keys of scenario.yaml.</summary>
    public YamlMap Head { get; }

    /// <summary>Rows of a table, cells by the field's ordinal.</summary>
    public List<Cell[]> Rows(Shape table) => _tables[table];

    /// <summary>Reads the draft as a scenario; findings go to the bag.</summary>
    public Scenario Read(DiagnosticBag bag) => ScenarioReader.Read(new Tables(this, bag));

    /// <summary>Whether every table whose rows have ids names the same things in the same places, orders apart; says which does not.</summary>
    public static string? IdMisfit(Scenario before, Scenario after)
    {
        foreach (var (shape, write) in ScenarioFormat.Tables.Where(t => t.Shape != OrdersTable.Shape))
        {
            if (shape.Fields.FirstOrDefault(f => f.Name == "id") is not { } id)
            {
                continue;
            }

            var (old, now) = (Ids(before, shape, write, id), Ids(after, shape, write, id));
            if (!old.SequenceEqual(now, StringComparer.Ordinal))
            {
                return $"{shape.Name} names other things: {string.Join(", ", old.Except(now).Concat(now.Except(old)).Take(3))}";
            }
        }

        return null;
    }

    private static List<string> Ids(Scenario scenario, Shape shape, Action<Scenario, TableWriter> write, Field id)
    {
        var table = new TableWriter(shape, scenario.Clock);
        write(scenario, table);
        return [.. Enumerable.Range(0, table.Count).Select(row => table.Values(row)[id.Ordinal])];
    }

    private sealed class Tables(ScenarioDraft draft, DiagnosticBag bag) : IScenarioTables
    {
        public DiagnosticBag Bag => bag;

        public string PathOf(string file) => file;

        public bool IsBroken(string table) => false;

        public SourceRecord? Head() => YamlText.Record(draft.Head, ScenarioHead.Shape, ScenarioHead.FileName, bag, default);

        public List<SourceRecord> Rows(Shape table, ParseContext context) =>
        [
            .. draft._tables[table].Select(cells =>
            {
                var record = new SourceRecord(table, table.Name, cells, bag, context);
                record.RequireAll(_ => true);
                return record;
            }),
        ];

        public void WarnOfStrangers(IReadOnlyCollection<Shape> tables)
        {
        }
    }
}

/// <summary>What a patch works on: the draft, and a place for complaints.</summary>
internal sealed class PatchTarget(ScenarioDraft draft, DiagnosticBag bag)
{
    public ScenarioDraft Draft => draft;

    public static Cell CellOf(PatchText text) => new(text.Text, text.Line, text.Column, File: text.File ?? Patching.NoFile);

    public void Error(PatchText at, string what, string wayOut) => bag.Error(at.File ?? Patching.NoFile, at.Line, at.Column, what, wayOut);

    public void Error(Cell at, string what, string wayOut) => bag.Error(at.File ?? Patching.NoFile, at.Line, at.Column, what, wayOut);

    /// <summary>An empty row that complains at the patch's place; not in the table yet.</summary>
    public static Cell[] NewRow(Shape table, PatchText place)
    {
        var row = new Cell[table.Fields.Count];
        Array.Fill(row, CellOf(place) with { Text = "" });
        return row;
    }

    /// <summary>Puts values into columns; unknown columns are reported.</summary>
    public void Set(Shape table, Cell[] row, IEnumerable<PatchColumn> columns)
    {
        foreach (var (column, value) in columns)
        {
            if (table.Find(column) is ({ } field, null))
            {
                row[field.Ordinal] = CellOf(value);
            }
            else
            {
                Error(value, $"{table.Name} has no column '{column}'", Suggestion.For(column, table.Fields.Select(f => f.Name)) ?? $"Known: {string.Join(", ", table.Fields.Select(f => f.Name))}.");
            }
        }
    }

    /// <summary>The row with an id, or <c>null</c> after saying that there is none.</summary>
    public Cell[]? Find(Shape table, Field key, PatchText id)
    {
        var rows = draft.Rows(table);
        if (rows.Find(r => r[key.Ordinal].Text == id.Text) is { } row)
        {
            return row;
        }

        Error(id, $"{key.Name} '{id}' is not in {table.Name}", Suggestion.For(id.Text, rows.Select(r => r[key.Ordinal].Text)) ?? "Correct the name.");
        return null;
    }
}
