using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>What one utility gave over the window of the statistics, and who wanted more.</summary>
public sealed record UtilityKpis
{
    public required UtilityId Utility { get; init; }

    /// <summary>Drawn, in the utility's unit.</summary>
    public double Amount { get; init; }

    /// <summary>Highest rate that lasted, unit/h.</summary>
    public double PeakRate { get; init; }

    /// <summary>Time in which some batch waited for it or was slowed down by it, hours.</summary>
    public double AtCapHours { get; init; }

    /// <summary>Waits begun.</summary>
    public int Waits { get; init; }

    /// <summary>Σ over batches of the time waited for it, hours.</summary>
    public double WaitHours { get; init; }

    /// <summary>Σ over batches of the time lost to slow progress, hours.</summary>
    public double StretchHours { get; init; }

    internal static ImmutableArray<UtilityKpis> Of(PlantState state)
    {
        var kpis = ImmutableArray.CreateBuilder<UtilityKpis>(state.Utilities.Length);
        for (var u = 0; u < state.Utilities.Length; u++)
        {
            ref readonly var meter = ref state.Utilities[u];
            kpis.Add(new UtilityKpis
            {
                Utility = new UtilityId(u),
                Amount = meter.Amount,
                PeakRate = meter.PeakRate,
                AtCapHours = Hours(meter.AtCapMs),
                Waits = meter.Waits,
                WaitHours = Hours(meter.WaitMs),
                StretchHours = Hours(meter.StretchMs),
            });
        }

        return kpis.MoveToImmutable();
    }

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;
}
