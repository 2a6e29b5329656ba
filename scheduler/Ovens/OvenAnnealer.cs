using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Ovens;

/// <summary>Draws moves and takes or undoes them at a temperature.</summary>
internal sealed class OvenAnnealer
{
    private const int MovesPerLook = 256; // between two looks at the clock
    private readonly OvenProblem _problem;
    private readonly OvenState _state;
    private readonly SearchRandom _random;
    private readonly int[][] _ofFamily;
    private readonly double _hot, _cold;
    private long _best = long.MaxValue;

    public OvenAnnealer(OvenProblem problem, OvenState state, SearchRandom random)
    {
        (_problem, _state, _random) = (problem, state, random);
        _ofFamily = [.. Enumerable.Range(0, problem.Families).Select(f => Enumerable.Range(0, problem.Jobs.Length).Where(j => problem.Jobs[j].Family == f).ToArray())];
        var weights = problem.Weights;
        var dearestSetup = problem.SetupTimes.Max() * weights.SetupTime + problem.SetupCosts.Max() * weights.SetupCost;
        _hot = Math.Max(weights.RunTime * problem.Jobs.Average(j => j.MinTime) * 0.3, Math.Max(weights.LateJob * 0.7, dearestSetup));
        _cold = 0.1 * ((long[])[weights.RunTime, weights.LateJob, weights.SetupTime, weights.SetupCost]).Where(w => w > 0).DefaultIfEmpty(1).Min();
        _hot = Math.Max(_hot, _cold);
    }

    /// <summary>Moves tried so far.</summary>
    public long Moves { get; private set; }

    /// <summary>A first schedule: jobs by due date, each where it costs least.</summary>
    public void Construct()
    {
        foreach (var job in Enumerable.Range(0, _problem.Jobs.Length).OrderBy(j => _problem.Jobs[j].Due).ThenBy(j => j))
        {
            var (place, joins, cost) = (-1, false, long.MaxValue);
            for (var m = 0; m < _problem.Ovens.Length; m++)
            {
                var last = _state.HeadOf(m);
                for (var b = _state.NextOf(last); b >= 0; b = _state.NextOf(b))
                {
                    if (_state.CanJoin(job, b))
                    {
                        Try(job, b, true, ref place, ref joins, ref cost);
                    }

                    last = b;
                }

                if (_state.CanHoldJob(m, job))
                {
                    Try(job, last, false, ref place, ref joins, ref cost);
                }
            }

            Put(job, place, joins);
        }

        _state.Begin();
    }

    /// <summary>Goes on from another schedule.</summary>
    public void Load(OvenSchedule schedule)
    {
        for (var j = 0; j < _problem.Jobs.Length; j++)
        {
            _state.Remove(j);
        }

        foreach (var oven in schedule.Batches.GroupBy(b => b.Oven))
        {
            var place = _state.HeadOf(oven.Key);
            foreach (var batch in oven.OrderBy(b => b.Start))
            {
                _state.Open(batch.Jobs[0], place);
                place = _state.BatchOf(batch.Jobs[0]);
                foreach (var job in batch.Jobs.Skip(1))
                {
                    _state.Add(job, place);
                }
            }
        }

        _state.Begin();
    }

    /// <summary>Anneals until progress reaches 1.</summary>
    /// <param name="progress">0 is hot, 1 cold and over.</param>
    /// <param name="better">Called when the state is better than ever.</param>
    public void Anneal(Func<double> progress, Action better)
    {
        var cost = _state.Cost;
        for (var share = progress(); share < 1; share = progress())
        {
            var temperature = _hot * Math.Pow(_cold / _hot, Math.Max(0, share));
            for (var i = 0; i < MovesPerLook; i++)
            {
                Moves++;
                _state.Begin();
                if (!Change())
                {
                    continue;
                }

                var more = _state.Cost - cost;
                if (more > 0 && _random.Unit() >= Math.Exp(-more / temperature))
                {
                    _state.Undo();
                    continue;
                }

                cost = _state.Cost;
                if (cost < _best)
                {
                    _best = cost;
                    better();
                }
            }
        }
    }

    /// <summary>A random change; false when the drawn one is not possible, and nothing happened.</summary>
    private bool Change() => _random.Below(100) switch
    {
        < 40 => JobToBatch(),
        < 50 => JobToNewBatch(),
        < 70 => BatchElsewhere(),
        < 80 => BatchBehindNext(),
        < 92 => SwapJobs(),
        _ => Merge(),
    };

    private bool JobToBatch()
    {
        var job = _random.Below(_problem.Jobs.Length);
        var batch = _state.BatchOf(Relative(job));
        if (batch == _state.BatchOf(job) || !_state.CanJoin(job, batch))
        {
            return false;
        }

        _state.Remove(job);
        _state.Add(job, batch);
        return true;
    }

    private bool JobToNewBatch()
    {
        var job = _random.Below(_problem.Jobs.Length);
        var own = _state.BatchOf(job);
        var place = Place();
        if (_state.JobsIn(own) == 1 || !_state.CanHoldJob(_state.OvenOf(place), job))
        {
            return false;
        }

        _state.Remove(job);
        _state.Open(job, place);
        return true;
    }

    private bool BatchElsewhere()
    {
        var batch = _state.BatchOf(_random.Below(_problem.Jobs.Length));
        var place = Place();
        if (place == batch || place == _state.PreviousOf(batch) || !_state.CanHold(_state.OvenOf(place), batch))
        {
            return false;
        }

        _state.Move(batch, place);
        return true;
    }

    private bool BatchBehindNext()
    {
        var batch = _state.BatchOf(_random.Below(_problem.Jobs.Length));
        if (_state.NextOf(batch) is not (>= 0 and var next))
        {
            return false;
        }

        _state.Move(batch, next);
        return true;
    }

    private bool SwapJobs()
    {
        var job = _random.Below(_problem.Jobs.Length);
        var other = Relative(job);
        var (here, there) = (_state.BatchOf(job), _state.BatchOf(other));
        if (here == there || _state.JobsIn(here) == 1 || _state.JobsIn(there) == 1)
        {
            return false;
        }

        _state.Remove(job);
        _state.Remove(other);
        if (!_state.CanJoin(job, there) || !_state.CanJoin(other, here))
        {
            _state.Undo();
            return false;
        }

        _state.Add(job, there);
        _state.Add(other, here);
        return true;
    }

    /// <summary>All jobs of one batch into another.</summary>
    private bool Merge()
    {
        var job = _random.Below(_problem.Jobs.Length);
        var (from, to) = (_state.BatchOf(job), _state.BatchOf(Relative(job)));
        if (from == to)
        {
            return false;
        }

        for (var left = _state.JobsIn(from); left > 0; left--)
        {
            var next = _state.FirstJobOf(from);
            if (!_state.CanJoin(next, to))
            {
                _state.Undo();
                return false;
            }

            _state.Remove(next);
            _state.Add(next, to);
        }

        return true;
    }

    private int Relative(int job)
    {
        var family = _ofFamily[_problem.Jobs[job].Family];
        return family[_random.Below(family.Length)];
    }

    /// <summary>A batch, or sometimes the head of an oven.</summary>
    private int Place() => _random.Below(8) == 0
        ? _state.HeadOf(_random.Below(_problem.Ovens.Length))
        : _state.BatchOf(_random.Below(_problem.Jobs.Length));

    private void Try(int job, int place, bool joins, ref int bestPlace, ref bool bestJoins, ref long bestCost)
    {
        _state.Begin();
        Put(job, place, joins);
        if (_state.Cost < bestCost)
        {
            (bestPlace, bestJoins, bestCost) = (place, joins, _state.Cost);
        }

        _state.Undo();
    }

    private void Put(int job, int place, bool joins)
    {
        if (joins)
        {
            _state.Add(job, place);
        }
        else
        {
            _state.Open(job, place);
        }
    }
}
