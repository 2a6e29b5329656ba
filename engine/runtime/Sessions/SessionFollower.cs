using System.Collections.Immutable;
using System.Threading.Channels;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Something that a step of the writer changed; told in the order in which it was folded.</summary>
public abstract record FollowedChange;

/// <summary>Events, in order.</summary>
public sealed record EventsFolded(ImmutableArray<PlantEvent> Events) : FollowedChange;

/// <summary>Orders that were appended to the book.</summary>
public sealed record OrdersAppended(ImmutableArray<Order> Orders) : FollowedChange;

/// <summary>Another schedule is in force, or none.</summary>
public sealed record ScheduleReplaced(SimTime Time, ScheduleInForce InForce) : FollowedChange;

/// <summary>The model has other numbers; everything is in its place.</summary>
public sealed record ModelReplaced(CompiledScenario Plant) : FollowedChange;

/// <summary>Follows a session from one moment on, step by step, each when it is on disk. It never holds the writer up: a follower that falls
/// behind by more than its capacity, and one whose session began again, is let go and follows anew.</summary>
public sealed class SessionFollower : IDisposable
{
    private readonly Channel<IReadOnlyList<FollowedChange>> _steps;
    private readonly Action<SessionFollower> _leave;

    internal SessionFollower(TwinView start, int capacity, Action<SessionFollower> leave)
    {
        Start = start;
        _leave = leave;
        _steps = Channel.CreateBounded<IReadOnlyList<FollowedChange>>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The session at the moment from which on changes are told.</summary>
    public TwinView Start { get; }

    /// <summary>Why it was let go; <c>null</c> while it follows.</summary>
    public string? LetGo { get; private set; }

    /// <summary>Steps, each as its changes; ends when it is let go.</summary>
    public IAsyncEnumerable<IReadOnlyList<FollowedChange>> ReadAsync(CancellationToken cancellation = default) => _steps.Reader.ReadAllAsync(cancellation);

    /// <summary>What is there already, or <c>null</c>.</summary>
    public IReadOnlyList<FollowedChange>? TryRead() => _steps.Reader.TryRead(out var step) ? step : null;

    /// <summary>Follows no more.</summary>
    public void Dispose() => _leave(this);

    internal bool Tell(IReadOnlyList<FollowedChange> step)
    {
        if (_steps.Writer.TryWrite(step))
        {
            return true;
        }

        End("it fell behind");
        return false;
    }

    internal void End(string why)
    {
        LetGo = why;
        _steps.Writer.TryComplete();
    }
}

/// <summary>A copy of a plant that is kept up to date by a follower: readers may do with it what they like.</summary>
public sealed class FollowedPlant(TwinView start)
{
    /// <summary>The plant as far as it was followed.</summary>
    public PlantState State { get; } = start.State.Fork();

    /// <summary>The schedule in force then.</summary>
    public ScheduleInForce Schedule { get; private set; } = start.Schedule;

    /// <summary>Takes a change up.</summary>
    /// <param name="before">Shown every event before it is folded.</param>
    public void Apply(FollowedChange change, Action<PlantEvent, PlantState>? before = null)
    {
        switch (change)
        {
            case EventsFolded folded:
                foreach (var e in folded.Events)
                {
                    before?.Invoke(e, State);
                    State.Apply(e);
                }

                break;
            case OrdersAppended added: State.GrowTo(State.Plant.WithOrders(added.Orders)); break;
            case ModelReplaced model: State.GrowTo(model.Plant); break;
            case ScheduleReplaced replaced:
                var none = replaced.InForce.Schedule is null;
                State.Apply(new PlantEvent(
                    replaced.Time, none ? PlantEventKind.ScheduleRevoked : PlantEventKind.ScheduleApplied, Arg: none ? Schedule.Version : replaced.InForce.Version, Source: EventSource.Commanded));
                Schedule = replaced.InForce;
                break;
        }
    }
}
