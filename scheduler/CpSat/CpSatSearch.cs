using System.Globalization;
using DigitalTwin.Scheduler.Construction;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>Limits of one CP-SAT run.</summary>
/// <param name="Seconds">Wall-clock seconds, > 0.</param>
/// <param name="DeterministicTime">Work in the solver's own deterministic units; <c>null</c> for no such limit.</param>
internal readonly record struct SolveLimits(double Seconds, double? DeterministicTime, int Workers, int Seed);

/// <summary>How a run ended.</summary>
internal enum SolveEnd
{
    /// <summary>The best solution of the model was found and proved.</summary>
    Proved,

    /// <summary>Limits or a stop ended it.</summary>
    Interrupted,

    /// <summary>The model has no solution.</summary>
    Infeasible,
}

/// <summary>Runs CP-SAT so that it keeps its time: a watchdog stops it at the deadline or when asked, whatever it is busy with.</summary>
internal static class CpSatSearch
{
    private const int WatchEveryMs = 50;

    /// <param name="onPlan">Every solution, as decisions with the solver's times; called on a solver thread, one at a time.</param>
    /// <param name="onBound">Every new bound in units of the planner's objective; called on a solver thread.</param>
    public static SolveEnd Run(Model model, SolveLimits limits, Action<List<PlanBatch>> onPlan, Action<double>? onBound, CancellationToken stop)
    {
        using var solver = new CpSolver();
        solver.StringParameters = Parameters(limits);
        if (onBound is not null)
        {
            solver.SetBestBoundCallback(bound => onBound(model.BoundOf(bound)));
        }

        using var callback = new SolutionReader(c => onPlan(model.Read(v => c.Value(v), l => c.BooleanValue(l))));
        var deadline = TimeProvider.System.GetTimestamp() + (long)(limits.Seconds * TimeProvider.System.TimestampFrequency);
        using var watchdog = new Timer(_ =>
        {
            if (stop.IsCancellationRequested || TimeProvider.System.GetTimestamp() > deadline)
            {
                callback.StopWhenPossible();
                solver.StopSearch();
            }
        }, null, WatchEveryMs, WatchEveryMs);
        var status = solver.Solve(model.Cp, callback);
        if (status == CpSolverStatus.ModelInvalid)
        {
            throw new InvalidOperationException($"The scheduling model is not valid: {model.Cp.Validate()}");
        }

        callback.Rethrow();
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible)
        {
            onBound?.Invoke(model.BoundOf(solver.BestObjectiveBound));
        }

        return status switch
        {
            CpSolverStatus.Optimal => SolveEnd.Proved,
            CpSolverStatus.Infeasible => SolveEnd.Infeasible,
            _ => SolveEnd.Interrupted,
        };
    }

    private static string Parameters(SolveLimits limits)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"max_time_in_seconds:{limits.Seconds} num_workers:{limits.Workers} random_seed:{limits.Seed} catch_sigint_signal:false");
        return limits.DeterministicTime is { } units
            ? string.Create(CultureInfo.InvariantCulture, $"{text} max_deterministic_time:{units}")
            : text;
    }
}
