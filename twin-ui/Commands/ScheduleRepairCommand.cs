using System.CommandLine;
using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin repair</c>: a schedule made to fit again after a breakdown, a rush order or a delay.</summary>
internal static class ScheduleRepairCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var schedule = new Option<string>("--schedule") { Description = "The schedule in force.", HelpName = "file", Required = true };
        var disruptions = new ScheduleDisruptions();
        var stability = new Option<double>("--stability") { Description = "What one moved operation costs, in units of the objective; 0 lets everything move.", HelpName = "weight", DefaultValueFactory = _ => 1 };
        var frozen = new Option<string[]>("--frozen") { Description = "Work that begins so soon stays: a length for all machines, or MACHINE=LENGTH for one.", HelpName = "4h" };
        var locks = ScheduleLocks.Option();
        var time = CommonOptions.Span("--time", "How long to search. [default: 2s]");
        var workers = new Option<int>("--workers") { Description = "Search threads.", HelpName = "count", DefaultValueFactory = _ => Environment.ProcessorCount };
        var output = new Option<string?>("--output", "-o") { Description = "Write the repaired schedule to this file, .csv or .json.", HelpName = "file" };
        var all = new Option<bool>("--all") { Description = "Every operation and order that changes." };
        var json = CommonOptions.Json();
        var verb = new Verb("repair", "Make a schedule fit again after a breakdown, a rush order or a delay, moving no more than it pays for, and say what moves because of what.")
        {
            Examples =
            [
                ("twin repair scenarios/dyehouse --schedule plan.csv --breakdown V14@20h+4h --stability 2 -o repaired.csv", "vat V14 fails 20 h after the epoch, for 4 h"),
                ("twin repair scenarios/dyehouse --schedule plan.csv --at 20h --delay O0007+8h --frozen 2h", "material of an order is 8 h late; what begins within 2 h stays"),
                ("twin repair scenarios/dyehouse --schedule plan.csv --at 20h --rush item=cotton,quantity=60,due=+18h,priority=5", "a rush order comes in"),
            ],
        };
        verb.Add(scenario);
        verb.Add(schedule);
        disruptions.AddTo(verb);
        foreach (var option in (Option[])[stability, frozen, locks, time, workers, output, all, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) =>
        {
            if (parse.GetValue(output) is { } target)
            {
                ScheduleFiles.RequireFormat(target);
            }

            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var current = ScheduleLocks.Apply(parse.GetValue(locks), ScheduleFiles.Read(parse.GetValue(schedule)!, plant), plant);
            var (now, what) = disruptions.Read(parse, plant);
            var moment = DisruptedPlant.At(plant, current, now, what);
            var (horizon, onMachine) = Frozen(parse.GetValue(frozen) ?? [], plant);
            var result = PlanRepair.Run(
                new RepairRequest
                {
                    Plant = moment.Plant, From = moment.State, Current = current, Stability = parse.GetValue(stability), Frozen = horizon, FrozenOn = onMachine,
                    TimeLimit = parse.GetValue(time) ?? Duration.FromSeconds(2), Workers = parse.GetValue(workers),
                }, null, stop);
            if (parse.GetValue(output) is { } file)
            {
                ScheduleFile.Write(file, result.Schedule, moment.Plant);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(moment.Plant, result, now));
            }
            else
            {
                Print(shell, moment.Plant, result, now, parse.GetValue(all));
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static (Duration All, ImmutableDictionary<int, Duration> One) Frozen(string[] texts, CompiledScenario plant)
    {
        var (all, one) = (Duration.Zero, ImmutableDictionary.CreateBuilder<int, Duration>());
        foreach (var text in texts)
        {
            var equals = text.LastIndexOf('=');
            if (!DurationText.TryParse(text[(equals + 1)..], out var length) || length < Duration.Zero)
            {
                throw new CommandException($"--frozen '{text}' is not a length of time. Maybe 4h, or {plant.Plant.Equipment.FirstOrDefault()?.Id ?? "vat7"}=8h for one machine?");
            }

            if (equals < 0)
            {
                all = length;
            }
            else
            {
                one[ScheduleDisruptions.Equipment("--frozen", text[..equals], plant)] = length;
            }
        }

        return (all, one.ToImmutable());
    }

    private static void Print(Shell shell, CompiledScenario plant, RepairResult result, SimTime now, bool all)
    {
        var say = new ScheduleTexts(plant, shell.Language);
        shell.Line(say.Say(
            string.Create(CultureInfo.InvariantCulture, $"Repaired from {say.Moment(now)} in {result.Elapsed.Seconds:0.00} s: objective {ScheduleOutcome.Digits(result.Objective.Total)}"),
            string.Create(CultureInfo.InvariantCulture, $"自 {say.Moment(now)} 修复，用时 {result.Elapsed.Seconds:0.00} 秒：目标值 {ScheduleOutcome.Digits(result.Objective.Total)}"))
            + (result.Shifted is { } shifted ? say.Say($" ({ScheduleOutcome.Digits(shifted.Total)} by shifting alone)", $"（仅顺延为 {ScheduleOutcome.Digits(shifted.Total)}）") : ""));
        ScheduleDiffTables.Print(shell, plant, result.Diff, all);
    }

    private static object ForScripts(CompiledScenario plant, RepairResult result, SimTime now) => new
    {
        Verb = "repair",
        Scenario = plant.Scenario.Id,
        At = ScheduleDiffTables.Iso(plant, now),
        ElapsedSeconds = result.Elapsed.Seconds,
        Objective = Terms(result.Objective),
        Shifted = result.Shifted is { } shifted ? Terms(shifted) : null,
        Diff = ScheduleDiffTables.ForScripts(plant, result.Diff),
    };

    public static object Terms(ObjectiveReport report) => new { report.Total, Terms = report.Terms.Where(t => t.Weight != 0).Select(t => new { t.Name, t.Amount, t.Unit, t.Weight, t.Weighted }) };
}

/// <summary><c>twin diff</c>: what changes from one schedule to another.</summary>
internal static class ScheduleDiffCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var before = new Argument<string>("before") { Description = "The first schedule file.", HelpName = "before" };
        var after = new Argument<string>("after") { Description = "The second.", HelpName = "after" };
        var at = new Option<string?>("--at") { Description = "The moment from which the second was made: what had begun by then under the first is left out.", HelpName = "moment" };
        var all = new Option<bool>("--all") { Description = "Every operation and order that changes." };
        var json = CommonOptions.Json();
        var verb = new Verb("diff", "Compare two schedules: what moved, what is newly late or rescued, because of what.")
        {
            Examples =
            [
                ("twin diff scenarios/dyehouse plan.csv other.csv", "what the second plan changes"),
                ("twin diff scenarios/dyehouse plan.csv repaired.csv --at 20h", "the second was made 20 h after the epoch"),
            ],
        };
        verb.Add(scenario);
        verb.Add(before);
        verb.Add(after);
        verb.Add(at);
        verb.Add(all);
        verb.Add(json);
        verb.Does((parse, shell, _) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var first = ScheduleFiles.Read(parse.GetValue(before)!, plant);
            var from = parse.GetValue(at) is { } moment ? DisruptedPlant.At(plant, first, ScheduleDisruptions.Moment("--at", moment, plant), []).State : null;
            var diff = PlanDiffer.Of(plant, first, ScheduleFiles.Read(parse.GetValue(after)!, plant), from);
            if (parse.GetValue(json))
            {
                shell.WriteJson(new { Verb = "diff", Scenario = plant.Scenario.Id, Diff = ScheduleDiffTables.ForScripts(plant, diff) });
            }
            else
            {
                ScheduleDiffTables.Print(shell, plant, diff, parse.GetValue(all));
            }

            return ExitCode.Ok;
        });
        return verb;
    }
}
