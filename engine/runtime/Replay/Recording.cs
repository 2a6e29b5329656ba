using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>What happened to a plant, ready to be looked at from any moment on: a live session's past, or a file of events.</summary>
/// <remarks>Any number of replays read one recording, each from where it is.</remarks>
public abstract class Recording
{
    /// <summary>For people: the plant's id, or the file that it came from.</summary>
    public abstract string Name { get; }

    /// <summary>The earliest moment.</summary>
    public abstract SimTime Start { get; }

    /// <summary>The latest moment; of a live plant it moves on.</summary>
    public abstract SimTime End { get; }

    /// <summary>Why it does not go on any more; <c>null</c> while it may.</summary>
    public virtual string? Fault => null;

    /// <summary>Makes the past at a moment, to go on from. Moments outside <see cref="Start"/>..<see cref="End"/> give the nearer end.</summary>
    internal abstract Task<ReplayCursor> AtAsync(SimTime moment, CancellationToken cancellation);

    /// <summary>Keeps a moment within the recording.</summary>
    internal SimTime Within(SimTime moment) => SimTime.Max(Start, SimTime.Min(moment, End));

    /// <summary>The past of a live session, up to whatever comes in while it is looked at.</summary>
    public static Recording Of(TwinSession session) => new SessionRecording(session);

    /// <summary>Events of a file or of a simulation, in the order in which they happened.</summary>
    /// <exception cref="ArgumentException">An event is not possible after those before it: the message says which.</exception>
    public static Recording Of(string name, CompiledScenario plant, IEnumerable<PlantEvent> events) => new EventRecording(name, plant, events);

    private sealed class SessionRecording(TwinSession session) : Recording
    {
        private readonly int _run = session.Run;

        public override string Name => session.Id;

        public override SimTime Start => session.Past.Start;

        public override SimTime End => session.Past.End;

        public override string? Fault => session.Run == _run ? null
            : $"plant '{session.Id}' has started over since (run {session.Run}); this replay of run {_run} ends here. Maybe open a new one";

        internal override async Task<ReplayCursor> AtAsync(SimTime moment, CancellationToken cancellation)
        {
            var past = await session.Past.AtAsync(Within(moment), cancellation);
            return new ReplayCursor(past.Fold.Fork(), past.Row, past.Offset, past.Time, (after, limit) => Fault is null ? session.RowsAfter(after, limit) : []);
        }
    }

    /// <summary>A whole recording in memory, with the fold kept now and then so that no seek folds far.</summary>
    private sealed class EventRecording : Recording
    {
        private const int EventsPerRow = 512;
        private const long MemoryForStops = 256L << 20;
        private readonly List<JournalEntry> _rows = [];
        private readonly List<ReplayCursor> _stops = []; // in the order of time
        private readonly int _every; // rows between two of them

        public EventRecording(string name, CompiledScenario plant, IEnumerable<PlantEvent> events)
        {
            Name = name;
            var check = new PlantState(plant);
            var row = new List<(PlantEvent, UInt128)>(EventsPerRow);
            var number = 0L;
            foreach (var e in events)
            {
                number++;
                if (!check.Permits(e))
                {
                    throw new ArgumentException($"{name}: event {number} ({e.Kind} at {plant.Scenario.Clock.ToWallClock(e.Time):yyyy-MM-dd HH:mm:ss}) is not possible after those before it. Maybe the recording is of another scenario, or rows are missing?", nameof(events));
                }

                check.Apply(e);
                row.Add((e, default));
                if (row.Count == EventsPerRow)
                {
                    _rows.Add(EntryCodec.Events(row) with { Sequence = _rows.Count + 1 });
                    row.Clear();
                }
            }

            if (row.Count > 0)
            {
                _rows.Add(EntryCodec.Events(row) with { Sequence = _rows.Count + 1 });
            }

            End = check.Now;
            var each = 4096 + 200L * plant.Jobs.JobCount + 600L * plant.Plant.Equipment.Length; // bytes of a state, more or less
            _every = (int)Math.Max(16, _rows.Count / Math.Clamp(MemoryForStops / each, 8, 256));
            _stops.Add(new ReplayCursor(new SessionFold(plant, 0), 0, 0, SimTime.Zero, Rows));
        }

        public override string Name { get; }

        public override SimTime Start => SimTime.Zero;

        public override SimTime End { get; }

        internal override Task<ReplayCursor> AtAsync(SimTime moment, CancellationToken cancellation) => Task.Run(
            () =>
            {
                moment = Within(moment);
                var (cursor, from) = Nearest(moment);
                while (!cursor.AdvanceTo(moment, mostRows: _every))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Keep(cursor.Fork(), from);
                }

                return cursor;
            },
            cancellation);

        private List<JournalEntry> Rows(long after, int limit) =>
            after >= _rows.Count ? [] : _rows.GetRange((int)after, Math.Min(limit, _rows.Count - (int)after));

        private (ReplayCursor Cursor, int Index) Nearest(SimTime moment)
        {
            lock (_stops)
            {
                var i = _stops.FindLastIndex(s => s.Time <= moment);
                return (_stops[i].Fork(), i);
            }
        }

        private void Keep(ReplayCursor stop, int after)
        {
            lock (_stops)
            {
                var i = _stops.FindIndex(after, s => s.Row >= stop.Row);
                if (i < 0 || _stops[i].Row > stop.Row)
                {
                    _stops.Insert(i < 0 ? _stops.Count : i, stop);
                }
            }
        }
    }
}
