using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>A stretch that is played again and again.</summary>
public readonly record struct ReplayLoop(SimTime From, SimTime To);

/// <summary>The pace of one replay, or of several in step: how far the plant's time has come for the wall clock's.</summary>
/// <remarks>
/// It has no thread: whoever looks brings it up to date, so a replay that nobody looks at costs nothing. Its lock guards the replays that
/// follow it as well. Time is plant time of the replay that the clock was made for; others keep their distance to it.
/// </remarks>
internal sealed class ReplayClock(TimeProvider time)
{
    /// <summary>Wall-clock time between two looks that is made up for at most: after a pause of the machine a replay does not leap.</summary>
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromSeconds(5);

    private long _last = time.GetTimestamp();
    private double _rest; // of a millisecond

    public Lock Gate { get; } = new();

    public List<ReplaySession> Followers { get; } = [];

    public double Speed { get; set; } = 60;

    public bool Playing { get; private set; }

    public SimTime Now { get; private set; }

    /// <summary>Plant time without any event from which on it is skipped; <c>null</c> plays everything.</summary>
    public Duration? SkipAfter { get; set; }

    public ReplayLoop? Loop { get; set; }

    public void Play()
    {
        (Playing, _last, _rest) = (true, time.GetTimestamp(), 0);
    }

    public void Pause() => Playing = false;

    /// <summary>Stands at a moment from now on.</summary>
    public void Set(SimTime moment) => (Now, _last, _rest) = (moment, time.GetTimestamp(), 0);

    /// <summary>Brings clock and followers up to the wall clock; the gate is held.</summary>
    public void Tick()
    {
        if (!Playing)
        {
            return;
        }

        var elapsed = time.GetElapsedTime(_last);
        _last = time.GetTimestamp();
        var ahead = Math.Min(elapsed.TotalMilliseconds, MostAtOnce.TotalMilliseconds) * Speed + _rest;
        _rest = ahead - Math.Floor(ahead);
        var left = (long)Math.Floor(ahead);
        while (left > 0 && Playing)
        {
            left -= Go(left);
        }
    }

    /// <summary>Goes on by so many ms at most, to the next thing that needs a decision; returns the ms it took.</summary>
    private long Go(long most)
    {
        if (SkipAfter is { } dead && NextChange() is { } next)
        {
            if (next - Now > dead)
            {
                Jump(Loop is { } bounds && next > bounds.To ? bounds.To : next);
                return 1; // next to no time, but never none
            }

            most = Math.Max(1, Math.Min(most, (next - Now).Milliseconds)); // behind it there may be dead time again
        }

        var target = Now + Duration.FromMilliseconds(most);
        if (Loop is { } loop && target >= loop.To)
        {
            var used = Math.Max(1, (loop.To - Now).Milliseconds);
            Jump(loop.To);
            foreach (var follower in Followers)
            {
                follower.Rewind();
            }

            Now = loop.From;
            return Math.Min(most, used);
        }

        var end = EndOfAll();
        if (target >= end)
        {
            Jump(SimTime.Max(Now, end));
            Playing = Followers.Exists(f => f.FollowsLive); // at the end of a live plant's past it waits for more
            return most;
        }

        Jump(target);
        return most;
    }

    private void Jump(SimTime moment)
    {
        Now = moment;
        foreach (var follower in Followers)
        {
            follower.Advance(moment);
        }
    }

    private SimTime? NextChange()
    {
        SimTime? next = null;
        foreach (var follower in Followers)
        {
            next = follower.NextChange is { } its && (next is null || its < next) ? its : next;
        }

        return next;
    }

    /// <summary>When the last of the followers has nothing more to show.</summary>
    private SimTime EndOfAll()
    {
        var end = SimTime.Zero;
        foreach (var follower in Followers)
        {
            end = SimTime.Max(end, follower.EndOnClock);
        }

        return end;
    }
}
