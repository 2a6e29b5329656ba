namespace DigitalTwin.Plant.Events;

/// <summary>A 64-bit hash of an event stream: equal streams, equal hashes, on any machine.</summary>
public sealed class EventHash : IPlantEventSink
{
    private const ulong Prime = 1099511628211UL;

    public EventHash()
    {
    }

    /// <summary>Goes on from where another stood.</summary>
    public EventHash(ulong value, long count) => (Value, Count) = (value, count);

    /// <summary>The hash so far (FNV-1a over the fields, folded 64 bits at a time).</summary>
    public ulong Value { get; private set; } = 14695981039346656037UL;

    /// <summary>Events seen.</summary>
    public long Count { get; private set; }

    public void On(in PlantEvent e)
    {
        Count++;
        Mix((ulong)e.Time.Milliseconds);
        Mix((ulong)e.Kind | ((ulong)e.Source << 8));
        Mix((uint)e.Equipment | ((ulong)(uint)e.Job << 32));
        Mix((uint)e.Order | ((ulong)(uint)e.Arg << 32));
        Mix((ulong)BitConverter.DoubleToInt64Bits(e.Value));
    }

    private void Mix(ulong word)
    {
        Value = (Value ^ word) * Prime;
        Value ^= Value >> 29;
    }
}
