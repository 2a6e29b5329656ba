using System.Globalization;
using DigitalTwin.Scheduler.CpSat;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>The textbook CP-SAT model of a shop: intervals, no overlap, a circuit per machine where setups depend on the sequence.</summary>
internal sealed class ShopCpSat
{
    private readonly ShopProblem _problem;
    private readonly CpModel _model = new();
    private readonly IntVar[] _start, _end;
    private readonly BoolVar?[] _uses; // by option; null where there is only one
    private readonly IntVar _makespan;
    private readonly int _horizon;

    /// <param name="horizon">No schedule longer than this is of interest.</param>
    /// <param name="floor">A proven lower bound.</param>
    public ShopCpSat(ShopProblem problem, int horizon, int floor = 0)
    {
        (_problem, _horizon) = (problem, horizon);
        (_start, _end) = (new IntVar[problem.Count], new IntVar[problem.Count]);
        _uses = new BoolVar?[problem.OptionMachine.Length];
        _makespan = _model.NewIntVar(floor, horizon, "makespan");
        var onMachine = Enumerable.Range(0, problem.Machines).Select(_ => new List<(int Option, int Operation, IntervalVar Interval)>()).ToArray();
        for (var v = 0; v < problem.Count; v++)
        {
            Operation(v, onMachine);
        }

        for (var v = 0; v < problem.Count; v++)
        {
            if (v + 1 < problem.JobFirst[problem.JobOf[v] + 1])
            {
                _model.Add(_start[v + 1] >= _end[v] + problem.Wait[v]);
            }
            else
            {
                _model.Add(_makespan >= _end[v]);
            }
        }

        for (var m = 0; m < onMachine.Length; m++)
        {
            _model.AddNoOverlap(onMachine[m].Select(o => o.Interval));
            if (problem.Setups is not null)
            {
                Setups(m, onMachine[m]);
            }
        }

        _model.Minimize(_makespan);
    }

    /// <summary>Where a known schedule lies.</summary>
    public void Hint(ShopSchedule schedule)
    {
        for (var v = 0; v < _problem.Count; v++)
        {
            _model.AddHint(_start[v], schedule.Start[v]);
            for (var o = _problem.OptionFirst[v]; o < _problem.OptionFirst[v + 1]; o++)
            {
                if (_uses[o] is { } use)
                {
                    _model.AddHint(use, _problem.OptionMachine[o] == schedule.Machine[v]);
                }
            }
        }
    }

    /// <summary>Solves with default parameters but for workers, time and seed; a watchdog ends it when it overruns or is stopped.</summary>
    /// <returns>How it ended; infeasible means that nothing is shorter than the horizon.</returns>
    public SolveEnd Run(double seconds, int workers, int seed, Action<ShopSchedule> found, Action<int> bound, CancellationToken stop)
    {
        using var solver = new CpSolver();
        solver.StringParameters = string.Create(CultureInfo.InvariantCulture,
            $"max_time_in_seconds:{seconds} num_workers:{workers} random_seed:{seed} catch_sigint_signal:false");
        solver.SetBestBoundCallback(b => bound((int)Math.Ceiling(b - 1e-6)));
        using var callback = new SolutionReader(c => found(Read(v => c.Value(v), b => c.BooleanValue(b))));
        using var watch = stop.Register(() =>
        {
            callback.StopWhenPossible();
            solver.StopSearch();
        });
        if (stop.IsCancellationRequested)
        {
            return SolveEnd.Interrupted;
        }

        var status = solver.Solve(_model, callback);
        callback.Rethrow();
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible)
        {
            bound((int)Math.Ceiling(solver.BestObjectiveBound - 1e-6));
        }

        return status switch
        {
            CpSolverStatus.Optimal => SolveEnd.Proved,
            CpSolverStatus.Infeasible => SolveEnd.Infeasible,
            CpSolverStatus.ModelInvalid => throw new InvalidOperationException($"The shop model is not valid: {_model.Validate()}"),
            _ => SolveEnd.Interrupted,
        };
    }

    private void Operation(int v, List<(int, int, IntervalVar)>[] onMachine)
    {
        var (first, last) = (_problem.OptionFirst[v], _problem.OptionFirst[v + 1]);
        var text = v.ToString(CultureInfo.InvariantCulture);
        _start[v] = _model.NewIntVar(_problem.Ready[v], _horizon, text);
        _end[v] = _model.NewIntVar(0, _horizon, text);
        if (last == first + 1)
        {
            var interval = _model.NewIntervalVar(_start[v], (long)_problem.OptionTime[first], _end[v], text);
            onMachine[_problem.OptionMachine[first]].Add((first, v, interval));
            FreeMachine(v, first, null);
            return;
        }

        var uses = new BoolVar[last - first];
        for (var o = first; o < last; o++)
        {
            uses[o - first] = _model.NewBoolVar(text);
            _uses[o] = uses[o - first];
            var interval = _model.NewOptionalIntervalVar(_start[v], (long)_problem.OptionTime[o], _end[v], uses[o - first], text);
            onMachine[_problem.OptionMachine[o]].Add((o, v, interval));
            FreeMachine(v, o, uses[o - first]);
        }

        _model.AddExactlyOne(uses);
    }

    private void FreeMachine(int v, int option, BoolVar? use)
    {
        var free = _problem.MachineReady[_problem.OptionMachine[option]];
        if (free > 0)
        {
            var constraint = _model.Add(_start[v] >= free);
            if (use is not null)
            {
                constraint.OnlyEnforceIf(use);
            }
        }
    }

    private void Setups(int m, List<(int Option, int Operation, IntervalVar Interval)> nodes)
    {
        if (nodes.Count == 0)
        {
            return;
        }

        var circuit = _model.AddCircuit();
        var idle = _model.NewBoolVar("idle");
        circuit.AddArc(0, 0, idle);
        for (var j = 0; j < nodes.Count; j++)
        {
            var (option, v, _) = nodes[j];
            if (_uses[option] is { } use)
            {
                circuit.AddArc(j + 1, j + 1, use.Not());
                _model.AddImplication(use, idle.Not());
            }

            circuit.AddArc(j + 1, 0, _model.NewBoolVar("last"));
            var first = _model.NewBoolVar("first");
            circuit.AddArc(0, j + 1, first);
            After(first, null, v, m);
            for (var i = 0; i < nodes.Count; i++)
            {
                if (i != j)
                {
                    var then = _model.NewBoolVar("then");
                    circuit.AddArc(i + 1, j + 1, then);
                    After(then, nodes[i].Operation, v, m);
                }
            }
        }
    }

    private void After(BoolVar literal, int? before, int v, int m)
    {
        var setup = _problem.Setups!.Time(m, before ?? -1, v);
        if (before is { } u)
        {
            _model.Add(_start[v] >= _end[u] + setup).OnlyEnforceIf(literal);
        }
        else if (setup > 0)
        {
            _model.Add(_start[v] >= (long)_problem.MachineReady[m] + setup).OnlyEnforceIf(literal);
        }

        if (!_problem.Setups.BeforeArrival && setup > 0)
        {
            _model.Add(_start[v] >= (long)_problem.Ready[v] + setup).OnlyEnforceIf(literal);
            if (v > _problem.JobFirst[_problem.JobOf[v]])
            {
                _model.Add(_start[v] >= _end[v - 1] + _problem.Wait[v - 1] + setup).OnlyEnforceIf(literal);
            }
        }
    }

    private ShopSchedule Read(Func<IntVar, long> value, Func<BoolVar, bool> chosen)
    {
        var (machine, start, makespan) = (new int[_problem.Count], new int[_problem.Count], 0);
        for (var v = 0; v < machine.Length; v++)
        {
            start[v] = (int)value(_start[v]);
            for (var o = _problem.OptionFirst[v]; o < _problem.OptionFirst[v + 1]; o++)
            {
                if (_uses[o] is not { } use || chosen(use))
                {
                    machine[v] = _problem.OptionMachine[o];
                    makespan = Math.Max(makespan, start[v] + _problem.OptionTime[o]);
                }
            }
        }

        return new ShopSchedule(machine, start, makespan);
    }
}
