using System.Buffers.Binary;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Live;

/// <summary>The floor of one plant, live or replayed, as binary frames: what changed since the version that a viewer confirmed.</summary>
/// <remarks>
/// Little-endian. Header, 48 bytes: <c>'T'</c>, layout (1), flags (1 full · 2 session stale · 4 session faulted), 0; uint32 records in the
/// frame; float64 version; float64 base version (0 when full); float64 plant time in ms; uint32 schedule version; uint32 run; uint32
/// equipment in the plant; uint32 jobs waiting. Then per changed equipment 24 bytes: int32 index; uint8 status (EquipmentStatus); uint8
/// flags (1 stale · 2 off shift); uint8 progress 0–255; uint8 batches running; int16 family (−1 none); uint16 jobs waiting that it could
/// take; int32 job it runs or is reserved for (−1 none); float64 plant ms since which it has its status.
/// A frame is encoded once per (base, version) and shared by all viewers. Versions fit a float64 exactly.
/// </remarks>
public sealed class FrameBoard
{
    public const int HeaderSize = 48;
    public const int RecordSize = 24;
    public const byte Layout = 1;

    private const int FramesShared = 64;
    private readonly IPlantView _session;
    private readonly Func<TwinView, TwinView> _seen;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, byte[]> _frames = [];
    private byte[] _records = [];
    private byte[] _next = [];
    private long[] _changedAt = [];
    private long _first; // versions before it were never on this board
    private long _version = -1;
    private int _run;
    private TwinView? _view;

    /// <param name="seen">What of a view the viewers of this board may see; everything when <c>null</c>.</param>
    public FrameBoard(IPlantView session, Func<TwinView, TwinView>? seen = null) => (_session, _seen) = (session, seen ?? (view => view));

    /// <summary>Everything that changed after <paramref name="since"/>; all equipment when that version is 0 or unknown here.</summary>
    public byte[] Pull(long since)
    {
        var view = _session.View();
        lock (_lock)
        {
            if (view.Version > _version)
            {
                Refresh(_seen(view));
            }

            if (since < _first || since > _version)
            {
                since = 0;
            }

            if (!_frames.TryGetValue(since, out var frame))
            {
                frame = Encode(since);
                if (_frames.Count < FramesShared)
                {
                    _frames.Add(since, frame);
                }
            }

            return WithFlags(frame);
        }
    }

    private void Refresh(TwinView view)
    {
        var count = view.State.Equipment.Length;
        var restarted = _version < 0 || view.Run != _run;
        if (restarted)
        {
            _records = new byte[count * RecordSize];
            _next = new byte[count * RecordSize];
            _changedAt = new long[count];
            _first = view.Version;
            _run = view.Run;
        }

        for (var e = 0; e < count; e++)
        {
            var record = _next.AsSpan(e * RecordSize, RecordSize);
            Write(record, e, view);
            if (restarted || !record.SequenceEqual(_records.AsSpan(e * RecordSize, RecordSize)))
            {
                _changedAt[e] = view.Version;
            }
        }

        (_records, _next) = (_next, _records);
        _version = view.Version;
        _view = view;
        _frames.Clear();
    }

    private byte[] Encode(long since)
    {
        var count = 0;
        foreach (var changed in _changedAt)
        {
            count += changed > since ? 1 : 0;
        }

        var frame = new byte[HeaderSize + count * RecordSize];
        WriteHeader(frame, since, count);
        var to = HeaderSize;
        for (var e = 0; e < _changedAt.Length; e++)
        {
            if (_changedAt[e] > since)
            {
                _records.AsSpan(e * RecordSize, RecordSize).CopyTo(frame.AsSpan(to));
                to += RecordSize;
            }
        }

        return frame;
    }

    private void WriteHeader(Span<byte> to, long since, int count)
    {
        var view = _view!;
        var waiting = 0;
        foreach (var ready in view.State.ReadyInGroup)
        {
            waiting += ready;
        }

        to[0] = (byte)'T';
        to[1] = Layout;
        to[2] = (byte)(since == 0 ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)count);
        BinaryPrimitives.WriteDoubleLittleEndian(to[8..], view.Version);
        BinaryPrimitives.WriteDoubleLittleEndian(to[16..], since);
        BinaryPrimitives.WriteDoubleLittleEndian(to[24..], view.Now.Milliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(to[32..], (uint)view.Schedule.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[36..], (uint)view.Run);
        BinaryPrimitives.WriteUInt32LittleEndian(to[40..], (uint)_changedAt.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[44..], (uint)waiting);
    }

    /// <summary>Staleness comes with the wall clock, not with a version: it is set on a copy when it holds.</summary>
    private byte[] WithFlags(byte[] frame)
    {
        var flags = (byte)((_session.IsStale ? 2 : 0) | (_session.Fault is null ? 0 : 4));
        if (flags == 0)
        {
            return frame;
        }

        var copy = (byte[])frame.Clone();
        copy[2] |= flags;
        return copy;
    }

    private static void Write(Span<byte> to, int e, TwinView view)
    {
        ref readonly var equipment = ref view.State.Equipment[e];
        var job = equipment.FirstActive >= 0 ? equipment.FirstActive : equipment.Reserved;
        var waiting = 0;
        foreach (var group in view.State.Plant.EquipmentGroups[e])
        {
            waiting += view.State.ReadyInGroup[group];
        }

        BinaryPrimitives.WriteInt32LittleEndian(to, e);
        to[4] = (byte)equipment.Status;
        to[5] = (byte)((equipment.Stale ? 1 : 0) | (equipment.OffShift ? 2 : 0));
        to[6] = (byte)Math.Round(255 * Progress(view, equipment));
        to[7] = (byte)Math.Min(255, equipment.ActiveCount);
        BinaryPrimitives.WriteInt16LittleEndian(to[8..], (short)equipment.Family);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], (ushort)Math.Min(ushort.MaxValue, waiting));
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], job);
        BinaryPrimitives.WriteDoubleLittleEndian(to[16..], equipment.Since);
    }

    /// <summary>Share of the batch, setup, cleaning, repair or maintenance that is over, in [0, 1]; 0 where nothing is known.</summary>
    private static double Progress(TwinView view, in EquipmentState equipment)
    {
        var now = view.Now.Milliseconds;
        if (equipment.FirstActive >= 0)
        {
            ref readonly var lead = ref view.State.Jobs[equipment.FirstActive];
            return lead.PlannedMs > 0 ? Math.Clamp(view.State.ProgressMs(equipment.FirstActive, view.Now) / (double)lead.PlannedMs, 0, 1) : 0;
        }

        return equipment.ExpectedEnd > equipment.Since
            ? Math.Clamp((now - equipment.Since) / (double)(equipment.ExpectedEnd - equipment.Since), 0, 1)
            : 0;
    }
}
