using System.Collections.Immutable;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Planning;

/// <summary>A repaired schedule that waits for a decision. Immutable; its book replaces it.</summary>
public sealed record ReplanProposal
{
    /// <summary>1, 2, 3, … within the plant and process.</summary>
    public required int Id { get; init; }

    /// <summary>Why it was made: <c>V07 broke down</c>, <c>order RUSH-1 came</c>.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>Version of the schedule that it repairs: it can only take the place of this one.</summary>
    public required int BasedOn { get; init; }

    /// <summary>Run of the session.</summary>
    public required int Run { get; init; }

    /// <summary>Plant time.</summary>
    public required SimTime MadeAt { get; init; }

    public required RepairOffer Offer { get; init; }

    public ProposalStatus Status { get; init; }

    /// <summary>Why the policy did not apply it; <c>null</c> where it did or does not decide.</summary>
    public string? BeyondLimits { get; init; }

    /// <summary>Who applied or dismissed it; <c>policy</c> for the policy.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Version that it got when it was applied.</summary>
    public int? AppliedVersion { get; init; }
}
