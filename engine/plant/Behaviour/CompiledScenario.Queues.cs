using System.Diagnostics.CodeAnalysis;

namespace DigitalTwin.Plant.Behaviour;

// Sets of queues: machines that serve the same queues starve together.
public sealed partial class CompiledScenario
{
    private int[] _queueSet; // per equipment
    private int[] _firstSetOfGroup; // per group, plus one
    private int[] _setsOfGroup;

    /// <summary>Number of different sets of queues that machines serve.</summary>
    internal int QueueSetCount { get; private set; }

    /// <summary>The set of queues that a machine serves.</summary>
    internal int QueueSetOf(int equipment) => _queueSet[equipment];

    /// <summary>The sets that the queue of a group is in.</summary>
    internal ReadOnlySpan<int> QueueSetsWith(int group) =>
        _setsOfGroup.AsSpan(_firstSetOfGroup[group], _firstSetOfGroup[group + 1] - _firstSetOfGroup[group]);

    [MemberNotNull(nameof(_queueSet), nameof(_firstSetOfGroup), nameof(_setsOfGroup))]
    private void LayOutQueueSets()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = Groups.Select(_ => new List<int>()).ToArray();
        _queueSet = new int[Plant.Equipment.Length];
        for (var equipment = 0; equipment < _queueSet.Length; equipment++)
        {
            var key = string.Join(',', EquipmentGroups[equipment]);
            if (!known.TryGetValue(key, out var set))
            {
                known.Add(key, set = known.Count);
                foreach (var group in EquipmentGroups[equipment])
                {
                    sets[group].Add(set);
                }
            }

            _queueSet[equipment] = set;
        }

        QueueSetCount = known.Count;
        _setsOfGroup = [.. sets.SelectMany(s => s)];
        _firstSetOfGroup = new int[Groups.Length + 1];
        for (var group = 0; group < Groups.Length; group++)
        {
            _firstSetOfGroup[group + 1] = _firstSetOfGroup[group] + sets[group].Count;
        }
    }
}
