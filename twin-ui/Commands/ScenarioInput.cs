using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;

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
        RequireSound(shell, path, result);
        if (result.Diagnostics.Count > 0)
        {
            shell.Note($"{path}: {Count(result.Diagnostics.Count, "warning")}; twin check {path} lists them.");
        }

        return CompiledScenario.Compile(result.Scenario!);
    }

    /// <summary>Prints what is wrong with a scenario that cannot be used.</summary>
    /// <exception cref="CommandException">It cannot.</exception>
    public static void RequireSound(Shell shell, string path, ReadResult result)
    {
        if (result.Scenario is null)
        {
            foreach (var finding in result.Diagnostics)
            {
                shell.Note(finding.ToString());
            }

            throw new CommandException($"{path} has {Count(result.Errors.Count(), "error")}.") { ExitCode = ExitCode.Findings };
        }
    }

    /// <summary>Reads a folder or a public file; everything wrong with it is in the result.</summary>
    /// <exception cref="CommandException">There is nothing at that place.</exception>
    public static ReadResult Read(string path)
    {
        var source = Source(path);
        return new ReadResult { Scenario = source.Scenario, Diagnostics = source.Diagnostics };
    }

    /// <summary>The same with the history and the notes of a log.</summary>
    /// <exception cref="CommandException">There is nothing at that place.</exception>
    public static OpenedSource Source(string path)
    {
        var source = ScenarioSource.Open(path);
        return source is { Scenario: null, Format: SourceFormat.Unknown, Diagnostics: [{ Line: 0 } nothing, ..] }
            ? throw new CommandException(nothing.ToString())
            : source;
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
