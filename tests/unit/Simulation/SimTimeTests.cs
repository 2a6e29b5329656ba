using System.Globalization;
using CsCheck;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

public sealed class SimTimeTests
{
    [Fact]
    public void Never_stays_never_and_is_later_than_everything()
    {
        Assert.Equal(SimTime.Never, SimTime.Never + Duration.FromHours(1));
        Assert.Equal(SimTime.Never, SimTime.Never - Duration.FromHours(1));
        Assert.True(SimTime.FromHours(1e9) < SimTime.Never);
        Assert.Equal("never", SimTime.Never.ToString());
    }

    [Fact]
    public void Leaving_the_range_throws_instead_of_wrapping()
    {
        var late = new SimTime(long.MaxValue - 1);
        Assert.Throws<OverflowException>(() => late + Duration.FromDays(1));
        Assert.Throws<OverflowException>(() => late - new SimTime(-10));
        Assert.Throws<OverflowException>(() => new Duration(long.MaxValue) + new Duration(1));
        Assert.Throws<OverflowException>(() => -new Duration(long.MinValue));
        Assert.Throws<OverflowException>(() => Duration.FromDays(double.NaN));
        Assert.Throws<OverflowException>(() => Duration.FromDays(1e300));
    }

    [Fact]
    public void Moving_on_and_back_returns_to_the_same_moment() =>
        Gen.Select(Gen.Long[-1L << 60, 1L << 60], Gen.Long[-1L << 60, 1L << 60]).Sample((t, d) =>
        {
            var (time, step) = (new SimTime(t), new Duration(d));
            Assert.Equal(time, time + step - step);
            Assert.Equal(step, time + step - time);
            Assert.Equal(step > Duration.Zero, time + step > time);
        });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1_500, "1.5s")]
    [InlineData(-90_000, "-1.5min")]
    [InlineData(2_100_000, "35min")]
    [InlineData(5_400_000, "1h 30min")]
    [InlineData(187_200_000, "2d 4h")]
    [InlineData(59_999, "59.999s")]
    [InlineData(3_599_990, "59.99min")]
    public void Durations_read_the_same_in_every_culture(long milliseconds, string text)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal(text, new Duration(milliseconds).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Even_the_longest_duration_has_a_text() =>
        Assert.StartsWith("-106751991167d", new Duration(long.MinValue).ToString(), StringComparison.Ordinal);
}
