using System.Collections.Immutable;
using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin compare</c>: rules, schedules, what-ifs and other scenarios side by side, with the same luck for all.</summary>
internal static class CompareCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var rules = Several("--rules", "Dispatch rules, separated by commas; all of them when nothing else is given.", string.Join(',', ScenarioInput.Rules.Keys.Take(2)));
        rules.CompletionSources.Add([.. ScenarioInput.Rules.Keys]);
        var schedules = Several("--schedules", "Schedule files to execute under randomness.", "files");
        var whatIfs = Several("--what-ifs", "What-if files; see scenarios/what-if.md.", "files");
        var scenarios = Several("--scenarios", "Other scenarios, each by its own rule; orders are the same where their ids are.", "folders");
        var baseline = new Option<string?>("--baseline") { Description = "Which variant the others are compared with; the first when not given.", HelpName = "name" };
        var window = new WindowOptions(findsWarmUp: true);
        var experiment = new ExperimentOptions();
        var verb = new Verb("compare", "Compare rules, schedules, what-ifs and scenarios over replications with common random numbers.")
        {
            Examples =
            [
                ("twin compare scenarios/dyehouse", "all rules, 30 replications, the scenario's own rule as baseline"),
                ("twin compare scenarios/dyehouse --rules edd,atc --schedules plan.csv -n 50", "two rules against a schedule"),
                ("twin compare scenarios/dyehouse --select tardiness-weighted", "the best rule, with effort where it is hard to tell"),
                ("twin compare scenarios/dyehouse --select tardiness-weighted --budget 200", "what 200 runs can tell about the best rule, and how probable it is"),
                ("twin compare scenarios/dyehouse --rules edd,atc --html compare.html", "the same with drawings on one page"),
                ("twin compare la01.txt --baseline fifo --json", "differences and intervals for scripts"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[rules, schedules, whatIfs, scenarios, baseline])
        {
            verb.Add(option);
        }

        window.AddTo(verb);
        experiment.AddTo(verb);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            var plant = ScenarioInput.Open(shell, path);
            RunPlan PlanOf(CompiledScenario p) => WhatIfCommand.Sampled(window.Read(parse, p));
            var alternatives = Rules(parse.GetValue(rules)!, parse.GetValue(schedules)!.Length + parse.GetValue(whatIfs)!.Length + parse.GetValue(scenarios)!.Length > 0, PlanOf(plant))
                .Concat(Schedules(parse.GetValue(schedules)!, PlanOf(plant)))
                .Concat(WhatIfCommand.Alternatives(shell, plant, parse.GetValue(whatIfs)!, PlanOf).Skip(1))
                .Concat(parse.GetValue(scenarios)!.Select(s => (PlanOf(ScenarioInput.Open(shell, s)) with { Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(s)) }, (ImmutableArray<string>)[$"scenario {s}"])))
                .ToList();
            var report = experiment.Run(shell, parse, path, BaselineFirst(alternatives, parse.GetValue(baseline)), experiment.Design(parse, window, alternatives.Count), stop);
            return report is null ? ExitCode.Interrupted : WhatIfCommand.Show(shell, "compare", report, experiment.ShowsAll(parse), experiment.IsJson(parse));
        });
        return verb;
    }

    private static Option<string[]> Several(string name, string description, string help) => new(name)
    {
        Description = description, HelpName = help, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
    };

    private static IEnumerable<(RunPlan Plan, ImmutableArray<string> Changes)> Rules(string[] given, bool othersAreGiven, RunPlan window)
    {
        var names = given.SelectMany(r => r.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        var own = window.Plant.Scenario.Dispatch;
        var chosen = names.Length > 0 ? names.Select(ScenarioInput.Rule)
            : othersAreGiven ? [own]
            : ScenarioInput.Rules.Values.OrderByDescending(r => r == own);
        return chosen.Distinct().Select(rule => (window with { Name = ScenarioInput.NameOf(rule), Policy = new DispatchPolicy { Rule = rule } }, ImmutableArray<string>.Empty));
    }

    private static IEnumerable<(RunPlan Plan, ImmutableArray<string> Changes)> Schedules(string[] files, RunPlan window) => files.Select(file => (window with
    {
        Name = Path.GetFileName(file), Policy = new DispatchPolicy { Rule = window.Plant.Scenario.Dispatch, Schedule = ScheduleFiles.Read(file, window.Plant) },
    }, ImmutableArray<string>.Empty));

    private static List<(RunPlan Plan, ImmutableArray<string> Changes)> BaselineFirst(List<(RunPlan Plan, ImmutableArray<string> Changes)> alternatives, string? name)
    {
        if (name is null)
        {
            return alternatives;
        }

        var index = alternatives.FindIndex(a => a.Plan.Name.Equals(Path.GetFileName(name), StringComparison.OrdinalIgnoreCase));
        return index < 0
            ? throw new CommandException($"the baseline '{name}' is not among the variants. Maybe one of {string.Join(", ", alternatives.Select(a => a.Plan.Name))}?")
            : [alternatives[index], .. alternatives.Where((_, i) => i != index)];
    }
}
