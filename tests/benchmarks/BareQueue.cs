using System.Diagnostics;

namespace DigitalTwin.Benchmarks;

/// <summary>The measure of all speeds, "pq": popping from and pushing to the framework's queue, exponential increments, no allocation.</summary>
internal static class BareQueue
{
    private const int Chunk = 10_000;

    /// <summary>Median time of one hold with so many events waiting, after a warm-up; chunks are timed one by one.</summary>
    public static double NanosecondsPerHold(int waiting, TimeSpan span)
    {
        var queue = new HoldModel.OnPriorityQueue(waiting);
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < span / 2)
            queue.Hold(Chunk);

        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        do
        {
            var chunk = Stopwatch.GetTimestamp();
            queue.Hold(Chunk);
            times.Add(Stopwatch.GetElapsedTime(chunk).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start) < span);

        times.Sort();
        return times[times.Count / 2] / Chunk * 1e9;
    }
}
