using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Whether a schedule can belong to a plant at all: what the twin itself insists on, whoever made the schedule.</summary>
/// <remarks>The full rules are the scheduler's checker, which the doors ask before a schedule comes here.</remarks>
internal static class ScheduleFit
{
    private const int ProblemsNamed = 20;

    public static void Check(PlantState state, Schedule schedule, Schedule? current, List<string> problems)
    {
        var plant = state.Plant;
        Shape(plant, schedule, problems);
        if (problems.Count == 0 && current is not null)
        {
            Locks(state, schedule, current, problems);
        }
    }

    private static void Shape(CompiledScenario plant, Schedule schedule, List<string> problems)
    {
        var planned = new HashSet<int>();
        foreach (var batch in schedule.Batches)
        {
            if (problems.Count >= ProblemsNamed)
            {
                return;
            }

            if ((uint)batch.Equipment.Index >= (uint)plant.Plant.Equipment.Length)
            {
                problems.Add($"equipment {batch.Equipment.Index} does not exist");
                continue;
            }

            var equipment = plant.Plant.Equipment[batch.Equipment].Id;
            if (batch.Jobs.IsDefaultOrEmpty)
            {
                problems.Add($"a batch on {equipment} has no jobs");
            }

            if (batch.Start > batch.End || batch.SetupStart > batch.Start)
            {
                problems.Add($"a batch on {equipment} must have setup start ≤ start ≤ end, not {batch.SetupStart}, {batch.Start}, {batch.End}");
            }

            foreach (var job in batch.Jobs)
            {
                if ((uint)job.Index >= (uint)plant.Jobs.JobCount)
                {
                    problems.Add($"job {job.Index} on {equipment} does not exist");
                }
                else if (!planned.Add(job))
                {
                    problems.Add($"job {plant.JobName(job)} is planned twice");
                }
                else if (!plant.CanRun(job, batch.Equipment))
                {
                    problems.Add($"job {plant.JobName(job)} cannot run on {equipment}. Maybe its class, family, owner or load does not fit");
                }
            }
        }
    }

    /// <summary>A job that a person pinned, perhaps while the schedule was being made, stays on its equipment.</summary>
    private static void Locks(PlantState state, Schedule schedule, Schedule current, List<string> problems)
    {
        var placed = schedule.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b.Equipment))).ToDictionary(x => x.Index, x => x.Equipment);
        foreach (var batch in current.Batches)
        {
            foreach (var job in batch.Jobs)
            {
                if ((batch.Locked || state.Jobs[job].Locked) && (state.Jobs[job].Status is JobStatus.Waiting or JobStatus.Ready)
                    && placed.TryGetValue(job, out var moved) && moved != batch.Equipment && problems.Count < ProblemsNamed)
                {
                    problems.Add($"job {state.Plant.JobName(job)} is locked to {state.Plant.Plant.Equipment[batch.Equipment].Id}, the schedule has it on {state.Plant.Plant.Equipment[moved].Id}. Maybe unlock it first");
                }
            }
        }
    }
}
