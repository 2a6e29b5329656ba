using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace DigitalTwin.Tests.System.Programs;

/// <summary>A running <c>twin serve</c> on a free loopback port with a data folder of its own.</summary>
internal sealed class TwinServer : IAsyncDisposable
{
    private readonly TwinProgram _program;

    private TwinServer(TwinProgram program, Uri address)
    {
        _program = program;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public TwinProgram Program => _program;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="data">Folder of its journals.</param>
    /// <param name="arguments">Further arguments, such as a scenario.</param>
    public static Task<TwinServer> StartAsync(string data, params string[] arguments) =>
        StartAtAsync(new Uri($"http://127.0.0.1:{FreePort()}"), data, arguments);

    /// <summary>The same at an address that somebody knows already.</summary>
    public static async Task<TwinServer> StartAtAsync(Uri address, string data, params string[] arguments)
    {
        var program = TwinProgram.Start(null, ["serve", .. arguments, "--url", address.ToString(), "--data", data]);
        var server = new TwinServer(program, address);
        try
        {
            await program.UntilAsync(server.Answers, $"an answer on {address}", TimeSpan.FromSeconds(90));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>JSON of a resource.</summary>
    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>Id of the first plant served.</summary>
    public async Task<string> PlantAsync() => (await GetAsync("/api/v1/plants"))[0].GetProperty("id").GetString()!;

    /// <summary>A connected hub client.</summary>
    public async Task<HubConnection> ConnectAsync()
    {
        var hub = new HubConnectionBuilder().WithUrl(new Uri(Address, "/hubs/twin")).Build();
        await hub.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _program.DisposeAsync();
    }

    private bool Answers()
    {
        try
        {
            using var answer = Http.GetAsync(new Uri("/api/v1/plants", UriKind.Relative)).GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
