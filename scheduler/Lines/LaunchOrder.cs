using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Reads the launch order of a line out of a schedule, and values it.</summary>
public static class LaunchOrder
{
    /// <summary>Option violations, utility work and levelling of a schedule over all lines; empty where the plant has no line.</summary>
    /// <param name="from">The state it was planned from.</param>
    public static IEnumerable<ObjectiveTerm> Terms(CompiledScenario plant, Schedule schedule, ObjectiveWeights weights, PlantState? from = null) =>
        Enumerable.Range(0, plant.Plant.Lines.Length)
            .SelectMany(line =>
            {
                var problem = LineProblemBuilder.Build(plant, line, from, weights);
                return LineEvaluator.Evaluate(problem, Of(problem, plant, line, schedule)).Terms(problem);
            })
            .GroupBy(t => t.Name, StringComparer.Ordinal)
            .Select(terms => terms.First() with { Amount = terms.Sum(t => t.Amount) });

    /// <summary>The units of a problem in the order in which the schedule launches them; those it does not name come last.</summary>
    public static int[] Of(LineProblem problem, CompiledScenario plant, int line, Schedule schedule)
    {
        var starts = Launches(plant, line, schedule);
        return
        [
            .. Enumerable.Range(0, problem.Fixed),
            .. Enumerable.Range(problem.Fixed, problem.Open).OrderBy(u => starts.GetValueOrDefault(problem.Units[u].Lot, SimTime.Never)).ThenBy(u => u),
        ];
    }

    /// <summary>Lots that the schedule launches up to the last one with a locked batch on the line, in launch order.</summary>
    internal static IEnumerable<int> PinnedLots(CompiledScenario plant, int line, Schedule schedule)
    {
        var starts = Launches(plant, line, schedule);
        var locked = schedule.Batches.Where(b => b.Locked).SelectMany(b => b.Jobs).Select(j => plant.Jobs.JobLot[j]).Where(starts.ContainsKey).ToList();
        if (locked.Count == 0)
        {
            return [];
        }

        var last = locked.Max(lot => (starts[lot], lot));
        return starts.Where(s => (s.Value, s.Key).CompareTo(last) <= 0).OrderBy(s => s.Value).ThenBy(s => s.Key).Select(s => s.Key);
    }

    /// <summary>First planned start of each lot at a station of the line.</summary>
    private static Dictionary<int, SimTime> Launches(CompiledScenario plant, int line, Schedule schedule)
    {
        var stations = plant.Plant.Lines[line].Stations;
        var starts = new Dictionary<int, SimTime>();
        foreach (var batch in schedule.Batches.Where(b => stations.Contains(plant.Plant.Equipment[b.Equipment].Class)))
        {
            foreach (var job in batch.Jobs)
            {
                var lot = plant.Jobs.JobLot[job];
                starts[lot] = starts.TryGetValue(lot, out var known) ? SimTime.Min(known, batch.Start) : batch.Start;
            }
        }

        return starts;
    }
}
