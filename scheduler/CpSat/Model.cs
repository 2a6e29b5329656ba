using DigitalTwin.Scheduler.Construction;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>A CP-SAT model of a scope: variables, constraints, objective, hints.</summary>
internal sealed class Model
{
    private readonly Ticks _ticks;
    private readonly Objective _objective;

    /// <param name="scope">What to decide.</param>
    /// <param name="known">A laid-out plan of the scope (at least): the hint, and the measure of the horizon.</param>
    /// <param name="hard">Asks only whether a schedule exists that keeps deadlines; <c>null</c> asks for the best.</param>
    public Model(Scope scope, IReadOnlyList<PlanBatch> known, HardDeadlines? hard = null)
    {
        Scope = scope;
        _ticks = Ticks.Of(scope);
        Variables = new Variables(Cp, scope, hard is { } limits ? Math.Max(0, _ticks.At(limits.Horizon)) : HorizonOf(scope, known));
        var constraints = new Constraints(Cp, Variables, _ticks);
        constraints.AddAll();
        _objective = new Objective(Cp, Variables, _ticks);
        _objective.MinimizeAll(constraints);
        if (hard is { } deadlines)
        {
            KeepDeadlines(deadlines);
        }

        Hints.From(known, Cp, Variables, _ticks);
    }

    private void KeepDeadlines(HardDeadlines deadlines)
    {
        foreach (var t in Scope.Tasks)
        {
            if (deadlines.OfOrder[Scope.Problem.Tasks[t].Order] is var due and < long.MaxValue)
            {
                Cp.Add(Variables.Batches[t].JobEnd <= _ticks.At(due));
            }
        }
    }

    public Scope Scope { get; }

    public CpModel Cp { get; } = new();

    public Variables Variables { get; }

    /// <summary>A bound of the planner's objective from the solver's.</summary>
    public double BoundOf(double solverBound) => _objective.BoundOf(solverBound);

    /// <summary>The decisions of a solution, in an order in which they can be laid out; times are the solver's.</summary>
    public List<PlanBatch> Read(Func<IntVar, long> value, Func<ILiteral, bool> isTrue)
    {
        var plan = new List<PlanBatch>();
        foreach (var t in Scope.Tasks)
        {
            var batch = Variables.Batches[t];
            if (!isTrue(batch.Open))
            {
                continue;
            }

            int[] members = batch.Task.BatchKey < 0 ? [t] : [.. Variables.Joins.Where(j => j.Key.Leader == t && isTrue(j.Value)).Select(j => j.Key.Task).Order()];
            var option = Array.FindIndex(batch.Uses, u => isTrue(u));
            plan.Add(new PlanBatch(members, batch.Task.Options[option].Equipment)
            {
                SetupStart = _ticks.ToTime(value(batch.SetupStart)), Start = _ticks.ToTime(value(batch.Start)), End = _ticks.ToTime(value(batch.End)),
            });
        }

        plan.Sort((a, b) => (a.Start, a.SetupStart, a.End, a.Tasks[0]).CompareTo((b.Start, b.SetupStart, b.End, b.Tasks[0])));
        return plan;
    }

    /// <summary>A moment by which any sensible plan of the scope has ended.</summary>
    private long HorizonOf(Scope scope, IReadOnlyList<PlanBatch> known)
    {
        var problem = scope.Problem;
        var last = known.Where(b => scope.Inside[b.Tasks[0]]).Select(b => b.End).DefaultIfEmpty(problem.Now.Milliseconds).Max();
        if (!scope.IsWhole)
        {
            return _ticks.Of((last - _ticks.Origin) * 5 / 4 + Simulation.Duration.MillisecondsPerHour);
        }

        var work = 0L;
        foreach (var t in scope.Tasks)
        {
            var longest = 0L;
            foreach (var option in problem.Tasks[t].Options)
            {
                longest = Math.Max(longest, option.Time);
            }

            work += longest + problem.Tasks[t].Setup + problem.Tasks[t].MinWait;
        }

        return _ticks.Of(last - _ticks.Origin + work);
    }
}

/// <summary>Deadlines that a model keeps.</summary>
/// <param name="OfOrder">Latest end per order; <see cref="long.MaxValue"/> where it has none.</param>
/// <param name="Horizon">Nothing ends later.</param>
internal readonly record struct HardDeadlines(long[] OfOrder, long Horizon);
