using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DigitalTwin.Benchmarks;

/// <summary>Every row of the goals of simulation and plant in one run, as Markdown.</summary>
internal static class GoalsBench
{
    public static readonly Size Full = new(KernelBench.Full with { Rounds = 11 }, MachineShopBench.Full, [.. PlantBench.Full], 100, 5, 1);
    public static readonly Size Tiny = new(KernelBench.Tiny, MachineShopBench.Tiny, [.. PlantBench.Tiny], 2, 1, 50);

    /// <summary>How much to measure.</summary>
    /// <param name="Divisor">Plants that are forked, and the week that runs alone, are so much smaller than the goals say.</param>
    public sealed record Size(KernelBench.Size Kernel, MachineShopBench.Size Shop, PlantBench.Size[] Weeks, int Futures, int Rounds, int Divisor);

    public static int Run(Size size, TextWriter output)
    {
        output.WriteLine($"Measured {Machine()}.");
        output.WriteLine("pq(N): popping and pushing the framework's bare `PriorityQueue` with N events waiting and exponential increments, in the same run.");
        output.WriteLine("Times are medians of rounds that take turns.");
        output.WriteLine();
        output.WriteLine(GoalRow.Head);
        var missed = new List<string>();
        foreach (var row in Rows(size))
        {
            output.WriteLine(row);
            if (row.IsReached == false)
                missed.Add(row.What);
        }

        output.WriteLine();
        output.WriteLine(missed.Count == 0 ? "Every goal is reached." : $"Short of its goal: {string.Join("; ", missed)}.");
        output.WriteLine();
        Peers(output);
        return 0;
    }

    private static IEnumerable<GoalRow> Rows(Size size)
    {
        // Most sensitive to what ran before come first.
        yield return WeekBench.Alone(300 / size.Divisor, 5000 / size.Divisor, 50_000 / size.Divisor);
        foreach (var row in KernelBench.Rows(size.Kernel))
            yield return row;

        yield return MachineShopBench.Run(size.Shop);
        yield return ForkBench.Run(60 / size.Divisor + 1, 1000 / size.Divisor, 1_500 / size.Divisor, 0.1, 20 * size.Rounds, held: true);
        yield return ForkBench.Run(60 / size.Divisor + 1, 1000 / size.Divisor, 1_500 / size.Divisor, 0.1, 20 * size.Rounds, held: false);
        yield return ForkBench.Run(300 / size.Divisor, 5000 / size.Divisor, 12_500 / size.Divisor, 10, 4 * size.Rounds, held: true);
        yield return ForkBench.Run(300 / size.Divisor, 5000 / size.Divisor, 12_500 / size.Divisor, 10, 4 * size.Rounds, held: false);
        yield return FuturesBench.Run(size.Futures, size.Rounds);
        yield return WeekBench.Linearity(size.Weeks, size.Rounds);
        yield return new GoalRow("truth: closed forms inside the 99 % interval of 30 replications", "M/M/1, M/M/c, M/G/1, machine repair, Jackson network, breakdowns",
            "unit tests, listed in `tests/unit/Plant/Truth/README.md`", "–", null);
    }

    /// <summary>What other libraries did beside a bare queue on another day: quoted, not measured here.</summary>
    private static void Peers(TextWriter output)
    {
        (string Name, double H2, double H4, double H6, double Mm1, double Shop)[] peers =
        [
            ("pq itself, M events/s", 11.5, 5.6, 2.0, 27.5, 5.3),
            ("SimSharp (C#)", 3.1, 0.98, 0.17, 1.9, 1.0), ("O2DES (C#)", 2.4, 0.97, 0.17, 0.9, double.NaN), ("Cimba (C)", 6.2, 1.5, 1.1, 12.9, 1.2),
            ("simcpp20 (C++)", 5.6, 2.2, 0.72, 4.1, 1.0), ("NeXosim (Rust)", 2.7, 1.7, 0.47, 3.8, double.NaN), ("SSJ (Java)", 10.8, 3.2, 0.40, double.NaN, double.NaN),
            ("JaamSim (Java)", 5.0, 2.2, 0.41, 0.8, 0.09), ("SimPy (CPython)", 0.43, 0.19, 0.06, 0.14, 0.10),
        ];
        output.WriteLine("Peers as quoted in the goals, measured elsewhere beside a bare queue of 11.5, 5.6 and 2.0 M holds/s; ratios to it, not measured in this run:");
        output.WriteLine();
        output.WriteLine("| quoted | hold 10² | hold 10⁴ | hold 10⁶ | M/M/1 ÷ pq(10²) | machine shop ÷ pq(10⁴) |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, h2, h4, h6, mm1, shop) in peers.Skip(1))
            output.WriteLine($"| {name} | {Over(h2, 11.5)} | {Over(h4, 5.6)} | {Over(h6, 2.0)} | {Over(mm1, 11.5)} | {Over(shop, 5.6)} |");

        static string Over(double rate, double queue) => double.IsNaN(rate) ? "–" : (rate / queue).ToString("F2", CultureInfo.InvariantCulture);
    }

    private static string Machine()
    {
        var version = typeof(GoalsBench).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var commit = version.Contains('+', StringComparison.Ordinal) ? version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..] : "unknown";
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return $"at commit {commit[..Math.Min(7, commit.Length)]} on {cpu ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, load {load} at the start, {RuntimeInformation.FrameworkDescription}";
    }
}
