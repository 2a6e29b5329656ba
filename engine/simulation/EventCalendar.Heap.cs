using System.Runtime.CompilerServices;

namespace DigitalTwin.Simulation;

/// <content>The heap: 4-ary, for what comes before the horizon but too far ahead of the end of the run to be inserted there.</content>
public sealed partial class EventCalendar<T>
{
    private const int Arity = 4;

    /// <summary>With so many nodes the heap gives its events to the ladder.</summary>
    private const int LargestHeap = 24;

    private Node _newcomer; // on its way to the heap
    private Node[] _heap = new Node[LargestHeap];
    private int _heapSize;

    private void AddToHeap(in Node node)
    {
        if (_heapSize == _heap.Length)
            Array.Resize(ref _heap, 2 * _heapSize);

        SiftUp(_heapSize++, node);
    }

    private void RemoveTop()
    {
        if (--_heapSize > 0)
            SiftDown(0, _heap[_heapSize]);
    }

    private void PurgeHeap()
    {
        var live = 0;
        for (var i = 0; i < _heapSize; i++)
        {
            if (!IsDropped(_heap[i].Slot))
                _heap[live++] = _heap[i];
        }

        _heapSize = live;
        for (var i = (live - 2) / Arity; i >= 0; i--)
            SiftDown(i, _heap[i]);
    }

    private void SiftUp(int hole, Node node)
    {
        while (hole > 0)
        {
            var parent = (hole - 1) / Arity;
            if (!Precedes(node, _heap[parent]))
                break;

            _heap[hole] = _heap[parent];
            hole = parent;
        }

        _heap[hole] = node;
    }

    /// <summary>Fills the hole at or below which <paramref name="node"/> belongs.</summary>
    private void SiftDown(int hole, Node node)
    {
        for (var child = Arity * hole + 1; child < _heapSize; child = Arity * hole + 1)
        {
            var end = Math.Min(child + Arity, _heapSize);
            var first = child;
            for (var i = child + 1; i < end; i++)
            {
                if (Precedes(_heap[i], _heap[first]))
                    first = i;
            }

            if (!Precedes(_heap[first], node))
                break;

            _heap[hole] = _heap[first];
            hole = first;
        }

        _heap[hole] = node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Precedes(in Node a, in Node b) =>
        a.Time != b.Time ? a.Time < b.Time : PrecedesAtSameTime(a, b);

    /// <summary>Insertion numbers are looked up only here: leaving them out of the nodes makes all moves cheaper.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PrecedesAtSameTime(in Node a, in Node b) =>
        a.Priority != b.Priority ? a.Priority < b.Priority : (_accounts[a.Slot].Stamp & ~Cancelled) < (_accounts[b.Slot].Stamp & ~Cancelled);

    private void CopyHeapFrom(EventCalendar<T> other)
    {
        Copy(other._heap, ref _heap, other._heapSize);
        _heapSize = other._heapSize;
    }

    private void ClearHeap() => _heapSize = 0;
}
