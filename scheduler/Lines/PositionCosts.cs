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

    /// <summary>Lateness in ms × weight of a unit at a position; what its order costs is the most of any of its units.</summary>
    public long Tardy(int unit, int position)
    {
        var u = _problem.Units[unit];
        return position < _problem.Launched || u.Due == SimTime.Never || u.Weight == 0 ? 0
            : Math.Max(0, _completion[_leadOf[u.Model]][position] - u.Due.Milliseconds) * u.Weight;
    }

    /// <summary>Launching before the release, ms.</summary>
    public long Early(int unit, int position) =>
        position < _problem.Fixed || !Matter ? 0 : Math.Max(0, _problem.Units[unit].Release.Milliseconds - _launch[position]);
}
