using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin schedule</c>: plans a scenario, checks the plan, and executes it under randomness.</summary>
internal static class ScheduleCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var time = CommonOptions.Span("--time", "How long to search. [default: 30s]");
        var workers = new Option<int>("--workers")
        {
            Description = "Solver threads; one makes the search reproducible.", HelpName = "count", DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var seed = new Option<int>("--search-seed") { Description = "Seed of the search.", HelpName = "number", DefaultValueFactory = _ => 1 };
        var current = new Option<string?>("--current") { Description = "Schedule in force: the start of the search and the measure of instability.", HelpName = "file" };
        var locks = ScheduleLocks.Option();
        var output = new Option<string?>("--output", "-o") { Description = "Write the schedule to this file, .csv or .json.", HelpName = "file" };
        var trace = new Option<bool>("--trace") { Description = "Print every improvement to standard error." };
        var replications = new Option<int>("--replications", "-n")
        {
            Description = "How often the plan is executed under randomness; 0 not at all.", HelpName = "count", DefaultValueFactory = _ => 10,
        };
        var threads = CommonOptions.Threads();
        var window = new WindowOptions();
        var all = new Option<bool>("--all") { Description = "Every figure, not only the headlines." };
        var json = CommonOptions.Json();
        var verb = new Verb("schedule", "Search for a good schedule, check it, and execute it under randomness.")
        {
            Examples =
            [
                ("twin schedule scenarios/dyehouse -o plan.csv", "search for 30 s, write the best plan found"),
                ("twin schedule ft10.txt --time 10s --workers 1 --trace", "reproducible search, every improvement printed"),
                ("twin schedule scenarios/dyehouse --current plan.csv --time 2min", "go on from a plan; moves against it cost what the scenario says"),
                ("twin schedule scenarios/dyehouse --time 1h -o plan.csv", "Ctrl-C stops the search and still writes the best plan"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[time, workers, seed, current, locks, output, trace, replications, threads])
        {
            verb.Add(option);
        }

        window.AddTo(verb);
        verb.Add(all);
        verb.Add(json);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(replications) < 0)
            {
                result.AddError("--replications must not be negative.");
            }
        });
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            if (parse.GetValue(output) is { } target)
            {
                ScheduleFiles.RequireFormat(target); // before the search, not after it
            }

            var plant = ScenarioInput.Open(shell, path);
            var request = new PlanningRequest
            {
                Plant = plant,
                Current = parse.GetValue(current) is { } file ? ScheduleLocks.Apply(parse.GetValue(locks), ScheduleFiles.Read(file, plant), plant)
                    : parse.GetValue(locks) is { Length: > 0 } ? throw new CommandException("--lock fixes what the schedule in force plans: it needs --current.") : null,
                TimeLimit = parse.GetValue(time) ?? Duration.FromSeconds(30),
                Workers = parse.GetValue(workers),
                Seed = parse.GetValue(seed),
            };
            var search = Search(shell, request, parse.GetValue(trace), stop);
            var plan = window.Read(parse, plant) with { Name = "executed", Policy = Following(plant, search.Result.Schedule) };
            var outcome = new ScheduleOutcome
            {
                Path = path,
                Plant = plant,
                Result = search.Result,
                History = search.History,
                Violations = ScheduleChecker.Check(plant, search.Result.Schedule, null, request.Current),
                Planned = Experiment.Run(Planned(plan), 0),
                Executed = parse.GetValue(replications) == 0 || stop.IsCancellationRequested
                    ? []
                    : RunCommand.Several(shell, [plan], parse.GetValue(replications), parse.GetValue(threads), stop)[0],
                File = parse.GetValue(output),
            };
            if (outcome.File is { } written)
            {
                ScheduleFile.Write(written, search.Result.Schedule, plant);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(outcome.ForScripts());
            }
            else
            {
                outcome.Print(shell, parse.GetValue(all));
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : outcome.HasErrors ? ExitCode.Findings : ExitCode.Ok;
        });
        return verb;
    }

    private static DispatchPolicy Following(CompiledScenario plant, Schedule schedule) => new() { Rule = plant.Scenario.Dispatch, Schedule = schedule };

    /// <summary>The same schedule in a world without luck: what the plan promises, by the meters that measure its execution.</summary>
    private static RunPlan Planned(RunPlan plan) => plan with
    {
        Name = "planned", Plant = CompiledScenario.Compile(plan.Plant.Scenario.WithoutLuck()),
    };

    private static (PlanningResult Result, List<PlanningProgress> History) Search(Shell shell, PlanningRequest request, bool trace, CancellationToken stop)
    {
        var history = new List<PlanningProgress>();
        using var line = new ProgressLine(shell, "Searching");
        var result = new Planner().Plan(request, progress =>
        {
            var improved = progress.Incumbent is { } value && (history.Count == 0 || value < history[^1].Incumbent);
            if (improved)
            {
                history.Add(progress with { Schedule = null });
            }

            if (trace && improved)
            {
                shell.Note(Describe(progress));
            }
            else
            {
                line.Report(progress.Elapsed / request.TimeLimit, Brief(progress));
            }
        }, stop);
        return (result, history);
    }

    private static string Describe(PlanningProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Elapsed.Seconds,5:0.0} s  ") + Brief(progress);

    private static string Brief(PlanningProgress progress) =>
        (progress.Incumbent is { } best ? $"objective {ScheduleOutcome.Digits(best)}" : "no schedule yet")
        + (progress.Bound is { } bound ? $", bound {ScheduleOutcome.Digits(bound)}" : "")
        + (progress.Gap is { } gap ? string.Create(CultureInfo.InvariantCulture, $", gap {gap * 100:0.0} %") : "")
        + (progress.Phase.Length > 0 ? $" · {progress.Phase}" : "");
}
