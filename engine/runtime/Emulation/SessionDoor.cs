using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Emulation;

/// <summary>The door to a session in the same process.</summary>
public sealed class SessionDoor(TwinSession session) : IObservationDoor
{
    public Task<PlantHead> HeadAsync(CancellationToken cancellation)
    {
        var view = session.View();
        return Task.FromResult(new PlantHead
        {
            Id = session.Id, Run = view.Run, NowMs = view.Now.Milliseconds, Orders = view.State.Orders.Length,
            ScheduleVersion = view.Schedule.Version, MayStartOver = session.MayStartOver,
        });
    }

    public async Task<IngestReceipt> DeliverAsync(IReadOnlyList<Observation> observations, int run, CancellationToken cancellation)
    {
        try
        {
            return await session.IngestAsync(observations, forRun: run, cancellation: cancellation);
        }
        catch (JournalUnavailableException e)
        {
            throw new DoorClosedException(e.Message, e);
        }
    }

    public Task<ScheduleDocument> ScheduleAsync(CancellationToken cancellation)
    {
        var inForce = session.ScheduleInForce;
        return Task.FromResult(ScheduleDocument.Of(inForce.Schedule, inForce.Version, inForce.User, session.Plant));
    }

    public Task<IReadOnlyList<OrderDocument>> OrdersAsync(int from, CancellationToken cancellation)
    {
        var plant = session.Plant;
        return Task.FromResult<IReadOnlyList<OrderDocument>>([.. plant.Scenario.Orders.Skip(from).Select(o => OrderDocument.Of(o, plant))]);
    }

    public Task<EventPage> EventsAsync(long from, CancellationToken cancellation) => session.EventsAsync(from, cancellation: cancellation);

    public Task StartOverAsync(string reason, CancellationToken cancellation) => session.StartOverAsync(reason, cancellation);
}
