using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Fixture loops as the event path reads them. Fixtures of one loop and family are a pool: index loop × families + family.</summary>
internal sealed class CompiledFixtures
{
    private readonly int[] _enters; // per operation of all routings: loop, −1 none
    private readonly int[] _leaves;
    private readonly (int Loop, int Enter)[] _around; // per operation
    private readonly int[][] _jobsOfKey; // per batch key; empty but for batches inside a loop

    public CompiledFixtures(PlantModel plant, CompiledScenario jobs, IReadOnlyList<Operation> operations, IReadOnlyList<int> groupOf)
    {
        Families = plant.Families.Length;
        PoolCount = plant.FixtureLoops.Length * Families;
        _enters = [.. operations.Select(o => LoopWith(plant, o, l => l.Enter))];
        _leaves = [.. operations.Select(o => LoopWith(plant, o, l => l.Leave))];
        Loops =
        [
            .. plant.FixtureLoops.Select((l, i) => new CompiledLoop(
                l.Change.Milliseconds, l.Return.Milliseconds, l.ChangePlaces ?? int.MaxValue, l.Fixtures.Sum(f => f.Count),
                [.. Enumerable.Range(0, _enters.Length).Where(o => _enters[o] == i).Select(o => groupOf[o]).Distinct()])),
        ];
        _around = [.. plant.WorkMasters.SelectMany((_, w) => LoopsAround(plant, w))];
        BatchGroups = [.. Enumerable.Range(0, _around.Length).Where(o => operations[o].Batches && _around[o].Loop >= 0).Select(o => groupOf[o]).Distinct()];
        var inLoops = Enumerable.Range(0, BatchGroups.Length == 0 ? 0 : jobs.Jobs.JobCount)
            .Where(j => jobs.OperationOf(j).Batches && Around(jobs.OperationIndexOf(j)).Loop >= 0).ToLookup(jobs.BatchKeyOf);
        _jobsOfKey = [.. Enumerable.Range(0, jobs.BatchKeyCount).Select(k => inLoops[k].ToArray())];
    }

    /// <summary>Queues of operations inside loops that are done in batches.</summary>
    public int[] BatchGroups { get; }

    /// <summary>The loop that an operation lies in behind its entry, and the operation of the routing that enters it; loop −1 none.</summary>
    public (int Loop, int Enter) Around(int operation) => _around[operation];

    /// <summary>Jobs that may share a batch inside a loop.</summary>
    public ReadOnlySpan<int> JobsOfKey(int key) => _jobsOfKey[key];

    /// <summary>Per operation of a routing: the loop that it lies in.</summary>
    private IEnumerable<(int Loop, int Enter)> LoopsAround(PlantModel plant, int routing)
    {
        var first = plant.WorkMasters.Take(routing).Sum(w => w.Operations.Length);
        var around = (Loop: -1, Enter: -1);
        for (var k = 0; k < plant.WorkMasters[routing].Operations.Length; k++)
        {
            yield return around;
            around = _enters[first + k] >= 0 ? (_enters[first + k], k) : around;
            around = _leaves[first + k] == around.Loop ? (-1, -1) : around;
        }
    }

    public int Families { get; }

    public int PoolCount { get; }

    public CompiledLoop[] Loops { get; }

    /// <summary>Loop for which an operation takes a fixture; −1 none.</summary>
    public int EnteredBy(int operation) => _enters[operation];

    /// <summary>Loop whose fixture an operation gives back; −1 none.</summary>
    public int LeftBy(int operation) => _leaves[operation];

    private static int LoopWith(PlantModel plant, Operation operation, Func<FixtureCircuit, EquipmentClassId> end)
    {
        var first = operation.Alternatives[0];
        var of = first.Class ?? plant.Equipment[first.Equipment!.Value].Class;
        for (var l = 0; l < plant.FixtureLoops.Length; l++)
        {
            if (end(plant.FixtureLoops[l]) == of)
            {
                return l;
            }
        }

        return -1;
    }
}

/// <summary>One loop.</summary>
/// <param name="Count">Fixtures on it.</param>
/// <param name="Groups">Queues in which units wait to enter it.</param>
internal readonly record struct CompiledLoop(long ChangeMs, long ReturnMs, int ChangePlaces, int Count, int[] Groups);
