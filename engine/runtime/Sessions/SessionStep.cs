using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>One step of the writer: changes are folded at once and journalled together before anyone is told.</summary>
internal sealed class SessionStep(SessionFold fold, IJournal journal, long version)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly List<(PlantEvent, UInt128)> _events = [];
    private readonly List<FollowedChange> _taken = [];

    /// <summary>What this step has put on disk so far, for those who follow.</summary>
    public List<FollowedChange> Committed { get; } = [];

    public SessionFold Fold { get; private set; } = fold;

    /// <summary>Version the session has when this step is published.</summary>
    public long Version { get; } = version;

    /// <summary>Events written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Ids taken up since the last commit.</summary>
    public List<UInt128> Ids { get; } = [];

    public void Take(in PlantEvent e, UInt128 id = default)
    {
        Fold.Apply(e, id);
        _events.Add((e, id));
        if (id != 0)
        {
            Ids.Add(id);
        }
    }

    public void Take(ScheduleChange change)
    {
        CloseEvents();
        Fold.Apply(change);
        _entries.Add(EntryCodec.Schedule(change, Fold.Names));
        _taken.Add(new ScheduleReplaced(change.Time, change.Schedule is null ? ScheduleInForce.None : new ScheduleInForce(change.Schedule, change.Version, change.User)));
    }

    public void Take(ImmutableArray<Order> added)
    {
        CloseEvents();
        _entries.Add(EntryCodec.Orders(added, Fold.Names));
        _taken.Add(new OrdersAppended(added));
        Fold.Apply(added);
    }

    public void Take(MarkedObservation marked)
    {
        CloseEvents();
        _entries.Add(EntryCodec.Refused(marked));
        Fold.Apply(marked);
    }

    /// <summary>Goes on with other numbers of the model. Nothing for the journal: it holds what happened, not what was expected.</summary>
    public void Refit(CompiledScenario plant)
    {
        CloseEvents();
        Fold.Refit(plant);
        _taken.Add(new ModelReplaced(plant));
    }

    /// <summary>Writes what has been taken so far to the journal.</summary>
    /// <param name="snapshot">A saved fold to go along.</param>
    public void Commit(JournalSnapshot? snapshot = null)
    {
        CloseEvents();
        journal.Append(_entries, snapshot);
        Fold.Row += _entries.Count;
        Written += _entries.Sum(e => EntryCodec.Count(e));
        _entries.Clear();
        Ids.Clear();
        Committed.AddRange(_taken);
        _taken.Clear();
    }

    /// <summary>Goes on with another fold: after a fault, or from the epoch.</summary>
    public void GoOnWith(SessionFold fold) => Fold = fold;

    private void CloseEvents()
    {
        if (_events.Count > 0)
        {
            _entries.Add(EntryCodec.Events(_events));
            _taken.Add(new EventsFolded([.. _events.Select(x => x.Item1)]));
            _events.Clear();
        }
    }
}

/// <summary>Something the writer is to do.</summary>
internal abstract class SessionCommand
{
    /// <summary>How much of a step it takes: events, more or less.</summary>
    public virtual int Weight => 1;

    public abstract void Run(SessionStep step);

    public abstract void Complete();

    public abstract void Fail(Exception reason);
}

/// <inheritdoc cref="SessionCommand"/>
internal sealed class SessionCommand<T>(Func<SessionStep, T> run, int weight) : SessionCommand
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override int Weight => weight;

    public override void Run(SessionStep step) => _result = run(step);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
