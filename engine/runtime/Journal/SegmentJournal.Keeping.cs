using System.Globalization;

namespace DigitalTwin.Runtime.Journal;

/// <content>Retention: little by little, with the commits that carry a saved fold.</content>
public partial class SegmentJournal
{
    private const int CompactedAtOnce = 2;
    private const long DayMs = 24L * 60 * 60 * 1000;

    /// <summary>The change, and with it what the policy asks for next.</summary>
    private StoreChange Tended(StoreChange change)
    {
        var now = _time.GetUtcNow();
        var old = (now - _policy.CompactAfter).ToUnixTimeMilliseconds();
        var oldest = _policy.ForgetAfter is { } forget ? (now - forget).ToUnixTimeMilliseconds() : long.MinValue;
        var remove = new List<long>(change.Remove);
        var add = new List<Segment>(change.Add);
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        var from = ForgetBefore(oldest);
        if (from > _forgotten)
        {
            remove.AddRange(_segments.TakeWhile(s => s.Last <= from).Select(s => s.First));
            meta.Add(ForgottenKey, from.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var segment in _segments.Where(s => s.At < old && s.Format == SegmentFormat.Plain && s.First > from && s.Last < _count && !remove.Contains(s.First)).Take(CompactedAtOnce))
        {
            if (Body(segment) is { } sound)
            {
                remove.Add(segment.First);
                add.Add(SegmentCodec.Compact(segment, sound.Body));
            }
        }

        return change with { Remove = remove, Add = add, Meta = meta, ThinSnapshots = Thinned(old), ForgetSnapshotsBefore = from > _forgotten ? from : 0 };
    }

    /// <summary>Row of the last sound snapshot all of whose rows are older than a moment.</summary>
    private long ForgetBefore(long at)
    {
        var last = _segments.TakeWhile(s => s.At < at).LastOrDefault()?.Last ?? 0;
        return _snapshots.FindLast(s => s.HasFold && s.Sequence <= last) is { } start && ReadSnapshot(start) is not null ? start.Sequence : _forgotten;
    }

    /// <summary>Of the snapshots that are old, all but the first of each day.</summary>
    private List<long> Thinned(long old)
    {
        var thinned = new List<long>();
        var day = long.MinValue;
        foreach (var snapshot in _snapshots.Where(s => s.HasFold))
        {
            if (FindFrom(snapshot.Sequence) is not { } segment || segment.At >= old)
            {
                break;
            }

            if (snapshot.ClockMs / DayMs == day && snapshot.Sequence != _forgotten)
            {
                thinned.Add(snapshot.Sequence);
            }

            day = snapshot.ClockMs / DayMs;
        }

        return thinned;
    }
}
