using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>A run that has come some way: what is saved, loaded and gone on with.</summary>
/// <param name="Simulator">The plant, its calendar, its policy and its luck.</param>
/// <param name="Hash">Hash of all its events so far.</param>
public sealed record RunInProgress(PlantSimulator Simulator, EventHash Hash);

/// <summary>A running simulation as bytes. Going on from them is bit-identical with going straight on.</summary>
/// <remarks>
/// Little-endian: magic <c>TWINSNAP</c>, <see cref="FormatVersion"/>, head (see <see cref="SnapshotInfo"/>), what the plant remembers in the order
/// of the <c>Exchange</c> methods, and at the end the SHA-256 of all before it. Blocks are named by field and layout; there is no conversion
/// between builds that remember different things.
/// </remarks>
public static class PlantSnapshot
{
    /// <summary>Version of the frame and of the head.</summary>
    public const int FormatVersion = 1;

    private const int ChecksumSize = 32;
    private static readonly byte[] s_magic = "TWINSNAP"u8.ToArray();

    /// <summary>Saves a run.</summary>
    /// <exception cref="NotSupportedException">It follows an <see cref="DispatchPolicy.OwnRule"/>: that is code and cannot be saved.</exception>
    public static byte[] Save(RunInProgress run)
    {
        var simulator = run.Simulator;
        if (simulator.Policy.OwnRule is not null)
        {
            throw new NotSupportedException("A run under a rule of one's own cannot be saved: the rule is code. Set one of the named rules first.");
        }

        var output = new ArrayBufferWriter<byte>(1 << 16);
        output.Write(s_magic);
        output.Write(BitConverter.GetBytes(FormatVersion));
        var save = new StateSave(output);
        SnapshotInfo.Of(run, ProgramVersion).Write(save);
        SavedTerms.Write(save, simulator.Policy);
        ((IExchanged<PlantSimulator>)simulator).Exchange(save, null);
        output.Write(SHA256.HashData(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What a snapshot holds, without its scenario.</summary>
    /// <exception cref="SnapshotException">It is damaged, no snapshot at all, or of a newer format.</exception>
    public static SnapshotInfo Describe(ReadOnlyMemory<byte> bytes) => Open(bytes).Info;

    /// <summary>Loads a run.</summary>
    /// <param name="bytes">What <see cref="Save"/> gave.</param>
    /// <param name="plant">The scenario that the run was of.</param>
    /// <param name="sink">Told every event from now on.</param>
    /// <exception cref="SnapshotException">It is damaged, of another scenario, or written by another version.</exception>
    public static RunInProgress Load(ReadOnlyMemory<byte> bytes, CompiledScenario plant, IPlantEventSink? sink = null)
    {
        var (info, load) = Open(bytes);
        if (info.ScenarioDigest != Convert.ToHexString(ScenarioDigest.Of(plant.Scenario)))
        {
            throw new SnapshotException(info.ScenarioId == plant.Scenario.Id
                ? $"It is of '{info.ScenarioId}', but that scenario was changed since. Use the files of then, or save a new snapshot of the scenario as it is."
                : $"It is of scenario '{info.ScenarioId}', not of '{plant.Scenario.Id}'. Name the scenario it is of.");
        }

        try
        {
            var policy = SavedTerms.Read(load);
            var simulator = PlantSimulator.Load(load, plant, policy, new Simulation.RandomSource(info.Seed, info.Replication), sink);
            return load.IsAtEnd ? new RunInProgress(simulator, new EventHash(info.EventHash, info.HashedEvents)) : throw new OtherBuildException("the end");
        }
        catch (Exception other) when (other is OtherBuildException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new SnapshotException(
                $"It was written by another version of this program ({info.Program}; this is {ProgramVersion}), which remembers other things: {other.Message}. "
                + "Use that version, or save a new snapshot with this one.", other);
        }
    }

    /// <summary>Whether bytes begin as a snapshot does, sound or not.</summary>
    internal static bool BeginsLikeOne(ReadOnlySpan<byte> start) => start.StartsWith(s_magic);

    private static string ProgramVersion =>
        typeof(PlantSnapshot).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static (SnapshotInfo Info, StateLoad Body) Open(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        var known = Math.Min(span.Length, s_magic.Length);
        if (known == 0 || !span[..known].SequenceEqual(s_magic.AsSpan(0, known)))
        {
            throw new SnapshotException(known == 0
                ? "It is empty. Save a new snapshot."
                : "It is not a snapshot of a simulation, or its beginning is damaged. Maybe another file was meant?");
        }

        var headStart = s_magic.Length + sizeof(int);
        if (span.Length < headStart + ChecksumSize)
        {
            throw new SnapshotException($"It is cut short: {span.Length} bytes are no whole snapshot. Copy it again, or save a new one.");
        }

        if (!SHA256.HashData(span[..^ChecksumSize]).AsSpan().SequenceEqual(span[^ChecksumSize..]))
        {
            throw new SnapshotException("It is damaged or cut short: its checksum does not fit. Copy it again from where it came, or save a new one.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(span[s_magic.Length..]);
        if (version != FormatVersion)
        {
            throw new SnapshotException($"It has format {version}, this program reads format {FormatVersion}. "
                + (version > FormatVersion ? "Use the newer program that wrote it, or save a new one with this." : "Save a new one with this program."));
        }

        var rest = new StateLoad(bytes[headStart..^ChecksumSize]);
        return (SnapshotInfo.Read(rest) with { Bytes = bytes.Length }, rest);
    }
}
