using System.Collections.Immutable;
using System.Globalization;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>A value of a MiniZinc data file: whole numbers in rows, whatever brackets they stood in.</summary>
/// <param name="Rows">A number is one row of one; a list one row; a matrix its rows; a list of sets one row per set.</param>
/// <param name="Line">Line of the name.</param>
/// <param name="Column">Column of the name.</param>
internal sealed record DznValue(ImmutableArray<ImmutableArray<long>> Rows, int Line, int Column);

/// <summary>Reads <c>name = value;</c> items of a MiniZinc data file (<c>.dzn</c>) with whole numbers, lists, matrices and lists of sets.</summary>
public sealed class DznReader
{
    private readonly SourceText _source;
    private readonly Dictionary<string, DznValue> _values = new(StringComparer.Ordinal);
    private int _next;
    private int _line = 1;
    private int _lineStart;

    public DznReader(SourceText source)
    {
        _source = source;
        while (Peek() is not '\0')
        {
            ReadItem();
        }
    }

    /// <summary>A whole number.</summary>
    public int Number(string name, int min)
    {
        var value = Value(name);
        if (value.Rows is not [[var number]] || number > int.MaxValue)
        {
            throw Fail(value, $"{name} is not a single number of usual size", $"write `{name} = 5;`");
        }

        return number >= min ? (int)number : throw Fail(value, string.Create(CultureInfo.InvariantCulture, $"{name} is {number}, but must be at least {min}"), "correct the number");
    }

    /// <summary>A whole number that may be missing.</summary>
    public int? OptionalNumber(string name) => _values.ContainsKey(name) ? Number(name, int.MinValue) : null;

    /// <summary>A list of a known length.</summary>
    public ImmutableArray<int> List(string name, int length, int min, int max = int.MaxValue)
    {
        var rows = Rows(name, 1, min, max);
        return rows[0].Length == length
            ? rows[0]
            : throw Fail(Value(name), $"{name} has {rows[0].Length} numbers, but {length} belong there", "count again, or correct the number the list belongs to");
    }

    /// <summary>A matrix of known size.</summary>
    public ImmutableArray<ImmutableArray<int>> Matrix(string name, int rowCount, int columns, int min)
    {
        var rows = Rows(name, rowCount, min, int.MaxValue);
        var wrong = rows.ToList().FindIndex(r => r.Length != columns);
        return wrong < 0
            ? rows
            : throw Fail(Value(name), $"row {wrong + 1} of {name} has {rows[wrong].Length} numbers, but {columns} belong there", "count again, or correct the number the matrix belongs to");
    }

    /// <summary>A list of sets or the rows of a matrix of any width.</summary>
    public ImmutableArray<ImmutableArray<int>> Rows(string name, int count, int min, int max)
    {
        var value = Value(name);
        if (value.Rows.Length != count)
        {
            throw Fail(value, $"{name} has {value.Rows.Length} rows, but {count} belong there", "count again, or correct the number the list belongs to");
        }

        foreach (var number in value.Rows.SelectMany(r => r))
        {
            if (number < min || number > max)
            {
                var range = max == int.MaxValue ? $"at least {min}" : $"from {min} to {max}";
                throw Fail(value, string.Create(CultureInfo.InvariantCulture, $"{name} contains {number}, but must be {range}"), "correct the number");
            }
        }

        return [.. value.Rows.Select(r => ImmutableArray.CreateRange(r, n => (int)n))];
    }

    public ImportException Fail(string name, string what, string wayOut) => Fail(Value(name), what, wayOut);

    private ImportException Fail(DznValue at, string what, string wayOut) => new(_source.Name, at.Line, at.Column, what, wayOut);

    private DznValue Value(string name)
    {
        return _values.TryGetValue(name, out var value)
            ? value
            : throw new ImportException(_source.Name, _line, 1, $"the file does not define {name}", "maybe this is not an oven scheduling file");
    }

    private void ReadItem()
    {
        Peek();
        var (line, column) = (_line, _next - _lineStart + 1);
        var start = _next;
        while (_next < _source.Text.Length && (char.IsLetterOrDigit(_source.Text[_next]) || _source.Text[_next] == '_'))
        {
            _next++;
        }

        var name = _source.Text[start.._next];
        if (name.Length == 0)
        {
            throw Here($"'{Peek()}' cannot begin an item", "items look like `name = value;`");
        }

        Expect('=');
        var rows = ReadValue();
        Expect(';');
        if (!_values.TryAdd(name, new DznValue(rows, line, column)))
        {
            throw new ImportException(_source.Name, line, column, $"{name} is defined twice", "keep one of the two");
        }
    }

    private ImmutableArray<ImmutableArray<long>> ReadValue()
    {
        if (Peek() != '[')
        {
            return [[ReadNumber()]];
        }

        _next++;
        return Peek() switch
        {
            '|' => ReadMatrix(),
            '{' => ReadSets(),
            _ => [ReadUntil(']')],
        };
    }

    private ImmutableArray<ImmutableArray<long>> ReadMatrix()
    {
        _next++;
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<long>>();
        while (true)
        {
            rows.Add(ReadUntil('|'));
            if (Peek() == ']')
            {
                _next++;
                return rows.ToImmutable();
            }
        }
    }

    private ImmutableArray<ImmutableArray<long>> ReadSets()
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<long>>();
        while (Peek() == '{')
        {
            _next++;
            rows.Add(ReadUntil('}'));
            if (Peek() == ',')
            {
                _next++;
            }
        }

        Expect(']');
        return rows.ToImmutable();
    }

    private ImmutableArray<long> ReadUntil(char end)
    {
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (Peek() != end)
        {
            numbers.Add(ReadNumber());
            if (Peek() == ',')
            {
                _next++;
            }
            else if (Peek() != end)
            {
                throw Here(Peek() == '\0' ? "the file ends inside a list" : $"'{Peek()}' stands where ',' or '{end}' belongs", "maybe the file is cut off or a comma is missing");
            }
        }

        _next++;
        return numbers.ToImmutable();
    }

    private long ReadNumber()
    {
        Peek();
        var start = _next;
        while (_next < _source.Text.Length && (char.IsAsciiDigit(_source.Text[_next]) || _source.Text[_next] == '-'))
        {
            _next++;
        }

        if (long.TryParse(_source.Text.AsSpan(start, _next - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _next = start;
        throw Here(Peek() == '\0' ? "the file ends where a number belongs" : $"'{Peek()}' stands where a whole number belongs", "maybe the file is cut off or of another format");
    }

    private void Expect(char c)
    {
        if (Peek() != c)
        {
            throw Here(Peek() == '\0' ? $"the file ends where '{c}' belongs" : $"'{Peek()}' stands where '{c}' belongs", "items look like `name = value;`");
        }

        _next++;
    }

    /// <summary>Next character that says something; a NUL at the end.</summary>
    private char Peek()
    {
        var text = _source.Text;
        while (_next < text.Length && (char.IsWhiteSpace(text[_next]) || text[_next] == '%'))
        {
            if (text[_next] == '%')
            {
                while (_next < text.Length && text[_next] != '\n')
                {
                    _next++;
                }

                continue;
            }

            if (text[_next] == '\n')
            {
                _line++;
                _lineStart = _next + 1;
            }

            _next++;
        }

        return _next < text.Length ? text[_next] : '\0';
    }

    private ImportException Here(string what, string wayOut) => new(_source.Name, _line, _next - _lineStart + 1, what, wayOut);
}
