using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin compare</c>: rules and schedules side by side, with the same luck for all.</summary>
internal static class CompareCommand
{
    private const double Level = 0.95;

    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var rules = new Option<string[]>("--rules")
        {
            Description = "Dispatch rules, separated by commas; all of them when neither rules nor schedules are given.",
            HelpName = string.Join(',', ScenarioInput.Rules.Keys.Take(2)),
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        rules.CompletionSources.Add([.. ScenarioInput.Rules.Keys]);
        var schedules = new Option<string[]>("--schedules")
        {
            Description = "Schedule files to execute under randomness.", HelpName = "files", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
        };
        var baseline = new Option<string?>("--baseline") { Description = "Which variant the others are compared with; the first when not given.", HelpName = "name" };
        var window = new WindowOptions();
        var replications = CommonOptions.Replications(30);
        var threads = CommonOptions.Threads();
        var all = new Option<bool>("--all") { Description = "Every figure, not only the headlines." };
        var json = CommonOptions.Json();
        var verb = new Verb("compare", "Compare dispatch rules and schedules over replications with common random numbers.")
        {
            Examples =
            [
                ("twin compare scenarios/dyehouse", "all rules, 30 replications, the scenario's own rule as baseline"),
                ("twin compare scenarios/dyehouse --rules edd,atc --schedules plan.csv -n 50", "two rules against a schedule"),
                ("twin compare la01.txt --baseline fifo --json", "differences and intervals for scripts"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[rules, schedules, baseline, replications, threads])
        {
            verb.Add(option);
        }

        window.AddTo(verb);
        verb.Add(all);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            var plant = ScenarioInput.Open(shell, path);
            var plans = BaselineFirst(
                Variants(parse.GetValue(rules)!, parse.GetValue(schedules)!, window.Read(parse, plant)), parse.GetValue(baseline));
            var count = parse.GetValue(replications);
            var runs = RunCommand.Several(shell, plans, count, parse.GetValue(threads), stop);
            if (runs.Any(r => r.Count == 0))
            {
                return ExitCode.Interrupted;
            }

            var comparison = Comparison.Of([.. plans.Zip(runs, (p, r) => (p.Name, r))], Level);
            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant, path, plans[0].Seed, comparison));
            }
            else
            {
                Print(shell, plant, plans[0].Seed, comparison, parse.GetValue(all));
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static List<RunPlan> Variants(string[] rules, string[] schedules, RunPlan window)
    {
        var names = rules.SelectMany(r => r.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        var own = window.Plant.Scenario.Dispatch;
        var chosen = names.Length > 0 ? names.Select(ScenarioInput.Rule)
            : schedules.Length > 0 ? [own]
            : ScenarioInput.Rules.Values.OrderByDescending(r => r == own);
        return
        [
            .. chosen.Distinct().Select(rule => window with { Name = ScenarioInput.NameOf(rule), Policy = new DispatchPolicy { Rule = rule } }),
            .. schedules.Select(file => window with
            {
                Name = Path.GetFileName(file), Policy = new DispatchPolicy { Rule = own, Schedule = ScheduleFiles.Read(file, window.Plant) },
            }),
        ];
    }

    private static List<RunPlan> BaselineFirst(List<RunPlan> plans, string? name)
    {
        if (name is null)
        {
            return plans;
        }

        var index = plans.FindIndex(p => p.Name.Equals(Path.GetFileName(name), StringComparison.OrdinalIgnoreCase));
        return index < 0
            ? throw new CommandException($"the baseline '{name}' is not among the variants. Maybe one of {string.Join(", ", plans.Select(p => p.Name))}?")
            : [plans[index], .. plans.Where((_, i) => i != index)];
    }

    private static void Print(Shell shell, CompiledScenario plant, ulong seed, Comparison comparison, bool all)
    {
        var count = comparison.Variants[0].Runs.Length;
        shell.Line($"{plant.Scenario.Name.In(shell.Language)} · seed {seed} · {count} replications, same luck for all");
        foreach (var table in KpiTables.SideBySide(shell, comparison, plant.Scenario.Currency, all))
        {
            shell.Show(table);
        }

        var unfinished = comparison.Variants.Where(v => v.Runs.Any(r => !r.AllComplete)).Select(v => v.Name).ToArray();
        if (unfinished.Length > 0)
        {
            shell.Line($"Not all orders were complete at the end with {string.Join(", ", unfinished)}.");
        }

        shell.Line(count < 2
            ? "One replication shows no interval. Maybe --replications 30?"
            : "± half of the 95 % interval of the paired difference; better or worse is said\nwhere it does not hold zero, which one figure in twenty may do by chance.");
    }

    private static object ForScripts(CompiledScenario plant, string path, ulong seed, Comparison comparison) => new
    {
        Verb = "compare",
        Scenario = new { plant.Scenario.Id, Path = path },
        Seed = seed,
        Replications = comparison.Variants[0].Runs.Length,
        comparison.Level,
        Baseline = comparison.Variants[0].Name,
        Variants = comparison.Variants.Select(v => new
        {
            v.Name,
            Hashes = v.Runs.Select(r => KpiTables.Hash(r.EventHash)),
            AllComplete = v.Runs.All(r => r.AllComplete),
            Kpis = KpiTables.ForScripts(v.Figures, plant.Scenario.Currency),
        }),
    };
}
