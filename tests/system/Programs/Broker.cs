using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DigitalTwin.Tests.System.Programs;

/// <summary>A real MQTT broker (mosquitto of the system's packages) on a free loopback port, ended by its process id.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;
    private Process? _process;

    private Broker(string program)
    {
        _program = program;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>A broker that runs; the test is skipped where mosquitto is not installed.</summary>
    public static async Task<Broker> StartAsync()
    {
        var program = ((string[])["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Needs mosquitto (Debian: mosquitto, mosquitto-clients).");
        var broker = new Broker(program!);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Starts it again at the same port; what it had to keep, it has kept.</summary>
    public async Task StartAgainAsync()
    {
        var settings = _folder["mosquitto.conf"];
        await File.WriteAllTextAsync(settings, $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {_folder.Path}/\nautosave_interval 1\nmax_queued_messages 0\n");
        if (Environment.UserName == "root")
        {
            await File.AppendAllTextAsync(settings, "user root\n");
        }

        _process = Process.Start(new ProcessStartInfo(_program, ["-c", settings]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (var i = 0; i < 200; i++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_process.HasExited, "mosquitto ended at once");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        Assert.Fail("mosquitto does not answer");
    }

    /// <summary>Stops it as a system does: it keeps its sessions on disk.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            using var end = Process.Start("kill", ["-TERM", process.Id.ToString(global::System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
