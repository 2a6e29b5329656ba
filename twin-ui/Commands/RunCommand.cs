using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Reports;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin run</c>: simulates a scenario and prints its key figures.</summary>
internal static class RunCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var plan = new PlanOptions();
        var snapshots = new SnapshotOptions();
        var replications = CommonOptions.Replications(1);
        var threads = CommonOptions.Threads();
        var replication = CommonOptions.Replication();
        var events = new Option<string?>("--events") { Description = "Write every event of a single run to a CSV file.", HelpName = "file" };
        var all = new Option<bool>("--all") { Description = "Every figure with its formula, not only the headlines." };
        var equipment = new Option<bool>("--equipment") { Description = "A table by equipment as well." };
        var orders = new Option<bool>("--orders") { Description = "Tables by order as well: how late it is and why, and its energy, water, steam and carbon (a single run)." };
        var html = CommonOptions.Html();
        var json = CommonOptions.Json();
        var verb = new Verb("run", "Simulate a scenario and print its key figures.")
        {
            Examples =
            [
                ("twin run scenarios/dyehouse", "one run with the scenario's own rule and seed"),
                ("twin run scenarios/dyehouse --rule atc -n 30", "mean and 95 % interval over 30 replications"),
                ("twin run ft10.txt --schedule plan.csv --events events.csv", "follow a schedule and keep every event"),
                ("twin run scenarios/dyehouse -n 30 --html report.html", "spread of every figure, forecasts per order, load, bottleneck, why late"),
                ("twin run scenarios/dyehouse --at 36h --save-snapshot noon.twin", "stop on the second day at noon and save the run"),
                ("twin run scenarios/dyehouse --from noon.twin", "go on as if it had never stopped; with -n 30, thirty futures of that noon"),
                ("twin run scenarios/dyehouse --json | jq '.kpis[] | select(.key==\"oee\")'", "figures for scripts"),
            ],
        };
        verb.Add(scenario);
        plan.AddTo(verb);
        snapshots.AddTo(verb);
        foreach (var option in (Option[])[replications, replication, threads, events, all, equipment, orders, html, json])
        {
            verb.Add(option);
        }

        verb.Validators.Add(result =>
        {
            if (result.GetValue(replications) > 1 && (result.GetValue(events) is not null || result.GetValue(replication) != 0 || result.GetValue(orders) || snapshots.Saves(result)))
            {
                result.AddError("--events, --orders, --save-snapshot and --replication belong to a single run. Maybe without --replications?");
            }

            if (result.GetValue(orders) && snapshots.GoesOn(result))
            {
                result.AddError("--orders tells of the whole run, of which --from skips the beginning. Leave one out.");
            }
        });
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            var plant = ScenarioInput.Open(shell, path);
            var saved = snapshots.Open(parse, plant);
            var chosen = snapshots.Apply(parse, plan.Read(parse, plant, saved), saved);
            chosen = parse.GetValue(html) is null ? chosen : WhatIfCommand.Sampled(chosen);
            var luck = saved is not null && parse.GetResult(replication) is null or { Implicit: true } ? saved.Simulator.Luck.Replication : parse.GetValue(replication);
            var count = parse.GetValue(replications);
            FootprintReport? footprints = null;
            var runs = count == 1
                ? [Single(shell, chosen, luck, parse.GetValue(events), parse.GetValue(orders), out footprints, run => snapshots.Save(parse, shell, run), stop)]
                : Several(shell, [chosen], count, parse.GetValue(threads), stop)[0];
            if (runs.Count == 0)
            {
                return ExitCode.Interrupted;
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant, path, chosen, runs, footprints));
            }
            else
            {
                Print(shell, plant, chosen, runs, parse.GetValue(all), parse.GetValue(equipment), footprints);
            }

            if (parse.GetValue(orders) && !parse.GetValue(json))
            {
                var flows = Watched.Run(shell, chosen, runs[0].Replication, stop).Flows;
                shell.Show(WhyTables.Orders(shell, plant, flows));
            }

            if (parse.GetValue(html) is { } report)
            {
                HtmlReport.Write(report, ReportContent.Of(ExperimentReport.Of(path, [(chosen, [], runs)]), [chosen]), shell.Language);
                shell.Note($"{report}: written");
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>Runs replications of several plans with a progress line; what is finished at a stop is returned.</summary>
    public static IReadOnlyList<IReadOnlyList<RunResult>> Several(
        Shell shell, IReadOnlyList<RunPlan> plans, int count, int threads, CancellationToken stop)
    {
        using var progress = new ProgressLine(shell, "Simulating");
        var total = plans.Count * count;
        var results = ParallelExperiment.Run(
            plans, count, threads, done => progress.Report(done / (double)total, string.Create(CultureInfo.InvariantCulture, $"{done} of {total} runs")), stop);
        if (stop.IsCancellationRequested)
        {
            progress.Dispose();
            shell.Note($"Interrupted: {results.Sum(r => r.Count)} of {total} runs were finished and are reported.");
        }

        return results;
    }

    private static RunResult Single(
        Shell shell, RunPlan plan, int replication, string? eventsFile, bool allocates, out FootprintReport? footprints, Action<RunInProgress> save, CancellationToken stop)
    {
        BlockingDeadlock? deadlock = null;
        using var progress = new ProgressLine(shell, "Simulating");
        using var events = eventsFile is null ? null : new EventCsv(plan.Plant, eventsFile);
        (var run, footprints) = allocates
            ? FootprintRun.Of(plan, replication, events, Watch, AtEnd)
            : (Experiment.Run(plan, replication, events, Watch, AtEnd), null);
        progress.Dispose();
        if (run.Interrupted)
        {
            shell.Note("Interrupted: the figures cover what had happened until then.");
        }

        if (deadlock is not null)
        {
            shell.Note($"Deadlock of the plant: {deadlock.Describe(plan.Plant)}. Maybe a larger input_buffer, or a route that does not lead back?");
        }

        return run;

        void AtEnd(RunInProgress end)
        {
            deadlock = BlockingDeadlock.Find(end.Simulator.State);
            save(end);
        }

        bool Watch(SimTime now)
        {
            progress.Report(ShareOf(plan, now), plan.Plant.Scenario.Clock.ToWallClock(now).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            return !stop.IsCancellationRequested;
        }
    }

    /// <summary>How far a run is, by the clock: a finite order book is usually done by the scenario's horizon.</summary>
    public static double ShareOf(RunPlan plan, SimTime now) =>
        Math.Min(0.99, (now - SimTime.Zero) / Duration.Min(plan.Plant.Scenario.Horizon, plan.Until - SimTime.Zero));

    private static void Print(Shell shell, CompiledScenario plant, RunPlan plan, IReadOnlyList<RunResult> runs, bool all, bool equipment, FootprintReport? footprints)
    {
        var scenario = plant.Scenario;
        var first = runs[0];
        shell.Line($"{scenario.Name.In(shell.Language)} · {plan.Name} · seed {plan.Seed}"
            + (runs.Count > 1 ? $" · {runs.Count} replications" : $" · replication {first.Replication}"));
        shell.Line($"{Wall(scenario, first.Kpis.From)} → {Wall(scenario, first.Kpis.To)} ({first.Kpis.To - first.Kpis.From})"
            + (runs.Count > 1 ? ", first replication" : ""));
        shell.Show(KpiTables.Figures(shell, runs, scenario.Currency, all));
        if (equipment)
        {
            shell.Show(KpiTables.ByEquipment(shell, plant.Plant, first.Kpis));
        }

        if (first.Kpis.TariffWindows.Length > 1)
        {
            shell.Show(TariffRows.Of(shell, first.Kpis, scenario.Currency));
        }

        if (!first.Kpis.Utilities.IsEmpty)
        {
            shell.Show(UtilityRows.Of(shell, plant.Plant, first.Kpis));
        }

        if (footprints is not null)
        {
            shell.Show(FootprintTable.Of(shell, plant, footprints));
        }

        var unfinished = runs.Count(r => !r.AllComplete);
        if (unfinished > 0 && !runs.Any(r => r.Interrupted))
        {
            shell.Line(runs.Count == 1
                ? $"{first.Completions.Count(c => c is null)} of {first.Completions.Length} orders are not complete at the end."
                : $"In {unfinished} of {runs.Count} replications orders are not complete at the end.");
        }

        if (runs.Count == 1)
        {
            shell.Line(string.Create(CultureInfo.InvariantCulture, $"{first.Events} events, hash {KpiTables.Hash(first.EventHash)}"));
        }
    }

    private static object ForScripts(CompiledScenario plant, string path, RunPlan plan, IReadOnlyList<RunResult> runs, FootprintReport? footprints) => new
    {
        Verb = "run",
        Scenario = new { plant.Scenario.Id, Path = path },
        Policy = plan.Name,
        plan.Seed,
        Window = new { From = Iso(plant.Scenario, runs[0].Kpis.From), To = Iso(plant.Scenario, runs[0].Kpis.To) },
        Replications = runs.Select(r => new { r.Replication, Hash = KpiTables.Hash(r.EventHash), r.Events, r.AllComplete, r.Interrupted }),
        Kpis = KpiTables.ForScripts([.. KpiCatalogue.Plant.Select(kpi => KpiSummary.Of(kpi, runs))], plant.Scenario.Currency),
        TariffWindows = runs[0].Kpis.TariffWindows.Select(w => new { w.Name, w.Kwh, w.Cost }),
        Utilities = UtilityRows.ForScripts(plant.Plant, runs[0].Kpis),
        Footprints = footprints is null ? null : FootprintTable.ForScripts(plant, footprints),
    };

    private static string Wall(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Iso(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
