using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>A day of a large shared factory, replayed: how fast it can be played and sought, against a bare fold of the same events.</summary>
internal static class ReplayBench
{
    private const double FramesPerSecond = 10;

    public static int Run(int firms, int machines, int orders, TextWriter output)
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(firms, machines, orders));
        var events = new EventList();
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), sink: events).RunUntil(SimTime.FromHours(24));
        var end = events.Events[^1].Time;

        var watch = Stopwatch.StartNew();
        var state = new PlantState(plant);
        foreach (var e in events.Events)
        {
            state.Apply(e);
        }

        var fold = watch.Elapsed;
        var time = new StandingTime();
        var replay = new ReplayService(time).OpenAsync("factory", Recording.Of("factory", plant, events.Events)).Result;
        replay.View();
        replay.Play(ReplaySession.FastestSpeed);
        var frames = new List<double>();
        while (replay.Playing)
        {
            time.Advance(TimeSpan.FromSeconds(1 / FramesPerSecond));
            watch.Restart();
            replay.View();
            frames.Add(watch.Elapsed.TotalSeconds);
        }

        if (replay.View().State.Version != state.Version)
        {
            output.WriteLine($"the replay folded {replay.View().State.Version} events, the bare fold {state.Version}");
            return 1;
        }

        var seeks = new List<double>();
        for (var i = 0; i < 60; i++)
        {
            var moment = new SimTime((long)(end.Milliseconds * new RandomSource(3, 0).Uniform(1, i)));
            watch.Restart();
            replay.SeekAsync(moment).Wait();
            replay.View();
            seeks.Add(watch.Elapsed.TotalMilliseconds);
        }

        frames.Sort();
        seeks.Sort();
        var perFrame = ReplaySession.FastestSpeed / FramesPerSecond; // plant seconds
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{machines:N0} machines, {orders:N0} orders, {events.Events.Count:N0} events of {end}; bare fold {fold.TotalMilliseconds:F0} ms"));
        output.WriteLine("what                              median      p95      max   as a pace");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one of 10 frames a second, 3600×  {1000 * At(frames, 0.5),5:F1} ms {1000 * At(frames, 0.95),5:F1} ms {1000 * frames[^1],5:F1} ms   {perFrame / frames.Average(),10:N0} × on one core"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seek to any moment                {At(seeks, 0.5),5:F1} ms {At(seeks, 0.95),5:F1} ms {seeks[^1],5:F1} ms"));
        return 0;

        static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
    }

    private sealed class EventList : IPlantEventSink
    {
        public List<PlantEvent> Events { get; } = [];

        public void On(in PlantEvent e) => Events.Add(e);
    }

    /// <summary>A clock that the bench sets, so that it measures work and not waiting.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
