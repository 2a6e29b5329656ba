namespace DigitalTwin.Runtime.Ingest;

/// <summary>What became of a part of a stream: one line of the answer, written when the part is on disk.</summary>
public sealed record StreamReceipt
{
    /// <summary>First line of the part, from 1.</summary>
    public required long FirstLine { get; init; }

    /// <summary>Last line of the part: everything up to here is on disk.</summary>
    public required long LastLine { get; init; }

    public int Accepted { get; init; }

    public int Duplicates { get; init; }

    public int Late { get; init; }

    /// <summary>Lines that were kept and marked, with the reason.</summary>
    public IReadOnlyList<RefusedLine> Refused { get; init; } = [];

    public long Version { get; init; }

    /// <summary>Set on the last line of an answer that ended early: nothing after <see cref="LastLine"/> was taken; send it again.</summary>
    public string? Trouble { get; init; }
}

/// <summary>A line that the twin could not believe.</summary>
/// <param name="Line">Its number in the stream, from 1.</param>
/// <param name="Id">Id of the observation; empty where none could be read.</param>
public sealed record RefusedLine(long Line, string Id, string Reason);
