using System.CommandLine;
using System.Globalization;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Hosting;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin emulate</c>: a plant that does not exist reports to a twin as a real one would.</summary>
internal static class EmulateCommand
{
    public static Verb Create()
    {
        var to = new Option<string>("--to")
        {
            Description = "The twin that it reports to.", HelpName = "url", DefaultValueFactory = _ => TwinServerOptions.DefaultUrl,
        };
        var scenario = new Option<string>("--scenario")
        {
            Description = "The scenario that the twin serves.", HelpName = "scenario", Required = true, CompletionSources = { _ => CommonOptions.PathsHere() },
        };
        var plant = new Option<string?>("--plant") { Description = "Id of the plant at the twin; the scenario's when not given.", HelpName = "id" };
        var key = new Option<string?>("--key") { Description = "Key to report with, where the twin asks for a log-in: twin key create NAME --scope observe --scope see. [env: TWIN_KEY]", HelpName = "key" };
        var speed = CommonOptions.Speed();
        var seed = CommonOptions.Seed();
        seed.Description = "Hidden luck of the plant; derived from the scenario's seed when not given.";
        var verb = new Verb("emulate", "Emulate a plant with hidden luck that reports to a twin over HTTP.")
        {
            Examples =
            [
                ("twin emulate --scenario scenarios/dyehouse", "feed the twin that runs with twin serve --no-demo"),
                ("twin emulate --scenario scenarios/dyehouse --to http://localhost:5081 --speed 600", "ten minutes a second, elsewhere"),
            ],
        };
        foreach (var option in (Option[])[scenario, to, plant, key, speed, seed])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, async (parse, shell, stop) =>
        {
            var opened = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            if (!Uri.TryCreate(parse.GetValue(to), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new CommandException($"--to '{parse.GetValue(to)}' is not an address. Maybe {TwinServerOptions.DefaultUrl}?");
            }

            using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
            if ((parse.GetValue(key) ?? Environment.GetEnvironmentVariable("TWIN_KEY")) is { Length: > 0 } secret)
            {
                http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            }

            var emulator = new Emulator(
                opened,
                new HttpDoor(http, parse.GetValue(plant) ?? opened.Scenario.Id),
                new EmulatorOptions { Speed = parse.GetValue(speed), Seed = parse.GetValue(seed) });
            return await RunAsync(shell, emulator, opened.Scenario.Clock, stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(Shell shell, Emulator emulator, Plant.Model.PlantClock clock, CancellationToken stop)
    {
        using var line = new ProgressLine(shell, "Emulating");
        try
        {
            var run = emulator.RunAsync(stop);
            var status = EmulatorStatus.Stopped;
            while (!run.IsCompleted)
            {
                if (emulator.Status != status)
                {
                    status = emulator.Status;
                    shell.Note(status == EmulatorStatus.Waiting ? $"waiting: {emulator.Trouble}" : status.ToString().ToLowerInvariant());
                }

                line.Report(null, Describe(emulator, clock));
                await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None));
            }

            await run;
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException(e.Message, e) { ExitCode = ExitCode.Infeasible };
        }

        line.Dispose();
        shell.Line(Describe(emulator, clock));
        return emulator.Refused > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    private static string Describe(Emulator emulator, Plant.Model.PlantClock clock) => string.Create(CultureInfo.InvariantCulture,
        $"plant time {clock.ToWallClock(emulator.State?.Now ?? SimTime.Zero):yyyy-MM-dd HH:mm}, {emulator.Delivered} observations delivered, {emulator.Refused} refused");
}
