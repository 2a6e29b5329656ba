using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

/// <summary>Fixtures of one loop that hold one family, and the units that wait for them.</summary>
public struct FixturePoolState
{
    /// <summary>Ready at the beginning of the loop.</summary>
    public int Free;

    /// <summary>Taken by units.</summary>
    public int InUse;

    /// <summary>On the way back, or being changed to this family.</summary>
    public int Coming;

    /// <summary>Units that wait to enter the loop and hold none.</summary>
    public int Waiting;

    /// <summary>Up to when its totals are booked, ms.</summary>
    public long SettledAt;
}

/// <summary>Running totals of a pool since the statistics were reset.</summary>
public struct FixturePoolMeters
{
    /// <summary>Σ over its fixtures of the time in use, ms.</summary>
    public long InUseMs;

    /// <summary>Σ over units of the time in which they waited and none was free, ms.</summary>
    public long WaitMs;

    /// <summary>Changes to this family begun.</summary>
    public int Changes;
}

/// <summary>A fixture that will be ready.</summary>
/// <param name="Pool">Pool that it comes to.</param>
/// <param name="DueAt">When, ms.</param>
/// <param name="IsChange">It is being changed; otherwise it travels back.</param>
public readonly record struct FixtureTrip(int Pool, long DueAt, bool IsChange);

// Fixtures: taken with the first operation in a loop, given back after the last, changed off the loop.
public sealed partial class PlantState
{
    private FixturePoolState[] _fixtures = []; // per pool; none in a plant without loops
    private FixturePoolMeters[] _fixtureMeters = [];
    private FixtureTrip[] _fixtureTrips = []; // room for every fixture
    private int _fixtureTripCount;
    private int[] _fixtureOfLot = []; // per lot: pool whose fixture it holds; −1 none

    /// <summary>Per loop and family: index loop × families + family; empty in a plant without loops.</summary>
    public ReadOnlySpan<FixturePoolState> Fixtures => _fixtures;

    /// <summary>Running totals of the same.</summary>
    public ReadOnlySpan<FixturePoolMeters> FixtureMeters => _fixtureMeters;

    /// <summary>Fixtures on their way or being changed.</summary>
    public ReadOnlySpan<FixtureTrip> FixtureTrips => _fixtureTrips.AsSpan(0, _fixtureTripCount);

    /// <summary>Pool whose fixture a lot holds; −1 none.</summary>
    public int FixtureOf(int lot) => _fixtureOfLot.Length > 0 ? _fixtureOfLot[lot] : -1;

    private void SetUpFixtures()
    {
        if (Plant.Fixtures is not { } fixtures)
        {
            return;
        }

        _fixtures = new FixturePoolState[fixtures.PoolCount];
        _fixtureMeters = new FixturePoolMeters[fixtures.PoolCount];
        _fixtureTrips = new FixtureTrip[fixtures.Loops.Sum(l => l.Count)];
        for (var l = 0; l < fixtures.Loops.Length; l++)
        {
            foreach (var held in Plant.Plant.FixtureLoops[l].Fixtures)
            {
                _fixtures[l * fixtures.Families + held.Family].Free += held.Count;
            }
        }
    }

    private void GrowFixtures()
    {
        if (_fixtures.Length > 0)
        {
            var before = _fixtureOfLot.Length;
            Array.Resize(ref _fixtureOfLot, Plant.Jobs.LotCount);
            Array.Fill(_fixtureOfLot, -1, before, _fixtureOfLot.Length - before);
        }
    }

    private void ExchangeFixtures(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _fixtures, other?._fixtures);
        exchange.Array(ref _fixtureMeters, other?._fixtureMeters);
        exchange.Used(ref _fixtureTrips, ref _fixtureTripCount, other?._fixtureTrips, other?._fixtureTripCount);
        exchange.Array(ref _fixtureOfLot, other?._fixtureOfLot);
    }

    /// <summary>Pool from which a job must take a fixture before it starts; −1 none.</summary>
    internal int FixturePoolFor(int job)
    {
        var loop = Plant.Fixtures!.EnteredBy(Plant.OperationIndexOf(job));
        return loop >= 0 && Plant.FamilyOf(job) is var family && family >= 0 && _fixtureOfLot[Plant.Jobs.JobLot[job]] < 0
            ? loop * Plant.Fixtures.Families + family
            : -1;
    }

    private void AwaitFixture(int job, int change, long now)
    {
        if (FixturePoolFor(job) is var pool && pool >= 0)
        {
            SettleFixtures(pool, now);
            _fixtures[pool].Waiting += change;
        }
    }

    private void TakeFixture(int job, long now)
    {
        if (FixturePoolFor(job) is var pool && pool >= 0)
        {
            SettleFixtures(pool, now);
            _fixtures[pool].Waiting--;
            _fixtures[pool].Free--;
            _fixtures[pool].InUse++;
            _fixtureOfLot[Plant.Jobs.JobLot[job]] = pool;
        }
    }

    /// <summary>The unit goes on without its fixture, which stands at the beginning of the loop.</summary>
    private void DropFixture(int job, long now)
    {
        ref var pool = ref _fixtureOfLot[Plant.Jobs.JobLot[job]];
        if (pool >= 0)
        {
            SettleFixtures(pool, now);
            _fixtures[pool].InUse--;
            _fixtures[pool].Free++;
            pool = -1;
        }
    }

    private void SendFixtureBack(int job, long now)
    {
        ref var pool = ref _fixtureOfLot[Plant.Jobs.JobLot[job]];
        var loop = Plant.Fixtures!.LeftBy(Plant.OperationIndexOf(job));
        if (pool >= 0 && loop == pool / Plant.Fixtures.Families)
        {
            SettleFixtures(pool, now);
            _fixtures[pool].InUse--;
            AddTrip(new FixtureTrip(pool, now + Plant.Fixtures.Loops[loop].ReturnMs, IsChange: false));
            pool = -1;
        }
    }

    private void AddTrip(FixtureTrip trip)
    {
        if (_fixtureTripCount == _fixtureTrips.Length)
        {
            Array.Resize(ref _fixtureTrips, _fixtureTripCount + 1); // more were seen than the scenario has
        }

        _fixtureTrips[_fixtureTripCount++] = trip;
        _fixtures[trip.Pool].Coming++;
    }

    private void StartFixtureChange(in PlantEvent e)
    {
        var to = (int)e.Value;
        SettleFixtures(e.Arg, e.Time.Milliseconds);
        SettleFixtures(to, e.Time.Milliseconds);
        _fixtures[e.Arg].Free--;
        _fixtureMeters[to].Changes++;
        AddTrip(new FixtureTrip(to, e.Time.Milliseconds + Plant.Fixtures!.Loops[to / Plant.Fixtures.Families].ChangeMs, IsChange: true));
    }

    private void ReceiveFixture(in PlantEvent e)
    {
        SettleFixtures(e.Arg, e.Time.Milliseconds);
        var first = FindTrip(e.Arg);
        _fixtureTrips.AsSpan(first + 1, --_fixtureTripCount - first).CopyTo(_fixtureTrips.AsSpan(first));
        _fixtures[e.Arg].Coming--;
        _fixtures[e.Arg].Free++;
    }

    /// <summary>The trip to a pool that ends first.</summary>
    internal FixtureTrip NextFixtureTrip(int pool) => _fixtureTrips[FindTrip(pool)];

    private int FindTrip(int pool)
    {
        var first = -1;
        for (var t = 0; t < _fixtureTripCount; t++)
        {
            if (_fixtureTrips[t].Pool == pool && (first < 0 || _fixtureTrips[t].DueAt < _fixtureTrips[first].DueAt))
            {
                first = t;
            }
        }

        return first;
    }

    private void SettleFixtures(int pool, long now)
    {
        ref var state = ref _fixtures[pool];
        var passed = now - state.SettledAt;
        if (passed > 0)
        {
            _fixtureMeters[pool].InUseMs += passed * state.InUse;
            _fixtureMeters[pool].WaitMs += state.Free <= 0 ? passed * state.Waiting : 0;
            state.SettledAt = now;
        }
    }

    private void SettleAllFixtures(long now)
    {
        for (var pool = 0; pool < _fixtures.Length; pool++)
        {
            SettleFixtures(pool, now);
        }
    }
}
