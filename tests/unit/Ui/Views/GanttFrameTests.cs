using System.Buffers.Binary;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class GanttFrameTests
{
    [Fact]
    public void A_frame_holds_every_bar_in_columns_sorted_by_row_and_start()
    {
        var view = SmallTwin.After(6, SmallTwin.OneAfterTheOther(SimTime.FromHours(6)));
        var history = new[] { Done(0, 2, 4), Done(0, 1, 2), Running(3, 5) };
        var bars = GanttFrame.Collect(view, history);
        var bytes = GanttFrame.Encode(view, history);
        Assert.Equal(bars.Count, Int(bytes, 4));
        Assert.Equal(24 + bars.Count * 36, bytes.Length);
        Assert.Equal(view.Now.Milliseconds, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8)));
        Assert.Equal(3, Int(bytes, 16));
        for (var i = 1; i < bars.Count; i++)
        {
            var (row, before) = (Int(bytes, 24 + i * 4), Int(bytes, 24 + (i - 1) * 4));
            Assert.True(row > before || (row == before && Column(1, i) >= Column(1, i - 1)));
        }

        int Column(int column, int i) => Int(bytes, 24 + column * bars.Count * 4 + i * 4);
    }

    [Fact]
    public void A_running_bar_ends_when_it_should_but_never_before_now()
    {
        var view = SmallTwin.After(6);
        Assert.Equal(7 * 3600, End(Running(3, 5) with { ExpectedEnd = Ms(7) }));
        Assert.Equal(6 * 3600, End(Running(3, 5) with { ExpectedEnd = Ms(5.5) }));
        Assert.Equal(6 * 3600, End(Running(3, 5)));

        int End(Bar bar) => Assert.Single(GanttFrame.Collect(view, [bar])).End;
    }

    [Fact]
    public void A_plan_that_has_begun_is_shown_as_past()
    {
        var view = SmallTwin.After(6, SmallTwin.OneAfterTheOther(SimTime.Zero));
        var planned = GanttFrame.Collect(view, []);
        Assert.Contains(planned, b => b.Kind == GanttKind.Past);
        Assert.Contains(planned, b => b.Kind == GanttKind.Planned);
        foreach (var bar in planned)
        {
            var waits = view.State.Jobs[bar.Job].Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned;
            Assert.Equal(waits ? GanttKind.Planned : GanttKind.Past, bar.Kind);
        }
    }

    [Fact]
    public void Lateness_is_of_the_completion_else_of_the_plan_and_at_least_of_now()
    {
        var view = SmallTwin.After(20, SmallTwin.OneAfterTheOther(SimTime.FromHours(20)));
        var lateness = new OrderLateness(view);
        for (var o = 0; o < SmallTwin.Plant.Jobs.OrderCount; o++)
        {
            var due = SmallTwin.Plant.Scenario.Orders[o].Due;
            var end = view.State.Orders[o].CompletedAt is >= 0 and var done ? done : Math.Max(view.Now.Milliseconds, lateness.PlannedEnd(o)!.Value.Milliseconds);
            Assert.Equal(due is null ? GanttFrame.NoDue : (int)((end - due.Value.Milliseconds) / 1000), lateness.Of(o));
        }
    }

    private static Bar Done(int machine, double from, double to) => new()
    {
        Kind = BarKind.Batch, Equipment = machine, Jobs = [machine], SetupStart = Ms(from), Start = Ms(from), End = Ms(to), Outcome = BarOutcome.Done,
    };

    private static Bar Running(int machine, double from) => Done(machine, from, from) with { End = -1, Outcome = BarOutcome.Open };

    private static long Ms(double hours) => SimTime.FromHours(hours).Milliseconds;

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
