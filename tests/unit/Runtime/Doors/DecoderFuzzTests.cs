using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Doors.Sparkplug;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

/// <summary>Hostile bytes at every decoder: only the refusal that has a name may come out. <c>TWIN_FUZZ=1000000</c> for the long run.</summary>
public sealed class DecoderFuzzTests
{
    private static readonly int s_inputs = int.TryParse(Environment.GetEnvironmentVariable("TWIN_FUZZ"), out var n) ? n : 5_000;

    private static readonly byte[][] s_json =
    [
        """[{"id":"a","time":"2026-03-02T08:00:00+08:00","kind":"EquipmentDown","equipment":"M1","value":5e3},{"id":"b","time":12345,"kind":"Clock"}]"""u8.ToArray(),
        """{"id":"\u00e4\ud83d\ude00","time":1,"kind":"BatchStarted","equipment":"M1","job":"O1/1/x","phase":2,"value":-0.5,"arrives":9}"""u8.ToArray(),
        "{\"id\":\"a\",\"time\":1,\"kind\":\"SourceLost\",\"equipment\":\"M1\"}\n\n{\"kind\":\"Clock\",\"time\":7}\nnonsense\n"u8.ToArray(),
    ];

    private static readonly byte[][] s_csv =
    [
        "id,time,kind,equipment,value\na,1000,EquipmentDown,M1,60000\n\"b\",2026-03-02 08:00 +08:00,RepairEnded,M1,\n"u8.ToArray(),
        "id;time;kind;value\nx;1;SourceLost;1,5\n"u8.ToArray(),
        Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("time\tkind\n1\tClock\n")).ToArray(),
        Encoding.UTF8.GetBytes("PK\u0003\u0004 no workbook"),
    ];

    private static readonly byte[][] s_sparkplug =
    [
        SparkplugWriter.Write(new SparkplugPayload
        {
            Timestamp = 1, Sequence = 0,
            Metrics =
            [
                new() { Name = "bdSeq", Type = SparkplugType.UInt64, Raw = 3UL }, new() { Name = "a/b", Alias = 1, Type = SparkplugType.Int16, Raw = 65_530UL },
                new() { Name = "c", Alias = 2, Type = SparkplugType.Double, Raw = 2.5 }, new() { Name = "d", Type = SparkplugType.String, Raw = "text" }, new() { Alias = 1, IsNull = true },
            ],
        }),
        SparkplugWriter.Rebirth(DateTimeOffset.UnixEpoch),
    ];

    [Fact]
    public void Json_of_any_bytes_is_read_or_refused_as_no_json() => Fuzz(s_json, input =>
    {
        var unreadable = new List<MarkedObservation>();
        try
        {
            ObservationReader.ReadJson(input, default, unreadable);
        }
        catch (JsonException)
        {
            // the name of the refusal
        }
    });

    [Fact]
    public void Lines_of_any_bytes_are_read_or_marked_one_by_one() => Fuzz(s_json, input =>
    {
        var unreadable = new List<MarkedObservation>();
        var read = ObservationReader.ReadLines(input, default, unreadable);
        Assert.True(read.Count + unreadable.Count <= input.AsSpan().Count((byte)'\n') + 1);
    });

    [Fact]
    public void A_payload_of_any_bytes_is_read_or_refused_as_no_sparkplug()
    {
        string[] topics = ["spBv1.0/g/NBIRTH/e", "spBv1.0/g/NDATA/e", "spBv1.0/g/DBIRTH/e/d", "spBv1.0/g/DDATA/e/d", "spBv1.0/g/NDEATH/e", "spBv1.0/g/DDEATH/e/d", "spBv1.0/g", "spBv1.0/STATE/x"];
        var host = new SparkplugHost();
        var i = 0;
        Fuzz(s_sparkplug, input =>
        {
            try
            {
                host.Take(topics[i++ % topics.Length], input);
            }
            catch (SparkplugException)
            {
                // the name of the refusal
            }
        });
    }

    [Fact]
    public void A_dropped_file_of_any_bytes_is_read_or_refused_with_its_problems() => Fuzz(s_csv, input =>
    {
        var file = DroppedFile.Read("x.csv", input, null, default, "drop");
        Assert.NotNull(file.Rows);
    });

    [Fact]
    public async Task A_stream_cut_anywhere_gives_the_same_lines()
    {
        var random = new Random(11);
        for (var i = 0; i < Math.Min(s_inputs, 20_000) / 10; i++)
        {
            var bytes = Hostile(s_json, i);
            var pipe = new Pipe();
            var lines = new List<byte[]?>();
            var reading = Task.Run(async () =>
            {
                await foreach (var part in LineStream.ReadAsync(pipe.Reader))
                {
                    Assert.Equal(lines.Count + 1, part.First);
                    lines.AddRange(part.Lines);
                }
            }, TestContext.Current.CancellationToken);
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(bytes.Length - at, 1 + random.Next(40));
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, count), TestContext.Current.CancellationToken);
                at += count;
            }

            await pipe.Writer.CompleteAsync();
            await reading;
            var whole = Encoding.Latin1.GetString(bytes).Split('\n');
            var expected = whole[^1].Length == 0 ? whole[..^1] : whole;
            Assert.Equal(expected, lines.Select(l => Encoding.Latin1.GetString(l!)));
        }
    }

    /// <summary>Most inputs are broken from something sound, some are noise; seeded by its number, so a failure comes again.</summary>
    private static void Fuzz(byte[][] sound, Action<byte[]> decode)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < s_inputs; i++)
        {
            var input = Hostile(sound, i);
            try
            {
                decode(input);
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"input {i} ({Convert.ToHexString(input)}): {e}");
            }
        }

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 64_000_000);
    }

    private static byte[] Hostile(byte[][] sound, int i)
    {
        var random = new Random(unchecked((int)(i * 2_654_435_761L) ^ 0x5EED));
        if (i % 8 == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = new List<byte>(sound[random.Next(sound.Length)]);
        for (var changes = random.Next(6); changes >= 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at)))); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }

        return [.. bytes];
    }
}
