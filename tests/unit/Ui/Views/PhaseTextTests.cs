using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class PhaseTextTests
{
    [Theory]
    [InlineData("cluster 3 of 6", "improving machine group 3 of 6", "正在改进第 3/6 组设备")]
    [InlineData("window 12", "improving window 12", "正在改进第 12 个时间窗")]
    [InlineData("dispatch ATC 2 with setups", "dispatch rule ATC 2 with setups", "派工规则 ATC 2 with setups")]
    [InlineData("CP-SAT", "CP-SAT", "CP-SAT")]
    [InlineData(null, "", "")]
    public void Phases_are_told_in_the_viewers_language(string? phase, string english, string chinese)
    {
        Assert.Equal(english, PhaseText.Of(phase, Texts.For("en")));
        Assert.Equal(chinese, PhaseText.Of(phase, Texts.For("zh-CN")));
    }
}
