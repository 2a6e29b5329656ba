using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Tasks whose predecessors have ended, in one queue per group of equipment, most urgent first.</summary>
internal sealed class ReadyTasks
{
    private readonly SchedulingProblem _problem;
    private readonly SortedSet<(long Key, int Task)>[] _queues; // per group of the scenario
    private readonly SortedSet<(long Key, int Task)>[] _byBatchKey;
    private readonly long[] _key;
    private readonly long[] _since;
    private readonly int[] _group;

    public ReadyTasks(SchedulingProblem problem, DispatchScore score)
    {
        _problem = problem;
        _queues = [.. problem.Plant.Groups.Select(_ => new SortedSet<(long, int)>())];
        _byBatchKey = [.. Enumerable.Range(0, problem.Tasks.Select(t => t.BatchKey).DefaultIfEmpty(-1).Max() + 1).Select(_ => new SortedSet<(long, int)>())];
        _key = [.. problem.Tasks.Select(t => score.QueueKey(t.Index))];
        _since = new long[problem.Tasks.Length];
        Array.Fill(_since, -1);
        _group = [.. problem.Tasks.Select(t => problem.Plant.GroupOf(t.Job))];
    }

    public int Count { get; private set; }

    /// <summary>When the last task so far became ready.</summary>
    public long Latest { get; private set; }

    public void Add(int task, long now)
    {
        Count++;
        Latest = Math.Max(Latest, now);
        _since[task] = now;
        _queues[_group[task]].Add((_key[task], task));
        if (_problem.Tasks[task].BatchKey is var key and >= 0)
        {
            _byBatchKey[key].Add((_key[task], task));
        }
    }

    public void Remove(int task)
    {
        Count--;
        _since[task] = -1;
        _queues[_group[task]].Remove((_key[task], task));
        if (_problem.Tasks[task].BatchKey is var key and >= 0)
        {
            _byBatchKey[key].Remove((_key[task], task));
        }
    }

    public bool Contains(int task) => _since[task] >= 0;

    /// <summary>When a task became ready.</summary>
    public long Since(int task) => _since[task];

    /// <summary>Tasks that wait for a machine, queue by queue.</summary>
    public IEnumerable<int> For(int equipment)
    {
        foreach (var group in _problem.Plant.EquipmentGroups[equipment])
        {
            foreach (var (_, task) in _queues[group])
            {
                if (_problem.Tasks[task].CanRunOn(equipment))
                {
                    yield return task;
                }
            }
        }
    }

    public IEnumerable<int> WithKey(int key)
    {
        foreach (var (_, task) in _byBatchKey[key])
        {
            yield return task;
        }
    }
}
