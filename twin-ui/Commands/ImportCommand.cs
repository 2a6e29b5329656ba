using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin import</c>: order lists into a scenario, and plants out of public formats.</summary>
internal static class ImportCommand
{
    public static Command Create() => new Verb("import", "Take in order lists, or plants from public formats.")
    {
        Orders(),
        Plant(),
    };

    private static Verb Orders()
    {
        var file = new Argument<string>("file") { Description = "Excel (.xlsx) or separated text in any usual encoding, English or Chinese headings.", HelpName = "file" };
        var into = new Option<string>("--into")
        {
            Description = "Scenario folder whose order book takes them in.", HelpName = "folder", Required = true, CompletionSources = { _ => CommonOptions.PathsHere() },
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what every row would do." };
        var sheet = new Option<string?>("--sheet") { Description = "Sheet of a workbook; the first when not given.", HelpName = "name" };
        var allOrNothing = new Option<bool>("--all-or-nothing") { Description = "Let one refused row keep all others out." };
        var json = CommonOptions.Json();
        var verb = new Verb("orders", "Add and change orders of a scenario from a spreadsheet or a foreign text file.")
        {
            Examples =
            [
                ("twin import orders march.xlsx --into scenarios/dyehouse --dry-run", "every row: added, changed, kept or refused, and why"),
                ("twin import orders 订单.csv --into scenarios/dyehouse --all-or-nothing", "nothing enters unless everything can"),
            ],
        };
        verb.Add(file);
        foreach (var option in (Option[])[into, dryRun, sheet, allOrNothing, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, _) =>
        {
            var folder = parse.GetValue(into)!;
            if (!Directory.Exists(folder))
            {
                throw new CommandException($"{folder} is not a scenario folder. Maybe twin import plant makes one first?");
            }

            var path = parse.GetValue(file)!;
            if (!File.Exists(path))
            {
                throw new CommandException($"there is no file {path}. Maybe the path is relative to another folder?");
            }

            var plant = ScenarioInput.Open(shell, folder);
            var result = OrderImport.Read(path, plant.Scenario, new OrderImportOptions { Sheet = parse.GetValue(sheet), AllOrNothing = parse.GetValue(allOrNothing) });
            var applies = !parse.GetValue(dryRun) && result.CanApply && result.Added + result.Changed > 0;
            if (applies)
            {
                ScenarioWriter.Write(result.Apply(), folder);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(result, applies));
            }
            else
            {
                Print(shell, result, everyRow: parse.GetValue(dryRun), applies, folder);
            }

            return result.CanApply && result.Refused == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
        return verb;
    }

    private static void Print(Shell shell, OrderImportResult result, bool everyRow, bool applied, string folder)
    {
        foreach (var finding in result.Diagnostics)
        {
            shell.Line(finding.ToString());
        }

        var rows = result.Rows.Where(r => everyRow || r.Action == ImportAction.Refuse || r.Reasons.Length > 0).ToArray();
        if (rows.Length > 0)
        {
            var table = Shell.Table();
            table.AddColumn(new TableColumn("Row").RightAligned());
            table.AddColumn("Does");
            table.AddColumn("Order");
            table.AddColumn("What");
            foreach (var row in rows)
            {
                table.AddRow(
                    new Text(row.Line.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    new Text(NameOf(row.Action), row.Action == ImportAction.Refuse ? new Style(Color.Red) : Style.Plain),
                    new Text(row.OrderId),
                    new Text(What(row)));
            }

            shell.Show(table);
        }

        var source = result.Source.Length > 0 ? $" ({result.Source})" : "";
        shell.Line($"{ScenarioInput.Count(result.Rows.Length, "row")}{source}: {result.Added} added, {result.Changed} changed, {result.Kept} as they were, {result.Refused} refused.");
        shell.Line(applied ? $"{folder}: the order book has {ScenarioInput.Count(result.Orders.Length, "order")} now."
            : everyRow ? "Dry run: nothing was written."
            : "Nothing was written.");
    }

    private static string What(OrderImportRow row) => row.Reasons.Length > 0
        ? string.Join('\n', row.Reasons.Select(r => r.WayOut.Length > 0 ? $"{r.Message} — {r.WayOut}" : r.Message))
        : string.Join(", ", row.Changes.Select(c => c.Before.Length > 0 ? $"{c.Field} {c.Before} → {c.After}" : $"{c.Field} {c.After}"));

    private static string NameOf(ImportAction action) => action switch
    {
        ImportAction.Add => "add",
        ImportAction.Change => "change",
        ImportAction.Keep => "keep",
        _ => "refuse",
    };

    private static object ForScripts(OrderImportResult result, bool applied) => new
    {
        Verb = "import orders",
        result.Source,
        Applied = applied,
        result.Added,
        result.Changed,
        result.Kept,
        result.Refused,
        Findings = result.Diagnostics.Select(d => d.ToString()),
        Rows = result.Rows.Select(r => new
        {
            r.Line,
            Action = NameOf(r.Action),
            Order = r.OrderId,
            r.Changes,
            Reasons = r.Reasons.Select(d => new { d.Line, d.Column, d.Message, d.WayOut }),
        }),
    };

    private static Verb Plant()
    {
        var file = new Argument<string>("file") { Description = "Job shop, flexible job shop, oven (.dzn), car sequencing or machining log (.csv); also .gz or archive.tar.gz:member.", HelpName = "file" };
        var folder = new Argument<string>("folder") { Description = "Scenario folder to write; it must not exist or be empty.", HelpName = "folder" };
        var verb = new Verb("plant", "Turn a file of a public format into a scenario folder.")
        {
            Examples =
            [
                ("twin import plant ft10.txt my-shop", "a classic job shop as a scenario to edit"),
                ("twin import plant production_joined.csv my-plant", "a machining log: fitted plant, orders, and history.csv of what happened"),
            ],
        };
        verb.Add(file);
        verb.Add(folder);
        verb.Does((parse, shell, _) =>
        {
            var (path, target) = (parse.GetValue(file)!, parse.GetValue(folder)!);
            NewCommand.RequireEmpty(target);
            var source = ScenarioInput.Source(path);
            ScenarioInput.RequireSound(shell, path, new ReadResult { Scenario = source.Scenario, Diagnostics = source.Diagnostics });
            ScenarioWriter.Write(source.Scenario!, target);
            var history = source.History.Count > 0 ? WriteHistory(source, target) : null;
            foreach (var note in source.Notes)
            {
                shell.Line(note);
            }

            shell.Line($"{target}: written{(history is null ? "" : $", with what happened in {history}")}; twin run {target} simulates it.");
            return source.Diagnostics.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
        return verb;
    }

    private static string WriteHistory(OpenedSource source, string folder)
    {
        var path = Path.Combine(folder, "history.csv");
        using var events = new EventCsv(CompiledScenario.Compile(source.Scenario!), path);
        foreach (var e in source.History)
        {
            events.On(e);
        }

        return path;
    }
}
