using DigitalTwin.Simulation;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>A stretch of a launch order as a CP-SAT model: which of its units goes where, everything around it fixed.</summary>
/// <remarks>
/// x[kind, position] says which kind of unit is launched where; units of a kind (same model, release and order) are interchangeable. A(option, k), the running count of an option, is a variable inside the stretch and a number outside.
/// The objective is <see cref="LineCost.Total"/> but for terms that no order of the stretch can change, and for utility work further
/// behind the stretch than <see cref="Tail"/> positions.
/// </remarks>
public sealed class SequenceModel
{
    /// <summary>So many fixed positions behind the stretch still feel where it leaves the workers.</summary>
    private const int Tail = 25;

    private readonly LineProblem _problem;
    private readonly int[] _sequence;
    private readonly int _first;
    private readonly int _count;
    private readonly CpModel _model = new();
    private readonly PositionCosts _costs;
    private readonly List<Kind> _kinds;
    private readonly BoolVar[,] _x; // [kind, position − first]
    private readonly LinearExpr[][] _running; // [option][k]: A(k) for 0 ≤ k ≤ n
    private readonly List<(IntVar Variable, double Weight)> _terms = [];

    /// <param name="sequence">The order now; units at [<paramref name="first"/>, <paramref name="first"/> + <paramref name="count"/>) may change places.</param>
    /// <param name="hardRules">Whether option rules must hold in every window that the stretch touches, instead of being priced.</param>
    public SequenceModel(LineProblem problem, ReadOnlySpan<int> sequence, int first, int count, bool hardRules = false)
    {
        (_problem, _sequence, _first, _count) = (problem, sequence.ToArray(), first, count);
        _costs = new PositionCosts(problem);
        _kinds = Kinds();
        _x = new BoolVar[_kinds.Count, count];
        OneUnitPerPosition();
        EveryUnitOnce();
        _running = RunningCounts();
        Windows(_problem.Rules, hardRules, _problem.Weights.OptionViolation);
        Windows(_problem.Fixtures.Rules, hard: false, _problem.Fixtures.Price);
        Levelling();
        Overload();
        Releases();
        Lateness();
        Objective();
        Hint();
    }

    /// <param name="Order">−1 where no unit of it can be late in the stretch.</param>
    private sealed record Kind(int Model, int Order, SimTime Due, long Weight, SimTime Release, Queue<int> Units);

    /// <summary>Searches for a better order of the stretch.</summary>
    /// <param name="effort">Limit in the solver's deterministic time, which does not depend on the machine.</param>
    /// <param name="seconds">Limit on the clock besides.</param>
    /// <returns>The whole sequence with the best order found, or <c>null</c> when none was found; and whether it is proven best.</returns>
    public (int[]? Sequence, bool Proven) Solve(
        double effort, double seconds = 60, int workers = 1, int seed = 1, CancellationToken stop = default)
    {
        var solver = new CpSolver
        {
            StringParameters = FormattableString.Invariant(
                $"max_deterministic_time:{effort},max_time_in_seconds:{seconds},num_workers:{workers},random_seed:{seed},linearization_level:2"),
        };
        using var registration = stop.Register(solver.StopSearch);
        var status = stop.IsCancellationRequested ? CpSolverStatus.Unknown : solver.Solve(_model);
        return status is CpSolverStatus.Optimal or CpSolverStatus.Feasible
            ? (Read(solver), status == CpSolverStatus.Optimal)
            : (null, status == CpSolverStatus.Infeasible);
    }

    private List<Kind> Kinds()
    {
        var kinds = new List<Kind>();
        for (var p = _first; p < _first + _count; p++)
        {
            var unit = _problem.Units[_sequence[p]];
            var order = _costs.Matter && _costs.Tardy(_sequence[p], _first + _count - 1) > 0 ? unit.Order : -1;
            var release = SimTime.Max(unit.Release, _problem.Start); // earlier ones make no difference
            var (due, weight) = order < 0 ? (SimTime.Never, 0) : (unit.Due, unit.Weight);
            var kind = kinds.Find(k => (k.Model, k.Order, k.Due, k.Weight, k.Release) == (unit.Model, order, due, weight, release));
            if (kind is null)
            {
                kinds.Add(kind = new Kind(unit.Model, order, due, weight, release, []));
            }

            kind.Units.Enqueue(_sequence[p]);
        }

        return kinds;
    }

    private void OneUnitPerPosition()
    {
        for (var p = 0; p < _count; p++)
        {
            for (var k = 0; k < _kinds.Count; k++)
            {
                _x[k, p] = _model.NewBoolVar("");
            }

            _model.AddExactlyOne(Enumerable.Range(0, _kinds.Count).Select(k => (ILiteral)_x[k, p]));
        }
    }

    private void EveryUnitOnce()
    {
        for (var k = 0; k < _kinds.Count; k++)
        {
            _model.Add(LinearExpr.Sum(Enumerable.Range(0, _count).Select(p => _x[k, p])) == _kinds[k].Units.Count);
        }
    }

    /// <summary>A(k) = A(k − 1) + 1 where a unit of the option is launched.</summary>
    private LinearExpr[][] RunningCounts()
    {
        var running = new LinearExpr[_problem.Options.Length][];
        for (var option = 0; option < running.Length; option++)
        {
            running[option] = new LinearExpr[_sequence.Length + 1];
            running[option][0] = LinearExpr.Constant(0);
            var carriers = Enumerable.Range(0, _kinds.Count).Where(k => _problem.Models[_kinds[k].Model].Carries(option)).ToArray();
            var inside = carriers.Sum(k => _kinds[k].Units.Count);
            var known = 0;
            for (var p = 0; p < _sequence.Length; p++)
            {
                known += ModelAt(p).Carries(option) ? 1 : 0;
                var offset = p - _first;
                if (offset < 0 || offset >= _count - 1 || inside == 0 || inside == _count)
                {
                    running[option][p + 1] = LinearExpr.Constant(known);
                    continue;
                }

                var before = CountBefore(option);
                var count = _model.NewIntVar(before + Math.Max(0, inside - (_count - 1 - offset)), before + Math.Min(inside, offset + 1), "");
                _model.Add(count == running[option][p] + LinearExpr.Sum(carriers.Select(k => _x[k, offset])));
                running[option][p + 1] = count;
            }
        }

        return running;
    }

    /// <summary>At most h in every q consecutive: forbidden, or a violation with its price.</summary>
    private void Windows(IEnumerable<LineRule> rules, bool hard, double price)
    {
        foreach (var rule in rules)
        {
            for (var k = Math.Max(0, _first - rule.Window + 1); k < _first + _count && k + rule.Window <= _sequence.Length; k++)
            {
                var count = _running[rule.Option][k + rule.Window] - _running[rule.Option][k];
                if (hard)
                {
                    _model.Add(count <= rule.Max);
                }
                else if (rule.Window > rule.Max)
                {
                    var violated = _model.NewBoolVar("");
                    _model.Add(count <= rule.Max + (rule.Window - rule.Max) * violated);
                    _terms.Add((violated, price));
                }
            }
        }
    }

    /// <summary>Σ(actual − ideal)²: a convex function of an integer, exact as the upper envelope of its chords.</summary>
    private void Levelling()
    {
        long n = _sequence.Length;
        if (_problem.Weights.Levelling <= 0)
        {
            return;
        }

        var scale = n * n <= 4096 ? n * n : 1024; // exact where small; in 1/1024 otherwise
        for (var option = 0; option < _problem.Levelled; option++)
        {
            for (var k = _first + 1; k < _first + _count; k++)
            {
                if (_running[option][k] is not IntVar count)
                {
                    continue;
                }

                var (low, high) = (count.Domain.Min(), count.Domain.Max());
                var square = _model.NewIntVar(0, Math.Max(Value(low), Value(high)), "");
                for (var a = low; a < high; a++)
                {
                    _model.Add(square >= Value(a) + (Value(a + 1) - Value(a)) * (count - a));
                }

                _terms.Add((square, _problem.Weights.Levelling / scale));

                long Value(long actual)
                {
                    var deviation = actual * n - (long)_problem.OptionTotals[option] * k;
                    return scale == n * n ? deviation * deviation : (long)Math.Round((double)deviation * deviation * scale / (n * n));
                }
            }
        }
    }

    /// <summary>w(t + 1) ≥ w(t) + p − takt − utility work, 0 ≤ w ≤ window: the least utility work makes it the recursion of the evaluator.</summary>
    private void Overload()
    {
        for (var station = 0; station < _problem.StationCount && _problem.Weights.UtilityWork > 0; station++)
        {
            var drifts = _kinds.Select(k => (_problem.Models[k.Model].Work[station] - _problem.Takt).Milliseconds).ToArray();
            if (drifts.Max() <= 0)
            {
                continue;
            }

            LinearExpr worker = LinearExpr.Constant(WorkerBefore(station));
            for (var p = _first; p < Math.Min(_sequence.Length, _first + _count + Tail); p++)
            {
                var inside = p < _first + _count;
                var fixedDrift = (ModelAt(p).Work[station] - _problem.Takt).Milliseconds;
                var drift = inside
                    ? LinearExpr.WeightedSum(Enumerable.Range(0, _kinds.Count).Select(k => _x[k, p - _first]), drifts)
                    : LinearExpr.Constant(fixedDrift);
                var next = _model.NewIntVar(0, _problem.Window.Milliseconds, "");
                var utility = _model.NewIntVar(0, Math.Max(0, inside ? drifts.Max() : fixedDrift), "");
                _model.Add(next >= worker + drift - utility);
                _terms.Add((utility, _problem.Weights.UtilityWork / Duration.MillisecondsPerMinute));
                worker = next;
            }
        }
    }

    /// <summary>A launch before the release stops the line, whatever else it brings.</summary>
    private void Releases()
    {
        foreach (var (kind, k) in _kinds.Select((kind, k) => (kind, k)))
        {
            for (var p = 0; p < _count; p++)
            {
                if (_costs.Early(kind.Units.Peek(), _first + p) is > 0 and var early)
                {
                    _terms.Add((_x[k, p], new LineCost(0, 0, 0, 0, early, 0).Total(_problem)));
                }
            }
        }
    }

    /// <summary>An order is as late as its last unit, be it in the stretch or outside.</summary>
    private void Lateness()
    {
        foreach (var order in _kinds.Select((kind, k) => (kind, k)).Where(x => x.kind.Order >= 0).GroupBy(x => x.kind.Order))
        {
            var outside = Enumerable.Range(0, _sequence.Length).Where(p => p < _first || p >= _first + _count)
                .Where(p => _problem.Units[_sequence[p]].Order == order.Key).Select(p => _costs.Tardy(_sequence[p], p)).DefaultIfEmpty(0).Max();
            var most = order.Max(x => _costs.Tardy(x.kind.Units.Peek(), _first + _count - 1));
            if (most <= outside)
            {
                continue;
            }

            var late = _model.NewIntVar(outside, most, "");
            foreach (var (kind, k) in order)
            {
                for (var p = 0; p < _count; p++)
                {
                    if (_costs.Tardy(kind.Units.Peek(), _first + p) is var tardy && tardy > outside)
                    {
                        _model.Add(late >= tardy).OnlyEnforceIf(_x[k, p]);
                    }
                }
            }

            _terms.Add((late, new LineCost(0, 0, 0, 1, 0, 0).Total(_problem)));
        }
    }

    private void Objective()
    {
        var objective = new FloatObjectiveProto();
        foreach (var (variable, weight) in _terms)
        {
            objective.Vars.Add(variable.Index);
            objective.Coeffs.Add(weight);
        }

        _model.Model.FloatingPointObjective = objective;
    }

    private void Hint()
    {
        for (var k = 0; k < _kinds.Count; k++)
        {
            for (var p = 0; p < _count; p++)
            {
                _model.AddHint(_x[k, p], _kinds[k].Units.Contains(_sequence[_first + p]));
            }
        }
    }

    private int[] Read(CpSolver solver)
    {
        var result = (int[])_sequence.Clone();
        var left = _kinds.Select(k => new Queue<int>(k.Units)).ToArray();
        for (var p = 0; p < _count; p++)
        {
            for (var k = 0; k < left.Length; k++)
            {
                if (solver.BooleanValue(_x[k, p]))
                {
                    result[_first + p] = left[k].Dequeue();
                }
            }
        }

        return result;
    }

    private LineModel ModelAt(int position) => _problem.Models[_problem.Units[_sequence[position]].Model];

    private int CountBefore(int option)
    {
        var count = 0;
        for (var p = 0; p < _first; p++)
        {
            count += ModelAt(p).Carries(option) ? 1 : 0;
        }

        return count;
    }

    private long WorkerBefore(int station)
    {
        var worker = Duration.Zero;
        for (var p = 0; p < _first; p++)
        {
            worker = Duration.Max(Duration.Zero, Duration.Min(worker + ModelAt(p).Work[station] - _problem.Takt, _problem.Window));
        }

        return worker.Milliseconds;
    }
}
