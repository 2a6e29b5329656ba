namespace DigitalTwin.Plant.Dispatching;

/// <summary>Apparent tardiness cost with setups.</summary>
/// <remarks>
/// Vepsäläinen and Morton (1987): index = w/p · exp(−max(0, d − p − t) / (k·p̄)). Lee, Bhaskaran and Pinedo (1997) add a setup
/// term; here the setup simply counts into p, since both occupy the machine. p̄ is taken as the job's own p, which makes the rule
/// local: k says how many of its own processing times before its due date a job begins to press.
/// The score is −ln of the index, so that far-off jobs are still told apart after exp underflows.
/// </remarks>
public sealed class AtcRule(double lookAhead) : IDispatchRule
{
    public double Score(in DispatchCandidate candidate)
    {
        var p = Math.Max(1, candidate.ProcessingMs + candidate.SetupMs);
        var slack = Math.Max(0, (double)candidate.DueMs - p - candidate.NowMs);
        return slack / (lookAhead * p) - Math.Log(candidate.Weight / p);
    }

    /// <summary>The score once its slack is used up; a hair lower, since logarithms are rounded.</summary>
    public double Floor(in DispatchCandidate candidate) => -Math.Log(candidate.Weight / Math.Max(1, candidate.ProcessingMs)) - 1e-9;
}
