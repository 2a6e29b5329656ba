using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler;

/// <summary>The best schedule of a tiny plant by trying everything; it knows nothing of the solvers.</summary>
/// <remarks>Plants with one slot per machine, matrix or no changeovers, no calendars, no auxiliaries, one site.</remarks>
internal sealed class BruteForce(CompiledScenario plant)
{
    private readonly List<PlannedBatch> _batches = [];
    private double _best = double.PositiveInfinity;

    public static double BestValue(CompiledScenario plant)
    {
        var search = new BruteForce(plant);
        search.Extend();
        return search._best;
    }

    /// <summary>Appends every job (or, where jobs batch, every set of jobs) that may come next, on every machine.</summary>
    private void Extend()
    {
        var done = _batches.SelectMany(b => b.Jobs).Select(j => j.Index).ToHashSet();
        if (done.Count == plant.Jobs.JobCount)
        {
            _best = Math.Min(_best, ObjectiveEvaluator.Evaluate(plant, new Schedule { Batches = [.. _batches] }, plant.Scenario.Objective).Total);
            return;
        }

        foreach (var set in NextSets(done))
        {
            foreach (var e in plant.EligibleEquipment(set[0]))
            {
                if (set.Sum(plant.Jobs.QuantityOf) <= plant.Plant.Equipment[e].CapacityMax && Append(set, e) is { } batch)
                {
                    _batches.Add(batch);
                    Extend();
                    _batches.RemoveAt(_batches.Count - 1);
                }
            }
        }
    }

    private IEnumerable<int[]> NextSets(HashSet<int> done)
    {
        int[] open = [.. Enumerable.Range(0, plant.Jobs.JobCount).Where(j => !done.Contains(j) && Before(j).All(done.Contains))];
        foreach (var lead in open)
        {
            if (!plant.OperationOf(lead).Batches)
            {
                yield return [lead];
                continue;
            }

            int[] company = [.. open.Where(j => j > lead && plant.FamilyOf(j) == plant.FamilyOf(lead) && ReferenceEquals(plant.OperationOf(j), plant.OperationOf(lead)))];
            for (var bits = 0; bits < 1 << company.Length; bits++)
            {
                yield return [lead, .. company.Where((_, i) => (bits & (1 << i)) != 0)];
            }
        }
    }

    private PlannedBatch? Append(int[] set, int e)
    {
        var last = _batches.LastOrDefault(b => b.Equipment.Index == e);
        var family = plant.FamilyOf(set[0]);
        var setup = plant.Plant.Equipment[e].Changeover is { } rule && plant.Plant.ChangeoverRules[rule] is MatrixChangeover matrix
            ? matrix.Between(last?.Family ?? plant.Plant.Equipment[e].InitialFamily, new FamilyId(family))
            : Changeover.None;
        if (!setup.Allowed)
        {
            return null;
        }

        var ready = set.Max(j => Math.Max(
            plant.OrderOf(j).Release.Milliseconds,
            Before(j).Select(p => _batches.Find(b => b.Jobs.Contains(new JobId(p)))!.End.Milliseconds).DefaultIfEmpty(0).Max()));
        var setupStart = Math.Max(ready, last?.End.Milliseconds ?? 0);
        var start = new SimTime(setupStart) + setup.Duration;
        return new PlannedBatch
        {
            Equipment = new EquipmentId(e), Jobs = [.. set.Select(j => new JobId(j))], SetupStart = new SimTime(setupStart), Start = start,
            End = start + set.Select(j => plant.MeanProcessingTime(j, e)).Max(), Family = family < 0 ? null : new FamilyId(family),
        };
    }

    private IEnumerable<int> Before(int job) => plant.OperationOf(job).Predecessors.Select(p => job - plant.Jobs.OperationIndexOf(job) + p);
}
