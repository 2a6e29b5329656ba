using DigitalTwin.Plant.Kpis;

namespace DigitalTwin.Plant.Experiments;

/// <summary>How the best of several alternatives is found.</summary>
public enum SelectionProcedure
{
    /// <summary>Kim and Nelson's: as many replications as a promised probability takes; losers are dropped.</summary>
    KimNelson,

    /// <summary>Optimal computing budget allocation: what a number of runs can tell, with the probability that it is true.</summary>
    OptimalBudget,
}

/// <summary>How an experiment is run: how many replications, how precise, to choose what.</summary>
public sealed record ExperimentDesign
{
    /// <summary>Replications of every alternative, ≥ 1; with a target of precision or a selection the least of them.</summary>
    public int Replications { get; init; } = 30;

    /// <summary>No alternative gets more than this.</summary>
    public int MostReplications { get; init; } = 1000;

    /// <summary>Confidence level of all intervals, and of a selection.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Run until this figure's mean is known well enough in every alternative; <c>null</c> runs the given number.</summary>
    public KpiDescriptor<PlantKpis>? PrecisionKpi { get; init; }

    /// <summary>Half-width asked for, > 0: in the figure's unit, or a share of the mean.</summary>
    public double HalfWidth { get; init; }

    /// <summary>Whether <see cref="HalfWidth"/> is a share of the mean.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Find the alternative that is best by this figure, with more replications for those that are hard to tell apart; <c>null</c> treats all alike.</summary>
    public KpiDescriptor<PlantKpis>? SelectKpi { get; init; }

    /// <summary>How <see cref="SelectKpi"/> finds it.</summary>
    public SelectionProcedure SelectBy { get; init; }

    /// <summary>Runs of all alternatives together that <see cref="SelectionProcedure.OptimalBudget"/> may spend, ≥ 2 per alternative; it ends earlier
    /// when the best is known at <see cref="Level"/>.</summary>
    public int Budget { get; init; } = 300;

    /// <summary>Differences smaller than this do not matter to a selection, > 0: in the figure's unit, or a share of the baseline's mean.</summary>
    public double Indifference { get; init; } = 0.01;

    /// <summary>Whether <see cref="Indifference"/> is a share.</summary>
    public bool IndifferenceIsRelative { get; init; } = true;

    /// <summary>Find the warm-up of the baseline in this series and throw it away in all alternatives; <c>null</c> keeps what the plans say.</summary>
    public PlantSeries? WarmUpSeries { get; init; }
}

/// <summary>One replication to be run.</summary>
/// <param name="Alternative">Index of the alternative.</param>
public readonly record struct ReplicationRequest(int Alternative, RunPlan Plan, int Replication);

/// <summary>Runs replications, in any order and side by side; one result per request, <c>null</c> for those that a stop prevented.</summary>
public delegate IReadOnlyList<RunResult?> ReplicationRunner(IReadOnlyList<ReplicationRequest> requests);

/// <summary>An experiment that cannot give an honest answer; the message says why and what to do.</summary>
public sealed class ExperimentException : Exception
{
    public ExperimentException()
    {
    }

    public ExperimentException(string message)
        : base(message)
    {
    }

    public ExperimentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
