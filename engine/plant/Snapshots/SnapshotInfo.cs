using System.Text;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>What a snapshot says about itself.</summary>
public sealed record SnapshotInfo
{
    /// <summary>Version of the program that wrote it.</summary>
    public required string Program { get; init; }

    /// <summary>Id of the scenario that was run.</summary>
    public required string ScenarioId { get; init; }

    /// <summary>SHA-256 of everything that scenario says, hexadecimal: loading asks for the same.</summary>
    public required string ScenarioDigest { get; init; }

    /// <summary>Where the simulation stands.</summary>
    public required SimTime Time { get; init; }

    /// <summary>The same in the plant's local time.</summary>
    public required string LocalTime { get; init; }

    public required ulong Seed { get; init; }

    public required int Replication { get; init; }

    /// <summary>Rule, and the origin of the schedule that is followed.</summary>
    public required string Policy { get; init; }

    /// <summary>Events applied to the state since the epoch.</summary>
    public required long Events { get; init; }

    /// <summary>Orders neither complete nor cancelled.</summary>
    public required int OpenOrders { get; init; }

    /// <summary>Hash of the events written so far.</summary>
    public required ulong EventHash { get; init; }

    /// <summary>How many events that is.</summary>
    public required long HashedEvents { get; init; }

    /// <summary>Size of the whole snapshot.</summary>
    public int Bytes { get; init; }

    internal static SnapshotInfo Of(RunInProgress run, string program)
    {
        var (simulator, scenario) = (run.Simulator, run.Simulator.State.Plant.Scenario);
        return new SnapshotInfo
        {
            Program = program,
            ScenarioId = scenario.Id,
            ScenarioDigest = Convert.ToHexString(Snapshots.ScenarioDigest.Of(scenario)),
            Time = simulator.Now,
            LocalTime = MomentText.Format(simulator.Now, scenario.Clock),
            Seed = simulator.Luck.Seed,
            Replication = simulator.Luck.Replication,
            Policy = simulator.Policy.Rule + (simulator.Policy.Schedule is { } schedule ? $", following {(schedule.Origin.Length > 0 ? schedule.Origin : "a schedule")}" : ""),
            Events = simulator.State.Version,
            OpenOrders = simulator.OpenOrders,
            EventHash = run.Hash.Value,
            HashedEvents = run.Hash.Count,
        };
    }

    internal void Write(StateSave save)
    {
        var numbers = new Numbers(Time, Seed, Replication, Events, OpenOrders, EventHash, HashedEvents);
        save.Value(ref numbers, null);
        foreach (var text in (string[])[Program, ScenarioId, ScenarioDigest, LocalTime, Policy])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            save.Array(ref bytes, null);
        }
    }

    internal static SnapshotInfo Read(StateLoad load)
    {
        var numbers = new Numbers();
        load.Value(ref numbers, null);
        return new SnapshotInfo
        {
            Time = numbers.Time,
            Seed = numbers.Seed,
            Replication = numbers.Replication,
            Events = numbers.Events,
            OpenOrders = numbers.OpenOrders,
            EventHash = numbers.EventHash,
            HashedEvents = numbers.HashedEvents,
            Program = Text(load),
            ScenarioId = Text(load),
            ScenarioDigest = Text(load),
            LocalTime = Text(load),
            Policy = Text(load),
        };
    }

    private static string Text(StateLoad load)
    {
        byte[] bytes = [];
        load.Array(ref bytes, null);
        return Encoding.UTF8.GetString(bytes);
    }

    private readonly record struct Numbers(SimTime Time, ulong Seed, int Replication, long Events, int OpenOrders, ulong EventHash, long HashedEvents);
}
