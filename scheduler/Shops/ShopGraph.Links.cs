namespace DigitalTwin.Scheduler.Shops;

/// <content>Taking an operation out of a sequence, putting it in, and mending the topological order.</content>
internal sealed partial class ShopGraph
{
    private void Unlink(int v)
    {
        var (left, right, m) = (Before[v], After[v], Machine[v]);
        After[left] = right;
        Before[right] = left;
        var sequence = Sequence[m];
        var last = --Load[m];
        for (var i = Place[v]; i < last; i++)
        {
            sequence[i] = sequence[i + 1];
            Place[sequence[i]] = i;
        }
    }

    private void Link(int v, int option, int place)
    {
        var m = Problem.OptionMachine[option];
        if (Load[m] == Sequence[m].Length)
        {
            Array.Resize(ref Sequence[m], 2 * Load[m]);
        }

        var sequence = Sequence[m];
        for (var i = Load[m]++; i > place; i--)
        {
            sequence[i] = sequence[i - 1];
            Place[sequence[i]] = i;
        }

        sequence[place] = v;
        (Place[v], Machine[v], Option[v]) = (place, m, option);
        var left = place > 0 ? sequence[place - 1] : Count + 1 + m;
        var right = place + 1 < Load[m] ? sequence[place + 1] : Void;
        (Before[v], After[v], After[left], Before[right]) = (left, right, v, v);
    }

    /// <summary>Mends the topological order around a moved operation; false when there is none.</summary>
    private bool Reorder(int v)
    {
        var (left, right, at) = (Before[v], After[v], _position[v]);
        if (left < Count && _position[left] > at)
        {
            return Shift(v, at, _position[left], +1);
        }

        return right >= Count || _position[right] > at || Shift(v, at, _position[right], -1);
    }

    /// <summary>Between two positions, what depends on the moved operation goes behind (or before) what does not.</summary>
    private bool Shift(int v, int from, int to, int step)
    {
        var (jobs, machines) = step > 0 ? (JobBefore, Before) : (JobAfter, After);
        var kept = 0;
        _marked[v] = true;
        var target = _order[to];
        for (var i = from + step; i != to + step; i += step)
        {
            var x = _order[i];
            if (_marked[jobs[x]] || _marked[machines[x]])
            {
                _marked[x] = true;
            }
            else
            {
                _shelf[kept++] = x;
            }
        }

        var possible = !_marked[target];
        if (!possible)
        {
            for (var i = from; i != to + step; i += step)
            {
                _marked[_order[i]] = false;
            }

            return false;
        }

        // Dependants move to the far end in their own order; the rest fills the near end.
        var end = to;
        for (var i = to; i != from - step; i -= step)
        {
            var x = _order[i];
            if (_marked[x])
            {
                _marked[x] = false;
                _order[end] = x;
                _position[x] = end;
                end -= step;
            }
        }

        for (var (i, k) = (from, 0); k < kept; i += step, k++)
        {
            _order[i] = _shelf[k];
            _position[_shelf[k]] = i;
        }

        return true;
    }
}
