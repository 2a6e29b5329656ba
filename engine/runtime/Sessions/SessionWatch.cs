using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Looks at every event of a live plant so that it can say why orders are late, where it is tight and who made the demand peak.</summary>
/// <remarks>Not thread-safe: the session guards it. It begins with the state it is given and remembers nothing from before.</remarks>
internal sealed class SessionWatch
{
    private const int MostBuckets = 240;

    /// <summary>Lengths of buckets in hours; each divides the next, and the last is the week of the capacity map.</summary>
    private static readonly int[] Hours = [1, 2, 4, 8, 24, 168];

    public SessionWatch(PlantState from, Schedule? schedule)
    {
        Since = from.Now;
        Flow = new FlowTracker(from, schedule);
        var week = Duration.FromHours(Hours[^1]);
        var horizon = Duration.Min(from.Plant.Scenario.Horizon, week * 10);
        Bottleneck = new BottleneckTracker(from, Duration.FromHours(Hours.First(h => h == Hours[^1] || horizon.Hours <= h * 60)));
        Demand = new DemandTracker(from, from.Now);
    }

    /// <summary>When it began to look.</summary>
    public SimTime Since { get; }

    public FlowTracker Flow { get; }

    public BottleneckTracker Bottleneck { get; }

    public DemandTracker Demand { get; }

    /// <summary>It stumbled over a history it cannot make sense of: what it says is worth nothing, and another one must begin.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Before an event is folded. Never throws: a reader must not hold up the twin.</summary>
    public void Before(in PlantEvent e, PlantState state)
    {
        try
        {
            Flow.Before(e, state);
            Demand.Before(e, state);
        }
        catch (Exception x) when (x is not OutOfMemoryException)
        {
            IsBroken = true;
        }
    }

    /// <summary>After an event was folded. Never throws.</summary>
    public void After(in PlantEvent e, PlantState state)
    {
        if (IsBroken)
        {
            return;
        }

        try
        {
            Flow.After(e, state);
            Demand.After(e, state);
            Bottleneck.After(e, state);
            if (Bottleneck.Buckets > MostBuckets && Array.IndexOf(Hours, (int)Bottleneck.Bucket.Hours) is >= 0 and var step && step + 1 < Hours.Length)
            {
                Bottleneck.Coarsen(Hours[step + 1] / Hours[step]);
            }
        }
        catch (Exception x) when (x is not OutOfMemoryException)
        {
            IsBroken = true;
        }
    }

    /// <summary>Another schedule is in force, or there are more orders.</summary>
    public void GoOnWith(PlantState state, Schedule? schedule)
    {
        Flow.GoOnWith(state, schedule);
        Bottleneck.GrowTo(state.Plant);
    }
}
