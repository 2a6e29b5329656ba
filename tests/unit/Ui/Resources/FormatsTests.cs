using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Tests.Unit.Ui.Resources;

public sealed class FormatsTests
{
    private static readonly PlantClock Shanghai = new(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai");
    private static readonly Formats English = new(Texts.For("en"), Shanghai);
    private static readonly Formats Chinese = new(Texts.For("zh-CN"), Shanghai);

    [Fact]
    public void Moments_are_written_in_the_plants_time_zone()
    {
        var time = SimTime.FromHours(13.25);
        Assert.Equal("Mon 2 Mar 21:15", English.Moment(time));
        Assert.Equal("3月2日 周一 21:15", Chinese.Moment(time));
    }

    [Fact]
    public void No_moment_is_a_dash()
    {
        Assert.Equal(Formats.Nothing, English.Moment(null));
        Assert.Equal(Formats.Nothing, English.Short(SimTime.Never));
        Assert.Equal(Formats.Nothing, English.Short(-1));
    }

    [Theory]
    [InlineData(0, "0 min", "0分钟")]
    [InlineData(35, "35 min", "35分钟")]
    [InlineData(60, "1 h", "1小时")]
    [InlineData(200, "3 h 20 min", "3小时20分钟")]
    [InlineData(1440 + 90, "1 d 1 h", "1天1小时")]
    [InlineData(-200, "−3 h 20 min", "−3小时20分钟")]
    public void Lengths_show_their_two_largest_units(double minutes, string english, string chinese)
    {
        Assert.Equal(english, English.Length(Duration.FromMinutes(minutes)));
        Assert.Equal(chinese, Chinese.Length(Duration.FromMinutes(minutes)));
    }

    [Fact]
    public void Numbers_have_separators_and_what_is_no_number_is_a_dash()
    {
        Assert.Equal("12,345", English.Count(12345));
        Assert.Equal("1,234.5", English.Number(1234.5));
        Assert.Equal("12%", English.Percent(0.123));
        Assert.Equal(Formats.Nothing, English.Number(double.NaN));
        Assert.Equal(Formats.Nothing, English.Percent(double.NaN));
    }

    [Fact]
    public void Names_are_in_the_viewers_language()
    {
        Assert.Equal("Vat", English.Name(new Label("Vat", "染缸")));
        Assert.Equal("染缸", Chinese.Name(new Label("Vat", "染缸")));
        Assert.Equal("Vat", Chinese.Name(new Label("Vat")));
    }
}
