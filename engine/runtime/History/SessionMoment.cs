using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.History;

/// <summary>A session as it stood at one moment of its past. Nobody changes it; safe for concurrent readers.</summary>
public sealed class SessionMoment
{
    private readonly SessionFold _fold;

    internal SessionMoment(SessionFold fold, int offset, SimTime time, int run, DateTimeOffset taken)
    {
        (_fold, Offset) = (fold, offset);
        Time = time;
        var state = fold.State.Fork();
        state.AdvanceTo(time);
        View = new TwinView(state, fold.State.Version, run, time, fold.InForce, taken);
    }

    /// <summary>Plant time.</summary>
    public SimTime Time { get; }

    /// <summary>The same as readers of the present get: state with its meters brought up to <see cref="Time"/>, and the schedule in force then.
    /// Its version counts the events folded. Fork the state before applying events to it.</summary>
    public TwinView View { get; }

    /// <summary>The state of <see cref="View"/>; its plant has the orders that were known then.</summary>
    public PlantState State => View.State;

    /// <summary>Looks things up by the names known then.</summary>
    public PlantNames Names => _fold.Names;

    /// <summary>Executed bars, and those that ran at <see cref="Time"/>, that touch a time range, by equipment.</summary>
    /// <param name="equipment">Only these; <c>null</c> for all.</param>
    /// <param name="limit">Bars at most, ≥ 1.</param>
    public BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000) =>
        _fold.History.Query(State, from, to, equipment, limit);

    /// <summary>Rows of the journal before this moment that are damaged and not in it; 0 when it is all there.</summary>
    public long MissingRows => _fold.MissingRows;

    /// <summary>The fold itself, to go on from. Never applied to: forked first.</summary>
    internal SessionFold Fold => _fold;

    /// <summary>Rows of the journal that are folded whole.</summary>
    internal long Row => _fold.Row;

    /// <summary>Events of the next row that are folded as well.</summary>
    internal int Offset { get; }
}
