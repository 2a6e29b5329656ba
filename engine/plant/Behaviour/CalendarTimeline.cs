using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A <see cref="WorkCalendar"/> unrolled to sorted, disjoint working windows in simulation time.</summary>
/// <remarks>Covers a stated span; after it the plant is taken as always working, so nothing can hang for want of a calendar.</remarks>
public sealed class CalendarTimeline
{
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long[] _workBefore; // working ms before window i

    private CalendarTimeline(long[] starts, long[] ends)
    {
        _starts = starts;
        _ends = ends;
        _workBefore = new long[starts.Length];
        for (var i = 1; i < starts.Length; i++)
        {
            _workBefore[i] = _workBefore[i - 1] + ends[i - 1] - starts[i - 1];
        }
    }

    /// <summary>Number of windows.</summary>
    public int Count => _starts.Length;

    /// <summary>Longest window.</summary>
    public Duration LongestWindow
    {
        get
        {
            var longest = 0L;
            for (var i = 0; i < _starts.Length - 1; i++)
            {
                longest = Math.Max(longest, _ends[i] - _starts[i]);
            }

            return new Duration(longest);
        }
    }

    /// <summary>Unrolls a calendar from a week before the epoch to <paramref name="until"/>, then works for ever.</summary>
    public static CalendarTimeline Unroll(WorkCalendar calendar, PlantClock clock, SimTime until)
    {
        var spans = new List<(long Start, long End)>();
        var first = DateOnly.FromDateTime(clock.Epoch).AddDays(-7);
        var last = DateOnly.FromDateTime(clock.ToWallClock(until).DateTime).AddDays(1);
        var exceptions = calendar.Exceptions.ToDictionary(e => e.Date, e => e.Windows);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (exceptions.TryGetValue(day, out var special))
            {
                spans.AddRange(special.Select(w => Span(day, w.Start, w.End)));
            }
            else
            {
                var weekday = (Weekdays)(1 << (((int)day.DayOfWeek + 6) % 7));
                spans.AddRange(calendar.Windows.Where(w => w.Days.HasFlag(weekday)).Select(w => Span(day, w.Start, w.End)));
            }
        }

        spans.Add((Math.Max(until.Milliseconds, spans.Count > 0 ? spans.Max(s => s.End) : 0), long.MaxValue / 4));
        return FromSpans(spans);

        (long Start, long End) Span(DateOnly day, TimeOnly start, TimeOnly end)
        {
            var from = clock.FromLocal(day.ToDateTime(start)).Milliseconds;
            var to = clock.FromLocal((end <= start ? day.AddDays(1) : day).ToDateTime(end)).Milliseconds;
            return (from, to);
        }
    }

    /// <summary>From any spans; overlapping and touching ones are joined.</summary>
    public static CalendarTimeline FromSpans(IEnumerable<(long Start, long End)> spans)
    {
        var starts = new List<long>();
        var ends = new List<long>();
        foreach (var (start, end) in spans.Where(s => s.End > s.Start).Order())
        {
            if (ends.Count > 0 && start <= ends[^1])
            {
                ends[^1] = Math.Max(ends[^1], end);
            }
            else
            {
                starts.Add(start);
                ends.Add(end);
            }
        }

        return new CalendarTimeline([.. starts], [.. ends]);
    }

    /// <summary>The n-th window.</summary>
    public (SimTime Start, SimTime End) Window(int index) => (new(_starts[index]), new(_ends[index]));

    public bool IsWorking(SimTime time)
    {
        var i = IndexAtOrBefore(time.Milliseconds);
        return i >= 0 && time.Milliseconds < _ends[i];
    }

    /// <summary>The earliest working moment at or after <paramref name="time"/>.</summary>
    public SimTime NextWorking(SimTime time)
    {
        var i = IndexAtOrBefore(time.Milliseconds);
        return i >= 0 && time.Milliseconds < _ends[i] ? time
            : i + 1 < _starts.Length ? new SimTime(_starts[i + 1])
            : SimTime.Never;
    }

    /// <summary>The next moment after <paramref name="time"/> at which work starts or stops.</summary>
    public SimTime NextChange(SimTime time)
    {
        var i = IndexAtOrBefore(time.Milliseconds);
        return i >= 0 && time.Milliseconds < _ends[i] ? new SimTime(_ends[i])
            : i + 1 < _starts.Length ? new SimTime(_starts[i + 1])
            : SimTime.Never;
    }

    /// <summary>When work of <paramref name="work"/> begun at <paramref name="start"/> ends, pausing outside the windows.</summary>
    public SimTime EndOfInterruptible(SimTime start, Duration work)
    {
        start = NextWorking(start);
        var i = IndexAtOrBefore(start.Milliseconds);
        var left = work.Milliseconds;
        var at = start.Milliseconds;
        while (at + left > _ends[i])
        {
            left -= _ends[i] - at;
            at = _starts[++i];
        }

        return new SimTime(at + left);
    }

    /// <summary>The earliest moment at or after <paramref name="from"/> when uninterrupted work of <paramref name="work"/> may begin:
    /// inside a window it fits into, or at the start of a window where none is long enough (it then runs over).</summary>
    public SimTime StartOfUninterrupted(SimTime from, Duration work)
    {
        var i = Math.Max(0, IndexAtOrBefore(from.Milliseconds));
        var firstWindow = SimTime.Never;
        var fitsSomewhere = work <= LongestWindow;
        for (; i < _starts.Length; i++)
        {
            var at = Math.Max(_starts[i], from.Milliseconds);
            if (at >= _ends[i])
            {
                continue;
            }

            if (at + work.Milliseconds <= _ends[i])
            {
                return new SimTime(at);
            }

            if (!fitsSomewhere && at == _starts[i])
            {
                return firstWindow == SimTime.Never ? new SimTime(at) : firstWindow;
            }
        }

        return SimTime.Never;
    }

    /// <summary>Working time inside [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public Duration WorkBetween(SimTime from, SimTime to) => new(WorkUntil(to.Milliseconds) - WorkUntil(from.Milliseconds));

    private long WorkUntil(long t)
    {
        var i = IndexAtOrBefore(t);
        return i < 0 ? 0 : _workBefore[i] + Math.Min(t, _ends[i]) - _starts[i];
    }

    private int IndexAtOrBefore(long t)
    {
        var i = Array.BinarySearch(_starts, t);
        return i >= 0 ? i : ~i - 1;
    }
}
