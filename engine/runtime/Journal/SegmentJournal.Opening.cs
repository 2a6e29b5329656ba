using System.Globalization;

namespace DigitalTwin.Runtime.Journal;

/// <content>Opening: is it ours, is it whole, and where does it end?</content>
public partial class SegmentJournal
{
    private void Load()
    {
        var meta = CheckMeta();
        var segments = _store.Segments().ToList();
        var snapshots = _store.Snapshots();
        var forgotten = meta.TryGetValue(ForgottenKey, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        CutTail(segments);
        lock (_gate)
        {
            if (meta.TryGetValue(DamageKey, out var old) && old.Split('\t', 3) is [var after, var rows, var what] && !_damages.Exists(d => d.What == what))
            {
                _damages.Add(new JournalDamage(long.Parse(after, CultureInfo.InvariantCulture), long.Parse(rows, CultureInfo.InvariantCulture), what));
            }

            _segments.Clear();
            _segments.AddRange(segments);
            NoteGaps(segments, forgotten);
            Interlocked.Exchange(ref _forgotten, forgotten);
            Interlocked.Exchange(ref _count, segments.Count > 0 ? segments[^1].Last : forgotten);
            Interlocked.Exchange(ref _clock, segments.Count > 0 ? segments[^1].ClockMs : 0);
            _recentBytes = segments.Sum(s => (long)(s.Body?.Length ?? 0));
            _snapshots.Clear();
            _snapshots.AddRange(snapshots.Where(s => s.Sequence <= _count));
        }
    }

    private Dictionary<string, string> CheckMeta()
    {
        var meta = _store.Meta().ToDictionary(StringComparer.Ordinal);
        var toWrite = new Dictionary<string, string>(StringComparer.Ordinal);
        if (meta.GetValueOrDefault(RestoringKey) == "yes")
        {
            throw new JournalException($"{_store.Name}: a restore did not come to its end here. Maybe run twin restore again: it begins anew.");
        }

        if (!meta.TryGetValue(LayoutKey, out var layout))
        {
            toWrite.Add(LayoutKey, LayoutVersion.ToString(CultureInfo.InvariantCulture));
            toWrite.Add(FingerprintKey, _fingerprint);
        }
        else if (layout != LayoutVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new JournalException($"{_store.Name}: journal layout {layout} is not the layout {LayoutVersion} of this version. Maybe it was written by a newer twin: use that, or another data folder with --data.");
        }
        else if (_fingerprint.Length > 0 && meta.GetValueOrDefault(FingerprintKey) is var known && known != _fingerprint)
        {
            throw new JournalException($"{_store.Name}: this journal belongs to another scenario or an older form of it (fingerprint {known}, now {_fingerprint}): its equipment, routings or orders differ. "
                + "Maybe put the old scenario back, choose another data folder with --data, or move the file away to begin anew.");
        }

        _kinds = KindNames.Of(meta, out var names);
        foreach (var (key, list) in names)
        {
            toWrite.Add(key, list);
        }

        if (toWrite.Count > 0)
        {
            _store.Write(new StoreChange { Meta = toWrite });
        }

        return meta;
    }

    /// <summary>Checks the end, where a crash could leave something torn: what is bad there is moved out of the way. Keeps the small
    /// segments' bodies, to be put together later.</summary>
    private void CutTail(List<Segment> segments)
    {
        var cut = new List<Segment>();
        for (var (i, bytes) = (segments.Count - 1, 0L); i >= 0 && (i == segments.Count - 1 || bytes < SegmentBytes) && segments.Count - i <= 2 * SmallSegments; i--)
        {
            var segment = segments[i];
            var sound = _store.ReadSegment(segment.First) is { } body && CheckedBytes.Fits(body, SegmentCodec.Place(segment)) ? body : null;
            if (sound is null && i == segments.Count - 1)
            {
                cut.Add(segment);
                segments.RemoveAt(i);
            }
            else
            {
                segments[i] = segment with { Body = sound };
                bytes += segment.Size;
            }
        }

        if (cut.Count == 0)
        {
            return;
        }

        _store.Write(new StoreChange { SetAside = [.. cut.Select(s => s.First)] });
        var after = segments.Count > 0 ? segments[^1].Last : 0;
        lock (_gate)
        {
            _damages.Add(new JournalDamage(after, cut.Sum(s => s.Rows),
                $"{_store.Name}: rows {cut[^1].First} to {cut[0].Last} do not match their checksum; the twin goes on from row {after}, and what was behind it is kept in table set_aside. Maybe send it again"));
        }
    }

    private void NoteGaps(List<Segment> segments, long forgotten)
    {
        var last = forgotten;
        foreach (var segment in segments)
        {
            if (segment.First > last + 1 && !_damages.Exists(d => d.AfterSequence == last))
            {
                _damages.Add(new JournalDamage(last, segment.First - 1 - last, $"{_store.Name}: rows {last + 1} to {segment.First - 1} are missing; the others are in use. Maybe restore a backup (twin restore)"));
            }

            last = Math.Max(last, segment.Last);
        }
    }
}
