using System.Diagnostics;

namespace DigitalTwin.Benchmarks;

/// <summary>Medians of things that take turns, so that a busy machine is unkind to all alike.</summary>
internal static class Rounds
{
    /// <summary>Median seconds of two things.</summary>
    public static (double First, double Second) Interleaved<T>(int rounds, Func<T> first, Func<T> second)
    {
        first();
        second();
        var (a, b) = (new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            a[round] = Seconds(first);
            b[round] = Seconds(second);
        }

        return (Median(a), Median(b));
    }

    /// <summary>Median seconds of one thing.</summary>
    public static double Alone<T>(int rounds, Func<T> work)
    {
        work();
        return Median([.. Enumerable.Range(0, rounds).Select(_ => Seconds(work))]);
    }

    public static double Seconds<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        GC.KeepAlive(work());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
