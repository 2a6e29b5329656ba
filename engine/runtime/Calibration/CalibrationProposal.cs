using System.Collections.Immutable;
using System.Globalization;

namespace DigitalTwin.Runtime.Calibration;

/// <summary>What came of looking at one number of the model.</summary>
public enum CalibrationVerdict
{
    /// <summary>The plant shows something else: a new value is proposed.</summary>
    Proposed,

    /// <summary>The model says what the plant shows.</summary>
    Fits,

    /// <summary>Too little was seen to say anything.</summary>
    TooFew,
}

/// <summary>One number of the model against what was seen.</summary>
/// <param name="Path">As in a what-if: <c>equipment.V07.speed_factor</c>.</param>
/// <param name="Observations">What the fit rests on.</param>
/// <param name="Censored">Lives that had not ended.</param>
/// <param name="DistanceBefore">Kolmogorov–Smirnov distance of what was seen from the model as it is; <c>null</c> for plain numbers.</param>
/// <param name="LogLikelihoodBefore"><c>null</c> where the old law has no density (a constant).</param>
public sealed record CalibrationItem(
    string Path, CalibrationVerdict Verdict, string Before, string After, int Observations, int Censored = 0,
    double? DistanceBefore = null, double? DistanceAfter = null, double? LogLikelihoodBefore = null, double? LogLikelihoodAfter = null)
{
    /// <summary>Whether the value is a factor on all numbers of the path, not a number in their place.</summary>
    public bool Scales { get; init; }
}

/// <summary>What the journal says about the numbers of the model; nothing changes until a person accepts it.</summary>
public sealed record CalibrationProposal
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Events that it rests on.</summary>
    public required long Events { get; init; }

    public required ImmutableArray<CalibrationItem> Items { get; init; }

    /// <summary>Who accepted it, and when; <c>null</c> while nobody did.</summary>
    public string? AcceptedBy { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>What would change.</summary>
    public IEnumerable<CalibrationItem> Changes => Items.Where(i => i.Verdict == CalibrationVerdict.Proposed);

    /// <summary>The changes as a what-if: try it with <c>twin whatif</c>, or accept it.</summary>
    public string Patch() => Changes.Any()
        ? string.Join('\n', [
            string.Create(CultureInfo.InvariantCulture, $"name: Calibration {MadeAt:yyyy-MM-dd HH:mm}"), "patches:",
            .. Changes.Select(i => $"  - {(i.Scales ? "scale" : "set")}: {{\"{i.Path}\": \"{i.After}\"}}"), ""])
        : "";
}

/// <summary>How much must be seen before anything is proposed.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Durations for a distribution, ≥ 10.</summary>
    public int Durations { get; init; } = 30;

    /// <summary>Failures for a distribution of lives, ≥ 5.</summary>
    public int Failures { get; init; } = 12;

    /// <summary>Judged batches for a rate, ≥ 20.</summary>
    public int Batches { get; init; } = 100;

    /// <summary>A mean that differs by less than this share is left alone, ≥ 0.</summary>
    public double Least { get; init; } = 0.02;

    /// <summary>What is wrong with it, or <c>null</c>.</summary>
    public string? Problem() =>
        Durations < 10 ? $"durations {Durations} must be at least 10" : Failures < 5 ? $"failures {Failures} must be at least 5"
        : Batches < 20 ? $"batches {Batches} must be at least 20" : !(Least >= 0 && Least < 1) ? $"least {Least:R} must be in [0, 1)" : null;
}
