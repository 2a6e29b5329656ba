using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Everything a session knows, as the fold of its journal: live steps, a restart and a look back go through the same methods.</summary>
/// <remarks>Not thread-safe: the session guards it.</remarks>
internal sealed class SessionFold
{
    private const int MarkedKept = 1000;

    public SessionFold(CompiledScenario plant, int knownIds)
        : this(new PlantState(plant), new HistoryBook(plant.Plant.Equipment.Length), new PlantNames(plant), new KnownIds(knownIds))
    {
    }

    public SessionFold(PlantState state, HistoryBook history, PlantNames names, KnownIds ids)
    {
        State = state;
        History = history;
        Ids = ids;
        Names = names;
        Translator = new ObservationTranslator(names);
    }

    private SessionFold(SessionFold other, KnownIds ids)
    {
        State = other.State.Fork();
        History = other.History.Fork();
        Ids = ids;
        Names = other.Names;
        Translator = other.Translator;
        Schedule = other.Schedule;
        ScheduleVersion = other.ScheduleVersion;
        LastScheduleVersion = other.LastScheduleVersion;
        ScheduleUser = other.ScheduleUser;
        Marked = new Queue<MarkedObservation>(other.Marked);
        MarkedCount = other.MarkedCount;
        Row = other.Row;
        MissingRows = other.MissingRows;
        MisfitEvents = other.MisfitEvents;
    }

    public PlantState State { get; }

    public HistoryBook History { get; }

    public KnownIds Ids { get; }

    /// <summary>Whether somebody looks on, to explain: the live fold, not those of the past.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Looks on since the first event that came here; <c>null</c> before, and where nobody does.</summary>
    public SessionWatch? Watch { get; private set; }

    public PlantNames Names { get; private set; }

    public ObservationTranslator Translator { get; private set; }

    /// <summary>Schedule in force, or <c>null</c>.</summary>
    public Schedule? Schedule { get; private set; }

    /// <summary>Version of the schedule in force; 0 when none.</summary>
    public int ScheduleVersion { get; private set; }

    /// <summary>The highest version any schedule ever got.</summary>
    public int LastScheduleVersion { get; private set; }

    public string ScheduleUser { get; private set; } = "";

    /// <summary>The latest refused observations, oldest first.</summary>
    public Queue<MarkedObservation> Marked { get; private set; } = new();

    /// <summary>Refused observations ever.</summary>
    public long MarkedCount { get; private set; }

    /// <summary>The last row of the journal that is folded whole.</summary>
    public long Row { get; set; }

    /// <summary>Rows that could not be read and are not in here.</summary>
    public long MissingRows { get; set; }

    /// <summary>Events behind missing rows that were not possible without them, and are not in here either.</summary>
    public long MisfitEvents { get; private set; }

    /// <summary>Schedule in force and its version.</summary>
    public ScheduleInForce InForce => Schedule is null ? ScheduleInForce.None : new ScheduleInForce(Schedule, ScheduleVersion, ScheduleUser);

    /// <summary>An independent copy that recognises no repeats: for looking at the past.</summary>
    public SessionFold Fork() => ForkFor(new KnownIds(0));

    /// <summary>An independent copy with these ids.</summary>
    public SessionFold ForkFor(KnownIds ids) => new(this, ids);

    /// <summary>Takes over what a saved fold knew beside state and bars.</summary>
    public void Resume(ScheduleChange? schedule, int lastVersion, IReadOnlyCollection<MarkedObservation> marked, long markedCount)
    {
        Schedule = schedule?.Schedule;
        ScheduleVersion = schedule?.Version ?? 0;
        ScheduleUser = schedule?.User ?? "";
        LastScheduleVersion = lastVersion;
        Marked = new Queue<MarkedObservation>(marked);
        MarkedCount = markedCount;
    }

    public void Apply(in PlantEvent e, UInt128 id)
    {
        if (IsWatched && (Watch is null || Watch.IsBroken))
        {
            Watch = new SessionWatch(State, Schedule);
        }

        Watch?.Before(e, State);
        State.Apply(e);
        Watch?.After(e, State);
        History.On(e, State);
        if (id != 0)
        {
            Ids.Add(id);
        }
    }

    public void Apply(ScheduleChange change)
    {
        var kind = change.Schedule is null ? PlantEventKind.ScheduleRevoked : PlantEventKind.ScheduleApplied;
        State.Apply(new PlantEvent(change.Time, kind, Arg: change.Version, Source: EventSource.Commanded));
        Schedule = change.Schedule;
        ScheduleVersion = change.Schedule is null ? 0 : change.Version;
        LastScheduleVersion = Math.Max(LastScheduleVersion, change.Version);
        ScheduleUser = change.User;
        Watch?.GoOnWith(State, Schedule);
    }

    public void Apply(ImmutableArray<Order> added)
    {
        var grown = State.Plant.WithOrders(added);
        State.GrowTo(grown);
        Names = new PlantNames(grown);
        Translator = new ObservationTranslator(Names);
        Watch?.GoOnWith(State, Schedule);
    }

    /// <summary>The same plant with other numbers, everything in its place.</summary>
    public void Refit(CompiledScenario plant)
    {
        State.GrowTo(plant);
        Names = new PlantNames(plant);
        Translator = new ObservationTranslator(Names);
        Watch?.GoOnWith(State, Schedule);
    }

    public void Apply(MarkedObservation marked)
    {
        MarkedCount++;
        Marked.Enqueue(marked);
        if (Marked.Count > MarkedKept)
        {
            Marked.Dequeue();
        }
    }

    /// <summary>Takes up the next row of a journal.</summary>
    public void Step(JournalEntry entry)
    {
        MissUpTo(entry.Sequence - 1);
        switch (entry.Kind)
        {
            case JournalEntryKind.Events:
                var body = entry.Body.Span;
                for (var (i, count) = (0, EntryCodec.Count(entry)); i < count; i++)
                {
                    var (e, id) = EntryCodec.EventAt(body, i);
                    Remember(e, id);
                }

                break;
            case JournalEntryKind.OrdersAdded: Apply(EntryCodec.ReadOrders(entry.Body.Span, Names)); break;
            case JournalEntryKind.ScheduleChanged: Apply(EntryCodec.ReadSchedule(entry.Body.Span, Names)); break;
            case JournalEntryKind.Refused: Apply(EntryCodec.ReadRefused(entry.Body.Span)); break;
            default: throw new JournalException($"a journal entry of kind {(int)entry.Kind} is unknown. Maybe it was written by a newer twin.");
        }

        Row = entry.Sequence;
    }

    /// <summary>Folds an event that was taken in once. Behind missing rows it may not be possible any more: then it is counted and left out.</summary>
    public void Remember(in PlantEvent e, UInt128 id)
    {
        if (MissingRows == 0 || State.Permits(e))
        {
            Apply(e, id);
        }
        else
        {
            MisfitEvents++;
        }
    }

    /// <summary>Only the ids of a row: it is part of the fold already.</summary>
    public void Know(JournalEntry entry)
    {
        var body = entry.Body.Span;
        for (var (i, count) = (0, EntryCodec.Count(entry)); i < count; i++)
        {
            if (EntryCodec.EventAt(body, i).Id is var id && id != 0)
            {
                Ids.Add(id);
            }
        }
    }

    /// <summary>What lies between the last folded row and this one cannot be read.</summary>
    public void MissUpTo(long row)
    {
        MissingRows += Math.Max(0, row - Row);
        Row = Math.Max(Row, row);
    }
}
