using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Ui.Commands;

/// <summary>Schedules on disk, with the command line's words for what is wrong with them.</summary>
internal static class ScheduleFiles
{
    /// <summary>A schedule file by names, read for a scenario.</summary>
    public static Schedule Read(string file, CompiledScenario plant) => throw new CommandException($"{file}: schedules cannot be read yet {plant.Scenario.Id}");

    public static void Write(string file, CompiledScenario plant, Schedule schedule) => throw new CommandException($"{file}: {plant.Scenario.Id}{schedule.Origin}");

    /// <summary>Refuses a file whose ending names no schedule format.</summary>
    public static void RequireFormat(string file)
    {
        if (Path.GetExtension(file).ToUpperInvariant() is not (".CSV" or ".JSON"))
        {
            throw new CommandException($"{file}: a schedule is written as .csv or .json. Maybe {Path.ChangeExtension(file, ".csv")}?");
        }
    }
}
