using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>What forking, copying, saving and loading a running plant cost, beside a bare copy of as many bytes.</summary>
internal static class SnapshotBench
{
    /// <summary>Firms, machines and orders of a shared factory; how far it has run; what a fork may cost.</summary>
    public readonly record struct Case(int Firms, int Machines, int Orders, double Hours, double GoalMs);

    public static readonly Case[] Full = [new(60, 1_000, 1_000, 24, 0.1), new(300, 5_000, 7_500, 24, 10), new(300, 5_000, 50_000, 24, 10)];
    public static readonly Case[] Tiny = [new(2, 20, 60, 6, 0.1), new(4, 40, 120, 6, 10)];

    public static int Run(Case[] cases, int rounds, TextWriter output)
    {
        output.WriteLine("Forks of a running shared factory, one thread, medians; copy = CopyFrom into a twin that is there already; memcpy = a bare copy of as many bytes");
        output.WriteLine("machines open orders  open jobs all jobs   bytes kB  fork ms  copy ms  memcpy ms  copy/memcpy  copy B  goal ms  save ms  load ms  file kB");
        foreach (var one in cases)
        {
            output.WriteLine(Measure(one, rounds));
        }

        return 0;
    }

    private static string Measure(Case one, int rounds)
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(one.Firms, one.Machines, one.Orders));
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(one.Hours));
        var twin = simulator.Fork();
        twin.RunUntil(SimTime.FromHours(one.Hours + 2));
        var straight = Future(simulator.Fork(), one.Hours);
        twin.CopyFrom(simulator);
        if (Future(twin, one.Hours) != straight)
        {
            throw new InvalidOperationException("A copy went another way than a fork.");
        }

        var size = GC.GetAllocatedBytesForCurrentThread();
        simulator.Fork();
        size = GC.GetAllocatedBytesForCurrentThread() - size;
        var (from, to) = (new byte[size], new byte[size]);
        var forks = Median(rounds, () => simulator.Fork());
        var copies = Median(rounds, () => twin.CopyFrom(simulator));
        var bare = Median(rounds, () => from.CopyTo(to, 0));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        twin.CopyFrom(simulator);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var run = new RunInProgress(simulator, new EventHash());
        var bytes = PlantSnapshot.Save(run);
        var saves = Median(3, () => PlantSnapshot.Save(run));
        var loads = Median(3, () => PlantSnapshot.Load(bytes, plant));
        var open = 0;
        foreach (ref readonly var job in simulator.State.Jobs)
        {
            open += job.Status is JobStatus.Done or JobStatus.Cancelled ? 0 : 1;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{one.Machines,8} {simulator.OpenOrders,11} {open,10} {plant.Jobs.JobCount,8} {size / 1024.0,10:F0} {forks,8:F3} {copies,8:F3} {bare,10:F3} {copies / bare,12:F2} {allocated,7} {one.GoalMs,8} {saves,8:F1} {loads,8:F1} {bytes.Length / 1024.0,8:F0}");
    }

    private static ulong Future(PlantSimulator simulator, double hours)
    {
        var hash = new EventHash();
        simulator.Fork(hash).RunUntil(SimTime.FromHours(hours + 1));
        return hash.Value;
    }

    private static double Median(int rounds, Action what)
    {
        var times = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            what();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[rounds / 2];
    }
}
