namespace DigitalTwin.Scheduler.Balancing;

/// <summary>Precedence among tasks as flat arrays, seen from one end of the line.</summary>
/// <remarks>A line may as well be filled from its last station backwards; the reversed graph swaps predecessors and successors.</remarks>
internal sealed class PrecedenceGraph
{
    private readonly int[] _firstSuccessor;
    private readonly int[] _successors;
    private readonly ulong[] _closure; // [task × words]: all direct and indirect successors

    public PrecedenceGraph(BalancingProblem problem, bool reversed)
    {
        Count = problem.Tasks.Length;
        Words = (Count + 63) / 64;
        Reversed = reversed;
        var after = Enumerable.Range(0, Count).Select(_ => new List<int>()).ToArray();
        Predecessors = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            foreach (var p in problem.Tasks[i].Predecessors.Distinct())
            {
                var (from, to) = reversed ? (i, p) : (p, i);
                after[from].Add(to);
                Predecessors[to]++;
            }
        }

        _firstSuccessor = new int[Count + 1];
        _successors = [.. after.SelectMany(s => s)];
        for (var i = 0; i < Count; i++)
        {
            _firstSuccessor[i + 1] = _firstSuccessor[i] + after[i].Count;
        }

        _closure = new ulong[Count * Words];
        var order = problem.Order;
        for (var k = 0; k < Count; k++)
        {
            var task = reversed ? order[k] : order[Count - 1 - k];
            foreach (var s in SuccessorsOf(task))
            {
                _closure[task * Words + s / 64] |= 1UL << (s % 64);
                for (var w = 0; w < Words; w++)
                {
                    _closure[task * Words + w] |= _closure[s * Words + w];
                }
            }
        }
    }

    public int Count { get; }

    /// <summary>64-bit words of a set of tasks.</summary>
    public int Words { get; }

    public bool Reversed { get; }

    /// <summary>Number of direct predecessors of each task.</summary>
    public int[] Predecessors { get; }

    public ReadOnlySpan<int> SuccessorsOf(int task) => _successors.AsSpan(_firstSuccessor[task].._firstSuccessor[task + 1]);

    /// <summary>Whether everything that waits for <paramref name="task"/> also waits for <paramref name="other"/>.</summary>
    public bool IsSuccessorSubset(int task, int other)
    {
        for (var w = 0; w < Words; w++)
        {
            if ((_closure[task * Words + w] & ~_closure[other * Words + w]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sum of a task's weight and the weights of all that wait for it (ranked positional weight, Helgeson and Birnie 1961).</summary>
    public long PositionalWeight(int task, ReadOnlySpan<long> weights)
    {
        var sum = weights[task];
        for (var i = 0; i < Count; i++)
        {
            if ((_closure[task * Words + i / 64] >> (i % 64) & 1) != 0)
            {
                sum += weights[i];
            }
        }

        return sum;
    }
}
