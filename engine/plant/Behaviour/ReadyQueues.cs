namespace DigitalTwin.Plant.Behaviour;

/// <summary>The jobs waiting per group, with removal in constant time. The order inside a queue means nothing: rules decide.</summary>
internal sealed class ReadyQueues
{
    private readonly int[][] _items;
    private readonly int[] _counts;
    private int[] _position;

    public ReadyQueues(int groups, int jobs)
    {
        _items = new int[groups][];
        Array.Fill(_items, []);
        _counts = new int[groups];
        _position = new int[jobs];
    }

    private ReadyQueues(ReadyQueues other)
    {
        _items = [.. other._items.Select(i => (int[])i.Clone())];
        _counts = (int[])other._counts.Clone();
        _position = (int[])other._position.Clone();
    }

    public ReadyQueues Clone() => new(this);

    public ReadOnlySpan<int> Of(int group) => _items[group].AsSpan(0, _counts[group]);

    public void Add(int group, int job)
    {
        ref var items = ref _items[group];
        if (_counts[group] == items.Length)
        {
            Array.Resize(ref items, Math.Max(4, items.Length * 2));
        }

        if (job >= _position.Length)
        {
            Array.Resize(ref _position, Math.Max(job + 1, _position.Length * 2));
        }

        _position[job] = _counts[group];
        items[_counts[group]++] = job;
    }

    public void Remove(int group, int job)
    {
        var items = _items[group];
        var last = items[--_counts[group]];
        items[_position[job]] = last;
        _position[last] = _position[job];
    }
}
