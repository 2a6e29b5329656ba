using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>The side jobs of each pool: those that wait in a ring, first in first out; those in work in a chain, the latest first.</summary>
internal sealed class SideJobDesk : IExchanged<SideJobDesk>
{
    [NotState("from the scenario")]
    private readonly int[] _firstOf; // per pool, and one more: its side jobs
    private int[] _ring; // per side job: the waiting ones of its pool, from _head on
    private int[] _head; // per pool
    private int[] _waiting; // per pool
    private int[] _next; // per side job in work: begun just before it, −1 none
    private int[] _previous; // per side job in work: begun just after it, −1 none
    private int[] _latest; // per pool: −1 none in work

    public SideJobDesk(int[] firstOf)
    {
        _firstOf = firstOf;
        var (pools, jobs) = (firstOf.Length - 1, firstOf[^1]);
        _ring = new int[jobs];
        _next = new int[jobs];
        _previous = new int[jobs];
        _head = new int[pools];
        _waiting = new int[pools];
        _latest = new int[pools];
        Array.Fill(_latest, -1);
    }

    public void Exchange(StateExchange exchange, SideJobDesk? other)
    {
        exchange.Array(ref _ring, other?._ring);
        exchange.Array(ref _head, other?._head);
        exchange.Array(ref _waiting, other?._waiting);
        exchange.Array(ref _next, other?._next);
        exchange.Array(ref _previous, other?._previous);
        exchange.Array(ref _latest, other?._latest);
    }

    public bool AnyWaiting(int pool) => _waiting[pool] > 0;

    /// <summary>The side job of the pool that was begun last; −1 when none is in work.</summary>
    public int Latest(int pool) => _latest[pool];

    public void Wait(int pool, int job)
    {
        var size = _firstOf[pool + 1] - _firstOf[pool];
        var at = _head[pool] + _waiting[pool]++;
        _ring[_firstOf[pool] + (at >= size ? at - size : at)] = job;
    }

    /// <summary>The longest waiting of the pool, which has one, goes into work.</summary>
    public int Begin(int pool)
    {
        var size = _firstOf[pool + 1] - _firstOf[pool];
        var job = _ring[_firstOf[pool] + _head[pool]];
        _head[pool] = _head[pool] + 1 == size ? 0 : _head[pool] + 1;
        _waiting[pool]--;
        Enter(pool, job);
        return job;
    }

    /// <summary>The job is in work, begun after all others of its pool.</summary>
    public void Enter(int pool, int job)
    {
        _next[job] = _latest[pool];
        _previous[job] = -1;
        if (_latest[pool] >= 0)
        {
            _previous[_latest[pool]] = job;
        }

        _latest[pool] = job;
    }

    /// <summary>The job is not in work any more.</summary>
    public void Leave(int pool, int job)
    {
        if (_previous[job] >= 0)
        {
            _next[_previous[job]] = _next[job];
        }
        else
        {
            _latest[pool] = _next[job];
        }

        if (_next[job] >= 0)
        {
            _previous[_next[job]] = _previous[job];
        }
    }
}
