using System.Net;
using System.Net.Sockets;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Commands;
using DigitalTwin.Ui.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class ServeAndEmulateTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task An_emulated_plant_feeds_a_twin_over_http_until_it_is_stopped()
    {
        var options = new TwinServerOptions { Demo = false, DataFolder = _twin.At("data") };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTwin(options, [new ServedScenario(CompiledScenario.Compile(ScenarioReader.Read(_twin.Dyehouse).Scenario!), [])]);
        await using var server = builder.Build();
        server.MapTwin();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        using var told = new StringWriter();

        var plant = TwinCommandLine.RunAsync(["emulate", "--scenario", _twin.Dyehouse, "--to", server.Urls.First(), "--speed", "36000"], told, TextWriter.Null, stop.Token);
        var session = server.Services.GetRequiredService<SessionRegistry>().All.Single();
        while (session.View().State.Meters.ToArray().Sum(m => m.Batches) == 0)
        {
            Assert.False(plant.IsCompleted, told.ToString());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, await plant);
        Assert.Matches(@"[1-9]\d* observations delivered, 0 refused", told.ToString());
    }

    [Theory]
    [InlineData("--url and --port both say where to listen", "serve", "--url", "http://localhost:5080", "--port", "5081")]
    [InlineData("Maybe make an administrator first: twin user add", "serve", "--url", "http://0.0.0.0:5999")]
    [InlineData("--speed must be above 0", "serve", "--speed", "0")]
    [InlineData("--to 'here' is not an address", "emulate", "--scenario", "{dyehouse}", "--to", "here")]
    [InlineData("Option '--scenario' is required", "emulate")]
    [InlineData("There is no file", "--scenario", "nowhere.txt", "--port", "0")]
    public async Task What_cannot_be_served_is_refused_with_the_way_out(string message, params string[] args)
    {
        var (code, _, error) = await Twin.RunAsync([.. args.Select(a => a.Replace("{dyehouse}", _twin.Dyehouse, StringComparison.Ordinal))]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line_and_ends_with_3()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, _, error) = await Twin.RunAsync("serve", "--port", $"{port}", "--data", _twin.At("data"));

        Assert.Equal(ExitCode.Infeasible, code);
        Assert.Contains($"port {port}", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
