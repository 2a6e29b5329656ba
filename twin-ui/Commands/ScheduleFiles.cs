using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;

namespace DigitalTwin.Ui.Commands;

/// <summary>Schedules on disk, with the command line's words for what is wrong with them.</summary>
internal static class ScheduleFiles
{
    private const int FindingsShown = 20;

    /// <summary>A schedule file by names, read for a scenario.</summary>
    /// <exception cref="CommandException">It has errors; the message lists them.</exception>
    public static Schedule Read(string file, CompiledScenario plant)
    {
        var (schedule, findings) = ScheduleFile.Read(file, plant);
        return schedule ?? throw new CommandException(
            $"{file} has {ScenarioInput.Count(findings.Count, "error")}:\n{string.Join('\n', findings.Take(FindingsShown))}") { ExitCode = ExitCode.Findings };
    }

    /// <summary>Refuses a file whose ending names no schedule format.</summary>
    public static void RequireFormat(string file)
    {
        if (Path.GetExtension(file).ToUpperInvariant() is not (".CSV" or ".JSON"))
        {
            throw new CommandException($"{file}: a schedule is written as .csv or .json. Maybe {Path.ChangeExtension(file, ".csv")}?");
        }
    }
}
