using System.Text;
using System.Text.Json;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Takes a stream of NDJSON in, part by part. The next part is read when the one before it is on disk: the sender feels the back-pressure.</summary>
public static class StreamIngest
{
    private const int ContentKept = 2000;

    /// <summary>Takes one part in; returns when it is on disk.</summary>
    /// <exception cref="JournalUnavailableException">Nothing of the part was taken.</exception>
    public static async Task<StreamReceipt> TakeAsync(TwinSession session, LinePart part, int? run, DateTimeOffset received, CancellationToken cancellation = default)
    {
        var (observations, lines) = (new List<Observation>(part.Lines.Count), new List<long>(part.Lines.Count));
        var (unreadable, refused) = (new List<MarkedObservation>(), new List<RefusedLine>());
        for (var i = 0; i < part.Lines.Count; i++)
        {
            var number = part.First + i;
            if (Read(part.Lines[i], out var problem) is { } observation)
            {
                observations.Add(observation);
                lines.Add(number);
            }
            else if (problem.Length > 0)
            {
                var content = Encoding.UTF8.GetString(part.Lines[i].AsSpan(0, Math.Min(part.Lines[i]?.Length ?? 0, ContentKept)));
                unreadable.Add(new MarkedObservation(received, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {number}"), problem, content));
                refused.Add(new RefusedLine(number, "", problem));
            }
        }

        var receipt = await session.IngestAsync(observations, unreadable, run, cancellation);
        if (receipt.Refused.Count > refused.Count)
        {
            refused.AddRange(Lines(receipt, observations, lines));
        }

        return new StreamReceipt
        {
            FirstLine = part.First, LastLine = part.First + part.Lines.Count - 1, Accepted = receipt.Accepted, Duplicates = receipt.Duplicates,
            Late = receipt.Late, Refused = [.. refused.OrderBy(r => r.Line)], Version = receipt.Version,
        };
    }

    /// <summary>The observation on a line; <c>null</c> with a problem, or without one for an empty line.</summary>
    private static Observation? Read(byte[]? line, out string problem)
    {
        problem = "";
        if (line is null)
        {
            problem = $"the line has more than {LineStream.LongestLine / 1024} KiB";
            return null;
        }

        var text = line.AsSpan().Trim("\r \t\0"u8);
        if (text.IsEmpty)
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(text, RuntimeJson.Default.Observation) is { } observation)
            {
                return observation;
            }

            problem = "null is no observation";
        }
        catch (JsonException e)
        {
            problem = $"it is no observation: {e.Message}";
        }

        return null;
    }

    /// <summary>Lines of the observations that were refused: by id, or by position where there is none.</summary>
    private static IEnumerable<RefusedLine> Lines(IngestReceipt receipt, List<Observation> observations, List<long> lines)
    {
        var byId = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < observations.Count; i++)
        {
            byId.TryAdd(observations[i].Id.Length > 0 ? observations[i].Id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{i + 1}"), i);
        }

        foreach (var refused in receipt.Refused)
        {
            if (byId.TryGetValue(refused.Id, out var at))
            {
                yield return new RefusedLine(lines[at], observations[at].Id, refused.Reason);
            }
        }
    }
}
