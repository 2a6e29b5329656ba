using System.Globalization;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Ui.Commands;

/// <summary>Runs that are looked at closely, and tables written to files.</summary>
internal static class Watched
{
    public static WatchedRun Run(Shell shell, RunPlan plan, int replication, CancellationToken stop, Duration? bucket = null, IPlantEventSink? sink = null)
    {
        using var progress = new ProgressLine(shell, "Simulating");
        var run = WatchedRun.Of(plan, replication, bucket, sink, now =>
        {
            progress.Report(RunCommand.ShareOf(plan, now), plan.Plant.Scenario.Clock.ToWallClock(now).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            return !stop.IsCancellationRequested;
        });
        progress.Dispose();
        if (run.Result.Interrupted)
        {
            shell.Note("Interrupted: the figures cover what had happened until then.");
        }

        return run;
    }

    /// <summary>Writes a table in the format that the file's ending names, and says so.</summary>
    /// <exception cref="CommandException">The ending names none.</exception>
    public static void Write(Shell shell, string path, ExportTable table)
    {
        var format = ExportTable.FormatOf(path) ?? throw new CommandException($"{path}: the ending says no format. Maybe .csv, .xlsx or .json?");
        using (var stream = File.Create(path))
        {
            table.WriteTo(stream, format);
        }

        shell.Note($"{path}: {ScenarioInput.Count(table.Rows.Count, "row")}");
    }
}
