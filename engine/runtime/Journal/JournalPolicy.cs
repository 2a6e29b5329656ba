namespace DigitalTwin.Runtime.Journal;

/// <summary>How long a journal remembers what, and how closely.</summary>
public sealed record JournalPolicy
{
    /// <summary>After so long events are kept compressed and without the ids of their observations, and of saved folds one a day remains: every
    /// moment can still be shown, more slowly. &gt; 0.</summary>
    public TimeSpan CompactAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After so long events are forgotten for good: the past begins at a saved fold that is at least so old. <c>null</c>: never.</summary>
    public TimeSpan? ForgetAfter { get; init; }
}
