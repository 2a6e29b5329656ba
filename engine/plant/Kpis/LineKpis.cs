using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of a mixed-model line as it was launched and worked.</summary>
/// <param name="Line">Index of the line in the plant model.</param>
/// <param name="Launches">Units that entered it in the window.</param>
/// <param name="Units">Units (lots) that left the last station in the window.</param>
/// <param name="WorkingHours">Working hours of its first station in the window.</param>
/// <param name="UtilityWorkMinutes">Work beyond the station window that a utility worker took over, or would have had to.</param>
/// <param name="Overloads">Units at stations with such work.</param>
/// <param name="Stops">Times it stopped for a station that was not done.</param>
/// <param name="StopHours">Time it stood for them in working hours.</param>
/// <param name="Violations">Complete option windows of the launch order in which an option occurred too often.</param>
/// <param name="Deviation">Levelling: Σ over launches and options of (actual − ideal)²; ideal is the share of the order book.</param>
/// <remarks>Worker position w ← max(0, min(w + p − takt, window)); the excess of w + p − takt over the window is utility work
/// (Boysen et al., 2009). On a line that drifts, a class of n parallel stations takes every n-th unit, so its takt is n times the line's; a
/// station with n slots works on n units at once, so each takes up an n-th of its time.</remarks>
public sealed record LineKpis(
    int Line, int Launches, int Units, double WorkingHours, double UtilityWorkMinutes, int Overloads, int Stops, double StopHours, int Violations, double Deviation)
{
    internal static LineKpis Of(PlantState state, int index)
    {
        ref readonly var meters = ref state.LineMeters[index];
        var launcher = state.Plant.Lines!.Lines[index].Launcher;
        var hours = (state.Plant.CalendarOf(launcher)?.WorkBetween(state.StatisticsSince, state.Now) ?? state.Now - state.StatisticsSince).Hours;
        return new LineKpis(
            index, meters.Launches, meters.Units, hours, meters.UtilityMs / (double)Duration.MillisecondsPerMinute, meters.Overloads,
            meters.Stops, meters.StoppedMs / (double)Duration.MillisecondsPerHour, meters.Violations, meters.Deviation);
    }
}
