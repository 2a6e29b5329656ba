using System.Collections.Immutable;
using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin whatif</c>: a scenario against the same with changes.</summary>
internal static class WhatIfCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        scenario.Description += " Or a what-if that names its base.";
        var files = new Argument<string[]>("what-ifs") { Description = "What-if files (YAML); see scenarios/what-if.md.", HelpName = "file.yaml", Arity = ArgumentArity.ZeroOrMore };
        var from = new Option<string?>("--from")
        {
            Description = "Go on from a running plant instead of from the start, figures counting from then: a snapshot of the base (twin run --save-snapshot), or a moment "
                + "(12h after the start, or a date) to which the base is simulated by its own rule, replication 0.",
            HelpName = "snapshot|time",
        };
        var window = new WindowOptions(findsWarmUp: true);
        var experiment = new ExperimentOptions();
        var verb = new Verb("whatif", "Try changes: a rush order, a broken machine, overtime, another tariff, and say what they do and how sure that is.")
        {
            Examples =
            [
                ("twin whatif scenarios/dyehouse scenarios/dyehouse/whatif/rush-order.yaml", "the base and one change, 30 replications with the same luck"),
                ("twin whatif scenarios/dyehouse scenarios/dyehouse/whatif/*.yaml --select tardiness-weighted", "which of many changes is best, with effort where it is hard to tell"),
                ("twin whatif scenarios/dyehouse scenarios/dyehouse/whatif/rush-order.yaml --from 12h", "the rush order comes into a plant that runs"),
                ("twin whatif scenarios/dyehouse scenarios/dyehouse/whatif/rush-order.yaml --from noon.twin", "and into a run that was saved"),
                ("twin whatif plant a.yaml b.yaml --until-half-width lead-time-mean=2% --csv out.csv", "until the means are known to ± 2 %, every figure to a file"),
            ],
        };
        verb.Add(scenario);
        verb.Add(files);
        verb.Add(from);
        window.AddTo(verb);
        experiment.AddTo(verb);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            List<string> whatIfs = [.. parse.GetValue(files)!];
            if (WhatIfFile.IsOne(path))
            {
                whatIfs.Insert(0, path);
                path = WhatIfFile.BaseOf(path) ?? throw new CommandException($"{path} names no base. Write the scenario before it, or base: in the file.");
            }

            if (whatIfs.Count == 0)
            {
                throw new CommandException($"there is nothing to try. Name what-if files after {path}; scenarios/what-if.md says how they look.");
            }

            var plant = ScenarioInput.Open(shell, path);
            var running = parse.GetValue(from) is { } after ? StandingAt(after, window.Read(parse, plant)) : null;
            var alternatives = Alternatives(shell, plant, whatIfs, p => window.Read(parse, p), running);
            var report = experiment.Run(shell, parse, path, alternatives, experiment.Design(parse, window, alternatives.Count), stop);
            return report is null ? ExitCode.Interrupted : Show(shell, "whatif", report, experiment.ShowsAll(parse), experiment.IsJson(parse));
        });
        return verb;
    }

    /// <summary>The base and every what-if as plans; all mistakes of all files are printed.</summary>
    /// <exception cref="CommandException">One has mistakes.</exception>
    public static List<(RunPlan Plan, ImmutableArray<string> Changes)> Alternatives(
        Shell shell, CompiledScenario plant, IReadOnlyList<string> files, Func<CompiledScenario, RunPlan> planOf, PlantState? running = null)
    {
        var alternatives = new List<(RunPlan, ImmutableArray<string>)> { (Sampled(planOf(plant) with { Name = "base", From = running }), []) };
        var (errors, names) = (0, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "base" });
        foreach (var file in files)
        {
            var read = running is null ? WhatIfFile.Read(file, plant.Scenario) : WhatIfFile.Read(file, running);
            foreach (var finding in read.Diagnostics)
            {
                shell.Note(finding.ToString());
            }

            errors += read.Diagnostics.Count(d => d.Severity == Severity.Error);
            if (read is { Plant: { } patched, WhatIf: { } whatIf })
            {
                alternatives.Add((Sampled(planOf(patched) with
                {
                    Name = Unique(whatIf.Id, names),
                    From = read.State,
                    Policy = new DispatchPolicy { Rule = patched.Scenario.Dispatch, Schedule = read.Schedule },
                }), [.. whatIf.Patches.Select(p => p.Describe())]));
            }
        }

        return errors == 0 ? alternatives : throw new CommandException($"the what-ifs have {ScenarioInput.Count(errors, "error")}.") { ExitCode = ExitCode.Findings };
    }

    /// <summary>The base as a snapshot holds it, or at a moment; its statistics begin then.</summary>
    private static PlantState StandingAt(string from, RunPlan plan)
    {
        var clock = plan.Plant.Scenario.Clock;
        PlantSimulator simulator;
        if (File.Exists(from))
        {
            simulator = SnapshotFile.Read(from, plan.Plant).Simulator;
        }
        else
        {
            var moment = SnapshotOptions.Moment("--from", from, clock);
            simulator = new PlantSimulator(plan.Plant, plan.Policy, new RandomSource(plan.Seed, 0));
            simulator.RunUntil(SimTime.Min(moment, plan.Until));
        }

        if (simulator.Now >= plan.Until)
        {
            throw new CommandException($"the base stands at {MomentText.Format(simulator.Now, clock)}, where the window ends. Name an earlier --from, or a later --until.");
        }

        simulator.State.ResetStatistics(simulator.State.Now);
        return simulator.State;
    }

    /// <summary>Tables or JSON; the exit code.</summary>
    public static int Show(Shell shell, string verb, ExperimentReport report, bool all, bool json)
    {
        if (json)
        {
            shell.WriteJson(ExperimentDocument.Of(verb, report));
        }
        else
        {
            ExperimentTables.Print(shell, report, all);
        }

        return report.Interrupted ? ExitCode.Interrupted : ExitCode.Ok;
    }

    public static RunPlan Sampled(RunPlan plan) => plan with { SampleEvery = PlantSeries.IntervalFor(plan.Plant.Scenario.Horizon) };

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var n = 2; !taken.Add(unique); n++)
        {
            unique = $"{name}-{n}";
        }

        return unique;
    }
}
