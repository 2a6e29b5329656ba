using System.Globalization;

namespace DigitalTwin.Runtime.Journal;

/// <summary>A journal in segments, in whatever database keeps them.</summary>
/// <remarks>
/// A commit writes one segment: the rows of everything that waited, with one checksum. Small neighbours at the end are put together into larger
/// segments by a later commit. What does not match its checksum is left out and told: at the very end it is a torn tail and is moved out of the
/// way; anywhere else only that segment is lost and its neighbours stay readable.
/// </remarks>
public partial class SegmentJournal : IJournal
{
    /// <summary>Version of the layout of tables and bodies.</summary>
    public const int LayoutVersion = 2;

    internal const string LayoutKey = "schema";
    internal const string FingerprintKey = "fingerprint";
    internal const string ForgottenKey = "forgotten";
    internal const string DamageKey = "damage";
    internal const string PlantKey = "plant";
    internal const string RestoringKey = "restoring";
    private const int SegmentBytes = 2 << 20;
    private const int SmallSegments = 256;
    private const long RecentBytes = 32 << 20;

    private readonly ISegmentStore _store;
    private readonly string _fingerprint;
    private readonly TimeProvider _time;
    private readonly JournalPolicy _policy;
    private readonly Lock _gate = new(); // the index below; never held while the store works
    private readonly List<Segment> _segments = [];
    private readonly List<SnapshotHead> _snapshots = [];
    private readonly List<JournalDamage> _damages = [];
    private KindNames _kinds = null!;
    private long _count;
    private long _clock;
    private long _forgotten;
    private long _recentBytes;
    private bool _doubtful; // a write failed, and nobody knows whether it reached the disk

    internal SegmentJournal(ISegmentStore store, string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null)
    {
        _store = store;
        _fingerprint = fingerprint;
        _time = time ?? TimeProvider.System;
        _policy = policy ?? new JournalPolicy();
        try
        {
            Load();
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public long ClockMs => Interlocked.Read(ref _clock);

    /// <inheritdoc/>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    public IReadOnlyList<JournalDamage> Damages
    {
        get
        {
            lock (_gate)
            {
                return [.. _damages];
            }
        }
    }

    public IReadOnlyList<SnapshotHead> Snapshots
    {
        get
        {
            lock (_gate)
            {
                return [.. _snapshots];
            }
        }
    }

    public void Append(IReadOnlyList<JournalEntry> entries, JournalSnapshot? snapshot = null)
    {
        if (entries.Count == 0 && snapshot is null)
        {
            return;
        }

        var change = new StoreChange { Snapshot = snapshot };
        if (entries.Count > 0)
        {
            var joined = Joinable();
            var added = New(entries);
            change = joined.Count == 0
                ? change with { Add = [added] }
                : change with { Remove = [.. joined.Select(s => s.First)], Add = [Join([.. joined, added])] };
        }

        if (snapshot is not null)
        {
            change = Tended(change);
        }

        Write(change);
    }

    /// <inheritdoc/>
    public void Probe()
    {
        _store.Probe();
        if (_doubtful)
        {
            Load();
            _doubtful = false;
        }
    }

    /// <inheritdoc/>
    public void StartOver()
    {
        _store.StartOver();
        lock (_gate)
        {
            _damages.Clear();
        }

        Load();
    }

    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Write(StoreChange change)
    {
        try
        {
            _store.Write(change);
        }
        catch
        {
            _doubtful = true;
            throw;
        }

        lock (_gate)
        {
            Take(change);
        }
    }

    /// <summary>The index after a change.</summary>
    private void Take(StoreChange change)
    {
        foreach (var segment in change.Add)
        {
            var from = _segments.FindLastIndex(s => s.First < segment.First) + 1;
            var replaced = 0;
            for (; from + replaced < _segments.Count && _segments[from + replaced].First <= segment.Last; replaced++)
            {
                _recentBytes -= _segments[from + replaced].Body?.Length ?? 0;
            }

            _segments.RemoveRange(from, replaced);
            _segments.Insert(from, segment.Last >= _count ? segment : segment with { Body = null });
            if (segment.Last >= _count)
            {
                _recentBytes += segment.Size;
                Interlocked.Exchange(ref _count, segment.Last);
                Interlocked.Exchange(ref _clock, Math.Max(_clock, segment.ClockMs));
            }
        }

        _segments.RemoveAll(s => change.Remove.Contains(s.First) && change.Add.All(a => a.First != s.First));
        while (_recentBytes > RecentBytes && _segments.FindIndex(s => s.Body is not null) is var first && first < _segments.Count - 1)
        {
            _recentBytes -= _segments[first].Body!.Length;
            _segments[first] = _segments[first] with { Body = null };
        }

        if (change.Snapshot is { } snapshot)
        {
            _snapshots.RemoveAll(s => s.Sequence >= snapshot.Head.Sequence);
            _snapshots.Add(snapshot.Head);
        }

        _snapshots.RemoveAll(s => s.Sequence < change.ForgetSnapshotsBefore);
        for (var i = 0; i < _snapshots.Count; i++)
        {
            _snapshots[i] = change.ThinSnapshots.Contains(_snapshots[i].Sequence) ? _snapshots[i] with { HasFold = false } : _snapshots[i];
        }

        if (change.Meta.TryGetValue(ForgottenKey, out var forgotten))
        {
            Interlocked.Exchange(ref _forgotten, long.Parse(forgotten, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The small segments at the end, once they are worth putting together.</summary>
    private List<Segment> Joinable()
    {
        var (first, bytes) = (_segments.Count, 0L);
        while (first > 0 && _segments[first - 1] is { Body: not null, Size: < SegmentBytes, Format: SegmentFormat.Plain } small && small.Kinds == _kinds.Current && bytes < SegmentBytes
            && (first == _segments.Count || small.Last + 1 == _segments[first].First))
        {
            first--;
            bytes += small.Size;
        }

        var count = _segments.Count - first;
        return count > 1 && (bytes >= SegmentBytes || count >= SmallSegments) ? _segments[first..] : [];
    }

    private Segment New(IReadOnlyList<JournalEntry> entries)
    {
        var (events, clock) = (0, _clock);
        foreach (var entry in entries)
        {
            events += EntryCodec.Count(entry);
            clock = Math.Max(clock, EntryCodec.LatestMs(entry));
        }

        var segment = new Segment(_count + 1, entries.Count, events, clock, _time.GetUtcNow().ToUnixTimeMilliseconds(), _kinds.Current, SegmentFormat.Plain, 0);
        return SegmentCodec.Seal(segment, SegmentCodec.Pack(entries));
    }

    private static Segment Join(IReadOnlyList<Segment> neighbours) => SegmentCodec.Seal(
        neighbours[0] with
        {
            Rows = neighbours.Sum(s => s.Rows), Events = neighbours.Sum(s => s.Events), ClockMs = neighbours[^1].ClockMs, At = neighbours[^1].At,
        },
        SegmentCodec.Join(neighbours));
}
