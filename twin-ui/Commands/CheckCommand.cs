using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin check</c>: reports all mistakes of scenarios at once.</summary>
internal static class CheckCommand
{
    public static Verb Create()
    {
        var paths = new Argument<string[]>("scenario") { Description = "Scenario folders or public files.", HelpName = "scenario", Arity = ArgumentArity.OneOrMore };
        paths.CompletionSources.Add(_ => CommonOptions.PathsHere());
        var strict = new Option<bool>("--strict") { Description = "Let warnings count as findings too." };
        var json = CommonOptions.Json();
        var verb = new Verb("check", "Read scenarios and report everything wrong with them as file:line:column.")
        {
            Examples =
            [
                ("twin check scenarios/dyehouse", "all mistakes at once, each with the way out"),
                ("twin check scenarios/*/ --strict", "in a build: fail on warnings too"),
            ],
        };
        verb.Add(paths);
        verb.Add(strict);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            var results = new List<(string Path, ReadResult Result)>();
            foreach (var path in parse.GetValue(paths)!.TakeWhile(_ => !stop.IsCancellationRequested))
            {
                results.Add((path, ScenarioInput.Read(path)));
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(results));
            }
            else
            {
                Print(shell, results);
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted
                : results.Any(r => r.Result.Scenario is null || (parse.GetValue(strict) && r.Result.Diagnostics.Count > 0)) ? ExitCode.Findings
                : ExitCode.Ok;
        });
        return verb;
    }

    private static void Print(Shell shell, List<(string Path, ReadResult Result)> results)
    {
        foreach (var (path, result) in results)
        {
            foreach (var finding in result.Diagnostics)
            {
                shell.Line(finding.ToString());
            }

            var warnings = result.Warnings.Count();
            var also = warnings > 0 ? $", {ScenarioInput.Count(warnings, "warning")}" : "";
            shell.Line(result.Scenario is { } scenario
                ? $"{path}: ok{also} — {Summary(scenario)}"
                : $"{path}: {ScenarioInput.Count(result.Errors.Count(), "error")}{also}");
        }
    }

    private static string Summary(Scenario scenario)
    {
        var jobs = JobTable.Build(scenario.Plant, scenario.Orders);
        return string.Create(CultureInfo.InvariantCulture,
            $"{scenario.Name.En}: {scenario.Plant.Equipment.Length} equipment, {scenario.Plant.Products.Length} products, {jobs.OrderCount} orders, {jobs.LotCount} lots, {jobs.JobCount} operations");
    }

    private static object ForScripts(List<(string Path, ReadResult Result)> results) => new
    {
        Verb = "check",
        Scenarios = results.Select(r => new
        {
            r.Path,
            Ok = r.Result.Scenario is not null,
            Errors = r.Result.Errors.Count(),
            Warnings = r.Result.Warnings.Count(),
            Findings = r.Result.Diagnostics.Select(d => new
            {
                d.File, d.Line, d.Column, Severity = d.Severity.ToString().ToLowerInvariant(), d.Message, d.WayOut,
            }),
        }),
    };
}
