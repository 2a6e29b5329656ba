using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of a mixed-model line in the order in which its stations really worked.</summary>
/// <param name="Line">Index of the line in the plant model.</param>
/// <param name="Units">Units (lots) that left the last station in the window.</param>
/// <param name="UtilityWorkMinutes">Work beyond the station window that a utility worker had to take over.</param>
/// <remarks>Worker position w ← max(0, min(w + p − takt, window)); the excess of w + p − takt over the window is utility work
/// (Boysen et al., 2009). A class of n parallel stations takes every n-th unit, so its takt is n times the line's; a station with n
/// slots works on n units at once, so each takes up an n-th of its time.</remarks>
public sealed record LineKpis(int Line, int Units, double UtilityWorkMinutes)
{
    internal static LineKpis Of(PlantState state, int index)
    {
        var line = state.Plant.Plant.Lines[index];
        var station = new Dictionary<int, int>();
        for (var s = 0; s < line.Stations.Length; s++)
        {
            station[line.Stations[s].Index] = s;
        }

        var works = new List<(int Equipment, long Start, long Work, int Station)>();
        var since = state.StatisticsSince.Milliseconds;
        for (var j = 0; j < state.Jobs.Length; j++)
        {
            ref readonly var job = ref state.Jobs[j];
            if (job.Status == JobStatus.Done && job.Lead == j && job.EndAt >= since
                && station.TryGetValue(state.Plant.Plant.Equipment[job.Equipment].Class.Index, out var s))
            {
                works.Add((job.Equipment, job.StartAt, job.PlannedMs / state.Plant.Plant.Equipment[job.Equipment].Slots, s));
            }
        }

        var parallel = state.Plant.Plant.Equipment.CountBy(e => e.Class.Index).ToDictionary();
        var excess = works.GroupBy(w => w.Equipment)
            .Sum(g => UtilityWork(g.OrderBy(w => w.Start).Select(w => w.Work), line, parallel[line.Stations[g.First().Station].Index]));
        return new LineKpis(index, works.Count(w => w.Station == line.Stations.Length - 1), excess / (double)Duration.MillisecondsPerMinute);
    }

    private static long UtilityWork(IEnumerable<long> works, ProductionLine line, int parallel)
    {
        var (position, excess) = (0L, 0L);
        foreach (var work in works)
        {
            var reached = position + work - line.Takt.Milliseconds * parallel;
            excess += Math.Max(0, reached - line.StationWindow.Milliseconds);
            position = Math.Clamp(reached, 0, line.StationWindow.Milliseconds);
        }

        return excess;
    }
}
