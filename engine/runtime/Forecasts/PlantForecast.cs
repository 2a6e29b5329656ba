using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Forecasts;

/// <summary>When each order will be complete, from simulated futures of the plant as it stands.</summary>
/// <param name="Version">Version of the session that it was made from.</param>
/// <param name="MadeAt">Plant time of that version.</param>
/// <param name="Futures">How many futures were simulated.</param>
/// <param name="Orders">Per order, by index.</param>
/// <param name="Took">Wall-clock time of all of it.</param>
public sealed record PlantForecast(long Version, int Run, SimTime MadeAt, int Futures, ImmutableArray<OrderForecast> Orders, TimeSpan Took)
{
    /// <summary>Before the first forecast.</summary>
    public static readonly PlantForecast None = new(0, 0, SimTime.Zero, 0, [], TimeSpan.Zero);

    /// <summary>The forecast of an order; <c>null</c> when it came into the book after the forecast was made.</summary>
    public OrderForecast? Of(int order) => (uint)order < (uint)Orders.Length ? Orders[order] : null;

    /// <summary>Orders that have a due date and will rather be late than not.</summary>
    public int OrdersAtRisk => Orders.Count(o => o.OnTime < 0.5);
}

/// <summary>When one order will be complete. A completed order has its completion in all quantiles.</summary>
/// <param name="P10">One future in ten is complete by then; <c>null</c> when fewer are within the horizon of the forecast.</param>
/// <param name="P50">Half of the futures are complete by then: the expectation to promise from.</param>
/// <param name="P90">Nine futures in ten are complete by then.</param>
/// <param name="OnTime">Share of the futures in which the due date is kept, in [0, 1]; 1 where none was promised.</param>
/// <param name="Tardiness">Mean hours late over all futures, ≥ 0.</param>
public readonly record struct OrderForecast(SimTime? P10, SimTime? P50, SimTime? P90, double OnTime, double Tardiness);
