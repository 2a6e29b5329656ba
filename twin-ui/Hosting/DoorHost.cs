using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Opens the doors of each plant (<c>doors.yaml</c> in its folder of data) when its session is open, and closes them before it.</summary>
public sealed class DoorHost(SessionRegistry sessions, DoorKeeper doors, TwinServerOptions options, ILogger<DoorHost> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var session in sessions.All)
        {
            doors.Open(session, Path.Combine(options.DataFolder, session.Id));
            foreach (var door in doors.Health(session.Id))
            {
                log.LogInformation("Plant {Plant}: door {Door} ({Kind}) to {Source}", session.Id, door.Name, door.Kind, door.Source);
            }
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await doors.DisposeAsync();
}
