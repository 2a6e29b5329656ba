using System.Diagnostics;
using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>How fast a session takes observations in, each on disk before it is acknowledged: <c>ingest [orders] [batch]</c>.</summary>
/// <remarks>The peer is the bare work below it: folding the same events, and writing the same bytes to a SQLite file in the same commits.</remarks>
internal static class IngestBench
{
    public static int Run(string[] args, TextWriter output)
    {
        var orders = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 6000;
        var batch = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1000;
        var plant = CompiledScenario.Compile(DyehouseGenerator.Create(orders));
        var (events, observations) = Simulate(plant);
        output.WriteLine($"ingest: {events.Count} events of {orders} orders, {batch} a delivery");

        var fold = Measure(() =>
        {
            var state = new PlantState(plant);
            foreach (var e in events)
            {
                state.Apply(e);
            }
        });
        var folder = Directory.CreateTempSubdirectory("twin-bench-").FullName;
        try
        {
            var bodies = events.Chunk(batch).Select(c => EntryCodec.Events([.. c.Select((e, i) => (e, (UInt128)(ulong)i))])).ToList();
            var disk = Measure(() =>
            {
                using var journal = SqliteJournal.Open(Path.Combine(folder, "bare.db"), "bench");
                bodies.ForEach(b => journal.Append([b]));
            });
            var deliveries = observations.Chunk(batch).ToList();
            var session = Measure(() => Ingest(plant, Path.Combine(folder, "session.db"), deliveries));
            var json = deliveries.Select(d => JsonSerializer.SerializeToUtf8Bytes(d, RuntimeJson.Default.ObservationArray)).ToList();
            var parse = Measure(() => json.ForEach(j => ObservationReader.ReadJson(j, default, [])));
            var restart = Measure(() => Reopen(plant, Path.Combine(folder, "session.db"), events.Count));

            Print("fold alone", fold, fold + disk);
            Print("journal alone (fsync per delivery)", disk, fold + disk);
            Print("session: names → fold → disk → receipt", session, fold + disk);
            Print("reading the JSON", parse, fold + disk);
            Print("restart from the journal", restart, fold + disk);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;

        void Print(string what, double seconds, double peer) =>
            output.WriteLine($"  {what,-42} {events.Count / seconds,10:#,0} events/s   {seconds / peer,5:0.00} × (fold + journal)");
    }

    private static (List<PlantEvent> Events, List<Observation> Observations) Simulate(CompiledScenario plant)
    {
        var recorder = new Recorder(new ObservationTranslator(new PlantNames(plant)));
        new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: recorder).RunToCompletion(SimTime.FromHours(24 * 300));
        return (recorder.Events, recorder.Observations);
    }

    private static void Ingest(CompiledScenario plant, string path, List<Observation[]> deliveries)
    {
        var session = new TwinSession(plant, new TwinSessionOptions { OpenJournal = f => SqliteJournal.Open(path, f) });
        foreach (var delivery in deliveries)
        {
            var receipt = session.IngestAsync(delivery).GetAwaiter().GetResult();
            if (receipt.Accepted != delivery.Length)
            {
                throw new InvalidOperationException($"{receipt.Refused.Count} refused: {receipt.Refused[0].Reason}");
            }
        }

        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void Reopen(CompiledScenario plant, string path, int events)
    {
        var session = new TwinSession(plant, new TwinSessionOptions { OpenJournal = f => SqliteJournal.Open(path, f) });
        if (session.Snapshot().Version != events)
        {
            throw new InvalidOperationException($"{session.Snapshot().Version} events came back, not {events}");
        }

        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static double Measure(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private sealed class Recorder(ObservationTranslator translator) : IPlantEventSink
    {
        public List<PlantEvent> Events { get; } = [];

        public List<Observation> Observations { get; } = [];

        public void On(in PlantEvent e)
        {
            Events.Add(e);
            Observations.Add(translator.Write(e, $"bench-{Events.Count}"));
        }
    }
}
