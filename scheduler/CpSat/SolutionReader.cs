using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>Takes solutions over from the native solver as they are found, and stops it when asked or when that fails.</summary>
/// <param name="take">Reads the values of the solution at hand.</param>
internal sealed class SolutionReader(Action<CpSolverSolutionCallback> take) : CpSolverSolutionCallback
{
    private volatile bool _stop;
    private Exception? _failure;

    /// <summary>Ends the search at the next solution.</summary>
    public void StopWhenPossible() => _stop = true;

    /// <summary>Reports a failure of the take-over, once the search is over.</summary>
    /// <exception cref="InvalidOperationException">A solution could not be taken over; the inner exception says why.</exception>
    public void Rethrow()
    {
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A solution could not be taken over from the solver.", failure);
        }
    }

    public override void OnSolutionCallback()
    {
        try
        {
            take(this);
        }
        catch (Exception e) when (_failure is null)
        {
            _failure = e; // an exception must not cross the native solver
        }

        if (_stop || _failure is not null)
        {
            StopSearch();
        }
    }
}
