using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>What a unit costs at a position by itself: lateness, and launching before the release.</summary>
internal sealed class PositionCosts
{
    private readonly LineProblem _problem;
    private readonly long[] _launch; // by position
    private readonly long[][] _completion; // [lead time][position]
    private readonly int[] _leadOf; // by model

    public PositionCosts(LineProblem problem)
    {
        _problem = problem;
        var positions = problem.Units.Length;
        var leads = problem.Models.Select(m => m.Lead).Distinct().ToList();
        _leadOf = [.. problem.Models.Select(m => leads.IndexOf(m.Lead))];
        var dated = problem.Units.Any(u => u.Due != SimTime.Never && u.Weight > 0);
        Matter = dated || problem.Units.Any(u => u.Release > problem.Start);
        _launch = Matter ? [.. Enumerable.Range(0, positions).Select(p => problem.LaunchAt(p).Milliseconds)] : [];
        _completion = new long[leads.Count][];
        for (var l = 0; l < leads.Count && dated; l++)
        {
            var model = Array.IndexOf(_leadOf, l);
            _completion[l] = [.. Enumerable.Range(0, positions).Select(p => problem.CompletionAt(p, model).Milliseconds)];
        }
    }

    /// <summary>False when no unit cares where it is.</summary>
    public bool Matter { get; }

    /// <summary>Lateness × weight and earliness against the release, ms.</summary>
    public (long Tardy, long Early) At(int unit, int position)
    {
        if (position < _problem.Fixed || !Matter)
        {
            return (0, 0);
        }

        var u = _problem.Units[unit];
        var early = Math.Max(0, u.Release.Milliseconds - _launch[position]);
        if (u.Due == SimTime.Never || u.Weight == 0)
        {
            return (0, early);
        }

        return (Math.Max(0, _completion[_leadOf[u.Model]][position] - u.Due.Milliseconds) * u.Weight, early);
    }
}
