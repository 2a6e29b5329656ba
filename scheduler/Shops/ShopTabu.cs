using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>Tabu search on the disjunctive graph: makespan, one machine or several per operation, with or without setups.</summary>
/// <remarks>
/// Moves change a critical block as N7 does (Zhang, Li, Guan and Rao 2007, after Balas and Vazacopoulos 1998) or put a critical operation
/// into its best gap on another machine (Mastrolilli and Gambardella 2000). A move is judged by an estimate of the longest path through
/// what it moves; the one chosen is carried out exactly. Tabu is the order of two operations that was just turned around, and the
/// machine an operation was taken from.
/// </remarks>
internal sealed partial class ShopTabu
{
    private const int OrderBits = 16;
    private readonly ShopGraph _graph;
    private readonly SearchRandom _random;
    private readonly int[] _tabuOrder = new int[1 << OrderBits]; // by hash of a pair: until when the first may not come before the second
    private readonly int[] _tabuOption; // by option: until when it may not be chosen again
    private readonly int[] _bestOptions, _bestOrder;
    private readonly int[] _path;
    private readonly bool[] _byMachine; // whether an operation of the path hangs on the one before on its machine
    private readonly bool _flexible, _plain, _anywhere;
    private readonly int _tenure;
    private int _iteration;

    public ShopTabu(ShopGraph graph, SearchRandom random)
    {
        (_graph, _random) = (graph, random);
        var problem = graph.Problem;
        _tabuOption = new int[problem.OptionMachine.Length];
        (_bestOptions, _bestOrder) = (new int[graph.Count], new int[graph.Count]);
        (_path, _byMachine) = (new int[graph.Count], new bool[graph.Count]);
        (_headAfter, _flexible) = (new int[graph.Count], problem.IsFlexible);
        _anywhere = problem.Setups is not null;
        _plain = !_flexible && !_anywhere && problem.MachineReady.All(r => r == 0);
        _tenure = 10 + Math.Min(40, problem.Jobs / Math.Max(1, problem.Machines));
    }

    /// <summary>Makespan of the best schedule of the last run.</summary>
    public int Best { get; private set; }

    /// <summary>Moves made in all runs.</summary>
    public long Moves { get; private set; }

    public ReadOnlySpan<int> BestOptions => _bestOptions;

    public ReadOnlySpan<int> BestOrder => _bestOrder;

    /// <summary>Searches from the graph's schedule until so many moves bring nothing better, the bound is met, or <paramref name="stop"/> says so.</summary>
    /// <param name="improved">Called with the graph at every schedule better than <paramref name="record"/>.</param>
    public void Run(int patience, int bound, int record, Action<ShopGraph>? improved, Func<bool> stop)
    {
        Best = int.MaxValue;
        Forget();
        var (current, unsaved) = (_graph.Makespan(), false);
        Keep(current);
        for (var idle = 0; idle < patience && Best > bound; idle++)
        {
            if ((_iteration & 63) == 0 && stop())
            {
                break;
            }

            _iteration++;
            if (!Choose(current))
            {
                break;
            }

            Apply();
            Moves++;
            current = _graph.Makespan();
            if (current < Best)
            {
                Keep(current);
                idle = 0;
                unsaved |= current < record;
                if (unsaved)
                {
                    improved?.Invoke(_graph);
                    (record, unsaved) = (current, false);
                }
            }
        }
    }

    private void Keep(int makespan)
    {
        Best = makespan;
        _graph.Option.AsSpan(0, _graph.Count).CopyTo(_bestOptions);
        _graph.Order.CopyTo(_bestOrder);
    }

    private void Forget()
    {
        if (_iteration > int.MaxValue / 2)
        {
            _iteration = 0;
        }

        Array.Clear(_tabuOrder);
        Array.Clear(_tabuOption);
    }

    private void Apply()
    {
        var move = _move;
        var until = _iteration + _tenure + _random.Below(_tenure);
        var (from, option) = (_graph.Place[move.Operation], _graph.Option[move.Operation]);
        if (!_graph.Move(move.Operation, move.Option, move.Place))
        {
            // The feasibility test of the estimate is strict except around operations of no duration.
            _tabuOption[move.Option] = until;
            return;
        }

        if (move.Option != option)
        {
            _tabuOption[option] = until;
            return;
        }

        var sequence = _graph.Sequence[_graph.Machine[move.Operation]];
        for (var i = from; i < move.Place; i++)
        {
            _tabuOrder[Slot(move.Operation, sequence[i])] = until;
        }

        for (var i = from; i > move.Place; i--)
        {
            _tabuOrder[Slot(sequence[i], move.Operation)] = until;
        }
    }

    /// <summary>Where it is noted that one operation may not come before another again.</summary>
    private static int Slot(int first, int second) =>
        (int)((((ulong)(uint)first << 32) | (uint)second) * 0x9E3779B97F4A7C15 >> (64 - OrderBits));

    private bool IsTabu(in ShopMove move)
    {
        var from = _graph.Place[move.Operation];
        if (move.Option != _graph.Option[move.Operation])
        {
            return _tabuOption[move.Option] > _iteration;
        }

        var sequence = _graph.Sequence[_graph.Machine[move.Operation]];
        for (var i = from + 1; i <= move.Place; i++)
        {
            if (_tabuOrder[Slot(sequence[i], move.Operation)] > _iteration)
            {
                return true;
            }
        }

        for (var i = move.Place; i < from; i++)
        {
            if (_tabuOrder[Slot(move.Operation, sequence[i])] > _iteration)
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct ShopMove(int Operation, int Option, int Place);
}
