namespace DigitalTwin.Scheduler.Shops;

/// <content>The neighbourhood and its estimates.</content>
internal sealed partial class ShopTabu
{
    /// <summary>In a longer block an operation moves at most this far: the estimate costs as much as the move is long.</summary>
    private const int Reach = 60;

    private readonly int[] _headAfter; // by place: heads as they would be after the move being judged
    private ShopMove _move;
    private int _moveValue;
    private int _ties;
    private ShopMove _fallback; // some tabu move, for when all are
    private int _tabus;
    private int _current;

    /// <summary>The most promising move that is not tabu, or is better than ever; any of the tabu ones when there is no other.</summary>
    private bool Choose(int current)
    {
        (_current, _moveValue, _ties, _tabus) = (current, int.MaxValue, 0, 0);
        var count = CriticalPath(current);
        if (_anywhere)
        {
            for (var i = 0; i < count; i++)
            {
                Anywhere(_path[i]);
            }
        }
        else
        {
            Blocks(count);
        }

        if (_flexible)
        {
            for (var i = 0; i < count; i++)
            {
                OtherMachines(_path[i]);
            }
        }

        if (_moveValue == int.MaxValue)
        {
            _move = _fallback;
            return _tabus > 0;
        }

        return true;
    }

    /// <summary>A critical path, first operation first; ties are broken by lot.</summary>
    private int CriticalPath(int makespan)
    {
        var g = _graph;
        var v = LastCritical(makespan);
        var count = 0;
        while (v < g.Count)
        {
            _path[count] = v;
            var (job, machine) = (g.JobBefore[v], g.Before[v]);
            var byJob = job < g.Count && g.Head[job] + g.Length[job] + g.Wait[job] == g.Head[v];
            var byMachine = machine < g.Count && g.Head[machine] + g.Length[machine] + g.Gap[v] == g.Head[v];
            if (byJob && byMachine)
            {
                byMachine = _random.Below(2) == 0;
            }

            _byMachine[count++] = byMachine;
            v = byMachine ? machine : byJob ? job : g.Void;
        }

        Array.Reverse(_path, 0, count);
        Array.Reverse(_byMachine, 0, count);
        return count;
    }

    private int LastCritical(int makespan)
    {
        var (g, chosen, ties) = (_graph, _graph.Void, 0);
        for (var m = 0; m < g.Load.Length; m++)
        {
            if (g.Load[m] > 0)
            {
                var v = g.Sequence[m][g.Load[m] - 1];
                if (g.Head[v] + g.Length[v] == makespan && _random.Below(++ties) == 0)
                {
                    chosen = v;
                }
            }
        }

        return chosen;
    }

    private void Blocks(int count)
    {
        for (var first = 0; first < count;)
        {
            var last = first;
            while (last + 1 < count && _byMachine[last + 1])
            {
                last++;
            }

            if (last > first)
            {
                // At either end of a path that begins at once, only the inner border of a block matters.
                Block(first, last, first == 0 && _plain && _graph.Ready[_path[0]] == 0, last == count - 1 && _plain);
            }

            first = last + 1;
        }
    }

    /// <summary>Where setups depend on the sequence, every other place on the machine may be better, inside a block or not.</summary>
    private void Anywhere(int v)
    {
        var (place, machine) = (_graph.Place[v], _graph.Machine[v]);
        for (var i = 0; i < _graph.Load[machine]; i++)
        {
            if (i > place)
            {
                Forward(_graph.Sequence[machine], place, i);
            }
            else if (i < place)
            {
                Backward(_graph.Sequence[machine], place, i);
            }
        }
    }

    /// <summary>Inner operations to both ends of the block, the ends to everywhere inside.</summary>
    private void Block(int first, int last, bool atStart, bool atEnd)
    {
        var (low, high) = (_graph.Place[_path[first]], _graph.Place[_path[last]]);
        var sequence = _graph.Sequence[_graph.Machine[_path[first]]];
        var (near, far) = (Math.Max(low, high - Reach), Math.Min(high, low + Reach));
        if (!atEnd)
        {
            for (var i = near; i < high; i++)
            {
                Forward(sequence, i, high);
            }
        }

        if (!atStart)
        {
            for (var i = low + 1; i <= far; i++)
            {
                Backward(sequence, i, low);
            }
        }

        for (var i = low + 1; i < far && !atStart; i++)
        {
            Forward(sequence, low, i);
        }

        for (var i = high - 1; i > near && !atEnd; i--)
        {
            Backward(sequence, high, i);
        }
    }

    /// <summary>Judges moving the operation at place <paramref name="i"/> to directly behind the one at <paramref name="j"/>.</summary>
    private void Forward(int[] sequence, int i, int j)
    {
        var g = _graph;
        var (u, v) = (sequence[i], sequence[j]);
        var (next, m) = (g.JobAfter[u], g.Machine[u]);
        if (next < g.Count && g.Tail[v] + g.Length[v] <= g.Tail[next] && g.Head[next] + g.Length[next] <= g.Head[v])
        {
            return; // v might have to wait for u
        }

        var before = g.Before[u];
        var free = g.Head[before] + g.Length[before];
        for (var t = i + 1; t <= j; t++)
        {
            var x = sequence[t];
            var (length, gap) = t == i + 1 ? g.LengthsAfter(g.Option[x], before, x) : (g.Length[x], g.Gap[x]);
            var job = g.JobBefore[x];
            var head = Math.Max(g.Ready[x], Math.Max(g.Head[job] + g.Length[job] + g.Wait[job], free + gap));
            _headAfter[t] = head;
            free = head + length;
        }

        var (uLength, uGap) = g.LengthsAfter(g.Option[u], v, u);
        var uJob = g.JobBefore[u];
        var uHead = Math.Max(g.Ready[u], Math.Max(g.Head[uJob] + g.Length[uJob] + g.Wait[uJob], free + uGap));
        var after = g.After[v];
        var behind = 0;
        if (after < g.Count)
        {
            var (aLength, aGap) = g.LengthsAfter(g.Option[after], u, after);
            behind = g.Tail[after] + aLength + aGap;
        }

        var tail = Math.Max(g.Tail[next] + g.Length[next] + g.Wait[u], behind);
        var longest = uHead + uLength + tail;
        behind = tail + uLength + uGap;
        for (var t = j; t > i && longest <= Limit; t--)
        {
            var x = sequence[t];
            var (length, gap) = t == i + 1 ? g.LengthsAfter(g.Option[x], before, x) : (g.Length[x], g.Gap[x]);
            var job = g.JobAfter[x];
            tail = Math.Max(g.Tail[job] + g.Length[job] + g.Wait[x], behind);
            longest = Math.Max(longest, _headAfter[t] + length + tail);
            behind = tail + length + gap;
        }

        Weigh(new ShopMove(u, g.Option[u], j), longest);
    }

    /// <summary>Judges moving the operation at place <paramref name="j"/> to directly before the one at <paramref name="i"/>.</summary>
    private void Backward(int[] sequence, int j, int i)
    {
        var g = _graph;
        var (v, u) = (sequence[j], sequence[i]);
        var earlier = g.JobBefore[v];
        if (earlier < g.Count && g.Head[u] + g.Length[u] <= g.Head[earlier] && g.Tail[earlier] + g.Length[earlier] <= g.Tail[u])
        {
            return; // u might have to come before v's job
        }

        var before = g.Before[u];
        var (vLength, vGap) = g.LengthsAfter(g.Option[v], before, v);
        var vHead = Math.Max(g.Ready[v], Math.Max(
            g.Head[earlier] + g.Length[earlier] + g.Wait[earlier], g.Head[before] + g.Length[before] + vGap));
        var free = vHead + vLength;
        for (var t = i; t < j; t++)
        {
            var x = sequence[t];
            var (length, gap) = t == i ? g.LengthsAfter(g.Option[x], v, x) : (g.Length[x], g.Gap[x]);
            var job = g.JobBefore[x];
            var head = Math.Max(g.Ready[x], Math.Max(g.Head[job] + g.Length[job] + g.Wait[job], free + gap));
            _headAfter[t] = head;
            free = head + length;
        }

        var (after, behind, longest) = (g.After[v], 0, 0);
        if (after < g.Count)
        {
            var (aLength, aGap) = g.LengthsAfter(g.Option[after], sequence[j - 1], after);
            behind = g.Tail[after] + aLength + aGap;
        }

        for (var t = j - 1; t >= i && longest <= Limit; t--)
        {
            var x = sequence[t];
            var (length, gap) = t == i ? g.LengthsAfter(g.Option[x], v, x) : (g.Length[x], g.Gap[x]);
            var job = g.JobAfter[x];
            var tail = Math.Max(g.Tail[job] + g.Length[job] + g.Wait[x], behind);
            longest = Math.Max(longest, _headAfter[t] + length + tail);
            behind = tail + length + gap;
        }

        var next = g.JobAfter[v];
        longest = Math.Max(longest, vHead + vLength + Math.Max(g.Tail[next] + g.Length[next] + g.Wait[v], behind));
        Weigh(new ShopMove(v, g.Option[v], i), longest);
    }

    /// <summary>Beyond this an estimate need not be exact.</summary>
    private int Limit => _moveValue;

    /// <summary>Judges putting an operation on its other machines, wherever it delays least.</summary>
    private void OtherMachines(int v)
    {
        var g = _graph;
        var problem = g.Problem;
        var (earlier, next) = (g.JobBefore[v], g.JobAfter[v]);
        var arrival = Math.Max(g.Ready[v], g.Head[earlier] + g.Length[earlier] + g.Wait[earlier]);
        var rest = g.Tail[next] + g.Length[next] + g.Wait[v];
        for (var option = problem.OptionFirst[v]; option < problem.OptionFirst[v + 1]; option++)
        {
            var m = problem.OptionMachine[option];
            if (m != g.Machine[v] && arrival + problem.OptionTime[option] + rest < Math.Max(Limit, _current))
            {
                Gaps(v, option, g.Sequence[m], g.Load[m], arrival, rest);
            }
        }
    }

    private void Gaps(int v, int option, int[] sequence, int load, int arrival, int rest)
    {
        var g = _graph;
        var (earlier, next) = (g.JobBefore[v], g.JobAfter[v]);

        // Before this place everything has ended when v could begin.
        var (low, high) = (0, load);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (g.Head[sequence[middle]] + g.Length[sequence[middle]] > arrival)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        for (var place = low; place <= load; place++)
        {
            var before = place > 0 ? sequence[place - 1] : g.Count + 1 + g.Problem.OptionMachine[option];
            var after = place < load ? sequence[place] : g.Void;
            if (place > 0 && next < g.Count && g.Head[before] >= g.Head[next] + g.Length[next] && g.Tail[before] + g.Length[before] <= g.Tail[next])
            {
                return; // what is before might wait for v's job
            }

            if (after < g.Count && earlier < g.Count && g.Head[after] + g.Length[after] <= g.Head[earlier]
                && g.Tail[earlier] + g.Length[earlier] <= g.Tail[after])
            {
                continue;
            }

            var (length, gap) = g.LengthsAfter(option, before, v);
            var behind = 0;
            if (after < g.Count)
            {
                var (aLength, aGap) = g.LengthsAfter(g.Option[after], v, after);
                behind = g.Tail[after] + aLength + aGap;
            }

            Weigh(
                new ShopMove(v, option, place),
                Math.Max(arrival, g.Head[before] + g.Length[before] + gap) + length + Math.Max(rest, behind));
            if (behind <= rest)
            {
                return; // further back only the wait grows
            }
        }
    }

    private void Weigh(in ShopMove move, int value)
    {
        if (value > _moveValue)
        {
            // Remembered only as a way out when everything is tabu.
            if (_moveValue == int.MaxValue && _random.Below(++_tabus) == 0)
            {
                _fallback = move;
            }

            return;
        }

        if (IsTabu(move) && value >= Best)
        {
            if (_random.Below(++_tabus) == 0)
            {
                _fallback = move;
            }

            return;
        }

        if (value < _moveValue)
        {
            (_moveValue, _ties) = (value, 0);
        }

        if (_random.Below(++_ties) == 0)
        {
            _move = move;
        }
    }
}
