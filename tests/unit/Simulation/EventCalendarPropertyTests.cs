using CsCheck;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

/// <summary>The calendar against a sorted list, with few events and with many, whatever their times look like.</summary>
public sealed class EventCalendarPropertyTests
{
    private enum Kind { Schedule, Burst, Pop, PopMany, Cancel, CancelMany, Look, Clone, Copy, Save, Clear }

    private enum Times { Ticks, Even, Exponential, Bimodal, Clustered, Extreme }

    private readonly record struct Operation(Kind Kind, int Value, int Priority, ulong Luck);

    private static readonly Gen<Operation> Any = Gen.Select(
        Gen.Frequency((24, Gen.Const(Kind.Schedule)), (3, Gen.Const(Kind.Burst)), (16, Gen.Const(Kind.Pop)), (2, Gen.Const(Kind.PopMany)),
            (10, Gen.Const(Kind.Cancel)), (1, Gen.Const(Kind.CancelMany)), (6, Gen.Const(Kind.Look)), (1, Gen.Const(Kind.Clone)), (1, Gen.Const(Kind.Copy)),
            (1, Gen.Const(Kind.Save))),
        Gen.Int[0, 1_000_000],
        Gen.Int[-2, 2],
        Gen.ULong).Select((kind, value, priority, luck) => new Operation(kind == Kind.PopMany && luck % 40 == 0 ? Kind.Clear : kind, value, priority, luck));

    [Fact]
    public void Behaves_like_a_sorted_list_under_any_sequence_of_operations() =>
        Gen.Select(Gen.Enum<Times>(), Gen.Int[1, 400], Any.Array[0, 400]).Sample(
            (times, burst, operations) =>
            {
                var model = new SortedModel(new EventCalendar<int>(0));
                var spare = new EventCalendar<int>();
                foreach (var operation in operations)
                    spare = Apply(operation, model, times, burst, spare);

                model.Drain();
            },
            iter: 600);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Order_holds_while_many_events_gather_and_disperse_again(int times)
    {
        var random = new RandomSource(8, times);
        var model = new SortedModel(new EventCalendar<int>());
        for (var i = 0; i < 40_000; i++)
        {
            var grows = i / 10_000 % 2 == 0; // through every size up and down, twice
            var luck = random.Bits(1, i);
            if (random.Uniform(2, i) < (grows ? 0.7 : 0.25))
                model.Schedule(Time((Times)times, model.Now, luck), (int)(luck % 7) % 3);
            else if (random.Uniform(3, i) < 0.2)
                model.Cancel((int)(random.Uniform(4, i) * 40_000));
            else
                model.Pop();
            if (i % 5000 == 4999)
                model.SaveAndRestore();
        }

        model.Drain();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_burst_at_one_moment_is_as_cheap_as_its_length_and_leaves_in_order(int priorities)
    {
        const int events = 200_000;
        var calendar = new EventCalendar<int>();
        for (var i = 0; i < events; i++)
            calendar.Schedule(new SimTime(1_000), i % priorities, i);

        // While the burst passes, as many events again come at the same moment: a quadratic calendar would not return.
        var seen = new List<int>();
        for (var i = 0; i < events; i++)
        {
            Assert.True(calendar.TryPop(out var time, out var payload));
            Assert.Equal(1_000, time.Milliseconds);
            seen.Add(payload);
            calendar.Schedule(time, i % priorities, events + i);
        }

        while (calendar.TryPop(out _, out var payload))
            seen.Add(payload);

        Assert.Equal(2 * events, seen.Distinct().Count());
        for (var priority = 0; priority < priorities; priority++)
        {
            var ofPriority = seen.Where(p => p % events % priorities == priority && p < events).ToList();
            Assert.Equal(ofPriority.Order(), ofPriority);
        }
    }

    [Fact]
    public void Near_events_stay_cheap_beside_a_million_far_ones()
    {
        var calendar = new EventCalendar<int>();
        for (var i = 0; i < 300_000; i++)
            calendar.Schedule(new SimTime(1_000_000_000_000 + i), 0, i);

        var random = new RandomSource(4, 0);
        for (var i = 0; i < 5_000; i++)
            calendar.Schedule(new SimTime((long)(random.Uniform(1, i) * 1000)), 0, -1);

        var last = SimTime.Zero;
        for (var i = 0; i < 300_000; i++)
        {
            Assert.True(calendar.TryPop(out var time, out var payload));
            Assert.Equal(-1, payload);
            Assert.True(time >= last);
            last = time;
            calendar.Schedule(time + new Duration((long)(random.Uniform(2, i) * 1000)), 0, -1);
        }

        Assert.Equal(305_000, calendar.Count);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5_000)]
    public void Holding_any_number_of_events_allocates_nothing_once_warm(int waiting)
    {
        var random = new RandomSource(1, 0);
        var calendar = new EventCalendar<int>();
        for (var i = 0; i < waiting; i++)
            calendar.Schedule(new SimTime((long)(-1e6 * Math.Log(random.Uniform(1, i)))), i & 3, i);

        Hold(0, 20 * waiting);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hold(20 * waiting, 60 * waiting);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Hold(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                calendar.TryPop(out var time, out var payload);
                calendar.Schedule(new SimTime(time.Milliseconds + (long)(-1e6 * Math.Log(random.Uniform(2, i)))), i & 3, payload);
            }
        }
    }

    [Fact]
    public void What_is_not_a_saved_calendar_is_refused()
    {
        CalendarEntry<int> one = new(new SimTime(5), 0, new EventHandle(0, 1), 7);
        CalendarEntry<int>[][] wrong =
        [
            [one, one], [one with { Handle = new EventHandle(-1, 1) }], [one with { Handle = new EventHandle(0, 9) }], [one with { Time = SimTime.Never }],
            [one, one with { Handle = new EventHandle(0, 2) }], [one with { Handle = new EventHandle(1, 2) }, one],
        ];
        var calendar = new EventCalendar<int>();
        foreach (var entries in wrong)
        {
            Assert.Throws<ArgumentException>(() => calendar.Restore(entries, 3));
            Assert.Equal(0, calendar.Count);
            Assert.Equal(SimTime.Never, calendar.NextTime);
        }

        Assert.Throws<ArgumentException>(() =>
        {
            calendar.Restore([one], 1);
            calendar.CopyTo([]);
        });
    }

    private static EventCalendar<int> Apply(Operation operation, SortedModel model, Times times, int burst, EventCalendar<int> spare)
    {
        switch (operation.Kind)
        {
            case Kind.Schedule:
                model.Schedule(Time(times, model.Now, operation.Luck), operation.Priority);
                break;
            case Kind.Burst:
                for (var i = 0; i < burst; i++)
                    model.Schedule(operation.Luck % 2 == 0 ? model.Now + operation.Value : Time(times, model.Now, operation.Luck * (ulong)(i + 3)), (operation.Priority * i) % 3);
                break;
            case Kind.Pop:
                model.Pop();
                break;
            case Kind.PopMany:
                for (var i = 0; i < burst; i++)
                    model.Pop();
                break;
            case Kind.Cancel:
                model.Cancel(operation.Value);
                break;
            case Kind.CancelMany:
                for (var i = 0; i < burst; i++)
                    model.Cancel(operation.Value + i);
                break;
            case Kind.Look:
                model.Look();
                break;
            case Kind.Clone:
                model.Clone();
                break;
            case Kind.Copy:
                var used = model.Calendar;
                model.CopyInto(spare);
                return used;
            case Kind.Save:
                model.SaveAndRestore();
                break;
            case Kind.Clear:
                model.Clear();
                break;
        }

        return spare;
    }

    /// <summary>A time for a new event; not always after the last one popped.</summary>
    private static long Time(Times times, long now, ulong luck)
    {
        var uniform = ((luck >> 11) + 0.5) / (1UL << 53);
        return times switch
        {
            Times.Ticks => now + (long)(uniform * 6) - 1,
            Times.Even => now + (long)(uniform * 1e6),
            Times.Exponential => now + (long)(-1e6 * Math.Log(uniform)),
            Times.Bimodal => now + (luck % 3 == 0 ? 1_000_000_000 : 0) + (long)(uniform * 50),
            Times.Clustered => now + (1L << (int)(luck % 40)) + (long)(uniform * 3),
            _ => luck % 5 == 0 ? long.MinValue + (long)(luck >> 60) : luck % 5 == 1 ? long.MaxValue - 1 - (long)(luck >> 60) : (long)luck,
        };
    }
}
