using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>The week of a shared factory: its time and memory in a process of its own, and how its time grows with its size.</summary>
internal static class WeekBench
{
    private const double LimitSeconds = 10;
    private const double LimitMb = 500;

    /// <summary>Runs one week and prints seconds and the peak of its memory: what <see cref="Alone"/> starts.</summary>
    public static int Child(string firms, string machines, string orders, TextWriter output)
    {
        var plant = Plant(Number(firms), Number(machines), Number(orders));
        var (seconds, _, _) = Once(plant, 1);
        using var process = Process.GetCurrentProcess();
        output.WriteLine(GoalRow.Text($"{seconds} {process.PeakWorkingSet64 / 1048576.0}"));
        return 0;

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Time and memory of the whole, started from nothing: with the compiler's warm-up in it.</summary>
    public static GoalRow Alone(int firms, int machines, int orders)
    {
        var bench = typeof(WeekBench).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [bench, "week", $"{firms}", $"{machines}", $"{orders}"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        var (seconds, mb) = (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
        return new GoalRow(
            GoalRow.Text($"one week of a shared factory: {firms} firms, {machines:N0} machines, {orders:N0} orders"), "≤ 10 s, ≤ 500 MB",
            GoalRow.Text($"{seconds:F2} s, {mb:F0} MB at its peak, scenario and compiling of it included"), GoalRow.Text($"{LimitSeconds / seconds:F1} × faster, {LimitMb / mb:F1} × smaller than the limit"),
            seconds <= LimitSeconds && mb <= LimitMb);
    }

    /// <summary>Time per event at the smallest and at the largest size, taking turns.</summary>
    public static GoalRow Linearity(IReadOnlyList<PlantBench.Size> sizes, int rounds)
    {
        var plants = sizes.Select(s => Plant(s.Firms, s.Machines, s.Orders)).ToArray();
        var times = plants.Select(_ => new double[rounds]).ToArray();
        var nanoseconds = plants.Select(_ => new double[rounds]).ToArray();
        foreach (var plant in plants)
            Once(plant, 1);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < plants.Length; i++)
            {
                var (seconds, events, _) = Once(plants[i], (ulong)round + 1);
                times[i][round] = seconds;
                nanoseconds[i][round] = seconds / events * 1e9;
            }
        }

        var each = nanoseconds.Select(Rounds.Median).ToArray();
        var power = Math.Log(Rounds.Median(times[^1]) / Rounds.Median(times[0])) / Math.Log(sizes[^1].Machines / (double)sizes[0].Machines);
        var text = string.Join(", ", sizes.Select((s, i) => GoalRow.Text($"{s.Machines:N0} machines {each[i]:F0} ns/event")));
        return new GoalRow("the same week from the smallest to the largest size", "time grows linearly",
            text, GoalRow.Text($"time grows as size to the power {power:F2}"), power <= 1.1);
    }

    private static CompiledScenario Plant(int firms, int machines, int orders) => CompiledScenario.Compile(SharedFactoryGenerator.Create(firms, machines, orders));

    private static (double Seconds, long Events, long Steps) Once(CompiledScenario plant, ulong seed)
    {
        var start = Stopwatch.GetTimestamp();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, 0));
        var steps = 0L;
        while (simulator.NextTime <= SimTime.FromHours(7 * 24) && simulator.Step())
            steps++;

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, simulator.State.Version, steps);
    }
}
