using System.Numerics;
using System.Runtime.CompilerServices;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>The disjunctive graph of a schedule in flat arrays: heads, tails, machine sequences and a topological order, all kept under moves.</summary>
/// <remarks>
/// Nodes 0 … n−1 are operations, node n is the void before a job and after everything, node n+1+m the void before machine m.
/// A move costs what it touches: nodes between the old and the new place in the topological order, and nodes whose head or tail changes.
/// The head of an operation is the start of its occupation of the machine: of its setup, when that needs the job, else of its processing.
/// </remarks>
internal sealed partial class ShopGraph
{
    public readonly ShopProblem Problem;
    public readonly int Count;

    /// <summary>The node beyond the ends of jobs and sequences.</summary>
    public readonly int Void;

    /// <summary>Before and after in the job and on the machine.</summary>
    public readonly int[] JobBefore, JobAfter, Before, After;

    /// <summary>Head, tail (without the node itself), occupation, setup that precedes the head, wait after.</summary>
    public readonly int[] Head, Tail, Length, Gap, Wait;

    public readonly int[] Ready;

    /// <summary>Machine and chosen option by operation.</summary>
    public readonly int[] Machine, Option;

    /// <summary>Sequence of each machine, and the place of each operation in it.</summary>
    public readonly int[][] Sequence;
    public readonly int[] Load;
    public readonly int[] Place;

    private readonly ShopSetups? _setups;
    private readonly int[] _order; // topological
    private readonly int[] _position;
    private readonly ulong[] _dirtyHeads, _dirtyTails; // by position
    private readonly bool[] _marked;
    private readonly int[] _shelf;
    private readonly bool _endsByJob;

    public ShopGraph(ShopProblem problem)
    {
        Problem = problem;
        Count = problem.Count;
        Void = Count;
        var nodes = Count + 1 + problem.Machines;
        (JobBefore, JobAfter, Before, After) = (new int[nodes], new int[nodes], new int[nodes], new int[nodes]);
        (Head, Tail, Length, Gap, Wait, Ready) = (new int[nodes], new int[nodes], new int[nodes], new int[nodes], new int[nodes], new int[nodes]);
        (Machine, Option, Place) = (new int[nodes], new int[nodes], new int[nodes]);
        Load = new int[problem.Machines];
        Sequence = new int[problem.Machines][];
        for (var m = 0; m < problem.Machines; m++)
        {
            Sequence[m] = new int[16];
            Head[Count + 1 + m] = problem.MachineReady[m];
            Machine[Count + 1 + m] = m;
        }

        for (var v = 0; v < Count; v++)
        {
            var job = problem.JobOf[v];
            JobBefore[v] = v > problem.JobFirst[job] ? v - 1 : Void;
            JobAfter[v] = v + 1 < problem.JobFirst[job + 1] ? v + 1 : Void;
            Wait[v] = JobAfter[v] == Void ? 0 : problem.Wait[v];
            Ready[v] = problem.Ready[v];
        }

        _setups = problem.Setups;
        (_order, _position) = (new int[Count], new int[nodes]);
        _dirtyHeads = new ulong[(Count + 63) / 64];
        _dirtyTails = new ulong[(Count + 63) / 64];
        _marked = new bool[nodes];
        _shelf = new int[Count];
        _endsByJob = problem.Jobs < problem.Machines;
    }

    /// <summary>Takes over machines and an order of all operations in which jobs keep theirs.</summary>
    public void Take(ReadOnlySpan<int> options, ReadOnlySpan<int> order)
    {
        Array.Clear(Load);
        order.CopyTo(_order);
        for (var i = 0; i < Count; i++)
        {
            var v = order[i];
            _position[v] = i;
            Option[v] = options[v];
            var m = Problem.OptionMachine[options[v]];
            Machine[v] = m;
            if (Load[m] == Sequence[m].Length)
            {
                Array.Resize(ref Sequence[m], 2 * Load[m]);
            }

            var before = Load[m] > 0 ? Sequence[m][Load[m] - 1] : Count + 1 + m;
            Before[v] = before;
            After[before] = v;
            After[v] = Void;
            Place[v] = Load[m];
            Sequence[m][Load[m]++] = v;
            SetLengths(v);
        }

        for (var m = 0; m < Load.Length; m++)
        {
            if (Load[m] == 0)
            {
                After[Count + 1 + m] = Void;
            }
        }

        for (var i = 0; i < Count; i++)
        {
            Head[_order[i]] = HeadOf(_order[i]);
        }

        for (var i = Count - 1; i >= 0; i--)
        {
            Tail[_order[i]] = TailOf(_order[i]);
        }
    }

    /// <summary>End of the last operation.</summary>
    public int Makespan()
    {
        var last = 0;
        if (_endsByJob)
        {
            var first = Problem.JobFirst;
            for (var j = 1; j < first.Length; j++)
            {
                last = Math.Max(last, Head[first[j] - 1] + Length[first[j] - 1]);
            }

            return last;
        }

        for (var m = 0; m < Load.Length; m++)
        {
            if (Load[m] > 0)
            {
                var v = Sequence[m][Load[m] - 1];
                last = Math.Max(last, Head[v] + Length[v]);
            }
        }

        return last;
    }

    /// <summary>The longest path through all operations, by heads and tails; equal to <see cref="Makespan"/> when both are in order.</summary>
    public int LongestPath()
    {
        var longest = 0;
        for (var v = 0; v < Count; v++)
        {
            longest = Math.Max(longest, Head[v] + Length[v] + Tail[v]);
        }

        return longest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Setup(int machine, int from, int to) => _setups is null ? 0 : _setups.Time(machine, from < Count ? from : -1, to);

    /// <summary>Length and gap of an operation with an option after another on the same machine.</summary>
    public (int Length, int Gap) LengthsAfter(int option, int before, int v)
    {
        var time = Problem.OptionTime[option];
        if (_setups is null)
        {
            return (time, 0);
        }

        var setup = _setups.Time(Problem.OptionMachine[option], before < Count ? before : -1, v);
        return _setups.BeforeArrival ? (time, setup) : (time + setup, 0);
    }

    /// <summary>Moves an operation to a place in the sequence of one of its machines, counted without itself.</summary>
    /// <returns>False, with nothing changed, when operations would wait for each other.</returns>
    public bool Move(int v, int option, int place)
    {
        var (oldOption, oldPlace) = (Option[v], Place[v]);
        var (left, right) = (Before[v], After[v]);
        Unlink(v);
        Link(v, option, place);
        if (!Reorder(v))
        {
            Unlink(v);
            Link(v, oldOption, oldPlace);
            return false;
        }

        Touch(v);
        Touch(right);
        TouchTail(left);
        if (_setups is not null || option != oldOption)
        {
            Refresh(v);
            Refresh(After[v]);
            Refresh(right);
        }

        Touch(After[v]);
        TouchTail(v);
        TouchTail(Before[v]);
        Propagate();
        return true;
    }

    /// <summary>All operations in topological order.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>Starts of processing as a schedule.</summary>
    public ShopSchedule ToSchedule()
    {
        var start = new int[Count];
        for (var v = 0; v < Count; v++)
        {
            start[v] = Head[v] + Length[v] - Problem.OptionTime[Option[v]];
        }

        return new ShopSchedule(Machine[..Count], start, Makespan());
    }

    private void SetLengths(int v) => (Length[v], Gap[v]) = LengthsAfter(Option[v], Before[v], v);

    private void Refresh(int v)
    {
        if (v >= Count)
        {
            return;
        }

        SetLengths(v);
        Touch(v);
        Touch(JobAfter[v]);
        Touch(After[v]);
        TouchTail(JobBefore[v]);
        TouchTail(Before[v]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(int v)
    {
        if (v < Count)
        {
            var at = _position[v];
            _dirtyHeads[at >> 6] |= 1UL << at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TouchTail(int v)
    {
        if (v < Count)
        {
            var at = _position[v];
            _dirtyTails[at >> 6] |= 1UL << at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HeadOf(int v)
    {
        var (job, machine) = (JobBefore[v], Before[v]);
        return Math.Max(Ready[v], Math.Max(Head[job] + Length[job] + Wait[job], Head[machine] + Length[machine] + Gap[v]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TailOf(int v)
    {
        var (job, machine) = (JobAfter[v], After[v]);
        return Math.Max(Tail[job] + Length[job] + Wait[v], Tail[machine] + Length[machine] + Gap[machine]);
    }

    private void Propagate()
    {
        for (var w = 0; w < _dirtyHeads.Length; w++)
        {
            while (_dirtyHeads[w] != 0)
            {
                var v = _order[(w << 6) + BitOperations.TrailingZeroCount(_dirtyHeads[w])];
                _dirtyHeads[w] &= _dirtyHeads[w] - 1;
                var head = HeadOf(v);
                if (head != Head[v])
                {
                    Head[v] = head;
                    Touch(JobAfter[v]);
                    Touch(After[v]);
                }
            }
        }

        for (var w = _dirtyTails.Length - 1; w >= 0; w--)
        {
            while (_dirtyTails[w] != 0)
            {
                var bit = 63 - BitOperations.LeadingZeroCount(_dirtyTails[w]);
                _dirtyTails[w] ^= 1UL << bit;
                var v = _order[(w << 6) + bit];
                var tail = TailOf(v);
                if (tail != Tail[v])
                {
                    Tail[v] = tail;
                    TouchTail(JobBefore[v]);
                    TouchTail(Before[v]);
                }
            }
        }
    }
}
