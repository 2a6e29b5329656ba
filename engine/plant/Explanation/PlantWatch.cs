using DigitalTwin.Plant.Events;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Looks at every event together with the state before and after it.</summary>
public interface IPlantWatcher
{
    /// <summary>An event is about to be folded.</summary>
    /// <param name="e">The event.</param>
    /// <param name="state">The plant just before it.</param>
    void Before(in PlantEvent e, PlantState state);

    /// <summary>An event has been folded.</summary>
    /// <param name="e">The event.</param>
    /// <param name="state">The plant just after it.</param>
    void After(in PlantEvent e, PlantState state);
}

/// <summary>Lets watchers look at a stream of events, wherever it comes from: it folds a state of its own and asks nothing of the source.</summary>
/// <param name="from">The plant when the stream begins; forked, not changed.</param>
/// <param name="watchers">Called in this order.</param>
public sealed class PlantWatch(PlantState from, params IPlantWatcher[] watchers) : IPlantEventSink
{
    /// <summary>The plant after the latest event.</summary>
    public PlantState State { get; } = from.Fork();

    public void On(in PlantEvent e)
    {
        foreach (var watcher in watchers)
        {
            watcher.Before(e, State);
        }

        State.Apply(e);
        foreach (var watcher in watchers)
        {
            watcher.After(e, State);
        }
    }
}
