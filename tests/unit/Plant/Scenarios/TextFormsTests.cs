using CsCheck;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class TextFormsTests
{
    private static readonly PlantClock s_shanghai = new(new DateTime(2026, 3, 2, 8, 0, 0), "Asia/Shanghai");

    [Fact]
    public void Every_duration_is_read_back_as_it_was_written() =>
        Gen.OneOf(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Long[-5000, 5000], Gen.Int[0, 5000].Select(m => m * 60_000L)).Sample(ms =>
            Assert.Equal(new Duration(ms), DurationText.Parse(DurationText.Format(new Duration(ms)))));

    [Theory]
    [InlineData("20 min", 1_200_000)]
    [InlineData("20min", 1_200_000)]
    [InlineData("1.5 h", 5_400_000)]
    [InlineData("1,5 h", 5_400_000)]
    [InlineData("1 h 30 min", 5_400_000)]
    [InlineData("1h30min", 5_400_000)]
    [InlineData("1小时30分钟", 5_400_000)]
    [InlineData("２ 天", 172_800_000)]
    [InlineData("1 w", 604_800_000)]
    [InlineData("-90 s", -90_000)]
    [InlineData("0", 0)]
    [InlineData("500 ms", 500)]
    [InlineData("2 Hours", 7_200_000)]
    public void Durations_are_read_as_people_write_them(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.Milliseconds);
    }

    [Theory]
    [InlineData(5_400_000, "90 min")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(86_400_000, "1 d")]
    [InlineData(1_500, "1.5 s")]
    [InlineData(0, "0")]
    public void Durations_are_written_in_the_unit_that_makes_them_shortest(long milliseconds, string text) => Assert.Equal(text, DurationText.Format(new Duration(milliseconds)));

    [Theory]
    [InlineData("", "is not a duration — Write a number and a unit, such as 20 min or 1.5 h.")]
    [InlineData("soon", "is not a duration — Write a number and a unit, such as 20 min or 1.5 h.")]
    [InlineData("20", "has no unit — Write 20 min, 20 h or 20 s.")]
    [InlineData("20 fortnights", "has an unknown unit 'fortnights' — Use ms, s, min, h, d or w.")]
    [InlineData("1:30", "could be hours or minutes — Write the units: 1 h 30 min.")]
    [InlineData("1e9 d", "has an unknown unit 'e' — Use ms, s, min, h, d or w.")]
    [InlineData("99999999999999 d", "is longer than three million years")]
    public void Durations_that_are_none_say_why(string text, string trouble)
    {
        Assert.False(DurationText.TryParse(text, null, out _, out var why));
        Assert.Equal(trouble, why.ToString());
    }

    [Fact]
    public void Bare_numbers_take_the_unit_of_their_heading()
    {
        Assert.True(DurationText.TryParse("90", "min", out var value, out _));
        Assert.Equal(Duration.FromHours(1.5), value);
    }

    [Fact]
    public void Every_distribution_is_read_back_bit_by_bit() =>
        Gen.Select(ScenarioGen.Time, ScenarioGen.Factor).Sample((time, factor) =>
        {
            Assert.True(DistributionText.TryParseTime(DistributionText.FormatTime(time), null, out var t, out _));
            Assert.Equal(time, t);
            Assert.True(DistributionText.TryParseNumber(DistributionText.FormatNumber(factor), out var f, out _));
            Assert.Equal(factor, f);
        });

    [Theory]
    [InlineData("lognormal(median 20 min, sigma 0.9)")]
    [InlineData("lognormal(20 min, 0.9)")]
    [InlineData("LogNormal( sigma=0.9 ; median=20 min )")]
    public void Parameters_may_be_named_or_stand_in_order(string text)
    {
        Assert.True(DistributionText.TryParseTime(text, null, out var value, out _));
        Assert.Equal(Distribution.Lognormal(1_200_000, 0.9), value);
    }

    [Fact]
    public void Every_form_that_the_help_lists_is_read() =>
        Assert.All(DistributionText.Forms, form => Assert.True(DistributionText.TryParseTime(form, null, out _, out var why), $"{form}: {why}"));

    [Fact]
    public void Every_moment_is_read_back_in_every_zone_also_in_the_hour_that_clocks_repeat() =>
        Gen.Select(ScenarioGen.Clock, Gen.Long[-10_000_000_000, 40_000_000_000]).Sample((clock, ms) =>
        {
            Assert.True(MomentText.TryParse(MomentText.Format(new SimTime(ms), clock), clock, out var read, out _));
            Assert.Equal(new SimTime(ms), read);
        }, iter: 2000);

    [Fact]
    public void Repeated_hour_is_written_with_its_offset()
    {
        var berlin = new PlantClock(new DateTime(2026, 10, 24, 0, 0, 0), "Europe/Berlin");
        var texts = Enumerable.Range(0, 3).Select(h => MomentText.Format(SimTime.FromHours(25.5 + h), berlin)).ToArray();
        Assert.Equal(["2026-10-25 01:30", "2026-10-25 02:30 +02:00", "2026-10-25 02:30"], texts);
    }

    [Theory]
    [InlineData("2026-03-09 14:30")]
    [InlineData("2026-03-09T14:30:00.000")]
    [InlineData("2026-3-9 14:30")]
    [InlineData("2026/3/9 14:30")]
    [InlineData("2026.3.9 14:30")]
    [InlineData("20260309 14:30")]
    [InlineData("2026-03-09 2:30 PM")]
    [InlineData("2026年3月9日 14:30")]
    [InlineData("2026年3月9日14时30分")]
    [InlineData("2026年3月9日下午2点30分")]
    [InlineData("2026-03-09 06:30Z")]
    [InlineData("2026-03-09T14:30:00+08:00")]
    [InlineData("２０２６－０３－０９　１４：３０")]
    public void Moments_are_read_as_people_write_them(string text)
    {
        Assert.True(MomentText.TryParse(text, s_shanghai, out var value, out var why), why.ToString());
        Assert.Equal("2026-03-09 14:30", MomentText.Format(value, s_shanghai));
    }

    [Theory]
    [InlineData("2026-03-09", "2026-03-09 00:00")]
    [InlineData("2026-03-09 24:00", "2026-03-10 00:00")]
    [InlineData("2026-03-09 12:00 am", "2026-03-09 00:00")]
    [InlineData("2026-03-09 12:00 pm", "2026-03-09 12:00")]
    public void Ends_of_days_are_understood(string text, string expected)
    {
        Assert.True(MomentText.TryParse(text, s_shanghai, out var value, out _));
        Assert.Equal(expected, MomentText.Format(value, s_shanghai));
    }

    [Fact]
    public void Every_number_is_read_back_as_it_was_written() =>
        Gen.Double.Where(double.IsFinite).Sample(d =>
        {
            Assert.True(NumberText.TryParse(NumberText.Format(d), out var read), NumberText.Format(d));
            Assert.Equal(d, read);
        });

    [Theory]
    [InlineData("1234.5", 1234.5)]
    [InlineData("1,234.5", 1234.5)]
    [InlineData("1.234,5", 1234.5)]
    [InlineData("1 234 567", 1234567)]
    [InlineData("1,234,567", 1234567)]
    [InlineData("12,5", 12.5)]
    [InlineData("0,125", 0.125)]
    [InlineData("−3", -3)]
    [InlineData("＋１２", 12)]
    [InlineData("1e3", 1000)]
    [InlineData(".5", 0.5)]
    public void Numbers_with_one_reading_are_read(string text, double expected)
    {
        Assert.True(NumberText.TryParse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1,234")]
    [InlineData("1,23,456")]
    [InlineData("1.2.3")]
    [InlineData("12 34")]
    [InlineData("--3")]
    [InlineData("1e")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("∞")]
    [InlineData("NaN")]
    public void Numbers_with_two_readings_or_none_are_refused(string text) => Assert.False(NumberText.TryParse(text, out _));

    [Theory]
    [InlineData("horizn", "Maybe you meant 'horizon'?")]
    [InlineData("hoirzon", "Maybe you meant 'horizon'?")]
    [InlineData("HORIZON", "Maybe you meant 'horizon'?")]
    [InlineData("colour", null)]
    public void Nearest_name_is_suggested_when_it_is_near(string word, string? suggestion) => Assert.Equal(suggestion, Suggestion.For(word, ["horizon", "warm_up", "seed"]));
}
