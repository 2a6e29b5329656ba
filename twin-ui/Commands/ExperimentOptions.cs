using System.CommandLine;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Reports;

namespace DigitalTwin.Ui.Commands;

/// <summary>Options of the verbs that compare alternatives: how many replications, how precise, which is best, what is written.</summary>
internal sealed class ExperimentOptions
{
    private const int FewestToJudgeBy = 10;
    private const int RunsOfEach = 20;

    private readonly Option<int> _replications = CommonOptions.Replications(30);

    private readonly Option<string?> _until = new("--until-half-width")
    {
        Description = "Go on until the 95 % interval of a figure's mean is no wider than ± this in every alternative.", HelpName = "figure=5%",
    };

    private readonly Option<string?> _select = new("--select")
    {
        Description = "Find the best alternative by a figure; replications go where it is hard to tell.", HelpName = "figure",
    };

    private readonly Option<string> _selectBy = new("--select-by")
    {
        Description = "kn: as many runs as a promised probability takes; ocba: what --budget runs can tell, and how probable it is.", HelpName = "kn|ocba", DefaultValueFactory = _ => "kn",
    };

    private readonly Option<int> _budget = new("--budget")
    {
        Description = "Runs of all alternatives together for --select-by ocba (20 each unless told).", HelpName = "runs",
    };

    private readonly Option<string?> _indifference = new("--indifference")
    {
        Description = "Differences that do not matter to --select: in the figure's unit, or a share of the base.", HelpName = "1%", DefaultValueFactory = _ => "1%",
    };

    private readonly Option<int> _most = new("--max-replications") { Description = "No alternative gets more.", HelpName = "count", DefaultValueFactory = _ => 1000 };

    private readonly Option<string> _series = new("--warm-up-series")
    {
        Description = "In which series --warm-up auto looks.", HelpName = string.Join('|', PlantSeries.All.Take(3).Select(s => s.Key)), DefaultValueFactory = _ => "wip",
    };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write every figure of every replication to a file, and every order beside it (.orders.csv).", HelpName = "file" };
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<bool> _all = new("--all") { Description = "Every figure, not only the headlines." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public ExperimentOptions()
    {
        _select.CompletionSources.Add([.. KpiCatalogue.Headline]);
        _series.AcceptOnlyFromAmong([.. PlantSeries.All.Select(s => s.Key)]);
        _selectBy.AcceptOnlyFromAmong("kn", "ocba");
        _most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < FewestToJudgeBy)
            {
                result.AddError($"--max-replications must be at least {FewestToJudgeBy}.");
            }
        });
    }

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[_replications, _until, _select, _selectBy, _budget, _indifference, _most, _series, _threads, _csv, _html, _all, _json])
        {
            verb.Add(option);
        }
    }

    /// <summary>Whether every figure is to be shown.</summary>
    public bool ShowsAll(ParseResult parse) => parse.GetValue(_all);

    public bool IsJson(ParseResult parse) => parse.GetValue(_json);

    /// <summary>The design that the command line asks for.</summary>
    /// <exception cref="CommandException">A figure that does not exist, or a half-width that cannot be read.</exception>
    /// <param name="alternatives">How many are compared, the base included.</param>
    public ExperimentDesign Design(ParseResult parse, WindowOptions window, int alternatives)
    {
        var (until, select) = (parse.GetValue(_until), parse.GetValue(_select));
        if (until is not null && select is not null)
        {
            throw new CommandException("--until-half-width and --select are two ways to spend replications. Keep one of them.");
        }

        var hasBudget = parse.GetResult(_budget) is { Implicit: false };
        var ocba = hasBudget && parse.GetResult(_selectBy) is not { Implicit: false } || parse.GetValue(_selectBy) == "ocba";
        CheckSelection(parse, select, ocba, hasBudget);
        var precision = until is null ? default : Target(until);
        var indifference = Share("--indifference", parse.GetValue(_indifference)!);
        var given = parse.GetResult(_replications) is { Implicit: false };
        return new ExperimentDesign
        {
            Replications = given || (until ?? select) is null ? parse.GetValue(_replications) : FewestToJudgeBy,
            MostReplications = Math.Max(parse.GetValue(_most), given ? parse.GetValue(_replications) : 1),
            PrecisionKpi = precision.Kpi,
            HalfWidth = precision.HalfWidth,
            IsRelative = precision.IsRelative,
            SelectKpi = select is null ? null : Figure(select),
            SelectBy = ocba ? SelectionProcedure.OptimalBudget : SelectionProcedure.KimNelson,
            Budget = hasBudget ? parse.GetValue(_budget) : RunsOfEach * alternatives,
            Indifference = indifference.Value,
            IndifferenceIsRelative = indifference.IsRelative,
            WarmUpSeries = window.FindsWarmUp(parse) ? PlantSeries.All[PlantSeries.IndexOf(parse.GetValue(_series)!)] : null,
        };
    }

    private void CheckSelection(ParseResult parse, string? select, bool ocba, bool hasBudget)
    {
        bool Given(Option option) => parse.GetResult(option) is { Implicit: false };
        if (select is null && (hasBudget || Given(_selectBy)))
        {
            throw new CommandException($"{(hasBudget ? "--budget" : "--select-by")} says not by which figure the best is selected. Maybe --select tardiness-weighted?");
        }

        if (hasBudget && !ocba)
        {
            throw new CommandException("--select-by kn runs until it knows, whatever that takes; --budget goes with --select-by ocba, --max-replications with kn.");
        }

        if (ocba && (Given(_replications) || Given(_most)))
        {
            throw new CommandException($"--select-by ocba decides itself how many runs each alternative gets. Maybe --budget instead of {(Given(_most) ? "--max-replications" : "--replications")}?");
        }
    }

    /// <summary>Runs the experiment with a progress line and writes what was asked for.</summary>
    /// <returns>The report; <c>null</c> when it was stopped before there was anything to report.</returns>
    public ExperimentReport? Run(
        Shell shell, ParseResult parse, string source, IReadOnlyList<(RunPlan Plan, System.Collections.Immutable.ImmutableArray<string> Changes)> alternatives,
        ExperimentDesign design, CancellationToken stop)
    {
        var report = Simulate(shell, source, alternatives, design, parse.GetValue(_threads), stop);
        if (report is null)
        {
            shell.Note("Interrupted before every alternative had a run: there is nothing to compare.");
            return null;
        }

        if (report.Interrupted)
        {
            shell.Note($"Interrupted: {report.Comparison.Variants[0].Runs.Length} replications of every alternative were finished and are reported.");
        }

        if (parse.GetValue(_csv) is { } csv)
        {
            ExperimentExports.WriteCsv(report, csv);
        }

        if (parse.GetValue(_html) is { } html)
        {
            HtmlReport.Write(html, ReportContent.Of(report, alternatives.Select(a => a.Plan)), shell.Language);
            shell.Note($"{html}: written");
        }

        return report;
    }

    private static ExperimentReport? Simulate(
        Shell shell, string source, IReadOnlyList<(RunPlan Plan, System.Collections.Immutable.ImmutableArray<string> Changes)> alternatives,
        ExperimentDesign design, int threads, CancellationToken stop)
    {
        using var progress = new ProgressLine(shell, "Simulating");
        try
        {
            return ParallelExperiment.Run(source, alternatives, design, threads,
                (done, asked) => progress.Report(done / (double)asked, FormattableString.Invariant($"{done} of {asked} runs")), stop);
        }
        catch (ExperimentException refused)
        {
            throw new CommandException(refused.Message, refused) { ExitCode = ExitCode.Infeasible };
        }
    }

    private static (KpiDescriptor<PlantKpis> Kpi, double HalfWidth, bool IsRelative) Target(string text)
    {
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        if (cut < 0)
        {
            throw new CommandException($"--until-half-width '{text}' says not how wide. Maybe {text}=5%?");
        }

        var (value, isRelative) = Share("--until-half-width", text[(cut + 1)..]);
        return (Figure(text[..cut]), value, isRelative);
    }

    private static (double Value, bool IsRelative) Share(string option, string text)
    {
        var isRelative = text.EndsWith('%');
        return NumberText.TryParse(isRelative ? text[..^1] : text, DecimalMark.PointFirst, out var value, out _) && value > 0
            ? (isRelative ? value / 100 : value, isRelative)
            : throw new CommandException($"{option}: '{text}' is neither a number > 0 nor a percentage. Maybe 5%?");
    }

    private static KpiDescriptor<PlantKpis> Figure(string key) =>
        KpiCatalogue.Find(key.Trim()) ?? throw new CommandException($"there is no figure '{key}'. {Suggestion.For(key, KpiCatalogue.Plant.Select(k => k.Key)) ?? $"Maybe one of {string.Join(", ", KpiCatalogue.Headline)}?"}");
}
