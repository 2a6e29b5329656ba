using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Dispatching;

/// <summary>What a rule may look at when it prices one waiting job for one machine.</summary>
/// <param name="NowMs">Current time, ms.</param>
/// <param name="ReadyMs">When the job began to wait, ms.</param>
/// <param name="DueMs">Due date of its order, ms; <see cref="long.MaxValue"/> when none.</param>
/// <param name="Weight">Priority of its order.</param>
/// <param name="ProcessingMs">Expected processing time on this machine.</param>
/// <param name="SetupMs">Setup and cleaning before it could start here.</param>
public readonly record struct DispatchCandidate(
    long NowMs, long ReadyMs, long DueMs, double Weight, double ProcessingMs, double SetupMs);

/// <summary>A dispatch rule: the waiting job with the lowest score goes first; ties go to the longest waiting, then the lowest index.</summary>
public interface IDispatchRule
{
    double Score(in DispatchCandidate candidate);

    /// <summary>A number that no score of the job will ever be below: on any machine, at any later time, with any setup. The tighter,
    /// the fewer jobs must be priced to find the best; −∞ is always right.</summary>
    /// <param name="candidate">The job with its least processing time and without setup.</param>
    double Floor(in DispatchCandidate candidate) => double.NegativeInfinity;
}

/// <summary>The rules by name.</summary>
public static class DispatchRules
{
    /// <summary>Makes a rule; <paramref name="lookAhead"/> is the k of ATC.</summary>
    public static IDispatchRule Create(DispatchRule rule, double lookAhead = 2) => rule switch
    {
        DispatchRule.Fifo => new FifoRule(),
        DispatchRule.Edd => new EddRule(),
        DispatchRule.Spt => new SptRule(),
        DispatchRule.Atc => new AtcRule(lookAhead),
        DispatchRule.LeastChangeover => new LeastChangeoverRule(),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Unknown dispatch rule."),
    };
}
