using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Scenarios;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin snapshot</c>: what a saved run holds, and whether it is sound.</summary>
internal static class SnapshotCommand
{
    public static Verb Create()
    {
        var file = new Argument<string>("snapshot") { Description = "A file that twin run --save-snapshot wrote.", HelpName = "file" };
        var scenario = new Argument<string?>("scenario")
        {
            Description = "Also load it for this scenario: is it of it as it is now?", HelpName = "scenario", Arity = ArgumentArity.ZeroOrOne,
        };
        var json = CommonOptions.Json();
        var verb = new Verb("snapshot", "Say what a saved run holds, and whether it can be gone on with.")
        {
            Examples =
            [
                ("twin snapshot noon.twin", "scenario, moment, luck, policy; a damaged file is refused"),
                ("twin snapshot noon.twin scenarios/dyehouse", "and whether it fits the scenario's files as they are now"),
            ],
        };
        verb.Add(file);
        verb.Add(scenario);
        verb.Add(json);
        verb.Does((parse, shell, _) =>
        {
            var path = parse.GetValue(file)!;
            var info = SnapshotFile.Describe(path);
            var fits = false;
            if (parse.GetValue(scenario) is { } folder)
            {
                SnapshotFile.Read(path, ScenarioInput.Open(shell, folder));
                fits = true;
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(new { Verb = "snapshot", Path = path, info.Program, info.ScenarioId, info.ScenarioDigest, info.LocalTime, info.Time.Milliseconds, info.Seed, info.Replication, info.Policy, info.Events, info.OpenOrders, Hash = KpiTables.Hash(info.EventHash), info.Bytes, Sound = true, Fits = fits ? true : (bool?)null });
                return ExitCode.Ok;
            }

            var table = new Grid().AddColumn().AddColumn();
            foreach (var (name, value) in new (string, string)[]
            {
                ("scenario", $"{info.ScenarioId} · {info.ScenarioDigest[..16].ToLowerInvariant()}"),
                ("stands at", info.LocalTime),
                ("luck", string.Create(CultureInfo.InvariantCulture, $"seed {info.Seed} · replication {info.Replication}")),
                ("policy", info.Policy),
                ("events", string.Create(CultureInfo.InvariantCulture, $"{info.Events}, hash {KpiTables.Hash(info.EventHash)}")),
                ("open orders", info.OpenOrders.ToString(CultureInfo.InvariantCulture)),
                ("written by", info.Program),
                ("file", string.Create(CultureInfo.InvariantCulture, $"{info.Bytes:N0} bytes, checksum sound{(fits ? $", fits {parse.GetValue(scenario)}" : "")}")),
            })
            {
                table.AddRow(Markup.Escape(name), Markup.Escape(value));
            }

            shell.Show(table);
            return ExitCode.Ok;
        });
        return verb;
    }
}
