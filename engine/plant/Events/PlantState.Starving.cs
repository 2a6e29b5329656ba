using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Starving: a machine stands ready in its working hours while nothing waits in any of its queues. Machines that serve the same queues share
// one clock of emptiness, so that the cost of a queue that fills or empties does not grow with the machines behind it.
public sealed partial class PlantState
{
    private QueueSetState[] _queueSets = []; // per set of queues that machines serve

    private void CountWaiting(int group, int change, long now)
    {
        ref var waiting = ref _readyInGroup[group];
        var wasEmpty = waiting == 0;
        waiting += change;
        if (wasEmpty == (waiting == 0))
        {
            return;
        }

        foreach (var s in Plant.QueueSetsWith(group))
        {
            ref var set = ref _queueSets[s];
            if (!wasEmpty && --set.Filled == 0)
            {
                set.EmptySince = now;
            }
            else if (wasEmpty && set.Filled++ == 0)
            {
                set.EmptyMs += Math.Max(0, now - set.EmptySince);
            }
        }
    }

    /// <summary>Books what a machine has starved since it was last looked at.</summary>
    private void SettleStarving(int e, long now)
    {
        ref readonly var set = ref _queueSets[Plant.QueueSetOf(e)];
        ref var equipment = ref _equipment[e];
        var empty = set.EmptyMs + (set.Filled == 0 ? Math.Max(0, now - set.EmptySince) : 0);
        if (equipment is { Status: EquipmentStatus.Idle, Reserved: < 0 })
        {
            _meters[e].StarvedMs += empty - equipment.EmptyMark;
        }

        equipment.EmptyMark = empty;
    }

    /// <summary>For how long all queues of a set have been empty.</summary>
    private struct QueueSetState
    {
        /// <summary>Queues in which something waits.</summary>
        public int Filled;
        public long EmptySince;

        /// <summary>Emptiness that is over, ms.</summary>
        public long EmptyMs;
    }
}
