using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

/// <summary>The ordering contract in its plainest form, and a calendar that is held to it step by step.</summary>
internal sealed class SortedModel(EventCalendar<int> calendar)
{
    private readonly SortedSet<(SimTime Time, int Priority, int Insertion)> _waiting = [];
    private readonly List<(EventHandle Handle, SimTime Time, int Priority)> _scheduled = [];

    public EventCalendar<int> Calendar { get; private set; } = calendar;

    public int Count => _waiting.Count;

    /// <summary>Time of the event popped last; 0 at first.</summary>
    public long Now { get; private set; }

    public void Schedule(long time, int priority)
    {
        var insertion = _scheduled.Count;
        var handle = Calendar.Schedule(new SimTime(time), priority, insertion);
        _scheduled.Add((handle, new SimTime(time), priority));
        _waiting.Add((new SimTime(time), priority, insertion));
    }

    /// <summary>Cancels one of all events ever scheduled: it may have left already.</summary>
    public void Cancel(int which)
    {
        if (_scheduled.Count == 0)
            return;

        var insertion = which % _scheduled.Count;
        var (handle, time, priority) = _scheduled[insertion];
        var waits = _waiting.Remove((time, priority, insertion));
        Assert.Equal(waits, Calendar.IsPending(handle));
        Assert.Equal(waits, Calendar.Cancel(handle));
        Assert.False(Calendar.IsPending(handle));
    }

    public void Pop()
    {
        var popped = Calendar.TryPop(out var time, out var payload);
        Assert.Equal(_waiting.Count > 0, popped);
        if (!popped)
            return;

        var expected = _waiting.Min;
        _waiting.Remove(expected);
        Assert.Equal((expected.Time, expected.Insertion), (time, payload));
        Assert.False(Calendar.IsPending(_scheduled[payload].Handle));
        Now = time.Milliseconds;
    }

    public void Look()
    {
        Assert.Equal(_waiting.Count > 0 ? _waiting.Min.Time : SimTime.Never, Calendar.NextTime);
        Assert.Equal(_waiting.Count, Calendar.Count);
    }

    /// <summary>Goes on with a clone; what happens to the original must not matter.</summary>
    public void Clone()
    {
        var abandoned = Calendar;
        Calendar = Calendar.Clone();
        abandoned.Schedule(new SimTime(Now), 0, -1);
        abandoned.TryPop(out _, out _);
        abandoned.Clear();
    }

    /// <summary>Goes on in a used calendar.</summary>
    public void CopyInto(EventCalendar<int> other)
    {
        other.CopyFrom(Calendar);
        Calendar.Clear();
        Calendar = other;
    }

    /// <summary>Goes on with what was saved.</summary>
    public void SaveAndRestore()
    {
        var entries = new CalendarEntry<int>[Calendar.Count];
        Calendar.CopyTo(entries);
        var restored = new EventCalendar<int>();
        restored.Schedule(new SimTime(3), 0, -1); // forgotten when it becomes the other
        restored.Restore(entries, Calendar.LastStamp);
        var again = new CalendarEntry<int>[restored.Count];
        restored.CopyTo(again);
        Assert.Equal(entries, again);
        Calendar = restored;
    }

    public void Clear()
    {
        Calendar.Clear();
        _waiting.Clear();
    }

    public void Drain()
    {
        while (_waiting.Count > 0)
            Pop();
        Pop();
        Look();
    }
}
