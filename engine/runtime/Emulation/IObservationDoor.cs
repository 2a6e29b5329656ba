using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Emulation;

/// <summary>What a plant sees of its twin: the same for a real plant and an emulated one, over HTTP or in process.</summary>
/// <remarks>Calls fail with <see cref="DoorClosedException"/> while the twin cannot be reached or cannot remember; try again later.</remarks>
public interface IObservationDoor
{
    /// <summary>Where the twin stands.</summary>
    Task<PlantHead> HeadAsync(CancellationToken cancellation);

    /// <summary>Delivers observations; returns when they are on the twin's disk.</summary>
    /// <param name="run">The run they belong to: a twin that has started over since takes none of them, and its receipt says so.</param>
    Task<IngestReceipt> DeliverAsync(IReadOnlyList<Observation> observations, int run, CancellationToken cancellation);

    /// <summary>The schedule to follow; without batches and with version 0 when none is in force.</summary>
    Task<ScheduleDocument> ScheduleAsync(CancellationToken cancellation);

    /// <summary>The order book from a position on.</summary>
    Task<IReadOnlyList<OrderDocument>> OrdersAsync(int from, CancellationToken cancellation);

    /// <summary>What the twin remembers, from a position on (0 at first, then <see cref="EventPage.Next"/>).</summary>
    Task<EventPage> EventsAsync(long from, CancellationToken cancellation);

    /// <summary>Asks the twin to begin again at the epoch; only a demo may.</summary>
    Task StartOverAsync(string reason, CancellationToken cancellation);
}

/// <summary>Where a twin stands, in short.</summary>
public sealed record PlantHead
{
    public string Id { get; init; } = "";

    /// <summary>Which run of the session.</summary>
    public int Run { get; init; }

    /// <summary>Plant time, ms since the epoch.</summary>
    public long NowMs { get; init; }

    /// <summary>Orders in the book.</summary>
    public int Orders { get; init; }

    public int ScheduleVersion { get; init; }

    public bool MayStartOver { get; init; }
}

/// <summary>A page of remembered events, as observations.</summary>
/// <param name="Next">Position to go on from; −1 at the end.</param>
public sealed record EventPage(IReadOnlyList<Observation> Events, long Next);

/// <summary>The twin cannot be reached, or cannot take anything in now.</summary>
public sealed class DoorClosedException : Exception
{
    public DoorClosedException()
    {
    }

    public DoorClosedException(string message)
        : base(message)
    {
    }

    public DoorClosedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
