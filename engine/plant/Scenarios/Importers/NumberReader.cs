using System.Globalization;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Reads whitespace-separated whole numbers and remembers where each stood, so that a mistake can be shown.</summary>
internal sealed class NumberReader(SourceText source)
{
    private readonly string _text = source.Text;
    private int _next;
    private int _line = 1;
    private int _lineStart;
    private int _tokenLine = 1;
    private int _tokenColumn = 1;

    /// <summary>Whether only white space is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipWhite(acrossLines: true);
            return _next >= _text.Length;
        }
    }

    /// <summary>Whether only white space is left on this line.</summary>
    public bool AtEndOfLine
    {
        get
        {
            SkipWhite(acrossLines: false);
            return _next >= _text.Length || _text[_next] == '\n';
        }
    }

    /// <summary>Where the latest number stood.</summary>
    public (int Line, int Column) Position => (_tokenLine, _tokenColumn);

    /// <summary>Steps over empty lines to the next line that says something.</summary>
    public bool NextLine() => !AtEnd;

    /// <summary>The next number, on this line or a later one.</summary>
    /// <param name="what">What it should be, for the message.</param>
    /// <param name="min">Smallest value allowed.</param>
    /// <param name="max">Largest value allowed.</param>
    public int Next(string what, int min, int max = int.MaxValue)
    {
        SkipWhite(acrossLines: true);
        (_tokenLine, _tokenColumn) = (_line, _next - _lineStart + 1);
        var start = _next;
        while (_next < _text.Length && !char.IsWhiteSpace(_text[_next]))
        {
            _next++;
        }

        var token = _text.AsSpan(start, _next - start);
        if (token.IsEmpty)
        {
            throw Fail($"the file ends where {what} should follow", "maybe the file is cut off; fetch it again");
        }

        if (!int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw Fail($"'{token}' is not {what}", "a whole number belongs here; maybe this is a file of another format");
        }

        if (value < min || value > max)
        {
            var range = max == int.MaxValue ? $"at least {min}" : $"from {min} to {max}";
            throw Fail(string.Create(CultureInfo.InvariantCulture, $"{what} is {value}, but must be {range}"),
                "correct the number, or maybe the header of the file is wrong");
        }

        return value;
    }

    /// <summary>Skips the rest of a token that may be a fraction (an average that nobody needs).</summary>
    public void SkipToken()
    {
        SkipWhite(acrossLines: true);
        while (_next < _text.Length && !char.IsWhiteSpace(_text[_next]))
        {
            _next++;
        }
    }

    public ImportException Fail(string what, string wayOut) => new(source.Name, _tokenLine, _tokenColumn, what, wayOut);

    private void SkipWhite(bool acrossLines)
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
        {
            if (_text[_next] == '\n')
            {
                if (!acrossLines)
                {
                    return;
                }

                _line++;
                _lineStart = _next + 1;
            }

            _next++;
        }
    }
}
