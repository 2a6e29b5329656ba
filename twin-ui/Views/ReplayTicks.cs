using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Views;

/// <summary>Marks along the scrubber of a replay: where something broke, and where maintenance was.</summary>
public static class ReplayTicks
{
    private const int Most = 300;

    /// <summary>Places in percent of the recording, and what they are: <c>down</c> or <c>maintenance</c>.</summary>
    public static IReadOnlyList<(double At, string Css)> Of(IPlantView plant, SimTime start, SimTime end)
    {
        var length = Math.Max(1.0, (end - start).Milliseconds);
        return [.. plant.History(start, end).Bars.Where(b => b.Kind is BarKind.Down or BarKind.Maintenance)
            .OrderByDescending(b => b.Start).Take(Most)
            .Select(b => (Math.Clamp(100 * (b.Start - start.Milliseconds) / length, 0, 100), b.Kind == BarKind.Down ? "down" : "maintenance"))];
    }
}
