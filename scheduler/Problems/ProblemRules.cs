using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Contradictions that no search could resolve, each with a name and a way out.</summary>
internal static class ProblemRules
{
    public static void CheckWeights(ObjectiveWeights weights)
    {
        foreach (var (name, value) in new (string, double)[]
        {
            ("tardiness", weights.Tardiness), ("makespan", weights.Makespan), ("changeover-time", weights.ChangeoverTime),
            ("changeover-cost", weights.ChangeoverCost), ("energy-cost", weights.EnergyCost), ("instability", weights.Instability),
        })
        {
            if (!(value >= 0 && double.IsFinite(value)))
            {
                throw Problem($"Objective weight '{name}' is {value}; it must be a finite number ≥ 0. Maybe 0 was meant, to leave the term out?");
            }
        }
    }

    public static void CheckCurrent(CompiledScenario plant, Schedule current)
    {
        var seen = new HashSet<int>();
        foreach (var batch in current.Batches)
        {
            if ((uint)batch.Equipment.Index >= (uint)plant.Plant.Equipment.Length)
            {
                throw Problem($"The current schedule uses equipment number {batch.Equipment.Index}, but the plant has {plant.Plant.Equipment.Length}. Maybe it belongs to another scenario?");
            }

            if (batch.Jobs.IsDefaultOrEmpty)
            {
                throw Problem($"The current schedule has a batch without jobs on {plant.Plant.Equipment[batch.Equipment].Id}. Maybe its orders were removed from the book?");
            }

            foreach (var job in batch.Jobs)
            {
                if ((uint)job.Index >= (uint)plant.Jobs.JobCount)
                {
                    throw Problem($"The current schedule plans job number {job.Index}, but the order book has {plant.Jobs.JobCount} jobs. Maybe it was made for a longer order book?");
                }

                if (!seen.Add(job))
                {
                    throw Problem($"The current schedule plans job {plant.JobName(job)} twice. Maybe two schedules were joined?");
                }
            }
        }
    }

    /// <summary>The one machine that a lock leaves.</summary>
    public static IEnumerable<int> LockedTo(CompiledScenario plant, int job, int equipment, IEnumerable<int> eligible) => eligible.Contains(equipment)
        ? [equipment]
        : throw Problem($"Job {plant.JobName(job)} is locked to {plant.Plant.Equipment[equipment].Id}, which cannot do it. Maybe unlock it?");

    public static void CheckTask(CompiledScenario plant, ProblemTask task, List<LockedBatch> locks)
    {
        CheckEligibility(plant, task);
        CheckAuxiliaries(plant, task);
        CheckWaits(plant, task);
        if (task.Lock >= 0 && !task.CanRunOn(locks[task.Lock].Equipment))
        {
            throw Problem($"Job {plant.JobName(task.Job)} is locked to {plant.Plant.Equipment[locks[task.Lock].Equipment].Id}, which cannot do it. Maybe unlock it?");
        }
    }

    private static void CheckEligibility(CompiledScenario plant, ProblemTask task)
    {
        if (!task.Options.IsEmpty)
        {
            return;
        }

        var name = plant.JobName(task.Job);
        var group = plant.Groups[plant.GroupOf(task.Job)];
        if (group.Length == 0)
        {
            var needs = string.Join(", ", plant.OperationOf(task.Job).Requires);
            throw Problem($"Job {name} has no equipment: nothing has the capabilities it requires ({needs}). Maybe a capability is misspelt?");
        }

        var largest = group.Max(e => plant.Plant.Equipment[e].CapacityMax);
        throw task.Load > largest
            ? Problem($"Job {name} has a load of {task.Load}, but the largest of its {group.Length} machines takes {largest}. Maybe give the order a lot size of at most {largest}?")
            : Problem($"Job {name} fits none of its {group.Length} machines: each is too small, closed to its family or kept by its owner. Maybe share a machine or allow the family?");
    }

    private static void CheckAuxiliaries(CompiledScenario plant, ProblemTask task)
    {
        foreach (var need in task.Auxiliaries)
        {
            var resource = plant.Plant.Auxiliaries[need.Auxiliary];
            if (need.Count > resource.Count)
            {
                throw Problem($"Job {plant.JobName(task.Job)} needs {need.Count} of {resource.Id}, but there are only {resource.Count}. Maybe the count of the resource is wrong?");
            }
        }
    }

    private static void CheckWaits(CompiledScenario plant, ProblemTask task)
    {
        if (task.MaxWait < task.MinWait)
        {
            throw Problem($"Job {plant.JobName(task.Job)} must wait at least {task.MinWait} ms and at most {task.MaxWait} ms before its next step. Maybe the two are swapped?");
        }
    }

    private static PlanningException Problem(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture));
}
