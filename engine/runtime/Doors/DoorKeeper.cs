using System.Collections.Concurrent;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors;

/// <summary>The doors of all plants of this process: opened from their <c>doors.yaml</c>, watched, closed.</summary>
public sealed class DoorKeeper(TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, IReadOnlyList<PlantDoor>> _doors = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    /// <summary>How the doors of a plant fare; empty when it has none.</summary>
    public IReadOnlyList<DoorHealth> Health(string plantId) => [.. _doors.GetValueOrDefault(plantId, []).Select(d => d.Health)];

    /// <summary>Opens the doors that a folder's <c>doors.yaml</c> names; none when there is no such file.</summary>
    /// <param name="folder">Folder of the plant's data.</param>
    /// <exception cref="DoorSettingsException">The file has mistakes: the message lists them, and no door is opened.</exception>
    public void Open(TwinSession session, string folder)
    {
        var file = Path.Combine(folder, DoorsFile.Name);
        if (!File.Exists(file))
        {
            return;
        }

        var read = DoorsFile.Read(file, session.Names, out var findings);
        if (findings.Any(f => f.Severity == Severity.Error))
        {
            throw new DoorSettingsException(string.Join('\n', findings));
        }

        Open(session, folder, read);
    }

    /// <summary>Opens doors by their settings.</summary>
    public void Open(TwinSession session, string folder, PlantDoors settings)
    {
        var doors = settings.Doors.Select(d => Create(d, session, folder)).ToList();
        _doors[session.Id] = doors;
        _running.AddRange(doors.Select(d => Task.Run(() => d.RunAsync(_stop.Token))));
        if (settings.Silence.Any)
        {
            session.WatchSilence(settings.Silence);
            _running.Add(Task.Run(() => WatchAsync(session)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_running);
        }
    }

    /// <summary>Makes a door of its settings.</summary>
    internal PlantDoor Create(DoorSettings settings, TwinSession session, string folder) => settings switch
    {
        MqttSettings mqtt => new MqttDoor(mqtt, session, time),
        SparkplugSettings sparkplug => new Sparkplug.SparkplugDoor(sparkplug, session, time),
        FolderSettings drop => new FolderDoor(drop, session, time),
        SqlSettings sql => new SqlDoor(sql, Path.Combine(folder, "doors", sql.Name + ".mark"), session, time),
        _ => throw new ArgumentException($"there is no door for {settings.GetType().Name}", nameof(settings)),
    };

    private async Task WatchAsync(TwinSession session)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await session.LookForSilenceAsync(_stop.Token);
                await Task.Delay(s_look, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(s_look, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // said as the session's fault
            }
        }
    }
}
