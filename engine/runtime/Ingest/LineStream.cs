using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>A part of a stream of lines.</summary>
/// <param name="First">Number of its first line, from 1.</param>
/// <param name="Lines">Whole lines, without their ends; one that is too long is <c>null</c>.</param>
public sealed record LinePart(long First, IReadOnlyList<byte[]?> Lines);

/// <summary>Cuts a stream of any length into parts of whole lines. Holds one part at a time: what is not taken yet stays with the sender.</summary>
public static class LineStream
{
    /// <summary>A longer line is given up, and reading goes on behind it.</summary>
    public const int LongestLine = 64 * 1024;

    private const int LinesAtOnce = 1000;

    /// <summary>The lines that are there, up to a thousand at a time; waits only for the first of a part.</summary>
    public static async IAsyncEnumerable<LinePart> ReadAsync(PipeReader from, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var number = 1L;
        var skipping = false; // inside a line that is too long
        while (true)
        {
            var read = await from.ReadAsync(cancellation);
            var rest = read.Buffer;
            var lines = new List<byte[]?>();
            while (lines.Count < LinesAtOnce && rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                lines.Add(skipping || line.Length > LongestLine ? null : line.ToArray());
                skipping = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (lines.Count < LinesAtOnce && rest.Length > LongestLine)
            {
                skipping = true;
                rest = rest.Slice(rest.End);
            }

            var isLast = read.IsCompleted && lines.Count < LinesAtOnce;
            if (isLast && (skipping || rest.Length > 0))
            {
                lines.Add(skipping ? null : rest.ToArray());
                rest = rest.Slice(rest.End);
            }

            // What was looked at and is no whole line yet waits for more; after a full part there may be more lines already.
            from.AdvanceTo(rest.Start, lines.Count < LinesAtOnce ? rest.End : rest.Start);
            if (lines.Count > 0)
            {
                yield return new LinePart(number, lines);
                number += lines.Count;
            }

            if (isLast)
            {
                yield break;
            }
        }
    }
}
