using System.Text;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>Takes the values of one record, field by field; the opposite of <see cref="SourceRecord"/>.</summary>
internal interface IRecordWriter
{
    /// <summary>Writes a value unless it is the field's default.</summary>
    IRecordWriter Set<T>(Field<T> field, T value);

    IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : struct;

    IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : class;
}

/// <summary>Writes the rows of one table; columns that no row uses are left out.</summary>
internal sealed class TableWriter(Shape shape, PlantClock clock)
{
    private readonly List<string[]> _rows = [];

    public Shape Shape { get; } = shape;

    public bool IsEmpty => _rows.Count == 0;

    public int Count => _rows.Count;

    public IRecordWriter Row()
    {
        var values = new string[Shape.Fields.Count];
        Array.Fill(values, "");
        _rows.Add(values);
        return new RowWriter(values, clock);
    }

    /// <summary>The texts of a row, by the field's ordinal; empty for defaults.</summary>
    public string[] Values(int row) => _rows[row];

    /// <summary>The whole file. It begins with a byte order mark only where it is not plain ASCII, so that spreadsheets read it as UTF-8.</summary>
    public override string ToString()
    {
        var used = Shape.Fields.Where(f => f.Required || _rows.Exists(r => r[f.Ordinal].Length > 0)).ToArray();
        var text = new StringBuilder();
        Append(used.Select(f => f.Name));
        foreach (var row in _rows)
        {
            Append(used.Select(f => row[f.Ordinal]));
        }

        var table = text.ToString();
        return table.All(char.IsAscii) ? table : '\uFEFF' + table;

        void Append(IEnumerable<string> values) => text.AppendJoin(',', values.Select(v => CsvText.Quote(v))).Append('\n');
    }

    private sealed class RowWriter(string[] values, PlantClock clock) : IRecordWriter
    {
        public IRecordWriter Set<T>(Field<T> field, T value) =>
            field.Required || !EqualityComparer<T>.Default.Equals(value, field.Default) ? Always(field, value) : this;

        public IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : struct => value is { } v ? Always(field, v) : this;

        public IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : class => value is { } v ? Always(field, v) : this;

        private RowWriter Always<T>(Field<T> field, T value)
        {
            values[field.Ordinal] = field.Type.Format(value, clock);
            return this;
        }
    }
}
