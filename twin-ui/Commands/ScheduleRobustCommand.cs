using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Robustness;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin robust</c>: of several good schedules the one that stays good when luck comes in.</summary>
internal static class ScheduleRobustCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var robustness = new Option<double>("--robustness") { Description = "0 counts the plan on paper alone, 1 the executed P90 alone.", HelpName = "0…1", DefaultValueFactory = _ => 0.5 };
        var slack = new Option<double>("--slack") { Description = "Share by which times are taken longer in the second search.", HelpName = "share", DefaultValueFactory = _ => 0.15 };
        var time = CommonOptions.Span("--time", "How long to search, both searches together. [default: 30s]");
        var workers = new Option<int>("--workers") { Description = "Threads.", HelpName = "count", DefaultValueFactory = _ => Environment.ProcessorCount };
        var replications = CommonOptions.Replications(20);
        var window = new WindowOptions();
        var output = new Option<string?>("--output", "-o") { Description = "Write the chosen schedule to this file, .csv or .json.", HelpName = "file" };
        var json = CommonOptions.Json();
        var verb = new Verb("robust", "Search for schedules with and without slack, execute all with the same luck, and choose by the plan on paper and the P90 of the tardiness.")
        {
            Examples =
            [
                ("twin robust scenarios/dyehouse --robustness 0.7 --slack 0.2 -o plan.csv", "rather robust than short on paper"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[robustness, slack, time, workers, replications])
        {
            verb.Add(option);
        }

        window.AddTo(verb);
        verb.Add(output);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            if (parse.GetValue(output) is { } target)
            {
                ScheduleFiles.RequireFormat(target);
            }

            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var request = new PlanningRequest { Plant = plant, TimeLimit = parse.GetValue(time) ?? Duration.FromSeconds(30), Workers = parse.GetValue(workers) };
            var candidates = RobustChoice.Search(
                request, window.Read(parse, plant) with { Name = "executed" }, parse.GetValue(replications), parse.GetValue(robustness), parse.GetValue(slack), null, stop);
            if (parse.GetValue(output) is { } file)
            {
                ScheduleFile.Write(file, candidates[0].Schedule, plant);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(new
                {
                    Verb = "robust",
                    Scenario = plant.Scenario.Id,
                    Candidates = candidates.Select(c => new { c.Schedule.Origin, c.Slack, Nominal = c.Nominal.Total, c.P50, c.P90 }),
                });
            }
            else
            {
                Print(shell, plant, candidates);
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Print(Shell shell, CompiledScenario plant, IReadOnlyList<RobustCandidate> candidates)
    {
        var say = new ScheduleTexts(plant, shell.Language);
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Schedule", "计划"), say.Say("Slack", "余量"), say.Say("Objective on paper", "名义目标"), say.Say("Tardiness P50", "拖期 P50"), say.Say("Tardiness P90", "拖期 P90")])
        {
            table.AddColumn(heading);
        }

        foreach (var c in candidates)
        {
            table.AddRow(
                new Text((c == candidates[0] ? "→ " : "  ") + c.Schedule.Origin), new Text(string.Create(CultureInfo.InvariantCulture, $"{c.Slack * 100:0} %")),
                new Text(ScheduleOutcome.Digits(c.Nominal.Total)), new Text(ScheduleOutcome.Digits(c.P50)), new Text(ScheduleOutcome.Digits(c.P90)));
        }

        shell.Show(table);
        shell.Line(say.Say("→ chosen. Tardiness: hours × priority over all orders, executed with the same luck.", "→ 选定。拖期：全部订单 小时 × 优先级，使用相同随机数执行。"));
    }
}
