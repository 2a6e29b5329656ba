using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin export</c>: takes orders, schedule, key figures or executed bars home as CSV, Excel or JSON.</summary>
internal static class ExportCommand
{
    public static Verb Create()
    {
        var what = new Argument<string>("what") { Description = "orders, schedule, kpis, bars (batches as a simulated run executed them) or footprints (energy, media and carbon of each order of a run)." };
        what.AcceptOnlyFromAmong("orders", "schedule", "kpis", "bars", "footprints");
        var scenario = CommonOptions.Scenario();
        var file = new Option<string>("--output", "-o") { Description = "File to write; its ending chooses .csv, .xlsx or .json.", HelpName = "file", Required = true };
        var plan = new PlanOptions();
        var replications = CommonOptions.Replications(1);
        var threads = CommonOptions.Threads();
        var verb = new Verb("export", "Write orders, a schedule, key figures, executed bars or footprints as CSV, Excel or JSON.")
        {
            Examples =
            [
                ("twin export orders scenarios/dyehouse -o orders.xlsx", "the order book for Excel"),
                ("twin export schedule scenarios/dyehouse --schedule plan.json -o plan.csv", "a schedule for a person"),
                ("twin export bars scenarios/dyehouse --rule atc -o bars.csv", "what one simulated run did"),
                ("twin export footprints scenarios/dyehouse -o carbon.csv", "kWh, m³, kg of steam and kg CO₂e of each order"),
                ("twin export kpis scenarios/dyehouse -n 30 -o kpis.json", "mean and 95 % interval of every figure"),
            ],
        };
        verb.Add(what);
        verb.Add(scenario);
        verb.Add(file);
        plan.AddTo(verb);
        verb.Add(replications);
        verb.Add(threads);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(file)!;
            var format = ExportTable.FormatOf(path)
                ?? throw new CommandException($"{path}: the ending says no format. Maybe .csv, .xlsx or .json?");
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var chosen = plan.Read(parse, plant);
            if (parse.GetValue(what) == "schedule" && format != ExportFormat.Xlsx)
            {
                var schedule = PlanOf(plant, chosen);
                ScheduleFile.Write(path, schedule, plant); // to the millisecond, so that it can be read back
                shell.Line($"{path}: {ScenarioInput.Count(schedule.Batches.Length, "row")}");
                return ExitCode.Ok;
            }

            var table = parse.GetValue(what) switch
            {
                "orders" => PlantExports.Orders(plant),
                "schedule" => PlantExports.Schedule(plant, PlanOf(plant, chosen)),
                "kpis" => PlantExports.Kpis(
                    RunCommand.Several(shell, [chosen], parse.GetValue(replications), parse.GetValue(threads), stop)[0], plant.Scenario.Currency, shell.Language),
                "footprints" => Footprints(shell, plant, chosen, stop),
                _ => Bars(shell, plant, chosen, stop),
            };
            using (var stream = File.Create(path))
            {
                table.WriteTo(stream, format);
            }

            shell.Line($"{path}: {ScenarioInput.Count(table.Rows.Count, "row")}");
            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>The schedule given, or what the dispatch rule would plan.</summary>
    private static Schedule PlanOf(CompiledScenario plant, RunPlan plan) => plan.Policy.Schedule ?? DispatchSchedule.Build(plant, plan.Policy.Rule);

    private static ExportTable Footprints(Shell shell, CompiledScenario plant, RunPlan plan, CancellationToken stop)
    {
        using var progress = new ProgressLine(shell, "Simulating");
        var (_, report) = FootprintRun.Of(plan, 0, watch: now =>
        {
            progress.Report(RunCommand.ShareOf(plan, now));
            return !stop.IsCancellationRequested;
        });
        return PlantExports.Footprints(plant, report);
    }

    private static ExportTable Bars(Shell shell, CompiledScenario plant, RunPlan plan, CancellationToken stop)
    {
        var batches = new ExecutedBatches(plant);
        using var progress = new ProgressLine(shell, "Simulating");
        Experiment.Run(plan, 0, batches, now =>
        {
            progress.Report(RunCommand.ShareOf(plan, now));
            return !stop.IsCancellationRequested;
        });
        return PlantExports.Bars(plant, batches.Bars);
    }
}
