using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A first-in-first-out set of small integers: who must be looked at before time goes on. A ring that never grows.</summary>
internal sealed class WakeSet(int capacity) : IExchanged<WakeSet>
{
    private bool[] _inside = new bool[capacity];
    private int[] _ring = new int[Math.Max(1, capacity)];
    private int _first;
    private int _count;

    public bool Any => _count > 0;

    public void Exchange(StateExchange exchange, WakeSet? other)
    {
        exchange.Array(ref _inside, other?._inside);
        exchange.Array(ref _ring, other?._ring);
        exchange.Value(ref _first, other?._first);
        exchange.Value(ref _count, other?._count);
    }

    public void Add(int item)
    {
        if (!_inside[item])
        {
            _inside[item] = true;
            var place = _first + _count++;
            _ring[place < _ring.Length ? place : place - _ring.Length] = item;
        }
    }

    public bool TryTake(out int item)
    {
        if (_count == 0)
        {
            item = -1;
            return false;
        }

        item = _ring[_first];
        _first = _first + 1 == _ring.Length ? 0 : _first + 1;
        _count--;
        _inside[item] = false;
        return true;
    }
}
