using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Runtime.Planning;

/// <summary>What a person asks of the planner.</summary>
public sealed record OptimiseRequest
{
    /// <summary>Wall-clock seconds, in (0, 86400].</summary>
    public double TimeLimitSeconds { get; init; } = 30;

    /// <summary>Solver threads, in [1, 64].</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    public int Seed { get; init; } = 1;

    /// <summary>Overrides the scenario's weights.</summary>
    public ObjectiveWeights? Weights { get; init; }

    /// <summary>For people; empty is allowed.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is wrong with it, or <c>null</c>.</summary>
    public string? Problem() =>
        !(TimeLimitSeconds is > 0 and <= 86_400) ? $"time limit {TimeLimitSeconds:R} s must be > 0 and at most a day"
        : Workers is < 1 or > 64 ? $"workers {Workers} must be 1 to 64"
        : Name.Length > 200 ? "the name may have 200 characters"
        : null;
}

/// <summary>Where a search stands or stood.</summary>
public enum OptimiseStatus
{
    Running,

    /// <summary>Ended by itself: optimal, or out of time.</summary>
    Done,

    /// <summary>Ended by a person; the best found so far is kept.</summary>
    Stopped,

    Failed,
}

/// <summary>One point of the curve of a search.</summary>
/// <param name="Number">0, 1, 2, … within the search.</param>
/// <param name="ElapsedSeconds">Since it began.</param>
/// <param name="Incumbent">Best objective so far; <c>null</c> before the first schedule.</param>
/// <param name="Bound">No schedule can be better; <c>null</c> while unknown.</param>
/// <param name="Gap">(incumbent − bound)/incumbent in [0, 1].</param>
/// <param name="Phase">What is being tried.</param>
public sealed record OptimisePoint(int Number, double ElapsedSeconds, double? Incumbent, double? Bound, double? Gap, string Phase)
{
    internal static OptimisePoint Of(int number, PlanningProgress progress) =>
        new(number, progress.Elapsed.Seconds, progress.Incumbent, progress.Bound, progress.Gap, progress.Phase);
}
