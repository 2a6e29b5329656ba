using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Fixtures: a unit enters a loop only in a fixture of its family; families that lack them get those that nobody else waits for.
public sealed partial class PlantSimulator
{
    private bool _fixturesMoved; // since batches inside a loop were last looked at
    private bool[] _fixtureShort = []; // per pool: those who wait for it were told so; empty in a plant without loops

    /// <summary>Whether a job needs no fixture, or one of its family is there.</summary>
    private bool FixtureIsFree(int job) =>
        _fixtureShort.Length == 0 || State.FixturePoolFor(job) is var pool && (pool < 0 || State.Fixtures[pool].Free > 0);

    /// <summary>A batch leaves: fixtures that it gives back will be ready when they have travelled.</summary>
    private void ExpectFixtures(int lead)
    {
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            var loop = _plant.Fixtures!.LeftBy(_plant.OperationIndexOf(job));
            if (loop >= 0 && State.FixtureOf(_plant.Jobs.JobLot[job]) is var pool && pool >= 0 && pool / _plant.Fixtures.Families == loop)
            {
                Schedule(_now + new Duration(_plant.Fixtures.Loops[loop].ReturnMs), new Pending(PendingKind.FixtureReady, Job: pool));
            }
        }
    }

    private void ReceiveFixture(int pool)
    {
        var isBack = !State.NextFixtureTrip(pool).IsChange;
        Emit(PlantEventKind.FixtureReady, arg: pool);
        _fixturesMoved = true;
        ChangeFixtures(isBack ? pool : -1); // a family that has none comes before those who wait for this one
        foreach (var group in _plant.Fixtures!.Loops[pool / _plant.Fixtures.Families].Groups)
        {
            _wokenGroups.Add(group);
            if (_plan is not null)
            {
                foreach (var equipment in _plant.Groups[group])
                {
                    _wokenEquipment.Add(equipment);
                }
            }
        }
    }

    /// <summary>When everybody has chosen: fixtures are changed for those who wait, and those who wait for one are told.</summary>
    private void ServeFixtures()
    {
        ChangeFixtures(-1);
        for (var pool = 0; pool < _fixtureShort.Length; pool++)
        {
            if (_fixtureShort[pool] != State.Fixtures[pool].Free <= 0)
            {
                _fixtureShort[pool] = !_fixtureShort[pool];
                TellThoseWithoutFixture(pool);
            }
        }

        if (_fixturesMoved)
        {
            _fixturesMoved = false;
            LookAtBatchesInLoops();
        }
    }

    /// <summary>A batch in a loop may have waited for company that finds no fixture any more.</summary>
    private void LookAtBatchesInLoops()
    {
        foreach (var group in _plant.Fixtures!.BatchGroups)
        {
            if (State.ReadyInGroup[group] > 0)
            {
                _wokenGroups.Add(group);
            }
        }

        if (!_dispatchPending && AnybodyChooses)
        {
            DispatchAtTheEndOf(_now);
        }
    }

    /// <summary>Whether company for a job is still to come. Inside a loop it comes only from those who are in it or will find a fixture: the
    /// others wait for the fixtures of the batch.</summary>
    private bool CompanyMayCome(int job)
    {
        var key = _plant.BatchKeyOf(job);
        if (_upcoming[key] == 0 || _fixtureShort.Length == 0 || _plant.Fixtures!.Around(_plant.OperationIndexOf(job)) is not { Loop: >= 0 } around)
        {
            return _upcoming[key] > 0;
        }

        foreach (var other in _plant.Fixtures.JobsOfKey(key))
        {
            if (Job(other).Status != JobStatus.Waiting)
            {
                continue;
            }

            var pool = State.FixturePoolFor(_plant.CompiledJobOf(other).First + around.Enter);
            if (pool < 0 || State.Fixtures[pool].Free + State.Fixtures[pool].Coming > 0)
            {
                return true; // it holds one, needs none, or one is there for it
            }
        }

        return false;
    }

    /// <param name="back">Pool of a fixture that has just come back; −1 none. One that was fitted for somebody is left to them.</param>
    private void ChangeFixtures(int back)
    {
        for (var pool = 0; pool < _fixtureShort.Length; pool++)
        {
            ref readonly var state = ref State.Fixtures[pool];
            while (state.Waiting > state.Free + state.Coming && FindSpare(pool, back) is var spare && spare >= 0)
            {
                Emit(PlantEventKind.FixtureChangeStarted, arg: spare, value: pool);
                _fixturesMoved = true;
                var change = _plant.Fixtures!.Loops[pool / _plant.Fixtures.Families].ChangeMs;
                Schedule(_now + new Duration(change), new Pending(PendingKind.FixtureReady, Job: pool));
            }
        }
    }

    /// <summary>Pool of the same loop that can do without a fixture: the one with most that nobody waits for. A family that has none at all
    /// gets the next that comes back, whoever waits for it.</summary>
    private int FindSpare(int pool, int back)
    {
        var fixtures = _plant.Fixtures!;
        var (loop, first) = (pool / fixtures.Families, pool / fixtures.Families * fixtures.Families);
        var changing = 0;
        foreach (ref readonly var trip in State.FixtureTrips)
        {
            changing += trip.IsChange && trip.Pool / fixtures.Families == loop ? 1 : 0;
        }

        if (changing >= fixtures.Loops[loop].ChangePlaces)
        {
            return -1; // whichever is done next looks again
        }

        ref readonly var own = ref State.Fixtures[pool];
        var hasNone = own.Free + own.InUse + own.Coming <= 0;
        var goesFirst = hasNone && _paced && IsNextOnLine(pool);
        var (best, most) = (-1, 0);
        for (var other = first; other < first + fixtures.Families; other++)
        {
            ref readonly var state = ref State.Fixtures[other];
            var spare = state.Free <= 0 ? 0 : Math.Max(state.Free - state.Waiting, hasNone && (other == back || goesFirst) ? 1 : 0);
            if (other != pool && spare > most)
            {
                (best, most) = (other, spare);
            }
        }

        return best;
    }

    /// <summary>Whether the unit that waits longest before a station of a paced line wants a fixture of a pool: those behind it cannot overtake, so
    /// that fixtures kept for them would never go out.</summary>
    private bool IsNextOnLine(int pool)
    {
        foreach (var group in _plant.Fixtures!.Loops[pool / _plant.Fixtures.Families].Groups)
        {
            var (first, wants) = (long.MaxValue, -1);
            foreach (var job in _queues.Of(group))
            {
                if (PlaceOnLine(job) is var place && place >= 0 && place < first)
                {
                    (first, wants) = (place, State.FixturePoolFor(job));
                }
            }

            if (wants == pool)
            {
                return true;
            }
        }

        return false;
    }

    [NotState(Scratch)]
    private readonly List<int> _toTell = [];

    /// <summary>Tells them in the order of the jobs: how the queue is laid out depends on the rule's floors, what is told must not.</summary>
    private void TellThoseWithoutFixture(int pool)
    {
        foreach (var group in _plant.Fixtures!.Loops[pool / _plant.Fixtures.Families].Groups)
        {
            _toTell.Clear();
            foreach (var job in _queues.Of(group))
            {
                _toTell.Add(job);
            }

            _toTell.Sort();
            foreach (var job in _toTell)
            {
                TellOfFixture(job, pool);
            }
        }
    }

    /// <summary>Tells why a job waits, where it is for the fixtures of a pool (−1 any).</summary>
    private void TellOfFixture(int job, int pool)
    {
        if (State.FixturePoolFor(job) is var own && own >= 0 && (pool < 0 || own == pool)
            && (_fixtureShort[own] ? WaitReason.Auxiliary : WaitReason.None) is var reason && Job(job).WaitsFor != reason)
        {
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)reason);
        }
    }

    private void ResumeFixtures()
    {
        foreach (ref readonly var trip in State.FixtureTrips)
        {
            Schedule(new SimTime(trip.DueAt), new Pending(PendingKind.FixtureReady, Job: trip.Pool));
        }
    }
}
