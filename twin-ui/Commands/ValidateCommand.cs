using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin validate</c>: a simulation against what really happened.</summary>
internal static class ValidateCommand
{
    private const string HistoryFile = "history.csv";

    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        scenario.Description = "A machining log, of which the first orders are learned from and the later ones are the test; or a scenario folder with history.csv.";
        var share = new Option<double>("--fit") { Description = "Share of a log's orders that is learned from.", HelpName = "0.5", DefaultValueFactory = _ => 0.5 };
        share.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1))
            {
                result.AddError("--fit must lie between 0 and 1, so that orders are left to test with.");
            }
        });
        var replications = CommonOptions.Replications(30);
        var json = CommonOptions.Json();
        var verb = new Verb("validate", "Compare a simulation with what really happened: lead times, utilisation, completion of every order.")
        {
            Examples =
            [
                ("twin validate production_joined.csv", "fit on the first half of the orders, test on the second"),
                ("twin validate my-plant -n 100", "a folder that twin import plant wrote, with its history.csv"),
                ("twin validate production_joined.csv --fit 0.7 --json", "the same figures for scripts"),
            ],
        };
        verb.Add(scenario);
        verb.Add(share);
        verb.Add(replications);
        verb.Add(json);
        verb.Does((parse, shell, _) =>
        {
            var path = parse.GetValue(scenario)!;
            var models = Directory.Exists(path)
                ? Folder(shell, path, parse.GetValue(replications))
                : Log(path, parse.GetValue(share), parse.GetValue(replications));
            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(path, models));
            }
            else
            {
                Print(shell, models);
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static List<Model> Log(string path, double share, int replications)
    {
        MachiningHoldOut log;
        try
        {
            log = MachiningHoldOut.Read(path, share);
        }
        catch (ImportException wrong)
        {
            throw new CommandException($"{wrong.Message} twin validate reads machining logs, or folders with {HistoryFile}.", wrong);
        }
        catch (FileNotFoundException missing)
        {
            throw new CommandException($"there is no file {path}. Maybe the path is relative to another folder?", missing);
        }

        var plain = CompiledScenario.Compile(log.WithoutWaits());
        var end = log.History[^1].Time;
        HistoryWindow[] windows =
        [
            new("learned from", 0, log.Fitted, SimTime.Zero, log.Split),
            new("held out", log.Fitted, plain.Scenario.Orders.Length, log.Split, end),
            new("held out, as far as the log goes", log.Fitted, plain.Scenario.Orders.Length, log.Split, end) { SeenUntil = end },
        ];
        var fitted = new Dictionary<int, CompiledScenario>();
        CompiledScenario WithWaits(int r) => fitted.TryGetValue(r, out var known) ? known : fitted[r] = CompiledScenario.Compile(log.WithWaits(r));
        var inGroupHours = new Dictionary<int, CompiledScenario>();
        CompiledScenario InGroupHours(int r) => inGroupHours.TryGetValue(r, out var known) ? known : inGroupHours[r] = CompiledScenario.Compile(log.InGroupHours(r));
        return
        [
            new("queues only", plain, HistoryComparison.Of(_ => plain, log.History, windows, replications)),
            .. log.NamesPeople ? [WithPeople(log, plain, windows, replications)] : Array.Empty<Model>(),
            new("with waits", plain, HistoryComparison.Of(WithWaits, log.History, windows, replications, plain))
            {
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"Waits that no machine explains, as the first {log.Fitted} orders had them: {log.MeanTransferHours:0.0} h before an operation and {log.MeanPauseHours:0.0} h inside it on average."),
            },
            new("with waits, own hours", InGroupHours(0), HistoryComparison.Of(InGroupHours, log.History, windows, replications, plain))
            {
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"{log.GroupHours.Count()} machine groups show working hours of their own; with them {log.MeanTransferHoursInGroupHours:0.0} h before an operation and {log.MeanPauseHoursInGroupHours:0.0} h inside it remain unexplained."),
            },
        ];
    }

    private static Model WithPeople(MachiningHoldOut log, CompiledScenario plain, HistoryWindow[] windows, int replications)
    {
        var plant = CompiledScenario.Compile(log.WithPeople());
        return new Model("queues and people", plant, HistoryComparison.Of(_ => plant, log.History, windows, replications, plain))
        {
            Note = string.Create(CultureInfo.InvariantCulture,
                $"The log names {log.People} people; they make {log.Crews.Length} crews by the machine groups they worked at, with {log.Crews.Sum(c => c.Count)} heads: as many as the machines that each crew tended at once. Where this is no nearer to the record than queues only, people as the log names them do not explain the waits."),
        };
    }

    private static List<Model> Folder(Shell shell, string path, int replications)
    {
        var plant = ScenarioInput.Open(shell, path);
        var file = Path.Combine(path, HistoryFile);
        if (!File.Exists(file))
        {
            throw new CommandException($"{path} has no {HistoryFile} of what really happened. Maybe twin import plant or twin run --events wrote one elsewhere?");
        }

        var history = EventCsvReader.Read(file, plant);
        var window = new HistoryWindow("all orders", 0, plant.Scenario.Orders.Length, SimTime.Zero, history.Count > 0 ? history[^1].Time : SimTime.Zero);
        return [new("the scenario as it is", plant, HistoryComparison.Of(_ => plant, history, [window], replications))];
    }

    private static void Print(Shell shell, List<Model> models)
    {
        var table = Shell.Table();
        foreach (var heading in (string[])["Model", "Orders", "Lead P10/P50/P90, d: recorded", "simulated", "KS distance (chance 5 %)", "Completion bias, d", "|error|, d", "Utilisation |error|"])
        {
            table.AddColumn(heading);
        }

        foreach (var model in models)
        {
            foreach (var c in model.Windows)
            {
                table.AddRow(Cells(
                    model.Name, $"{c.Window.EndOrder - c.Window.FirstOrder} {c.Window.Name}", Spread(c.RecordedLeadDays), Spread(c.SimulatedLeadDays),
                    $"{N(c.LeadDistance, "0.000")} ({N(c.CriticalDistance, "0.000")})", N(c.CompletionBiasDays, "+0.0;−0.0"), N(c.CompletionErrorDays, "0.0"),
                    $"{N(c.UtilisationMeanError * 100, "0.0")} pp"));
            }
        }

        shell.Show(table);
        var last = models[^1].Windows[^1];
        var machines = Shell.Table();
        machines.AddColumn($"Utilisation, {last.Window.Name}");
        machines.AddColumn(new TableColumn("recorded").RightAligned());
        foreach (var model in models)
        {
            machines.AddColumn(new TableColumn(new Text(model.Name)).RightAligned());
        }

        foreach (var row in last.Utilisation.OrderByDescending(u => u.Recorded))
        {
            machines.AddRow(Cells(
            [
                models[^1].Plant.Plant.EquipmentClasses[row.Class].Name.In(shell.Language), P(row.Recorded),
                .. models.Select(m => P(m.Windows[^1].Utilisation.FirstOrDefault(u => u.Class == row.Class)?.Simulated ?? 0)),
            ]));
        }

        shell.Show(machines);
        shell.Line($"{last.Replications} replications. KS: two-sample Kolmogorov–Smirnov distance of the lead times; a distance below the one in brackets could be chance.\n"
            + "Utilisation: production and setup per working hour.");
        foreach (var note in models.Select(m => m.Note).Where(n => n.Length > 0))
        {
            shell.Line(note);
        }

        if (models.Count > 1)
        {
            shell.Line("A log that ends shows no order that takes longer than what is left of it: its late orders look fast. \"As far as the log goes\" leaves out\nsimulated orders that it could not have shown to their end.\nOf the orders held out, only releases and routings were taken from the log, and when they kept a machine from the others.");
        }
    }

    private static object ForScripts(string path, List<Model> models) => new
    {
        Verb = "validate",
        Source = path,
        Models = models.Select(m => new
        {
            m.Name,
            Windows = m.Windows.Select(c => new
            {
                c.Window.Name,
                Orders = c.Window.EndOrder - c.Window.FirstOrder,
                c.Replications,
                RecordedLeadDays = Quantiles3(c.RecordedLeadDays),
                SimulatedLeadDays = Quantiles3(c.SimulatedLeadDays),
                c.LeadDistance,
                c.CriticalDistance,
                c.CompletionBiasDays,
                c.CompletionErrorDays,
                c.UtilisationMeanError,
                Utilisation = c.Utilisation.Select(u => new { Class = m.Plant.Plant.EquipmentClasses[u.Class].Id, u.Recorded, u.Simulated }),
            }),
        }),
    };

    private static double[] Quantiles3(IReadOnlyList<double> sorted) => sorted.Count == 0 ? [] : [Quantiles.Of([.. sorted], 0.1), Quantiles.Of([.. sorted], 0.5), Quantiles.Of([.. sorted], 0.9)];

    private static string Spread(IReadOnlyList<double> sorted) => string.Join(" / ", Quantiles3(sorted).Select(q => N(q, "0.0")));

    private static string N(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string P(double share) => N(share * 100, "0.0") + " %";

    private static IEnumerable<IRenderable> Cells(params string[] cells) => cells.Select(c => (IRenderable)new Text(c));

    private sealed record Model(string Name, CompiledScenario Plant, IReadOnlyList<HistoryComparison> Windows)
    {
        /// <summary>A word on it; empty when there is none.</summary>
        public string Note { get; init; } = "";
    }
}
