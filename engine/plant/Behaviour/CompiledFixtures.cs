using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Fixture loops as the event path reads them. Fixtures of one loop and family are a pool: index loop × families + family.</summary>
internal sealed class CompiledFixtures
{
    private readonly int[] _enters; // per operation of all routings: loop, −1 none
    private readonly int[] _leaves;

    public CompiledFixtures(PlantModel plant, IReadOnlyList<Operation> operations, IReadOnlyList<int> groupOf)
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
