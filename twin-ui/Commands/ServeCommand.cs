using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Ui.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin serve</c>, also what <c>twin</c> does by itself: the live twin in the browser.</summary>
internal static class ServeCommand
{
    /// <summary>The verb; the root command gets the same options and does the same when no verb is given.</summary>
    public static Verb Create(RootCommand root)
    {
        var url = new Option<string?>("--url") { Description = $"Address to listen on. [default: {TwinServerOptions.DefaultUrl}]", HelpName = "url" };
        var port = new Option<int?>("--port") { Description = "Port on localhost, instead of an address; 0 takes a free one.", HelpName = "number" };
        var memory = new MemoryOptions();
        var compact = Days("--compact-after", "Days after which events are kept compressed and without the ids of their observations.", 30);
        var forget = Days("--forget-after", "Days after which events are forgotten for good; never when not given.", null);
        var scenarios = new Option<string[]>("--scenario")
        {
            Description = "Scenario to serve; may be given several times. The demo dyehouse when not given.",
            HelpName = "scenario",
            DefaultValueFactory = _ => [],
            CompletionSources = { _ => CommonOptions.PathsHere() },
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > 65535)
            {
                result.AddError("--port must lie between 0 and 65535.");
            }
        });
        var noDemo = new Option<bool>("--no-demo") { Description = "No emulated plant: wait for a real one (or twin emulate)." };
        var speed = CommonOptions.Speed();
        var verb = new Verb("serve", "Serve the live twin: web pages, REST and SignalR. This is what twin does without a verb.")
        {
            Examples =
            [
                ("twin serve", $"the demo dyehouse, alive, on {TwinServerOptions.DefaultUrl}"),
                ("twin serve --scenario scenarios/refrigerator-line --port 5081 --speed 300", "another plant, five minutes a second"),
                ("twin serve --scenario my-plant --no-demo --data /var/lib/twin", "a real plant sends the observations"),
            ],
        };
        Option[] options = [url, port, .. memory.All, compact, forget, scenarios, noDemo, speed];
        foreach (var option in options)
        {
            verb.Add(option);
            root.Add(option);
        }

        Verb.DoesAsync(verb, Serve);
        Verb.DoesAsync(root, Serve);
        return verb;

        Task<int> Serve(ParseResult parse, Shell shell, CancellationToken stop)
        {
            if (parse.GetValue(url) is not null && parse.GetValue(port) is not null)
            {
                throw new CommandException("--url and --port both say where to listen. Maybe only one of them?");
            }

            return RunAsync(shell, new TwinServerOptions
            {
                Url = parse.GetValue(port) is { } number ? OnThisMachine(number) : parse.GetValue(url) ?? TwinServerOptions.DefaultUrl,
                DataFolder = parse.GetValue(memory.Data)!,
                Database = memory.DatabaseOf(parse),
                Retention = new JournalPolicy
                {
                    CompactAfter = TimeSpan.FromDays(parse.GetValue(compact)!.Value),
                    ForgetAfter = parse.GetValue(forget) is { } days ? TimeSpan.FromDays(days) : null,
                },
                ScenarioPaths = parse.GetValue(scenarios)!,
                Demo = !parse.GetValue(noDemo),
                Speed = parse.GetValue(speed),
            }, stop);
        }
    }

    private static Option<double?> Days(string name, string description, double? otherwise)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "days", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } days && !(days > 0 && days <= 36_500))
            {
                result.AddError($"{name} must be above 0 and at most 36500 days.");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(Shell shell, TwinServerOptions options, CancellationToken stop)
    {
        RequireFreePort(options.Url);
        WebApplication app;
        try
        {
            app = TwinServer.Build(options);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(WithoutParameter(e), e);
        }

        await using (app)
        {
            try
            {
                await app.StartAsync(stop);
            }
            catch (Exception e) when (e is JournalException or DigitalTwin.Runtime.Doors.DoorSettingsException)
            {
                throw new CommandException(e.Message, e);
            }

            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? options.Url;
            shell.Line($"The twin is on {address} — Ctrl-C stops it.");
            using (stop.Register(app.Lifetime.StopApplication))
            {
                await app.WaitForShutdownAsync(CancellationToken.None);
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>A free port cannot be taken on both loopback addresses at once, so port 0 means the first of them.</summary>
    private static string OnThisMachine(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{(port == 0 ? "127.0.0.1" : "localhost")}:{port}");

    /// <summary>Says so in one line when something else listens there, before the host says it in fifty.</summary>
    private static void RequireFreePort(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Port == 0)
        {
            return; // the server itself judges the address
        }

        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, address.Port);
            probe.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new CommandException($"port {address.Port} of {url} is not free: {e.Message}. Maybe another twin runs there? --port 5081 takes another.", e)
            {
                ExitCode = ExitCode.Infeasible,
            };
        }
    }

    /// <summary>The message without the parameter's name that .NET appends.</summary>
    private static string WithoutParameter(ArgumentException e) =>
        e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
}
