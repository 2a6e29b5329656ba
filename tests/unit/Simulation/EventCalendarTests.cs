using CsCheck;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

public sealed class EventCalendarTests
{
    private static readonly Gen<Operation> Operations = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, 20], Gen.Int[-2, 2], (time, priority) => new Operation(OperationKind.Schedule, time, priority))),
        (4, Gen.Const(new Operation(OperationKind.Pop, 0, 0))),
        (4, Gen.Int[0, 1_000_000].Select(which => new Operation(OperationKind.Cancel, which, 0))),
        (2, Gen.Const(new Operation(OperationKind.Look, 0, 0))), // not after each operation: looking tidies the calendar up
        (1, Gen.Const(new Operation(OperationKind.Clone, 0, 0))),
        (1, Gen.Int[0, 9].Select(n => new Operation(n == 0 ? OperationKind.Clear : OperationKind.Pop, 0, 0))));

    private enum OperationKind { Schedule, Pop, Cancel, Look, Clone, Clear }

    private readonly record struct Operation(OperationKind Kind, int Value, int Priority);

    [Fact]
    public void Behaves_like_a_sorted_list_under_any_sequence_of_operations() =>
        Operations.Array[0, 400].Sample(
            operations =>
            {
                var calendar = new EventCalendar<int>(0);
                var model = new SortedListModel();
                foreach (var operation in operations)
                    Apply(operation, ref calendar, model);

                model.AssertDrains(calendar);
            },
            iter: 3_000);

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

    private static void Apply(Operation operation, ref EventCalendar<int> calendar, SortedListModel model)
    {
        switch (operation.Kind)
        {
            case OperationKind.Schedule:
                model.Schedule(calendar, operation.Value, operation.Priority);
                break;
            case OperationKind.Pop:
                model.AssertPops(calendar);
                break;
            case OperationKind.Cancel:
                model.Cancel(calendar, operation.Value);
                break;
            case OperationKind.Look:
                Assert.Equal(model.NextTime, calendar.NextTime);
                break;
            case OperationKind.Clone:
                var abandoned = calendar;
                calendar = calendar.Clone();
                abandoned.Clear();
                break;
            case OperationKind.Clear:
                calendar.Clear();
                model.Clear();
                break;
        }

        Assert.Equal(model.Count, calendar.Count);
    }

    private static List<T> Drain<T>(EventCalendar<T> calendar)
        where T : unmanaged
    {
        var all = new List<T>();
        while (calendar.TryPop(out _, out var payload))
            all.Add(payload);
        return all;
    }

    /// <summary>The ordering contract in its plainest form.</summary>
    private sealed class SortedListModel
    {
        private readonly List<(SimTime Time, int Priority, int Insertion)> _waiting = [];
        private readonly List<EventHandle> _handles = [];

        public int Count => _waiting.Count;

        public SimTime NextTime => _waiting.Count > 0 ? _waiting.Min().Time : SimTime.Never;

        public void Schedule(EventCalendar<int> calendar, int time, int priority)
        {
            var insertion = _handles.Count;
            _handles.Add(calendar.Schedule(new SimTime(time), priority, insertion));
            _waiting.Add((new SimTime(time), priority, insertion));
        }

        public void Cancel(EventCalendar<int> calendar, int which)
        {
            if (_handles.Count == 0)
                return;

            var insertion = which % _handles.Count;
            var waits = _waiting.RemoveAll(e => e.Insertion == insertion) == 1;
            Assert.Equal(waits, calendar.IsPending(_handles[insertion]));
            Assert.Equal(waits, calendar.Cancel(_handles[insertion]));
        }

        public void AssertPops(EventCalendar<int> calendar)
        {
            var popped = calendar.TryPop(out var time, out var payload);
            Assert.Equal(_waiting.Count > 0, popped);
            if (!popped)
                return;

            var expected = _waiting.Min();
            _waiting.Remove(expected);
            Assert.Equal((expected.Time, expected.Insertion), (time, payload));
        }

        public void AssertDrains(EventCalendar<int> calendar)
        {
            while (_waiting.Count > 0)
                AssertPops(calendar);
            AssertPops(calendar);
        }

        public void Clear() => _waiting.Clear();
    }
}
