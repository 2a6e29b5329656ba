using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>How fast the plant simulator is: a week of a shared factory at growing sizes, beside the bare queue's loop.</summary>
internal static class PlantBench
{
    /// <summary>Firms, machines and orders of one factory.</summary>
    public readonly record struct Size(int Firms, int Machines, int Orders);

    public static readonly Size[] Full = [new(30, 500, 5_000), new(120, 2_000, 20_000), new(300, 5_000, 50_000)];
    public static readonly Size[] Tiny = [new(2, 20, 60), new(4, 40, 120)];

    public static int Run(Size[] sizes, TimeSpan each, TextWriter output)
    {
        var peer = BareQueue.NanosecondsPerHold(10_000, each);
        output.WriteLine("One week of a shared factory from its epoch, one thread; pq = one hold of a bare queue with 10 000 events");
        output.WriteLine("machines   orders     jobs    events   steps    run s   ns/event  ×pq/step   B/event   heap MB  peak MB");
        foreach (var size in sizes)
        {
            var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(size.Firms, size.Machines, size.Orders));
            Week(plant, SimTime.FromHours(6)); // warm-up of the compiler
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (events, steps, seconds) = Week(plant, SimTime.FromHours(7 * 24));
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            using var process = Process.GetCurrentProcess();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{size.Machines,8} {size.Orders,8} {plant.Jobs.JobCount,8} {events,9} {steps,7} {seconds,8:F2} {seconds / events * 1e9,10:F0} {seconds / steps * 1e9 / peer,9:F2} {bytes / (double)events,9:F1} {GC.GetTotalMemory(true) / 1048576.0,9:F0} {process.PeakWorkingSet64 / 1048576.0,8:F0}"));
        }

        return 0;
    }

    private static (long Events, long Steps, double Seconds) Week(CompiledScenario plant, SimTime until)
    {
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0));
        var start = Stopwatch.GetTimestamp();
        var steps = 0L;
        while (simulator.NextTime <= until && simulator.Step())
        {
            steps++;
        }

        return (simulator.State.Version, steps, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
