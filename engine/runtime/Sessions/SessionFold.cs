using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Everything a session knows, as the fold of its journal: live steps and a restart go through the same methods.</summary>
/// <remarks>Not thread-safe: the session guards it.</remarks>
internal sealed class SessionFold
{
    private const int MarkedKept = 1000;

    public SessionFold(CompiledScenario plant, int knownIds)
    {
        State = new PlantState(plant);
        History = new HistoryBook(plant.Plant.Equipment.Length);
        Ids = new KnownIds(knownIds);
        Names = new PlantNames(plant);
        Translator = new ObservationTranslator(Names);
    }

    private SessionFold(SessionFold other)
    {
        State = other.State.Fork();
        History = other.History.Fork();
        Ids = new KnownIds(0);
        Names = other.Names;
        Translator = other.Translator;
        Schedule = other.Schedule;
        ScheduleVersion = other.ScheduleVersion;
        LastScheduleVersion = other.LastScheduleVersion;
        ScheduleUser = other.ScheduleUser;
        Marked = new Queue<MarkedObservation>(other.Marked);
        MarkedCount = other.MarkedCount;
    }

    public PlantState State { get; }

    public HistoryBook History { get; }

    public KnownIds Ids { get; }

    /// <summary>Whether somebody looks on, to explain: the live fold, not those of the past.</summary>
    public bool IsWatched { get; init; }

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
    public Queue<MarkedObservation> Marked { get; } = new();

    /// <summary>Schedule in force and its version.</summary>
    public ScheduleInForce InForce => Schedule is null ? ScheduleInForce.None : new ScheduleInForce(Schedule, ScheduleVersion, ScheduleUser);

    /// <summary>Refused observations ever.</summary>
    public long MarkedCount { get; private set; }

    /// <summary>An independent copy that recognises no repeats: for looking at the past.</summary>
    public SessionFold Fork() => new(this);

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

    public void Apply(MarkedObservation marked)
    {
        MarkedCount++;
        Marked.Enqueue(marked);
        if (Marked.Count > MarkedKept)
        {
            Marked.Dequeue();
        }
    }

    public void Apply(JournalEntry entry)
    {
        switch (entry.Kind)
        {
            case JournalEntryKind.Events:
                foreach (var (e, id) in EntryCodec.ReadEvents(entry.Body))
                {
                    Apply(e, id);
                }

                break;
            case JournalEntryKind.OrdersAdded: Apply(EntryCodec.ReadOrders(entry.Body, Names)); break;
            case JournalEntryKind.ScheduleChanged: Apply(EntryCodec.ReadSchedule(entry.Body, Names)); break;
            case JournalEntryKind.Refused: Apply(EntryCodec.ReadRefused(entry.Body)); break;
            default: throw new JournalException($"a journal entry of kind {(int)entry.Kind} is unknown. Maybe it was written by a newer twin.");
        }
    }
}
