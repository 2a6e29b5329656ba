using System.Globalization;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>A file of a public format that cannot be read: where, what is wrong, and the way out.</summary>
/// <remarks>The message reads <c>file:line:column: what — way out</c>; lines and columns count from 1.</remarks>
public sealed class ImportException : FormatException
{
    public ImportException(string file, int line, int column, string what, string wayOut)
        : base(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}: {what} — {wayOut}"))
    {
        File = file;
        Line = line;
        Column = column;
        What = what;
        WayOut = wayOut;
    }

    public string File { get; }

    public int Line { get; }

    public int Column { get; }

    public string What { get; }

    public string WayOut { get; }

    /// <summary>The same as a finding.</summary>
    public Diagnostic ToDiagnostic() => new(File, Line, Column, Severity.Error, What, WayOut);
}
