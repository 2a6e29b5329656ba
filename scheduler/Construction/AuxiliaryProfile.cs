namespace DigitalTwin.Scheduler.Construction;

/// <summary>How many of one auxiliary resource are held over time: a step function that only grows.</summary>
internal sealed class AuxiliaryProfile
{
    private readonly int _capacity;
    private readonly List<long> _times = [long.MinValue];
    private readonly List<int> _held = [0]; // from the time of the same index

    public AuxiliaryProfile(int capacity) => _capacity = capacity;

    public void Clear()
    {
        _times.RemoveRange(1, _times.Count - 1);
        _held.RemoveRange(1, _held.Count - 1);
        _held[0] = 0;
    }

    /// <summary>Holds <paramref name="count"/> during [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Hold(int count, long from, long to)
    {
        if (from >= to)
        {
            return;
        }

        var first = Border(from);
        var last = Border(to);
        for (var i = first; i < last; i++)
        {
            _held[i] += count;
        }
    }

    /// <summary><paramref name="from"/> when <paramref name="count"/> are free during [from, to); else a later moment at which to try again.</summary>
    public long TryFrom(int count, long from, long to)
    {
        for (var i = Index(from); i < _times.Count && _times[i] < to; i++)
        {
            if (_held[i] + count > _capacity)
            {
                return i + 1 < _times.Count ? _times[i + 1] : long.MaxValue;
            }
        }

        return from;
    }

    private int Index(long time)
    {
        var i = _times.BinarySearch(time);
        return i >= 0 ? i : ~i - 1;
    }

    private int Border(long time)
    {
        var i = _times.BinarySearch(time);
        if (i >= 0)
        {
            return i;
        }

        _times.Insert(~i, time);
        _held.Insert(~i, _held[~i - 1]);
        return ~i;
    }
}
