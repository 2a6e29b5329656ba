using System.CommandLine;
using System.Globalization;
using DigitalTwin.Runtime.Journal;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin backup</c>, <c>twin restore</c>, <c>twin verify</c>: the memory of a plant as one file, brought back, and looked through.</summary>
internal static class BackupCommand
{
    public static Verb CreateBackup()
    {
        var plant = new Argument<string>("plant") { Description = "Id of the plant.", HelpName = "plant" };
        var file = new Option<string?>("--to") { Description = "File to write; <plant>-<time>.twin-backup when not given. Never overwritten.", HelpName = "file" };
        var memory = new MemoryOptions();
        var json = CommonOptions.Json();
        var verb = new Verb("backup", "Write everything that a twin remembers of a plant into one file, while it runs or not.")
        {
            Examples =
            [
                ("twin backup dyehouse --to monday.twin-backup", "from the files in twin-data"),
                ("twin backup dyehouse --database \"Host=db;Username=twin;Database=twin\"", "from PostgreSQL, into the same kind of file"),
            ],
        };
        Add(verb, [file, .. memory.All, json], plant);
        verb.Does((parse, shell, stop) =>
        {
            var name = parse.GetValue(plant)!;
            var path = parse.GetValue(file) ?? string.Create(CultureInfo.InvariantCulture, $"{name}-{DateTime.UtcNow:yyyyMMdd-HHmmss}.twin-backup");
            return Say(shell, parse.GetValue(json), "backup", memory.Place(parse).Backup(name, path, stop));
        });
        return verb;
    }

    public static Verb CreateRestore()
    {
        var file = new Argument<string>("file") { Description = "A file that twin backup wrote.", HelpName = "file" };
        var plant = new Option<string?>("--plant") { Description = "Id of the plant; the one in the file when not given.", HelpName = "plant" };
        var memory = new MemoryOptions();
        var json = CommonOptions.Json();
        var verb = new Verb("restore", "Bring a backup back as the memory of a plant. A damaged backup and a place with a journal are refused; nothing is overwritten.")
        {
            Examples =
            [
                ("twin restore monday.twin-backup --data new-data", "then: twin serve --data new-data"),
                ("twin restore monday.twin-backup --database \"Host=db;Username=twin;Database=twin\"", "moves a plant from files to PostgreSQL"),
            ],
        };
        Add(verb, [plant, .. memory.All, json], file);
        verb.Does((parse, shell, stop) => Say(shell, parse.GetValue(json), "restore", memory.Place(parse).Restore(parse.GetValue(file)!, parse.GetValue(plant), stop)));
        return verb;
    }

    public static Verb CreateVerify()
    {
        var what = new Argument<string?>("what") { Description = "Id of a plant, or a journal or backup file; every plant of the data folder when not given.", HelpName = "plant or file", Arity = ArgumentArity.ZeroOrOne };
        var memory = new MemoryOptions();
        var json = CommonOptions.Json();
        var verb = new Verb("verify", "Read everything that a twin remembers and compare it with its checksums: what is damaged, where, and the way out.")
        {
            Examples =
            [
                ("twin verify", "every plant in twin-data, while the twin runs or not"),
                ("twin verify monday.twin-backup", "is this backup sound?"),
            ],
        };
        Add(verb, [.. memory.All, json], what);
        verb.Does((parse, shell, stop) =>
        {
            var place = memory.Place(parse);
            var name = parse.GetValue(what);
            var worst = ExitCode.Ok;
            foreach (var report in name is null ? place.Plants().Select(p => place.Verify(p, stop)) : [File.Exists(name) ? JournalPlace.VerifyFile(name, stop) : place.Verify(name, stop)])
            {
                worst = Math.Max(worst, Say(shell, parse.GetValue(json), "verify", report));
            }

            return name is not null || place.Plants().Count > 0 ? worst : throw new CommandException($"{parse.GetValue(memory.Data)}: no journal in there. Maybe name the plant, or another folder with --data.");
        });
        return verb;
    }

    private static void Add(Verb verb, IReadOnlyList<Option> options, Argument argument)
    {
        verb.Add(argument);
        foreach (var option in options)
        {
            verb.Add(option);
        }
    }

    private static int Say(Shell shell, bool json, string verb, JournalReport report)
    {
        if (json)
        {
            shell.WriteJson(new { Verb = verb, report.Where, report.Plant, report.Rows, report.Events, report.ClockMs, report.Bytes, report.Segments, report.Snapshots, report.Damages, Sound = report.Damages.Count == 0 });
        }
        else
        {
            var table = new Grid().AddColumn().AddColumn();
            foreach (var (name, value) in new (string, string)[]
            {
                (verb, report.Where),
                ("events", string.Create(CultureInfo.InvariantCulture, $"{report.Events:N0} in {report.Rows:N0} rows, up to plant hour {report.ClockMs / 3_600_000.0:N1}")),
                ("kept in", string.Create(CultureInfo.InvariantCulture, $"{report.Segments:N0} segments and {report.Snapshots:N0} saved folds, {report.Bytes:N0} bytes")),
                ("checksums", report.Damages.Count == 0 ? "all sound" : string.Create(CultureInfo.InvariantCulture, $"{report.Damages.Count} do not match")),
            })
            {
                table.AddRow(Markup.Escape(name), Markup.Escape(value));
            }

            shell.Show(table);
            foreach (var damage in report.Damages)
            {
                shell.Complain(damage);
            }

            if (report.Damages.Count > 0)
            {
                shell.Note("The way out: restore the latest sound backup into another folder (twin restore <file> --data <folder>), or go on without what is damaged.");
            }
        }

        return report.Damages.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
    }
}
