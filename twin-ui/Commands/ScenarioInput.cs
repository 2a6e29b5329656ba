using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Importers;

namespace DigitalTwin.Ui.Commands;

/// <summary>Opens the scenario that a command line names.</summary>
internal static class ScenarioInput
{
    /// <summary>Rules by the names that the command line uses.</summary>
    public static readonly IReadOnlyDictionary<string, DispatchRule> Rules = Enum.GetValues<DispatchRule>()
        .ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>The scenario, ready to run; its warnings are counted on standard error.</summary>
    /// <exception cref="CommandException">There is none at that place, or it has errors: all are printed.</exception>
    public static CompiledScenario Open(Shell shell, string path)
    {
        var result = Read(path);
        if (result.Scenario is { } scenario)
        {
            if (result.Diagnostics.Count > 0)
            {
                shell.Note($"{path}: {Count(result.Diagnostics.Count, "warning")}; twin check {path} lists them.");
            }

            return CompiledScenario.Compile(scenario);
        }

        foreach (var finding in result.Diagnostics)
        {
            shell.Note(finding.ToString());
        }

        throw new CommandException($"{path} has {Count(result.Errors.Count(), "error")}.") { ExitCode = ExitCode.Findings };
    }

    /// <summary>Reads a folder or a public file; everything wrong with it is in the result.</summary>
    /// <exception cref="CommandException">There is nothing at that place.</exception>
    public static ReadResult Read(string path)
    {
        try
        {
            if (Directory.Exists(path) || Path.GetFileName(path) == "scenario.yaml")
            {
                return ScenarioReader.Read(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            return new ReadResult { Scenario = Import(path), Diagnostics = [] };
        }
        catch (ImportException e)
        {
            return new ReadResult { Scenario = null, Diagnostics = [new Diagnostic(e.File, e.Line, e.Column, Severity.Error, e.What, e.WayOut)] };
        }
    }

    private static Scenario Import(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".FJS" => FlexibleJobShopFile.Read(path),
            ".DZN" => OvenFile.Read(path),
            ".CSV" => MachiningLog.Read(path).Scenario,
            _ => JobShopFile.Read(path),
        };
    }

    /// <summary>A dispatch rule by its name.</summary>
    /// <exception cref="CommandException">No such rule.</exception>
    public static DispatchRule Rule(string name) =>
        Rules.TryGetValue(name.Trim(), out var rule)
            ? rule
            : throw new CommandException($"there is no dispatch rule '{name}'. Maybe one of {string.Join(", ", Rules.Keys)}?");

    /// <summary><c>LeastChangeover</c> → <c>least-changeover</c>.</summary>
    public static string NameOf(DispatchRule rule) =>
        string.Concat(rule.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    /// <summary><c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
