using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin bottleneck</c>: where the plant is tight, and when.</summary>
internal static class BottleneckCommand
{
    private const int MachinesShown = 20;
    private static readonly Label Class = new("Class", "设备类");
    private static readonly Label Machine = new("Equipment", "设备");
    private static readonly Label Queue = new("Queue", "队列");
    private static readonly Label Sole = new("Sole", "独占瓶颈");
    private static readonly Label Shifting = new("Shifting", "漂移瓶颈");
    private static readonly Label From = new("From", "起");
    private static readonly Label Tightest = new("Bottleneck (share of the time)", "瓶颈（时间占比）");
    private static readonly Label LongestQueue = new("Longest queue (mean jobs)", "最长队列（平均作业数）");

    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var bucket = CommonOptions.Span("--bucket", "Length of the stretches of time in the table over time, e.g. 8h; one that suits the horizon when not given.");
        var plan = new PlanOptions();
        var replication = CommonOptions.Replication();
        var file = CommonOptions.Output();
        var json = CommonOptions.Json();
        var verb = new Verb("bottleneck", "Find the bottleneck: how machines spend their time, how long queues are, and which machine holds up the others when.")
        {
            Examples =
            [
                ("twin bottleneck scenarios/shared-factory", "classes, the tightest machines, and the bottleneck over time"),
                ("twin bottleneck scenarios/dyehouse --bucket 8h -o machines.csv", "every machine and every eight hours"),
            ],
        };
        verb.Add(scenario);
        plan.AddTo(verb);
        verb.Add(bucket);
        verb.Add(replication);
        verb.Add(file);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            var path = parse.GetValue(scenario)!;
            var plant = ScenarioInput.Open(shell, path);
            var length = parse.GetValue(bucket) is { } b && b > Duration.Zero ? b : (Duration?)null;
            var run = Watched.Run(shell, plan.Read(parse, plant), parse.GetValue(replication), stop, length);
            if (parse.GetValue(file) is { } output)
            {
                Watched.Write(shell, output, ExplanationExports.Machines(plant, run.Bottleneck));
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant, path, run));
            }
            else if (parse.GetValue(file) is null)
            {
                shell.Line($"{plant.Scenario.Name.In(shell.Language)} · {run.Plan.Name} · seed {run.Plan.Seed} · replication {run.Result.Replication}");
                shell.Show(Classes(shell, plant, run.Bottleneck));
                shell.Show(Machines(shell, plant, run.Bottleneck));
                shell.Show(OverTime(shell, plant, run.Bottleneck));
                shell.Line("Shares are of the working hours. Sole and shifting: share of the whole time in which a machine is the bottleneck, alone or together with\n"
                    + "the one it takes over from (longest uninterrupted active period; Roser, Nakano and Tanaka 2002).");
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>Bottleneck machines of a stretch of time with their shares of it, most first.</summary>
    public static IEnumerable<(int Equipment, double Share)> In(BottleneckReport report, int bucket)
    {
        var from = report.From.Milliseconds + bucket * report.Bucket.Milliseconds;
        var length = report.BucketMs(bucket);
        return report.Momentary
            .Select(m => (m.Equipment, Ms: Math.Min(m.ToMs, from + length) - Math.Max(m.FromMs, from)))
            .Where(m => m.Ms > 0)
            .GroupBy(m => m.Equipment)
            .Select(g => (g.Key, g.Sum(m => m.Ms) / (double)length))
            .OrderByDescending(m => m.Item2);
    }

    private static Table Classes(Shell shell, CompiledScenario plant, BottleneckReport report)
    {
        var table = UseTable(shell, Class, report.Classes, Queue);
        foreach (var c in report.Classes.OrderByDescending(c => c.SoleShare + c.ShiftingShare).ThenByDescending(c => c.ShareOf(MachineUse.Working)))
        {
            table.AddRow(Row(report.Classes, plant.Plant.EquipmentClasses[c.Class].Name.In(shell.Language) + (c.Machines.Length > 1 ? $" ×{c.Machines.Length}" : ""), c, Number(c.MeanQueue(report))));
        }

        return table;
    }

    private static Table Machines(Shell shell, CompiledScenario plant, BottleneckReport report)
    {
        var table = UseTable(shell, Machine, report.Machines, null);
        foreach (var m in report.Machines.OrderByDescending(m => m.SoleShare + m.ShiftingShare).ThenByDescending(m => m.ShareOf(MachineUse.Working)).Take(MachinesShown))
        {
            table.AddRow(Row(report.Machines, plant.Plant.Equipment[m.Equipment].Id, m, null));
        }

        return table;
    }

    private static Table OverTime(Shell shell, CompiledScenario plant, BottleneckReport report)
    {
        var table = Shell.Table();
        table.AddColumn(From.In(shell.Language));
        table.AddColumn(Tightest.In(shell.Language));
        table.AddColumn(LongestQueue.In(shell.Language));
        for (var bucket = 0; bucket < report.Classes[0].UseMs.Length; bucket++)
        {
            var longest = report.Classes.MaxBy(c => c.QueueMs[bucket])!;
            var queue = longest.QueueMs[bucket] / Math.Max(1, report.BucketMs(bucket));
            table.AddRow(
                new Text(plant.Scenario.Clock.ToWallClock(report.From + report.Bucket * bucket).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)),
                new Text(string.Join(" · ", In(report, bucket).Take(3).Select(m => $"{plant.Plant.Equipment[m.Equipment].Id} {Percent(m.Share)}"))),
                new Text(queue > 0.005 ? $"{plant.Plant.EquipmentClasses[longest.Class].Name.In(shell.Language)} {Number(queue)}" : "–"));
        }

        return table;
    }

    private static Table UseTable(Shell shell, Label first, IEnumerable<Tightness> rows, Label? last)
    {
        var table = Shell.Table();
        table.AddColumn(first.In(shell.Language));
        foreach (var use in Shown(rows))
        {
            table.AddColumn(new TableColumn(use.Name.In(shell.Language)).RightAligned());
        }

        table.AddColumn(new TableColumn(Sole.In(shell.Language)).RightAligned());
        table.AddColumn(new TableColumn(Shifting.In(shell.Language)).RightAligned());
        if (last is not null)
        {
            table.AddColumn(new TableColumn(last.In(shell.Language)).RightAligned());
        }

        return table;
    }

    private static IEnumerable<IRenderable> Row(IEnumerable<Tightness> all, string name, Tightness row, string? last)
    {
        IEnumerable<string> cells = [name, .. Shown(all).Select(u => Percent(row.ShareOf(u.Use))), Percent(row.SoleShare), Percent(row.ShiftingShare)];
        return (last is null ? cells : cells.Append(last)).Select(c => (IRenderable)new Text(c));
    }

    private static IEnumerable<MachineUseDescriptor> Shown(IEnumerable<Tightness> rows) =>
        MachineUses.All.Where(u => u.Use != MachineUse.OffShift && rows.Any(r => r.Total(u.Use) > 0));

    private static object ForScripts(CompiledScenario plant, string path, WatchedRun run) => new
    {
        Verb = "bottleneck",
        Scenario = new { plant.Scenario.Id, Path = path },
        Policy = run.Plan.Name,
        run.Plan.Seed,
        run.Result.Replication,
        BucketMs = run.Bottleneck.Bucket.Milliseconds,
        Classes = run.Bottleneck.Classes.Select(c => new
        {
            plant.Plant.EquipmentClasses[c.Class].Id, Uses = Shares(c), c.SoleShare, c.ShiftingShare, MeanQueue = c.MeanQueue(run.Bottleneck),
            QueuePerBucket = c.QueueMs.Select((q, b) => q / Math.Max(1, run.Bottleneck.BucketMs(b))),
        }),
        Machines = run.Bottleneck.Machines.Select(m => new { plant.Plant.Equipment[m.Equipment].Id, Uses = Shares(m), m.SoleShare, m.ShiftingShare }),
        Momentary = run.Bottleneck.Momentary.Select(m => new { Equipment = plant.Plant.Equipment[m.Equipment].Id, m.FromMs, m.ToMs }),
    };

    private static Dictionary<string, double> Shares(Tightness row) => MachineUses.All.ToDictionary(u => u.Key, u => row.ShareOf(u.Use), StringComparer.Ordinal);

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
