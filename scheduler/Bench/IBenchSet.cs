namespace DigitalTwin.Scheduler.Bench;

/// <summary>A public set of instances that solvers are measured on. One file per set; add it to <see cref="BenchSets.All"/>.</summary>
public interface IBenchSet
{
    /// <summary>Name on the command line; also the set's folder below the benchmark folder.</summary>
    string Name { get; }

    /// <summary>What it stands for, in a few words.</summary>
    string About { get; }

    /// <summary>All instances, in the order of the list of best known values; instances are read only when opened.</summary>
    /// <param name="folder">The set's folder.</param>
    IReadOnlyList<BenchInstance> Read(string folder);
}

/// <summary>One instance of a set. Less is better.</summary>
public sealed class BenchInstance
{
    public required string Name { get; init; }

    /// <summary>Where it belongs within its set: a sub-set with figures of its own.</summary>
    public required string Family { get; init; }

    /// <summary>Operations, cars, tasks: whatever makes it large.</summary>
    public required int Size { get; init; }

    /// <summary>Best known value; <c>null</c> when none is known.</summary>
    public required double? BestKnown { get; init; }

    /// <summary>Proven lower bound; <c>null</c> when none is known.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Values published for other solvers, by name; solvers that found nothing are left out.</summary>
    public IReadOnlyDictionary<string, double> Published { get; init; } = new Dictionary<string, double>();

    /// <summary>Reads the instance.</summary>
    public required Func<IBenchProblem> Open { get; init; }
}

/// <summary>An instance that has been read and can be solved.</summary>
public interface IBenchProblem
{
    /// <summary>This scheduler.</summary>
    BenchOutcome Solve(BenchLimits limits, CancellationToken stop);

    /// <summary>The plain textbook model in CP-SAT with default parameters; <c>null</c> where there is none.</summary>
    BenchOutcome? SolveWithCpSat(BenchLimits limits, CancellationToken stop);
}

/// <summary>What every solver gets.</summary>
/// <param name="Seconds">Wall clock.</param>
public readonly record struct BenchLimits(double Seconds, int Workers, int Seed);

/// <summary>What a solver reached. Every value was checked by code that shares nothing with the solver.</summary>
/// <param name="Value">Best value; <c>null</c> when it found nothing.</param>
/// <param name="Bound">Its own lower bound.</param>
/// <param name="Seconds">Wall clock until it returned.</param>
/// <param name="Steps">When it became how good, first to last.</param>
public sealed record BenchOutcome(double? Value, double Bound, double Seconds, IReadOnlyList<BenchStep> Steps)
{
    public bool Proved => Value is { } value && Bound >= value - 1e-9;

    public double? SecondsToFirst => Steps.Count > 0 ? Steps[0].Seconds : null;

    public double? SecondsToBest => Steps.Count > 0 ? Steps[^1].Seconds : null;
}

/// <summary>An improvement.</summary>
/// <param name="Seconds">Since the start.</param>
public readonly record struct BenchStep(double Seconds, double Value);

/// <summary>All sets there are.</summary>
public static class BenchSets
{
    public static IReadOnlyList<IBenchSet> All { get; } = 
        [new JobShopSet(), new LargeJobShopSet(), new FlexibleJobShopSet(), new SetupJobShopSet(), new EnergySet(), new CarSequencingSet(), new LineBalancingSet(), new OvenSet()];
}
