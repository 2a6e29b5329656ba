using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Waits: how long goods may wait between two operations, and what becomes of them when that is over.
public sealed partial class CompiledScenario
{
    private long[] _longestWorkMs = []; // per group; empty where no wait is limited

    /// <summary>Whether any operation limits the wait after it.</summary>
    public bool LimitsWaits => _longestWorkMs.Length > 0;

    /// <summary>The longest expected time (on the best machine) of what is done on any machine of a group, ms: so long a free machine may be taken.</summary>
    internal long LongestWorkMs(int group) => _longestWorkMs[group];

    /// <summary>The job that is done again when a job has waited too long for its start; −1 where that is only counted.</summary>
    internal int RepeatedBefore(int job)
    {
        var before = PredecessorsOf(job);
        if (!LimitsWaits || before.Length != 1)
        {
            return -1;
        }

        var repeated = CompiledJobOf(job).First + before[0];
        return OperationOf(repeated) is { AfterMaxWait: not AfterMaxWait.Count, MaxWait: not null } && SuccessorsOf(repeated).Length == 1 ? repeated : -1;
    }

    private void CompileWaits()
    {
        if (!_operations.Any(o => o.MaxWait is not null))
        {
            return;
        }

        var byGroup = new long[Groups.Length];
        for (var job = 0; job < Jobs.JobCount; job++)
        {
            ref var longest = ref byGroup[GroupOf(job)];
            longest = Math.Max(longest, LeastProcessingTime(job).Milliseconds);
        }

        var byEquipment = EquipmentGroups.Select(groups => groups.Select(g => byGroup[g]).DefaultIfEmpty().Max()).ToArray();
        _longestWorkMs = [.. Groups.Select(machines => machines.Select(e => byEquipment[e]).DefaultIfEmpty().Max())];
    }
}
