using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>What <c>twin schedule</c> has to say: the objective term by term, the plan's promise and its execution side by side.</summary>
internal sealed record ScheduleOutcome
{
    private const int ViolationsShown = 10;

    private static readonly Dictionary<string, Label> TermNames = new(StringComparer.Ordinal)
    {
        ["tardiness"] = new("Weighted tardiness", "加权拖期"),
        ["makespan"] = new("Makespan", "完工时间"),
        ["changeover-time"] = new("Changeover time", "换产时间"),
        ["changeover-cost"] = new("Changeover cost", "换产成本"),
        ["energy-cost"] = new("Energy cost", "电费"),
        ["option-violations"] = new("Option violations", "选装违规"),
        ["utility-work"] = new("Utility work", "超载工时"),
        ["levelling"] = new("Levelling", "均衡"),
        ["instability"] = new("Instability", "计划变动"),
    };

    public required string Path { get; init; }

    public required CompiledScenario Plant { get; init; }

    public required PlanningResult Result { get; init; }

    public required IReadOnlyList<PlanningProgress> History { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    public required RunResult Planned { get; init; }

    public required IReadOnlyList<RunResult> Executed { get; init; }

    public string? File { get; init; }

    public bool HasErrors => Violations.Any(v => v.Severity == ViolationSeverity.Error);

    private double? Gap => new PlanningProgress { Elapsed = Result.Elapsed, Incumbent = Result.Objective.Total, Bound = Result.Bound }.Gap;

    public void Print(Shell shell, bool all)
    {
        shell.Line($"{Plant.Scenario.Name.In(shell.Language)} · {Result.Schedule.Origin} · {Result.Outcome.ToString().ToLowerInvariant()} after {Result.Elapsed}");
        shell.Line($"objective {Digits(Result.Objective.Total)}"
            + (Result.Bound is { } bound ? $" · bound {Digits(bound)}" : "")
            + (Gap is { } gap ? string.Create(CultureInfo.InvariantCulture, $" · gap {gap * 100:0.0} %") : ""));
        if (Result.First is { Total: > 0 } first && first.Total > Result.Objective.Total)
        {
            shell.Line(string.Create(CultureInfo.InvariantCulture,
                $"{(first.Total - Result.Objective.Total) / first.Total * 100:0.0} % below the first dispatch schedule ({Digits(first.Total)})"));
        }

        shell.Show(Terms(shell));
        shell.Show(Figures(shell, all));
        if (Executed.Count > 0)
        {
            shell.Line("Planned: every time at its mean, no breakdowns.");
            shell.Line($"Executed: {ScenarioInput.Count(Executed.Count, "replication")} with luck, ± half of the 95 % interval.");
        }

        if (!Result.NotKnown.IsEmpty)
        {
            shell.Line(new Label("Not known to the plan:", "计划未考虑：").In(shell.Language));
            foreach (var spot in Result.NotKnown)
            {
                shell.Line($"  {spot.Says.In(shell.Language)}");
            }
        }

        foreach (var violation in Violations.OrderByDescending(v => v.Severity).Take(ViolationsShown))
        {
            shell.Complain($"{violation.Severity.ToString().ToLowerInvariant()}: {violation.Message}");
        }

        if (Violations.Count > ViolationsShown)
        {
            shell.Complain($"… and {Violations.Count - ViolationsShown} more findings; --json lists all.");
        }

        if (File is { } file)
        {
            shell.Line($"{file}: {Result.Schedule.Batches.Length} planned {(Result.Schedule.Batches.Length == 1 ? "batch" : "batches")}");
        }
    }

    public object ForScripts() => new
    {
        Verb = "schedule",
        Scenario = new { Plant.Scenario.Id, Path },
        Outcome = Result.Outcome.ToString().ToLowerInvariant(),
        Result.Schedule.Origin,
        ElapsedSeconds = Result.Elapsed.Seconds,
        Objective = Of(Result.Objective),
        First = Result.First is { } first ? Of(first) : null,
        Result.Bound,
        Gap,
        Batches = Result.Schedule.Batches.Length,
        NotKnown = Result.NotKnown.Select(s => new { s.Key, Says = s.Says.In("en") }),
        Violations = Violations.Select(v => new
        {
            Rule = v.Rule.ToString(),
            Severity = v.Severity.ToString().ToLowerInvariant(),
            v.Message,
            Equipment = v.Equipment is { } e ? Plant.Plant.Equipment[e].Id : null,
            Job = v.Job is { } j ? Plant.JobName(j) : null,
        }),
        Improvements = History.Select(h => new { Seconds = h.Elapsed.Seconds, h.Incumbent, h.Bound, h.Phase }),
        Planned = KpiTables.ForScripts([.. KpiCatalogue.Plant.Select(kpi => KpiSummary.Of(kpi, [Planned]))], Plant.Scenario.Currency),
        Replications = Executed.Count,
        Executed = Executed.Count == 0 ? null : KpiTables.ForScripts([.. KpiCatalogue.Plant.Select(kpi => KpiSummary.Of(kpi, Executed))], Plant.Scenario.Currency),
        Output = File,
    };

    private Table Terms(Shell shell)
    {
        var table = Shell.Table();
        table.AddColumn(new Label("Objective", "目标").In(shell.Language));
        foreach (var heading in (Label[])[new("Amount", "数量"), new("Weight", "权重"), new("Weighted", "加权值"), new("First", "初始")])
        {
            table.AddColumn(new TableColumn(heading.In(shell.Language)).RightAligned());
        }

        foreach (var term in Result.Objective.Terms.Where(t => t.Weight != 0))
        {
            var first = Result.First?.Terms.FirstOrDefault(t => t.Name == term.Name);
            var name = TermNames.TryGetValue(term.Name, out var label) ? label.In(shell.Language) : term.Name;
            table.AddRow(new Text(name), Number(term.Amount, term.Unit), Number(term.Weight), Number(term.Weighted), Number(first?.Weighted));
        }

        table.AddRow(new Text(new Label("Total", "合计").In(shell.Language)), new Text(""), new Text(""), Number(Result.Objective.Total), Number(Result.First?.Total));
        return table;
    }

    private Table Figures(Shell shell, bool all)
    {
        var table = Shell.Table();
        table.AddColumn(new Label("Figure", "指标").In(shell.Language));
        table.AddColumn(new TableColumn(new Label("Planned", "计划").In(shell.Language)).RightAligned());
        if (Executed.Count > 0)
        {
            table.AddColumn(new TableColumn(new Label("Executed", "执行").In(shell.Language)).RightAligned());
            table.AddColumn(new TableColumn("± 95 %").RightAligned());
        }

        table.AddColumn(new Label("Unit", "单位").In(shell.Language));
        foreach (var kpi in KpiTables.Shown(all).Where(kpi => all || !KpiTables.SaysNothing(kpi, [Planned, .. Executed])))
        {
            var planned = kpi.Value(Planned.Kpis);
            var row = new List<IRenderable> { new Text(kpi.Name.In(shell.Language)), new Text(kpi.Format(planned)) };
            if (Executed.Count > 0)
            {
                var executed = KpiSummary.Of(kpi, Executed);
                row.Add(new Text(kpi.Format(executed.Mean)));
                row.Add(new Text(kpi.Format(executed.Interval?.HalfWidth, executed.Mean)));
            }

            row.Add(new Text(kpi.ShownUnit(Plant.Scenario.Currency)));
            table.AddRow(row);
        }

        return table;
    }

    private static object Of(ObjectiveReport report) => new
    {
        report.Total,
        Terms = report.Terms.Select(t => new { t.Name, t.Amount, t.Unit, t.Weight, t.Weighted }),
    };

    private static Text Number(double? value, string unit = "") =>
        new(value is { } v ? $"{Digits(v)}{(unit.Length > 0 ? $" {unit}" : "")}" : "–");

    /// <summary>A term of the objective by its name for people.</summary>
    public static string NameOf(string term, ScheduleTexts say) => TermNames.TryGetValue(term, out var label) ? say.Say(label.En, label.Zh ?? label.En) : term;

    /// <summary>A number of the objective as people read it.</summary>
    public static string Digits(double value) => value.ToString(
        Math.Abs(value) switch { >= 1000 => "#,0", >= 100 => "0.0", _ => "0.###" }, CultureInfo.InvariantCulture);
}
