using System.Globalization;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>The scenario can be used, but perhaps does not mean what its author thinks.</summary>
    Warning,

    /// <summary>The scenario cannot be used.</summary>
    Error,
}

/// <summary>One finding in a file: where, what, and the way out.</summary>
/// <param name="File">Path as the caller named it.</param>
/// <param name="Line">Physical line, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Character in the line, from 1; in a workbook the column of the sheet.</param>
/// <param name="Message">What is wrong, with the name and the value.</param>
/// <param name="WayOut">What to do about it; may be empty.</param>
public sealed record Diagnostic(string File, int Line, int Column, Severity Severity, string Message, string WayOut)
{
    /// <summary><c>file:line:column: what — way out</c>; a warning says so.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}") : File;
        var kind = Severity == Severity.Warning ? "warning: " : "";
        return WayOut.Length > 0 ? $"{place}: {kind}{Message} — {WayOut}" : $"{place}: {kind}{Message}";
    }
}

/// <summary>What reading a scenario folder gave.</summary>
public sealed record ReadResult
{
    /// <summary>The scenario; <c>null</c> exactly when there is an error.</summary>
    public required Scenario? Scenario { get; init; }

    /// <summary>All findings, by file and line.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    public IEnumerable<Diagnostic> Errors => Diagnostics.Where(d => d.Severity == Severity.Error);

    public IEnumerable<Diagnostic> Warnings => Diagnostics.Where(d => d.Severity == Severity.Warning);
}

/// <summary>Why a text is not a value, and what to write instead.</summary>
/// <param name="What">Continues "name 'value' …": <c>has no unit</c>.</param>
/// <param name="WayOut">A full sentence; may be empty.</param>
public readonly record struct Trouble(string What, string WayOut = "")
{
    public override string ToString() => string.IsNullOrEmpty(WayOut) ? What ?? "" : $"{What} — {WayOut}";
}
