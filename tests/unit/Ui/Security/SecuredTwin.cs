using System.Net;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Commands;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DigitalTwin.Tests.Unit.Ui.Security;

/// <summary>A shared factory some hours into its first day, served to users of every role, to firms, and to keys of every scope.</summary>
public sealed partial class SecuredTwin : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly string _data = Directory.CreateTempSubdirectory("twin-secured-").FullName;
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    private readonly Dictionary<string, CookieContainer> _cookies = new(StringComparer.Ordinal);

    /// <summary>The firm whose people ask; all others are foreign to it.</summary>
    public const string Firm = "F001";

    /// <summary>Callers by name, and what they are permitted; <c>firm …</c> are people or machines of <see cref="Firm"/>.</summary>
    public static readonly IReadOnlyDictionary<string, Permit[]> Callers = new Dictionary<string, Permit[]>(StringComparer.Ordinal)
    {
        ["viewer"] = [Permit.See],
        ["planner"] = [Permit.See, Permit.Plan],
        ["dispatcher"] = [Permit.See, Permit.Plan, Permit.Dispatch],
        ["trainer"] = [Permit.See, Permit.Train],
        ["admin"] = [.. Enum.GetValues<Permit>()],
        ["firm viewer"] = [Permit.See],
        ["firm planner"] = [Permit.See, Permit.Plan],
        ["firm dispatcher"] = [Permit.See, Permit.Plan, Permit.Dispatch],
        ["key see"] = [Permit.See],
        ["key plan"] = [Permit.Plan],
        ["key dispatch"] = [Permit.Dispatch],
        ["key train"] = [Permit.Train],
        ["key observe"] = [Permit.Observe],
        ["key administer"] = [Permit.Administer],
        ["firm key see"] = [Permit.See],
        ["revoked key"] = [],
        ["expired key"] = [],
        ["nobody"] = [],
    };

    public WebApplication App { get; private set; } = null!;

    public TwinSession Session { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Keys by caller.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public string Data => _data;

    /// <summary>A client that is logged in, or sends its key.</summary>
    public HttpClient Client(string caller) => _clients[caller];

    public CookieContainer CookiesOf(string caller) => _cookies[caller];

    public static bool IsOfFirm(string caller) => caller.StartsWith("firm", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        foreach (var name in Callers.Keys.Where(c => !c.Contains("key", StringComparison.Ordinal) && c != "nobody"))
        {
            await AddAsync(name);
        }

        var keys = new ApiKeys(new SecurityDatabase(_data), TimeProvider.System);
        foreach (var (caller, permits) in Callers.Where(c => c.Key.Contains("key", StringComparison.Ordinal)))
        {
            Keys[caller] = keys.Create(
                caller, permits.Length > 0 ? permits : Enum.GetValues<Permit>(), IsOfFirm(caller) ? Firm : null,
                caller == "expired key" ? DateTimeOffset.UtcNow.AddMinutes(-1) : null);
        }

        keys.Revoke(Keys["revoked key"][..13]);
        App = TwinServer.Build(new TwinServerOptions
        {
            Url = "http://127.0.0.1:0", Demo = false, DataFolder = _data,
            Scenarios = [CompiledScenario.Compile(SharedFactoryGenerator.Create(firms: 5, machines: 40, orders: 150))],
        });
        await App.StartAsync();
        Address = new Uri(App.Urls.First());
        Session = App.Services.GetRequiredService<SessionRegistry>().All.Single();
        var emulator = new Emulator(Session.Original, new SessionDoor(Session));
        await emulator.BeginAsync(CancellationToken.None);
        await emulator.AdvanceAsync(SimTime.FromHours(30), CancellationToken.None);
        var outcome = await Session.ApplyScheduleAsync(DispatchSchedule.Build(Session.Plant, DispatchRule.Edd, Session.View().State), 0, "test");
        Assert.True(outcome.Done, string.Join(' ', outcome.Problems));
        foreach (var caller in Callers.Keys)
        {
            _clients[caller] = await ClientAsync(caller);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        await App.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A client whose log-in, if any, was just made.</summary>
    public async Task<HttpClient> ClientAsync(string caller, string password = Password)
    {
        var cookies = _cookies[caller] = new CookieContainer();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = Address };
        if (Keys.TryGetValue(caller, out var key))
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
        else if (caller != "nobody")
        {
            using var answer = await LogInAsync(client, caller, password);
        }

        return client;
    }

    /// <summary>Fills in the form.</summary>
    public static async Task<HttpResponseMessage> LogInAsync(HttpClient client, string name, string password, string next = "/")
    {
        var page = await client.GetStringAsync(new Uri("/login", UriKind.Relative));
        var token = Token().Match(page).Groups["value"].Value;
        Assert.NotEmpty(token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = name, ["password"] = password, ["next"] = next, ["__RequestVerificationToken"] = token });
        return await client.PostAsync(new Uri("/login", UriKind.Relative), form);
    }

    private async Task AddAsync(string name)
    {
        var role = name.Split(' ')[^1];
        string[] firm = IsOfFirm(name) ? ["--firm", Firm] : [];
        var code = await TwinCommandLine.RunAsync(["user", "add", name, "--role", role, .. firm, "--generate", "--data", _data], TextWriter.Null);
        Assert.Equal(ExitCode.Ok, code);
        var store = new UserStore(new SecurityDatabase(_data));
        var user = store.Find(name)!;
        user.PasswordHash = new Microsoft.AspNetCore.Identity.PasswordHasher<TwinUser>().HashPassword(user, Password);
        await store.UpdateAsync(user, CancellationToken.None);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
