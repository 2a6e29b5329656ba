using System.Buffers.Binary;

namespace DigitalTwin.Runtime.Journal;

/// <content>Reading, by anyone at any time: each part is checked before it is believed.</content>
public partial class SegmentJournal
{
    public IEnumerable<JournalEntry> Read(long after = 0)
    {
        for (var next = after + 1; FindFrom(next) is { } segment; next = segment.Last + 1)
        {
            if (Body(segment) is not { } sound)
            {
                continue;
            }

            foreach (var row in SegmentCodec.Rows(sound.Segment, sound.Body))
            {
                if (row.Sequence >= next)
                {
                    yield return Translated(row, sound.Segment.Kinds);
                }
            }
        }
    }

    /// <inheritdoc/>
    public long RowBefore(long clockMs)
    {
        lock (_gate)
        {
            var (low, high) = (0, _segments.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _segments[middle].ClockMs > clockMs ? (low, middle) : (middle + 1, high);
            }

            return low < _segments.Count ? _segments[low].First - 1 : _count;
        }
    }

    /// <inheritdoc/>
    public long RowBeforeLastEvents(long events)
    {
        lock (_gate)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                events -= _segments[i].Events;
                if (events <= 0)
                {
                    return _segments[i].First - 1;
                }
            }

            return 0;
        }
    }

    public JournalSnapshot? ReadSnapshot(SnapshotHead head)
    {
        var fold = head.HasFold ? _store.ReadSnapshot(head.Sequence) : null;
        return fold is not null && CheckedBytes.Fits(fold, [head.Sequence, head.ClockMs]) ? new JournalSnapshot(head, fold.AsMemory(CheckedBytes.HeadSize), default) : null;
    }

    public ReadOnlyMemory<byte>? ReadBars(SnapshotHead head)
    {
        var bars = _store.ReadBars(head.Sequence);
        return bars is not null && CheckedBytes.Fits(bars, [head.Sequence, head.BarsFrom, head.BarsTo]) ? bars.AsMemory(CheckedBytes.HeadSize) : (ReadOnlyMemory<byte>?)null;
    }

    /// <inheritdoc/>
    public void Scrub(CancellationToken cancellation)
    {
        for (var next = 1L; FindFrom(next) is { } segment; next = segment.Last + 1)
        {
            cancellation.ThrowIfCancellationRequested();
            Body(segment);
        }
    }

    /// <summary>The segment with a row, or the first behind it.</summary>
    private Segment? FindFrom(long row)
    {
        lock (_gate)
        {
            var (low, high) = (0, _segments.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _segments[middle].Last >= row ? (low, middle) : (middle + 1, high);
            }

            return low < _segments.Count ? _segments[low] : null;
        }
    }

    /// <summary>The sound body of a segment; one that is damaged is noted, and <c>null</c>.</summary>
    private (Segment Segment, byte[] Body)? Body(Segment segment)
    {
        while (true)
        {
            if (segment.Body is { } recent)
            {
                return (segment, recent);
            }

            if (_store.ReadSegment(segment.First) is { } body && CheckedBytes.Fits(body, SegmentCodec.Place(segment)))
            {
                return (segment, body);
            }

            lock (_gate)
            {
                if (_segments.Find(s => s.First == segment.First) is { } now && now != segment)
                {
                    segment = now; // written anew meanwhile: look again
                    continue;
                }

                if (segment.First > _forgotten && !_damages.Exists(d => d.AfterSequence == segment.First - 1))
                {
                    _damages.Add(new JournalDamage(segment.First - 1, segment.Rows, $"{_store.Name}: rows {segment.First} to {segment.Last} are damaged and left out; the others are in use. Maybe restore a backup (twin restore)"));
                }

                return null;
            }
        }
    }

    /// <summary>A row with the numbers of this program's event kinds.</summary>
    private JournalEntry Translated(JournalEntry row, int kinds) =>
        row.Kind != JournalEntryKind.Events || _kinds.MapFor(kinds) is not { } map ? row : row with { Body = EntryCodec.WithKinds(row.Body, map) };
}
