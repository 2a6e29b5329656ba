using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors;

/// <summary>A door that fetches: it goes to where a plant's news are and brings them to the session. One per entry of <c>doors.yaml</c>.</summary>
/// <remarks>
/// All doors deliver through <see cref="TwinSession.IngestAsync"/> and tell their source that something was taken only when it is on disk. A
/// door never ends by an error of the other side: it waits, longer each time up to a minute, and tries again.
/// </remarks>
public abstract class PlantDoor
{
    private readonly Lock _gate = new();
    private DoorHealth _health;

    protected PlantDoor(string name, string kind, string source, TwinSession session, TimeProvider time)
    {
        Session = session;
        Time = time;
        Name = name;
        _health = new DoorHealth { Name = name, Kind = kind, Source = source, Status = DoorStatus.Starting, Since = time.GetUtcNow() };
    }

    public string Name { get; }

    /// <summary>How it fares now.</summary>
    public DoorHealth Health
    {
        get
        {
            lock (_gate)
            {
                return _health with { Detail = Detail };
            }
        }
    }

    /// <summary>What only this kind of door knows.</summary>
    protected virtual string Detail => "";

    protected TwinSession Session { get; }

    protected TimeProvider Time { get; }

    /// <summary>First pause before another attempt; doubles up to <see cref="LongestPause"/>.</summary>
    internal TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    internal TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(() => pause = FirstPause, stop);
                break;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (DoorSettingsException e)
            {
                Become(DoorStatus.Closed, e.Message);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Become(DoorStatus.Waiting, e.Message);
                Change(h => h with { Reconnects = h.Reconnects + 1 });
            }

            await Task.Delay(pause, Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }

        Become(DoorStatus.Closed, "stopped");
    }

    /// <summary>Opens the door and brings in what comes, until the other side goes away (an exception) or <paramref name="stop"/>.</summary>
    /// <param name="opened">To be called when it is open: the next pause is a short one again.</param>
    protected abstract Task WorkAsync(Action opened, CancellationToken stop);

    /// <summary>Delivers; while the twin cannot remember anything, waits and tries again. Returns when it is on disk.</summary>
    protected async Task<IngestReceipt> DeliverAsync(IReadOnlyList<Observation> observations, IReadOnlyList<MarkedObservation> unreadable, CancellationToken stop)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var receipt = await Session.IngestAsync(observations, unreadable, cancellation: stop);
                Become(DoorStatus.Open, null);
                Change(h => h with
                {
                    Accepted = h.Accepted + receipt.Accepted,
                    Duplicates = h.Duplicates + receipt.Duplicates,
                    Refused = h.Refused + receipt.Refused.Count,
                });
                return receipt;
            }
            catch (JournalUnavailableException e)
            {
                Become(DoorStatus.Waiting, e.Message);
            }

            await Task.Delay(pause, Time, stop);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    protected void Become(DoorStatus status, string? trouble) => Change(h =>
        h.Status == status && h.Trouble == trouble ? h : h with { Status = status, Trouble = trouble, Since = h.Status == status ? h.Since : Time.GetUtcNow() });

    protected void CountReceived(long count = 1) => Change(h => h with { Received = h.Received + count, LastReceivedAt = Time.GetUtcNow() });

    protected void Change(Func<DoorHealth, DoorHealth> change)
    {
        lock (_gate)
        {
            _health = change(_health);
        }
    }
}

/// <summary>The settings of a door cannot work, however often it is tried; the message says what to change.</summary>
public sealed class DoorSettingsException : Exception
{
    public DoorSettingsException()
    {
    }

    public DoorSettingsException(string message)
        : base(message)
    {
    }

    public DoorSettingsException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
