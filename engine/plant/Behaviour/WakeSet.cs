namespace DigitalTwin.Plant.Behaviour;

/// <summary>A first-in-first-out set of small integers: who must be looked at before time goes on.</summary>
internal sealed class WakeSet
{
    private readonly bool[] _inside;
    private readonly Queue<int> _queue;

    public WakeSet(int capacity)
    {
        _inside = new bool[capacity];
        _queue = new Queue<int>();
    }

    private WakeSet(WakeSet other)
    {
        _inside = (bool[])other._inside.Clone();
        _queue = new Queue<int>(other._queue);
    }

    public bool Any => _queue.Count > 0;

    public WakeSet Clone() => new(this);

    public void Add(int item)
    {
        if (!_inside[item])
        {
            _inside[item] = true;
            _queue.Enqueue(item);
        }
    }

    public bool TryTake(out int item)
    {
        if (!_queue.TryDequeue(out item))
        {
            return false;
        }

        _inside[item] = false;
        return true;
    }
}
