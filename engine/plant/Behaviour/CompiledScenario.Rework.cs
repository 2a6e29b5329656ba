using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

// Rework: the operations that mend a failed batch lie in the routing like all others, but their jobs sleep until something fails.
public sealed partial class CompiledScenario
{
    private int[] _reworks; // indices within the routing

    /// <summary>Whether any job may never be done: the rework of a batch that has not failed, the make-up lot of an order that is not short.</summary>
    public bool HasDormantJobs { get; private set; }

    /// <summary>Whether material of any operation is staged as a kit.</summary>
    public bool HasKits { get; private set; }

    /// <summary>Whether a job is done only when something calls for it.</summary>
    public bool StartsDormant(int job) => HasDormantJobs && (ReworkOf(job) >= 0 || Jobs.IsMakeUp(Jobs.JobLot[job]));

    /// <summary>Jobs of an order that are done whatever happens.</summary>
    public int JobsToDo(int order)
    {
        var (job, end) = (Jobs.LotFirstJob[Jobs.OrderFirstLot[order]], Jobs.LotFirstJob[Jobs.OrderFirstLot[order + 1]]);
        var count = end - job;
        for (; HasDormantJobs && job < end; job++)
        {
            count -= StartsDormant(job) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Operations (within the routing) that mend a job whose sample failed, in their order; empty where it is repeated itself.</summary>
    public ReadOnlySpan<int> ReworkBy(int job)
    {
        ref readonly var operation = ref CompiledOperationOf(job);
        return _reworks.AsSpan(operation.FirstRework, operation.ReworkCount);
    }

    /// <summary>Operation (within the routing) that a job's operation mends; −1 for one that is always done.</summary>
    public int ReworkOf(int job) => CompiledOperationOf(job).ReworkOf;

    /// <summary>The operations of a routing with the ways that rework adds to them.</summary>
    private sealed class ReworkOrder
    {
        private readonly WorkMaster _routing;
        private readonly int[] _follows; // per operation: the rework operation after it, −1 none

        public ReworkOrder(WorkMaster routing)
        {
            _routing = routing;
            var count = routing.Operations.Length;
            ReworkOf = new int[count];
            Required = new int[count];
            _follows = new int[count];
            Array.Fill(ReworkOf, -1);
            Array.Fill(_follows, -1);
            Before = [.. routing.Operations.Select(_ => new List<int>())];
            After = [.. routing.Operations.Select(_ => new List<int>())];
            for (var k = 0; k < count; k++)
            {
                var before = k;
                foreach (var child in routing.Operations[k].ReworkBy)
                {
                    ReworkOf[child] = k;
                    Before[child].Add(before);
                    if (before != k)
                    {
                        _follows[before] = child;
                        AddEndsOfRework(before, Before[child]);
                    }

                    before = child;
                }
            }

            for (var k = 0; k < count; k++)
            {
                Required[k] = 1; // what mends comes after the one thing that failed, or that was done to it before
                if (ReworkOf[k] < 0)
                {
                    var required = routing.Operations[k].Predecessors.Distinct().ToList();
                    Required[k] = required.Count;
                    Before[k].AddRange(required);
                    foreach (var before in required)
                    {
                        After[before].Add(k);
                        AddEndsOfRework(before, Before[k]);
                    }
                }
            }

            for (var k = 0; k < count; k++)
            {
                if (ReworkOf[k] >= 0)
                {
                    After[k] = _follows[k] >= 0 ? [_follows[k]] : FollowersOf(ReworkOf[k]);
                }
            }
        }

        /// <summary>Predecessors; for an operation that is always done, those that must end first and then the last rework of each of them.</summary>
        public List<int>[] Before { get; }

        /// <summary>Successors: of the last rework those of what it mends.</summary>
        public List<int>[] After { get; }

        public int[] Required { get; }

        public int[] ReworkOf { get; }

        private List<int> FollowersOf(int operation) =>
            ReworkOf[operation] < 0 ? After[operation] : _follows[operation] >= 0 ? [_follows[operation]] : FollowersOf(ReworkOf[operation]);

        private void AddEndsOfRework(int operation, List<int> before)
        {
            if (_routing.Operations[operation].ReworkBy is [.., var last])
            {
                before.Add(last);
                AddEndsOfRework(last, before);
            }
        }
    }
}
