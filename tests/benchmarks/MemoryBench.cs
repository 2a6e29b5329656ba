using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>What the twin's memory costs: taking in, coming back, looking back. <c>memory [events] [days]</c>.</summary>
/// <remarks>SQLite always; PostgreSQL where <c>TWIN_DATABASE</c> names one. Every ratio is to the goal: above 1 it is reached.</remarks>
internal static class MemoryBench
{
    /// <summary>How much to measure.</summary>
    /// <param name="Events">In the journal that is opened and looked back into.</param>
    /// <param name="Days">Plant days that these events are spread over.</param>
    /// <param name="Taken">Events taken in while measuring.</param>
    /// <param name="PacedSeconds">How long a plant reports at 2 000 events a second.</param>
    public sealed record Size(int Events, int Days, int Taken, int PacedSeconds);

    public static readonly Size Full = new(10_000_000, 30, 1_000_000, 20);
    public static readonly Size Tiny = new(20_000, 1, 20_000, 1);

    public static int Run(Size size, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("twin-bench-").FullName;
        try
        {
            output.WriteLine("Memory of a session; each event on disk before it is acknowledged");
            output.WriteLine(GoalRow.Head);
            output.WriteLine(HttpBench.Run(size.Taken / 5));
            var database = Environment.GetEnvironmentVariable("TWIN_DATABASE") ?? "";
            foreach (var place in database.Length > 0 ? [new JournalPlace(folder), new JournalPlace(folder, database)] : (JournalPlace[])[new JournalPlace(folder)])
            {
                var name = place.Database.Length > 0 ? "PostgreSQL" : "SQLite";
                output.WriteLine(Ingest(place, name, size.Taken));
                output.WriteLine(Paced(place, name, size.PacedSeconds));
                foreach (var row in Past(place, name, size))
                {
                    output.WriteLine(row);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>A client that sends deliveries of 5 000 and has eight under way, on one core.</summary>
    private static GoalRow Ingest(JournalPlace place, string name, int events)
    {
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(500, 50, 100_000));
        var warm = events / 2;
        var deliveries = Observations(plant, events + warm).Chunk(5000).ToList();
        var session = Open(plant, place, "ingest");
        var cores = OneCore();
        Send(session, deliveries[..(warm / 5000)]);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var seconds = Time(() => Send(session, deliveries[(warm / 5000)..]));
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before).TotalSeconds;
        AllCores(cores);
        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var rate = events / seconds;
        return new GoalRow($"ingest, {name}: batch client in process, one core", "≥ 200 000 events/s", GoalRow.Text($"{rate:N0} events/s; {events / cpu:N0} per second of its own processor time"), GoalRow.Text($"{rate / 200_000:F2}"), rate >= 200_000);
    }

    /// <summary>2 000 events a second in deliveries of 20: how long until each is acknowledged.</summary>
    private static GoalRow Paced(JournalPlace place, string name, int seconds)
    {
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(500, 50, 100_000));
        var deliveries = Observations(plant, 2000 * (seconds + 1)).Chunk(20).ToList();
        var session = Open(plant, place, "paced");
        Send(session, deliveries[..100]);
        var took = new double[deliveries.Count - 100];
        var under = new List<Task>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < took.Length; i++)
        {
            var due = TimeSpan.FromMilliseconds(10 * i);
            while (watch.Elapsed < due)
            {
                Thread.Sleep(1);
            }

            under.Add(AcknowledgedAsync(i));
        }

        Task.WaitAll([.. under]);
        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Array.Sort(took);
        var p99 = took[(int)(took.Length * 0.99)];
        return new GoalRow($"acknowledgement at 2 000 events/s, {name}: p99", "≤ 100 ms", GoalRow.Text($"{p99:F1} ms (median {took[took.Length / 2]:F1} ms)"), GoalRow.Text($"{100 / p99:F2}"), p99 <= 100);

        async Task AcknowledgedAsync(int i)
        {
            var start = Stopwatch.GetTimestamp();
            await session.IngestAsync(deliveries[100 + i]);
            took[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    /// <summary>A journal of so many events is opened as after a kill, and looked back into at random moments.</summary>
    private static IEnumerable<GoalRow> Past(JournalPlace place, string name, Size size)
    {
        // A machine of this shop tells of about 190 events a day.
        var machines = Math.Max(10, size.Events / size.Days / 190);
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(machines, Math.Max(1, machines / 10), 200 * size.Days));
        var written = Write(place, plant, size.Events);
        var first = Time(() => Open(plant, place, "past").DisposeAsync().AsTask().GetAwaiter().GetResult());
        TwinSession? session = null;
        var restart = Time(() => session = Open(plant, place, "past"));
        if (session!.Snapshot().Version != written)
        {
            throw new InvalidOperationException($"{session.Snapshot().Version} events came back, not {written}");
        }

        yield return new GoalRow(GoalRow.Text($"restart, {name}: {written:N0} events, {machines:N0} machines"), "≤ 5 s",
            GoalRow.Text($"{restart:F2} s, of which nothing is folded but what lies behind the last of {session.Statistics.SavedFolds} saved folds (folding all of it: {first:F1} s)"), GoalRow.Text($"{5 / restart:F2}"), restart <= 5);

        var random = new Random(1);
        var end = session.Past.End.Milliseconds;
        var took = Enumerable.Range(0, 200).Select(_ =>
        {
            var moment = new SimTime(random.NextInt64(end));
            return 1000 * Time(() => session.Past.AtAsync(moment).GetAwaiter().GetResult().History(moment - Duration.FromHours(1), moment, limit: 100));
        }).Order().ToList();
        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        yield return new GoalRow(GoalRow.Text($"seek, {name}: 200 random moments of {end / 86_400_000.0:F0} days, {written:N0} events, p95"), "≤ 200 ms",
            GoalRow.Text($"{took[190]:F0} ms (median {took[100]:F0} ms, worst {took[199]:F0} ms)"), GoalRow.Text($"{200 / took[190]:F2}"), took[190] <= 200);
    }

    /// <summary>Writes a simulated run straight into a journal.</summary>
    private static long Write(JournalPlace place, CompiledScenario plant, int events)
    {
        using var journal = place.Open("past", Fingerprint.Of(plant.Scenario));
        var writer = new Writer(journal);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: writer);
        for (var hour = 1; writer.Events < events && simulator.OpenOrders > 0; hour++)
        {
            simulator.RunUntil(SimTime.FromHours(hour));
        }

        writer.Flush();
        return writer.Events;
    }

    public static List<Observation> Observations(CompiledScenario plant, int count)
    {
        var recorder = new Recorder(new ObservationTranslator(new PlantNames(plant)));
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
        for (var hour = 1; recorder.Observations.Count < count; hour++)
        {
            simulator.RunUntil(SimTime.FromHours(hour));
        }

        return recorder.Observations[..count];
    }

    private static TwinSession Open(CompiledScenario plant, JournalPlace place, string name) => new(plant, new TwinSessionOptions
    {
        OpenJournal = f => place.Open(name, f), ScrubAfter = null,
    });

    private static void Send(TwinSession session, List<Observation[]> deliveries)
    {
        var under = new Queue<Task<IngestReceipt>>();
        foreach (var delivery in deliveries)
        {
            under.Enqueue(session.IngestAsync(delivery));
            if (under.Count >= 8)
            {
                Check(under.Dequeue());
            }
        }

        while (under.Count > 0)
        {
            Check(under.Dequeue());
        }

        static void Check(Task<IngestReceipt> receipt)
        {
            if (receipt.GetAwaiter().GetResult().Refused is [var refused, ..])
            {
                throw new InvalidOperationException($"refused: {refused.Reason}");
            }
        }
    }

    private static nint OneCore()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            return 0;
        }

        using var process = Process.GetCurrentProcess();
        var before = process.ProcessorAffinity;
        process.ProcessorAffinity = before & -before;
        return before;
    }

    private static void AllCores(nint cores)
    {
        if (cores != 0 && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()))
        {
            using var process = Process.GetCurrentProcess();
            process.ProcessorAffinity = cores;
        }
    }

    private static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Recorder(ObservationTranslator translator) : IPlantEventSink
    {
        public List<Observation> Observations { get; } = [];

        public void On(in PlantEvent e) => Observations.Add(translator.Write(e, string.Create(CultureInfo.InvariantCulture, $"shop-7/{Observations.Count}")));
    }

    private sealed class Writer(IJournal journal) : IPlantEventSink
    {
        private readonly List<(PlantEvent, UInt128)> _row = new(2000);

        public int Events { get; private set; }

        public void On(in PlantEvent e)
        {
            _row.Add((e, new UInt128(0x9E3779B97F4A7C15UL * (ulong)++Events, (ulong)Events)));
            if (_row.Count == 2000)
            {
                Flush();
            }
        }

        public void Flush()
        {
            if (_row.Count > 0)
            {
                journal.Append([EntryCodec.Events(_row)]);
                _row.Clear();
            }
        }
    }
}
