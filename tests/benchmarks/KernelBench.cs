using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>How fast the kernel is, as ratios to a peer measured in the same run.</summary>
internal static class KernelBench
{
    public static readonly Size Full = new([100, 10_000, 1_000_000], Holds: 1_000_000, Rounds: 7);
    public static readonly Size Tiny = new([10, 100], Holds: 1_000, Rounds: 3);

    /// <summary>How much to measure.</summary>
    public sealed record Size(int[] Waiting, int Holds, int Rounds);

    public static int Run(Size size, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Hold model, {size.Holds:N0} events per round, median of {size.Rounds} interleaved rounds, one thread"));
        output.WriteLine("events waiting   calendar ns   queue ns  faster   goal   B/event");
        foreach (var waiting in size.Waiting)
        {
            var calendar = new HoldModel.OnCalendar(waiting);
            var queue = new HoldModel.OnPriorityQueue(waiting);
            if (calendar.Hold(size.Holds) != queue.Hold(size.Holds))
            {
                output.WriteLine($"{waiting} events waiting: calendar and queue disagree about the times");
                return 1;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            calendar.Hold(size.Holds);
            var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)size.Holds;

            var (ours, peers) = Rounds.Interleaved(size.Rounds, () => calendar.Hold(size.Holds), () => queue.Hold(size.Holds));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{waiting,14:N0} {Nanoseconds(ours, size.Holds),13:F1} {Nanoseconds(peers, size.Holds),10:F1} {peers / ours,7:F2} {Goal(waiting),6} {bytes,9:F3}"));
        }

        Waiting(size, output);
        Sampling(size, output);
        return 0;
    }

    private static string Goal(int waiting) => waiting switch { 100 => "1.3", 10_000 => "3", 1_000_000 => "7", _ => "-" };

    /// <summary>The same as rows of the table of goals.</summary>
    public static IEnumerable<GoalRow> Rows(Size size)
    {
        foreach (var waiting in size.Waiting)
        {
            var calendar = new HoldModel.OnCalendar(waiting);
            var queue = new HoldModel.OnPriorityQueue(waiting);
            var warm = Math.Max(2 * size.Holds, 3 * waiting);
            if (calendar.Hold(warm) != queue.Hold(warm))
                throw new InvalidOperationException($"{waiting} events waiting: calendar and queue disagree about the times");

            var bytes = Allocated(size.Holds, n => calendar.Hold(n));
            var (ours, peers) = Rounds.Interleaved(size.Rounds, () => calendar.Hold(size.Holds), () => queue.Hold(size.Holds));
            var goal = waiting switch { 100 => 1.3, 10_000 => 3, 1_000_000 => 7, _ => 1 };
            yield return new GoalRow(GoalRow.Text($"calendar, hold model, {waiting:N0} waiting"), GoalRow.Text($"≥ {goal} × pq, 0 B/event"),
                GoalRow.Text($"{Nanoseconds(ours, size.Holds):F1} ns, {bytes:F3} B/event; pq {Nanoseconds(peers, size.Holds):F1} ns"), GoalRow.Text($"{peers / ours:F2}"),
                peers >= goal * ours && bytes == 0);
        }

        var line = new WaitingLine();
        var hundred = new HoldModel.OnPriorityQueue(100);
        line.Run(2 * size.Holds);
        var lineBytes = Allocated(size.Holds, n => line.Run(n));
        var (mm1, pq) = Rounds.Interleaved(size.Rounds, () => line.Run(size.Holds), () => hundred.Hold(size.Holds));
        yield return new GoalRow("M/M/1 on the kernel", "≥ 1.5 × pq(100)",
            GoalRow.Text($"{Nanoseconds(mm1, size.Holds):F1} ns, {lineBytes:F3} B/event, mean in system {line.MeanInSystem:F2} (theory 2.33); pq(100) {Nanoseconds(pq, size.Holds):F1} ns"),
            GoalRow.Text($"{pq / mm1:F2}"), pq >= 1.5 * mm1);
    }

    private static double Allocated(int times, Func<int, long> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work(times);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
    }

    private static void Waiting(Size size, TextWriter output)
    {
        var line = new WaitingLine();
        var queue = new HoldModel.OnPriorityQueue(100);
        line.Run(size.Holds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        line.Run(size.Holds);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)size.Holds;
        var (ours, peers) = Rounds.Interleaved(size.Rounds, () => line.Run(size.Holds), () => queue.Hold(size.Holds));
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"M/M/1 {Nanoseconds(ours, size.Holds):F1} ns, queue with 100 waiting {Nanoseconds(peers, size.Holds):F1} ns: {peers / ours:F2} times as fast (goal 1.5), {bytes:F3} B/event; mean in system {line.MeanInSystem:F2} (theory 2.33)"));
    }

    private static void Sampling(Size size, TextWriter output)
    {
        var random = new RandomSource(1, 0);
        output.WriteLine();
        output.WriteLine("Sampling, ratio to one addressed uniform");
        output.WriteLine("distribution       ns per draw   ratio");
        (string, Distribution)[] kinds =
        [
            ("exponential", Distribution.Exponential(1)), ("triangular", Distribution.Triangular(1, 2, 4)), ("truncated normal", Distribution.TruncatedNormal(5, 1)),
            ("lognormal", Distribution.Lognormal(1, 0.3)), ("gamma", Distribution.Gamma(2, 1)), ("weibull", Distribution.Weibull(2, 1)),
        ];
        foreach (var (name, distribution) in kinds)
        {
            var (draw, uniform) = Rounds.Interleaved(
                size.Rounds,
                () => Sum(size.Holds, i => distribution.Sample(random, 5, i)),
                () => Sum(size.Holds, i => random.Uniform(5, i)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-17} {Nanoseconds(draw, size.Holds),12:F1} {draw / uniform,7:F2}"));
        }

        static double Sum(int draws, Func<long, double> draw)
        {
            var sum = 0.0;
            for (var i = 0; i < draws; i++)
                sum += draw(i);
            return sum;
        }
    }

    private static double Nanoseconds(double seconds, int times) => seconds / times * 1e9;
}
