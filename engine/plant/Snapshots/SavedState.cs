using System.Buffers;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>The state of a plant as bytes, without calendar and luck: what a fold of events has come to.</summary>
/// <remarks>Unlike <see cref="PlantSnapshot"/> it has no checksum and no head; who keeps it sees to both. There is no conversion between builds that
/// remember different things: make it anew from the events.</remarks>
public static class SavedState
{
    /// <summary>A number for everything a scenario says, 32 bytes: the fold of the same events may be another when it changes.</summary>
    public static byte[] DigestOf(Scenario scenario) => ScenarioDigest.Of(scenario);

    /// <summary>Writes a state.</summary>
    public static void Write(PlantState state, IBufferWriter<byte> output) => ((IExchanged<PlantState>)state).Exchange(new StateSave(output), null);

    /// <summary>Reads a state.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote, sound.</param>
    /// <param name="plant">The plant, with as many orders as when it was written.</param>
    /// <exception cref="SnapshotException">It was written by a build that remembers other things, or is of another plant.</exception>
    public static PlantState Read(ReadOnlyMemory<byte> bytes, CompiledScenario plant)
    {
        try
        {
            var state = new PlantState(plant);
            var load = new StateLoad(bytes);
            ((IExchanged<PlantState>)state).Exchange(load, null);
            return load.IsAtEnd && state.Jobs.Length == plant.Jobs.JobCount ? state : throw new OtherBuildException("the end");
        }
        catch (Exception other) when (other is OtherBuildException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new SnapshotException($"It was written by another version of this program, which remembers other things: {other.Message}. Make it anew from the events.", other);
        }
    }
}
