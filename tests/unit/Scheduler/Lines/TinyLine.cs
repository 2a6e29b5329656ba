using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

/// <summary>Lines small enough to work out by hand.</summary>
internal static class TinyLine
{
    /// <summary>Unit i carries the only option where the text has a 1.</summary>
    public static LineProblem WithRule(string carriers, int max, int window, ObjectiveWeights? weights = null) => new(
        "tiny",
        [.. carriers.Select((c, i) => new LineUnit(i, c - '0', SimTime.Zero, SimTime.Never, 1000, i))],
        [new LineModel("plain", 0, [], Duration.Zero), new LineModel("optional", 1, [], Duration.Zero)],
        ["option"], [new LineRule(0, max, window)], Duration.FromSeconds(60), Duration.Zero, weights: weights);

    /// <summary>One station; model i works the i-th number of seconds, unit i is of model i.</summary>
    public static LineProblem WithWork(double takt, double window, params double[] seconds) => new(
        "tiny",
        [.. seconds.Select((_, i) => new LineUnit(i, i, SimTime.Zero, SimTime.Never, 1000, i))],
        [.. seconds.Select((s, i) => new LineModel($"m{i}", 0, [Duration.FromSeconds(s)], Duration.FromSeconds(s)))],
        [], [], Duration.FromSeconds(takt), Duration.FromSeconds(window));
}
