using System.CommandLine;
using System.Globalization;
using DigitalTwin.Ui.Security;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin audit</c>: who did what, and whether anybody touched the record of it.</summary>
internal static class AuditCommand
{
    public static Verb Create()
    {
        var data = SecurityOptions.Data();
        var json = CommonOptions.Json();
        var who = new Option<string?>("--who") { Description = "Only what this caller did.", HelpName = "name" };
        var plant = new Option<string?>("--plant") { Description = "Only what was done to this plant.", HelpName = "id" };
        var find = new Option<string?>("--find") { Description = "Only entries that say this.", HelpName = "words" };
        var limit = new Option<int>("--limit") { Description = "Entries at most, the newest; up to 1000.", HelpName = "number", DefaultValueFactory = _ => 50 };
        var verify = new Option<bool>("--verify") { Description = "Look through the chain of digests: was anything changed, put in or taken out?" };
        var verb = new Verb("audit", "Show who gave which commands to a server, and what they changed.")
        {
            Examples =
            [
                ("twin audit --who anna", "the latest commands of anna"),
                ("twin audit --verify", "exit code 1 and the first bad entry when somebody touched it"),
            ],
        };
        foreach (var option in (Option[])[who, plant, find, limit, verify, data, json])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, (parse, shell, _) => SecurityOptions.WithAsync(parse.GetValue(data)!, services =>
        {
            var audit = services.GetRequiredService<Auditor>();
            if (parse.GetValue(verify))
            {
                var (sound, broken) = audit.Verify();
                shell.Line(broken is { } number ? $"entry {number} is not what was written, or is missing; {sound} entries before it are sound" : $"{sound} entries are sound");
                return Task.FromResult(broken is null ? ExitCode.Ok : ExitCode.Findings);
            }

            var found = audit.Find(new AuditQuery(parse.GetValue(plant), parse.GetValue(who), parse.GetValue(find), null, parse.GetValue(limit)));
            if (parse.GetValue(json))
            {
                shell.WriteJson(found.Select(k => new { k.Number, k.At, k.Entry.Who, k.Entry.Firm, k.Entry.Plant, k.Entry.What, k.Entry.Before, k.Entry.After, k.Entry.Outcome }));
                return Task.FromResult(ExitCode.Ok);
            }

            var table = Shell.Table();
            table.AddColumns("no.", "when (UTC)", "who", "plant", "what", "before", "after", "outcome");
            foreach (var (number, at, entry) in found)
            {
                table.AddRow([.. ((string[])
                [
                    number.ToString(CultureInfo.InvariantCulture), at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), entry.Who, entry.Plant,
                    entry.What, entry.Before, entry.After, entry.Outcome,
                ]).Select(Markup.Escape)]);
            }

            shell.Show(table);
            return Task.FromResult(ExitCode.Ok);
        }));
        return verb;
    }
}
