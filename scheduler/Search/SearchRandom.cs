namespace DigitalTwin.Scheduler.Search;

/// <summary>A fast seeded generator (xorshift64*, Vigna 2016): the same seed gives the same search.</summary>
internal sealed class SearchRandom(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 | 1;

    /// <summary>A whole number in [0, <paramref name="below"/>).</summary>
    public int Below(int below) => (int)((Next() >> 33) * (ulong)below >> 31);

    /// <summary>A number in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }
}
