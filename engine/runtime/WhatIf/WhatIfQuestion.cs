using System.Security.Cryptography;
using System.Text;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>What a person asks of the running plant: which changes, how many futures, under which luck.</summary>
public sealed record WhatIfQuestion
{
    /// <summary>Most futures of one question.</summary>
    public const int MostFutures = 1000;

    private const int LongestPatches = 1_000_000;

    /// <summary>For people; a question that has a name is kept until somebody deletes it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The changes, as YAML of the form of <c>scenarios/what-if.md</c>; empty asks how it goes on as it is.</summary>
    public string Patches { get; init; } = "";

    /// <summary>Futures, 1 to <see cref="MostFutures"/>.</summary>
    public int Futures { get; init; } = 20;

    /// <summary>Root of the futures' luck: the same seed gives every question the same breakdowns and the same processing luck.</summary>
    public ulong Seed { get; init; } = RandomSource.Key("what-if");

    /// <summary>Length of the window in hours, > 0; <c>null</c> lets each future run until the order book is finished.</summary>
    public double? Hours { get; init; }

    /// <summary>False leaves the schedule in force aside: the dispatch rule decides.</summary>
    public bool FollowSchedule { get; init; } = true;

    /// <summary>Version of the twin to start from, of an earlier question; <c>null</c> for now. Two questions can be compared future by future
    /// only when they start from the same version.</summary>
    public long? BaseVersion { get; init; }

    /// <summary>A moment of the past to start from, with what was known then; <c>null</c> for now, or for <see cref="BaseVersion"/>.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What is wrong with its numbers, or <c>null</c>.</summary>
    public string? Problem() =>
        Futures is < 1 or > MostFutures ? $"futures {Futures} must be 1 to {MostFutures}"
        : Hours is { } h && !(h > 0 && h <= 24 * 366 * 10) ? $"hours {h:R} must be > 0 and at most ten years"
        : At is not null && BaseVersion is not null ? "at and baseVersion both say where to start. Keep one of them"
        : Name.Length > 200 ? "the name may have 200 characters"
        : Patches.Length > LongestPatches ? $"the patches may have {LongestPatches} characters"
        : null;

    /// <summary>Equal for questions that have the same answer, given the version they start from.</summary>
    internal string Digest() => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Futures}|{Seed}|{Hours:R}|{FollowSchedule}|{Patches.ReplaceLineEndings("\n").Trim()}"))));
}

/// <summary>Where a question stands.</summary>
public enum WhatIfStatus
{
    /// <summary>Others are being answered before it.</summary>
    Waiting,
    Running,
    Done,

    /// <summary>A person gave it up.</summary>
    Cancelled,
    Failed,
}

/// <summary>A question that cannot be asked: what is wrong, item by item.</summary>
public sealed class WhatIfException : Exception
{
    public WhatIfException()
    {
    }

    public WhatIfException(string message)
        : base(message) => Problems = [message];

    public WhatIfException(string message, Exception inner)
        : base(message, inner) => Problems = [message];

    public WhatIfException(IReadOnlyList<string> problems)
        : base(problems[0]) => Problems = problems;

    /// <summary>Every finding, with line and way out.</summary>
    public IReadOnlyList<string> Problems { get; } = [];
}
