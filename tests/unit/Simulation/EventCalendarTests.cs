using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

public sealed class EventCalendarTests
{
    [Fact]
    public void Same_time_goes_by_priority_and_then_by_insertion()
    {
        var calendar = new EventCalendar<char>();
        var t = new SimTime(5);
        calendar.Schedule(t, 1, 'c');
        calendar.Schedule(t, 1, 'd');
        calendar.Schedule(t, -1, 'b');
        calendar.Schedule(new SimTime(4), 9, 'a');
        calendar.Schedule(t, 1, 'e');

        Assert.Equal("abcde", string.Concat(Drain(calendar)));
    }

    [Fact]
    public void A_handle_kept_too_long_never_cancels_a_later_event_in_the_same_place()
    {
        var calendar = new EventCalendar<int>();
        var old = calendar.Schedule(new SimTime(1), 0, 1);
        Assert.True(calendar.TryPop(out _, out _));
        var young = calendar.Schedule(new SimTime(2), 0, 2);

        Assert.Equal(old.Slot, young.Slot);
        Assert.False(calendar.Cancel(old));
        Assert.True(calendar.IsPending(young));
        calendar.Clear();
        Assert.False(calendar.Cancel(young));
        calendar.Schedule(new SimTime(3), 0, 3);
        Assert.False(calendar.Cancel(young));
        Assert.False(calendar.Cancel(EventHandle.None));
    }

    [Fact]
    public void An_event_at_never_is_not_kept()
    {
        var calendar = new EventCalendar<int>();
        Assert.True(calendar.Schedule(SimTime.Never, 0, 1).IsNone);
        Assert.Equal(0, calendar.Count);
        Assert.Equal(SimTime.Never, calendar.NextTime);
        Assert.False(calendar.TryPop(out var time, out _));
        Assert.Equal(SimTime.Never, time);
    }

    [Fact]
    public void A_clone_and_its_original_do_not_disturb_each_other()
    {
        var original = new EventCalendar<int>();
        var handles = Enumerable.Range(0, 50).Select(i => original.Schedule(new SimTime(i % 7), 0, i)).ToArray();
        var clone = original.Clone();
        foreach (var handle in handles.Where((_, i) => i % 2 == 0))
            Assert.True(clone.Cancel(handle));

        Assert.Equal(25, clone.Count);
        Assert.Equal(Enumerable.Range(0, 50).OrderBy(i => i % 7), Drain(original));
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 2 == 1).OrderBy(i => i % 7), Drain(clone));
    }

    [Fact]
    public void Scheduling_popping_and_cancelling_allocate_nothing_once_warm()
    {
        var calendar = new EventCalendar<(int, long)>();
        Churn(calendar, 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Churn(calendar, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Churn(EventCalendar<(int, long)> calendar, int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                var soon = calendar.Schedule(new SimTime(i + i * 7919L % 1000), i & 3, (i, i));
                var timeout = calendar.Schedule(new SimTime(i + 100_000L), 0, (i, -i));
                if (calendar.Count > 300)
                    calendar.TryPop(out _, out _);
                if ((i & 7) != 0)
                    calendar.Cancel(timeout);
                else
                    calendar.Cancel(soon);
            }

            calendar.Clear();
        }
    }

    [Fact]
    public void Cancelled_events_do_not_pile_up()
    {
        var calendar = new EventCalendar<int>();
        calendar.Schedule(new SimTime(1), 0, 0);
        for (var i = 0; i < 1000; i++)
            calendar.Cancel(calendar.Schedule(new SimTime(1_000_000 - i), 0, i));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
            calendar.Cancel(calendar.Schedule(new SimTime(1_000_000 - i), 0, i));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1, calendar.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(95)]
    public void A_hundred_thousand_events_leave_in_order_whatever_share_was_cancelled(int percentCancelled)
    {
        const int events = 100_000;
        var random = new RandomSource(12, 0);
        var calendar = new EventCalendar<int>();
        var all = Enumerable.Range(0, events)
            .Select(i => (Time: new SimTime((long)(random.Uniform(1, i) * 20_000)), Priority: (int)(random.Uniform(2, i) * 3) - 1, Insertion: i))
            .ToArray();
        var handles = all.Select(e => calendar.Schedule(e.Time, e.Priority, e.Insertion)).ToArray();
        var isCancelled = all.Select(e => random.Uniform(3, e.Insertion) * 100 < percentCancelled).ToArray();
        for (var i = 0; i < events; i++)
        {
            if (isCancelled[i])
                Assert.True(calendar.Cancel(handles[i]));
        }

        var expected = all.Where(e => !isCancelled[e.Insertion]).Order().Select(e => e.Insertion);
        Assert.Equal(expected, Drain(calendar.Clone()));
        Assert.Equal(expected, Drain(calendar));
    }

    private static List<T> Drain<T>(EventCalendar<T> calendar)
        where T : unmanaged
    {
        var all = new List<T>();
        while (calendar.TryPop(out _, out var payload))
            all.Add(payload);
        return all;
    }
}
