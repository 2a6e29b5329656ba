using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one order. Times of day are moments; lengths are hours.</summary>
public sealed record OrderKpi
{
    public required OrderId Order { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>Completion, or <c>null</c> while it is open.</summary>
    public SimTime? Completed { get; init; }

    /// <summary>Hours after the due date: at completion, or so far while open and past due; 0 when early, on time or without due date.</summary>
    public double TardinessHours { get; init; }

    /// <summary>Release to completion; <c>null</c> while open.</summary>
    public double? LeadTimeHours { get; init; }

    /// <summary>AOET, actual order execution time: first start to completion; <c>null</c> while open.</summary>
    public double? ExecutionHours { get; init; }

    /// <summary>Time on equipment of its operations that ended, summed over its lots.</summary>
    public double TouchHours { get; init; }
}

/// <summary>Key figures of the order book over the window of the statistics.</summary>
/// <remarks>
/// Counted are the orders completed in the window and the open ones. An open order past its due date is late by as much as it is late so far:
/// a rule cannot look good by never finishing what is already late. Cancelled orders and those completed before the window do not count.
/// </remarks>
public sealed record OrderKpis
{
    public int Completed { get; init; }

    /// <summary>Released or begun, not complete.</summary>
    public int Open { get; init; }

    /// <summary>Completed by their due date.</summary>
    public int OnTime { get; init; }

    /// <summary>Completed after their due date, or open and past it.</summary>
    public int Late { get; init; }

    public double TardinessHours { get; init; }

    /// <summary>Mean over the orders that were due: on time or late.</summary>
    public double? TardinessMeanHours { get; init; }

    public double TardinessMaxHours { get; init; }

    /// <summary>Σ priority × hours late.</summary>
    public double WeightedTardinessHours { get; init; }

    public double? LeadTimeMeanHours { get; init; }

    public double? LeadTimeP50Hours { get; init; }

    public double? LeadTimeP90Hours { get; init; }

    public double? SampleLeadTimeMeanHours { get; init; }

    public double? BulkLeadTimeMeanHours { get; init; }

    /// <summary>Quantity of the completed orders, in their own units.</summary>
    public double CompletedQuantity { get; init; }

    /// <summary>Σ AOET of the completed orders.</summary>
    public double ExecutionHours { get; init; }

    /// <summary>Σ touch time of the completed orders.</summary>
    public double TouchHours { get; init; }

    /// <summary>Begun and not complete at the end of the window.</summary>
    public int Wip { get; init; }

    /// <summary>Mean of the same over the window.</summary>
    public double? WipMean { get; init; }

    /// <summary>Last completion since the epoch; <c>null</c> when nothing was completed.</summary>
    public double? MakespanHours { get; init; }

    /// <summary>Completed with less than their quantity, by more than their tolerance.</summary>
    public int ShortDeliveries { get; init; }

    /// <summary>Σ over the completed orders of delivered ÷ ordered quantity, mean; what was made too much does not count.</summary>
    public double? DeliveredShare { get; init; }

    /// <summary>Made beyond what the completed orders asked for, in their own units.</summary>
    public double Overproduction { get; init; }

    /// <summary>Waits longer than an operation allows; <c>null</c> when none limits them.</summary>
    public WaitLimitKpis? WaitLimits { get; init; }

    /// <summary>Share of the due orders that were on time.</summary>
    public double? OnTimeShare => EquipmentKpis.Ratio(OnTime, OnTime + Late);

    /// <summary>PQ / AOET over the completed orders, quantity per hour.</summary>
    public double? ThroughputRate => EquipmentKpis.Ratio(CompletedQuantity, ExecutionHours);

    /// <summary>Touch time ÷ lead time: the rest is waiting.</summary>
    public double? TouchShare => LeadTimeMeanHours is { } lead ? EquipmentKpis.Ratio(TouchHours, lead * Completed) : null;

    /// <summary>Figures of one order as it stands at <see cref="PlantState.Now"/>.</summary>
    public static OrderKpi Of(PlantState state, OrderId id)
    {
        var order = state.Plant.Scenario.Orders[id];
        ref readonly var now = ref state.Orders[id];
        var complete = now.Status == OrderStatus.Complete;
        var end = complete ? now.CompletedAt : state.Now.Milliseconds;
        var released = now.ReleasedAt >= 0 ? now.ReleasedAt : order.Release.Milliseconds;
        var late = order.Due is { } due && now.Status != OrderStatus.Cancelled ? Math.Max(0, end - due.Milliseconds) : 0;
        return new OrderKpi
        {
            Order = id,
            Status = now.Status,
            Completed = complete ? new SimTime(now.CompletedAt) : null,
            TardinessHours = Hours(late),
            LeadTimeHours = complete ? Hours(now.CompletedAt - released) : null,
            ExecutionHours = complete && now.StartedAt >= 0 ? Hours(now.CompletedAt - now.StartedAt) : null,
            TouchHours = Hours(TouchMs(state, id)),
        };
    }

    internal static OrderKpis Of(PlantState state)
    {
        var since = state.StatisticsSince;
        var counted = Enumerable.Range(0, state.Orders.Length)
            .Where(o => Counts(state.Orders[o], since))
            .Select(o => Of(state, new OrderId(o)))
            .ToList();
        var done = counted.Where(o => o.Completed is not null).ToList();
        var due = counted.Where(o => OrderOf(o).Due is { } d && (o.Completed is not null || d < state.Now)).ToList();
        var leads = done.Select(o => o.LeadTimeHours!.Value).Order().ToArray();
        var late = due.Count(o => o.TardinessHours > 0);
        return new OrderKpis
        {
            Completed = done.Count,
            Open = counted.Count(o => o.Status is OrderStatus.Released or OrderStatus.InProduction),
            OnTime = due.Count - late,
            Late = late,
            TardinessHours = due.Sum(o => o.TardinessHours),
            TardinessMeanHours = MeanOf(due.Select(o => o.TardinessHours)),
            TardinessMaxHours = due.Count > 0 ? due.Max(o => o.TardinessHours) : 0,
            WeightedTardinessHours = due.Sum(o => o.TardinessHours * OrderOf(o).Priority),
            LeadTimeMeanHours = MeanOf(leads),
            LeadTimeP50Hours = leads.Length > 0 ? Quantiles.Of(leads, 0.5) : null,
            LeadTimeP90Hours = leads.Length > 0 ? Quantiles.Of(leads, 0.9) : null,
            SampleLeadTimeMeanHours = MeanOf(done.Where(o => OrderOf(o).Kind == OrderKind.Sample).Select(o => o.LeadTimeHours!.Value)),
            BulkLeadTimeMeanHours = MeanOf(done.Where(o => OrderOf(o).Kind == OrderKind.Bulk).Select(o => o.LeadTimeHours!.Value)),
            CompletedQuantity = done.Sum(o => OrderOf(o).Quantity),
            ShortDeliveries = done.Count(o => state.YieldOf(o.Order) < OrderOf(o).Quantity * (1 - OrderOf(o).ShortTolerance) * (1 - 1e-9)),
            DeliveredShare = MeanOf(done.Select(o => Math.Min(1, state.YieldOf(o.Order) / OrderOf(o).Quantity))),
            Overproduction = done.Sum(o => Math.Max(0, state.YieldOf(o.Order) - OrderOf(o).Quantity)),
            WaitLimits = WaitLimitKpis.Of(state),
            ExecutionHours = done.Sum(o => o.ExecutionHours ?? 0),
            TouchHours = done.Sum(o => o.TouchHours),
            Wip = counted.Count(o => o.Status == OrderStatus.InProduction),
            WipMean = WipMeanOf(state),
            MakespanHours = done.Count > 0 ? done.Max(o => o.Completed!.Value.Hours) : null,
        };

        Order OrderOf(OrderKpi o) => state.Plant.Scenario.Orders[o.Order];
    }

    private static bool Counts(in OrderState order, SimTime since) =>
        order.Status != OrderStatus.Cancelled && (order.Status != OrderStatus.Complete || order.CompletedAt >= since.Milliseconds);

    private static double? WipMeanOf(PlantState state)
    {
        var (from, to) = (state.StatisticsSince.Milliseconds, state.Now.Milliseconds);
        var sum = 0.0;
        foreach (ref readonly var order in state.Orders)
        {
            if (order.StartedAt >= 0 && order.Status != OrderStatus.Cancelled)
            {
                var end = order.Status == OrderStatus.Complete ? order.CompletedAt : to;
                sum += Math.Max(0, end - Math.Max(from, order.StartedAt));
            }
        }

        return EquipmentKpis.Ratio(sum, to - from);
    }

    private static long TouchMs(PlantState state, OrderId id)
    {
        var table = state.Plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[id + 1]];
        var touch = 0L;
        for (var j = table.LotFirstJob[table.OrderFirstLot[id]]; j < end; j++)
        {
            ref readonly var job = ref state.Jobs[j];
            if (job.Status == JobStatus.Done && job.StartAt >= 0)
            {
                touch += job.EndAt - job.StartAt;
            }
        }

        return touch;
    }

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;

    private static double? MeanOf(IEnumerable<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value;
            count++;
        }

        return count > 0 ? sum / count : null;
    }
}
