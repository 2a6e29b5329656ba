using CsCheck;
using DigitalTwin.Runtime.Doors.Sparkplug;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

public sealed class SparkplugTests
{
    private readonly SparkplugHost _host = new();

    [Fact]
    public void A_birth_names_aliases_and_data_are_read_by_them_with_their_datatypes()
    {
        Birth("NBIRTH/e", 0, Metric("bdSeq", 5UL, SparkplugType.UInt64));
        Birth("DBIRTH/e/press", 1, Metric("temperature", -3, alias: 7), Metric("running", true, alias: 8));

        var news = Take("DDATA/e/press", 2, new SparkplugMetric { Alias = 7, Raw = unchecked((uint)-12) is var bits ? (ulong)bits : 0 }, new SparkplugMetric { Alias = 8, IsNull = true });

        Assert.Equal([("g/e/press/temperature", "-12"), ("g/e/press/running", null)], news.Readings.Select(r => (r.Path, r.Value)));
        Assert.Null(news.Rebirth);
    }

    [Fact]
    public void A_missing_message_asks_for_a_rebirth_and_its_data_are_dropped_until_the_birth_comes()
    {
        Birth("NBIRTH/e", 0, Metric("state", 1, alias: 1));

        var gap = Take("NDATA/e", 2, new SparkplugMetric { Alias = 1, Raw = 3UL });
        var still = Take("NDATA/e", 3, new SparkplugMetric { Alias = 1, Raw = 3UL });
        var born = Birth("NBIRTH/e", 0, Metric("state", 3, alias: 1));
        var next = Take("NDATA/e", 1, new SparkplugMetric { Alias = 1, Raw = 4UL });

        Assert.Equal("g/e", gap.Rebirth);
        Assert.Contains("message 2 of g/e came where 1 was expected", gap.Why, StringComparison.Ordinal);
        Assert.Empty(gap.Readings);
        Assert.Equal("g/e", still.Rebirth);
        Assert.Equal(("3", true), (born.Readings[0].Value, born.Readings[0].Changed));
        Assert.Equal("4", Assert.Single(next.Readings).Value);
    }

    [Fact]
    public void The_sequence_goes_round_after_255()
    {
        Birth("NBIRTH/e", 0, Metric("x", 1));
        for (var i = 1; i < 600; i++)
        {
            Assert.Null(Take("NDATA/e", i % 256, Metric("x", i)).Rebirth);
        }
    }

    [Fact]
    public void Data_before_a_birth_and_an_alias_that_nobody_named_ask_for_a_rebirth()
    {
        Assert.Equal("g/e", Take("NDATA/e", 4, Metric("x", 1)).Rebirth);
        Birth("NBIRTH/e", 0);
        Assert.Equal("g/e", Take("NDATA/e", 1, new SparkplugMetric { Alias = 99, Raw = 1UL }).Rebirth);
        Birth("NBIRTH/e", 0);
        Assert.Equal("g/e", Take("DDATA/e/d", 1, Metric("x", 1)).Rebirth);
    }

    [Fact]
    public void A_death_of_an_earlier_birth_is_ignored_and_one_of_this_birth_is_told()
    {
        Birth("NBIRTH/e", 0, Metric("bdSeq", 5UL, SparkplugType.UInt64));

        Assert.Null(_host.Take("spBv1.0/g/NDEATH/e", Bytes(null, Metric("bdSeq", 4UL, SparkplugType.UInt64))).Dead);
        Assert.Equal(1, _host.Alive);
        Assert.Equal("g/e", _host.Take("spBv1.0/g/NDEATH/e", Bytes(null, Metric("bdSeq", 5UL, SparkplugType.UInt64))).Dead);
        Assert.Equal(0, _host.Alive);
    }

    [Fact]
    public void A_birth_that_repeats_what_was_known_changes_nothing_and_history_is_marked()
    {
        Birth("NBIRTH/e", 0, Metric("state", 1), Metric("count", 5));

        var again = Birth("NBIRTH/e", 0, Metric("state", 1), Metric("count", 9));
        var past = Take("NDATA/e", 1, Metric("state", 7) with { IsHistorical = true, Timestamp = 1000 });
        var after = Birth("NBIRTH/e", 0, Metric("state", 1));

        Assert.Equal([false, true], again.Readings.Select(r => r.Changed));
        Assert.Equal((true, 1000UL), (past.Readings[0].IsHistorical, past.Readings[0].Timestamp!.Value));
        Assert.False(after.Readings[0].Changed); // the past is not what it is now
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var metric =
            from name in Gen.String
            from alias in Gen.ULong.Nullable()
            from time in Gen.ULong.Nullable()
            from historical in Gen.Bool
            from isNull in Gen.Bool
            from raw in Gen.OneOf<(object?, SparkplugType)>(
                Gen.ULong.Select(n => ((object?)n, SparkplugType.UInt64)), Gen.UInt.Select(n => ((object?)(ulong)n, SparkplugType.UInt32)), Gen.Double.Select(n => ((object?)n, SparkplugType.Double)),
                Gen.Single.Select(n => ((object?)n, SparkplugType.Float)), Gen.Bool.Select(b => ((object?)b, SparkplugType.Boolean)), Gen.String.Select(s => ((object?)s, SparkplugType.String)))
            select new SparkplugMetric { Name = name, Alias = alias, Timestamp = time, IsHistorical = historical, IsNull = isNull, Raw = raw.Item1, Type = raw.Item2 };
        Gen.Select(metric.Array[0, 5], Gen.ULong.Nullable(), Gen.Int[0, 255].Nullable()).Sample((metrics, time, sequence) =>
        {
            metrics = [.. metrics.Where(m => IsText(m.Name) && (m.Raw is not string s || IsText(s)))];
            var read = SparkplugPayload.Read(SparkplugWriter.Write(new SparkplugPayload { Metrics = metrics, Timestamp = time, Sequence = sequence }));
            return read.Timestamp == time && read.Sequence == sequence && read.Metrics.SequenceEqual(metrics);
        });

        static bool IsText(string s) => !s.Any(char.IsSurrogate);
    }

    private static SparkplugMetric Metric(string name, object value, SparkplugType type = SparkplugType.Int32, ulong? alias = null) => new()
    {
        Name = name, Alias = alias, Type = value is bool ? SparkplugType.Boolean : type, Timestamp = 1, Raw = value is int n ? (ulong)unchecked((uint)n) : value,
    };

    private static byte[] Bytes(int? sequence, params SparkplugMetric[] metrics) => SparkplugWriter.Write(new SparkplugPayload { Timestamp = 1, Sequence = sequence, Metrics = metrics });

    private SparkplugNews Birth(string what, int sequence, params SparkplugMetric[] metrics) => Take(what, sequence, metrics);

    private SparkplugNews Take(string what, int sequence, params SparkplugMetric[] metrics) => _host.Take($"spBv1.0/g/{what}", Bytes(sequence, metrics));
}
