using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>The weighted objective of a model, one method per term.</summary>
/// <remarks>CP-SAT wants whole coefficients: all are multiplied by <see cref="Scale"/>, so that weights of up to four decimals are exact.</remarks>
internal sealed class Objective
{
    private const double Digits = 10_000;
    private const double Largest = 1e16;
    private readonly CpModel _model;
    private readonly Variables _variables;
    private readonly Scope _scope;
    private readonly SchedulingProblem _problem;
    private readonly Ticks _ticks;
    private readonly List<(LinearExpr Expression, double Coefficient, long Range)> _terms = [];
    private double _constant;

    public Objective(CpModel model, Variables variables, Ticks ticks)
    {
        _model = model;
        _variables = variables;
        _scope = variables.Scope;
        _problem = _scope.Problem;
        _ticks = ticks;
    }

    /// <summary>Solver units per unit of the planner's objective.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>Turns the solver's bound into one of the planner's objective, less what rounding may have added.</summary>
    public double BoundOf(double solverBound) =>
        (solverBound - _terms.Sum(t => Math.Abs(t.Coefficient * Scale - Math.Round(t.Coefficient * Scale)) * t.Range)) / Scale + _constant;

    public void MinimizeAll(Constraints constraints)
    {
        var weights = _problem.Weights;
        WeightedTardiness(weights);
        Makespan(weights);
        Changeovers(weights, constraints);
        EnergyCost(weights);
        Instability(weights);
        UnderloadedBatches();
        // Weights per hour become whole numbers per tick: nothing is rounded for weights of up to four decimals.
        Scale = Digits * Duration.MillisecondsPerHour / _ticks.Length;
        for (var sum = _terms.Sum(t => t.Coefficient * t.Range); sum * Scale > Largest;)
        {
            Scale /= 10;
        }

        _model.Minimize(LinearExpr.WeightedSum(_terms.Select(t => t.Expression), _terms.Select(t => (long)Math.Round(t.Coefficient * Scale))));
    }

    /// <summary>Σ priority × hours late over the orders with a task in the model.</summary>
    private void WeightedTardiness(ObjectiveWeights weights)
    {
        for (var o = 0; o < _problem.Orders.Length; o++)
        {
            var order = _problem.Orders[o];
            if (!order.Counts || order.Due is not { } due || weights.Tardiness * order.Weight <= 0)
            {
                continue;
            }

            int[] last = [.. order.Tasks.Where(t => _scope.Inside[t] && _problem.Tasks[t].Successors.IsEmpty)];
            var dueTick = (long)Math.Floor((due - _ticks.Origin) / (double)_ticks.Length);
            if (last.Length == 0)
            {
                _constant += _scope.IsWhole ? weights.Tardiness * order.Weight * Hours(Math.Max(0, order.CommittedEnd - due)) : 0;
                continue;
            }

            if (order.Tasks.All(t => _scope.Inside[t]) && dueTick <= 0 && last.Length == 1)
            {
                // Late already: every hour counts, no variable is needed.
                _constant -= weights.Tardiness * order.Weight * Hours(due - _ticks.Origin);
                Add(_variables.Batches[last[0]].JobEnd, PerTick(weights.Tardiness * order.Weight), _variables.Horizon);
                continue;
            }

            var lateness = _model.NewIntVar(0, Math.Max(0, _variables.Horizon - dueTick), $"tardiness {o}");
            foreach (var t in last)
            {
                _model.Add(lateness >= _variables.Batches[t].JobEnd - dueTick);
            }

            var decided = order.CommittedEnd - due;
            if (decided > 0)
            {
                _model.Add(lateness >= _ticks.Of(decided));
            }

            Add(lateness, PerTick(weights.Tardiness * order.Weight), _variables.Horizon);
        }
    }

    /// <summary>Hours to the last completion of the plan.</summary>
    private void Makespan(ObjectiveWeights weights)
    {
        if (weights.Makespan <= 0 || _scope.Tasks.Length == 0)
        {
            return;
        }

        var committed = _problem.Machines.SelectMany(m => m.CommittedEnds).Append(_scope.LastOutside).Append(_ticks.Origin).Max();
        var least = Math.Max(0, _ticks.At(committed)); // work outside a window may end long after its horizon
        var makespan = _model.NewIntVar(least, Math.Max(least, _variables.Horizon), "makespan");
        foreach (var t in _scope.Tasks)
        {
            _model.Add(makespan >= _variables.Batches[t].End);
        }

        Add(makespan, PerTick(weights.Makespan), Math.Max(least, _variables.Horizon));
    }

    /// <summary>Hours and points of setup and cleaning.</summary>
    private void Changeovers(ObjectiveWeights weights, Constraints constraints)
    {
        foreach (var (literal, time, cost) in constraints.Setups)
        {
            var price = weights.ChangeoverTime * Hours(time) + weights.ChangeoverCost * cost;
            if (price > 0)
            {
                Add(LinearExpr.Term(literal, 1), price, 1);
            }
        }
    }

    /// <summary>The least that a batch can cost on each machine; when it runs is settled after the search, where its price moves it.</summary>
    private void EnergyCost(ObjectiveWeights weights)
    {
        if (weights.EnergyCost <= 0)
        {
            return;
        }

        foreach (var t in _scope.Tasks)
        {
            var batch = _variables.Batches[t];
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                var cheapest = EnergyFloor.Of(_problem, t, batch.Task.Options[k].Equipment);
                if (cheapest > 0)
                {
                    Add(batch.Uses[k], weights.EnergyCost * cheapest, 1);
                }
            }
        }
    }

    /// <summary>Tasks that leave their equipment or hour of the schedule in force.</summary>
    private void Instability(ObjectiveWeights weights)
    {
        if (weights.Instability <= 0 || _problem.Current is null)
        {
            return;
        }

        var tolerance = ObjectiveEvaluator.MovedBeyond.Milliseconds;
        foreach (var t in _scope.Tasks.Where(t => _problem.Placed[t].Equipment >= 0))
        {
            var (equipment, start) = _problem.Placed[t];
            var moved = _model.NewBoolVar($"moved {t}");
            Add(moved, weights.Instability, 1);
            _model.Add(_variables.Batches[t].JobStart >= _ticks.At(start - tolerance)).OnlyEnforceIf(moved.Not());
            _model.Add(_variables.Batches[t].JobStart <= Math.Max(0, _ticks.At(start + tolerance))).OnlyEnforceIf(moved.Not());
            foreach (var (leader, join) in _problem.Tasks[t].BatchKey < 0 ? [(t, null)] : _variables.LeadersOf(t).Select(l => (l.Leader, (BoolVar?)l.Join)))
            {
                StaysOn(_variables.Batches[leader], equipment, moved, join);
            }
        }
    }

    private void StaysOn(BatchVariables batch, int equipment, BoolVar moved, BoolVar? join)
    {
        for (var k = 0; k < batch.Uses.Length; k++)
        {
            if (batch.Task.Options[k].Equipment != equipment)
            {
                _model.AddBoolOr(join is { } j ? [moved, j.Not(), batch.Uses[k].Not()] : [moved, batch.Uses[k].Not()]);
            }
        }
    }

    /// <summary>Not a term of the report: a batch below its machine's minimum load is made only where nothing better is possible.</summary>
    private void UnderloadedBatches()
    {
        foreach (var t in _scope.Tasks.Where(t => _problem.Tasks[t].BatchKey >= 0))
        {
            var batch = _variables.Batches[t];
            var members = _variables.Joins.Where(j => j.Key.Leader == t).ToArray();
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                var least = _problem.Machines[batch.Task.Options[k].Equipment].CapacityMin;
                if (least <= batch.Task.Load)
                {
                    continue;
                }

                var under = _model.NewBoolVar($"under {t} {k}");
                var load = LinearExpr.WeightedSum(members.Select(m => m.Value), members.Select(m => (long)Math.Floor(_problem.Tasks[m.Key.Task].Load * 1000 + 1e-6)));
                _model.Add(load >= (long)Math.Floor(least * 1000 - 1e-6)).OnlyEnforceIf([batch.Uses[k], under.Not()]);
                Add(under, PlanObjective.UnderloadPenalty(_problem), 1);
            }
        }
    }

    private void Add(LinearExpr expression, double coefficient, long range)
    {
        if (coefficient > 0)
        {
            _terms.Add((expression, coefficient, range));
        }
    }

    private double PerTick(double perHour) => perHour * _ticks.Length / Duration.MillisecondsPerHour;

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;
}
