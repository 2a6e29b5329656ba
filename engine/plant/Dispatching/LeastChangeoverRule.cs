namespace DigitalTwin.Plant.Dispatching;

/// <summary>Least changeover first, among equals the earliest due.</summary>
public sealed class LeastChangeoverRule : IDispatchRule
{
    /// <summary>One ms of setup outweighs any difference of due dates inside this span (about 31 years).</summary>
    private const double DueSpanMs = 1e12;

    public double Score(in DispatchCandidate candidate) =>
        candidate.SetupMs + Math.Min(candidate.DueMs, DueSpanMs) / DueSpanMs;

    public double Floor(in DispatchCandidate candidate) => Score(candidate);
}
