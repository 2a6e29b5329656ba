using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;

namespace DigitalTwin.Ui.Commands;

/// <summary>Opens the scenario that a command line names.</summary>
internal static class ScenarioInput
{
    /// <summary>The scenario, ready to run; its warnings are printed.</summary>
    /// <exception cref="CommandException">There is none at that place, or it has errors (all are printed).</exception>
    public static CompiledScenario Open(Shell shell, string path)
    {
        return CompiledScenario.Compile(Read(shell, path));
    }

    private static Scenario Read(Shell shell, string path)
    {
        try
        {
            return Path.GetExtension(path) == ".fjs" ? FlexibleJobShopFile.Read(path) : JobShopFile.Read(path);
        }
        catch (ImportException e)
        {
            throw new CommandException(e.Message, e) { ExitCode = ExitCode.Findings };
        }
    }

    /// <summary>A schedule file, checked against the scenario.</summary>
    public static Schedule Schedule(string file, CompiledScenario plant) => throw new CommandException($"{file}: schedules cannot be read yet {plant.Scenario.Id}");

    /// <summary>A dispatch rule by its name in any spelling: <c>edd</c>, <c>least-changeover</c>.</summary>
    /// <exception cref="CommandException">No such rule.</exception>
    public static DispatchRule Rule(string name) =>
        Rules.TryGetValue(name.Trim(), out var rule)
            ? rule
            : throw new CommandException($"there is no dispatch rule '{name}'. Maybe one of {string.Join(", ", Rules.Keys)}?");

    /// <summary>Rules by the names that the command line uses.</summary>
    public static readonly IReadOnlyDictionary<string, DispatchRule> Rules = Enum.GetValues<DispatchRule>()
        .ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    /// <summary><c>LeastChangeover</c> → <c>least-changeover</c>.</summary>
    public static string NameOf(DispatchRule rule) =>
        string.Concat(rule.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
