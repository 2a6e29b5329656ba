using System.Collections.Immutable;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Bars as bytes.</summary>
/// <remarks>Count 4, then per bar kind 1, outcome 1, equipment 4, family 4, setup start 8, start 8, end 8, number of jobs 4, jobs 4 each; little-endian.</remarks>
internal static class BarCodec
{
    public static void Write(BinaryWriter to, IReadOnlyCollection<Bar> bars)
    {
        to.Write(bars.Count);
        foreach (var bar in bars)
        {
            to.Write((byte)bar.Kind);
            to.Write((byte)bar.Outcome);
            to.Write(bar.Equipment);
            to.Write(bar.Family);
            to.Write(bar.SetupStart);
            to.Write(bar.Start);
            to.Write(bar.End);
            to.Write(bar.Jobs.Length);
            foreach (var job in bar.Jobs)
            {
                to.Write(job);
            }
        }
    }

    public static List<Bar> Read(BinaryReader from)
    {
        var count = from.ReadInt32();
        var bars = new List<Bar>(count);
        for (var i = 0; i < count; i++)
        {
            var bar = new Bar
            {
                Kind = (BarKind)from.ReadByte(), Outcome = (BarOutcome)from.ReadByte(), Equipment = from.ReadInt32(), Family = from.ReadInt32(),
                SetupStart = from.ReadInt64(), Start = from.ReadInt64(), End = from.ReadInt64(),
            };
            var jobs = ImmutableArray.CreateBuilder<int>(from.ReadInt32());
            while (jobs.Count < jobs.Capacity)
            {
                jobs.Add(from.ReadInt32());
            }

            bars.Add(jobs.Capacity == 0 ? bar : bar with { Jobs = jobs.MoveToImmutable() });
        }

        return bars;
    }

    /// <summary>Bars that closed behind a row of the journal.</summary>
    public static byte[] Bytes(long sinceRow, IReadOnlyCollection<Bar> bars)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory))
        {
            writer.Write(sinceRow);
            Write(writer, bars);
        }

        return memory.ToArray();
    }

    /// <summary>Reads what <see cref="Bytes"/> wrote.</summary>
    public static (long SinceRow, List<Bar> Bars) Read(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        return (reader.ReadInt64(), Read(reader));
    }
}
