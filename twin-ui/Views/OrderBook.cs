using System.Runtime.InteropServices;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>When an order will be complete, over simulated futures.</summary>
/// <param name="P10">One future of ten is earlier.</param>
/// <param name="P50">Half of them are earlier.</param>
/// <param name="P90">Nine of ten are earlier.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ForecastBand(SimTime P10, SimTime P50, SimTime P90);

/// <summary>One order as the Orders page shows it.</summary>
/// <param name="Planned">Completion by the schedule in force.</param>
/// <param name="Lateness">Against the due date, of the completion, else of the forecast, else of the plan; negative is early.</param>
/// <param name="Progress">Share of its jobs that are done, counted pieces of lots in work included.</param>
public sealed record OrderRow(
    int Index, Order Order, string Product, string Family, string FamilyColor, string Tenant, OrderStatus Status, OrderOutlook Outlook,
    double Progress, SimTime? Planned, ForecastBand? Forecast, SimTime? Completed, Duration? Lateness)
{
    public string Id => Order.Id;
}

/// <summary>Which orders to show.</summary>
public enum OrderFilter
{
    All,
    Open,
    Late,
    AtRisk,
    Running,
    Waiting,
    Complete,
}

/// <summary>By what orders are sorted.</summary>
public enum OrderSort
{
    Due,
    Id,
    Lateness,
    Forecast,
    Quantity,
    Progress,
    Release,
}

/// <summary>What is asked of the book.</summary>
public sealed record OrderQuery
{
    /// <summary>Every word must occur in id, product, family or firm.</summary>
    public string Words { get; init; } = "";

    public OrderFilter Filter { get; init; }

    public string Family { get; init; } = "";

    public string Tenant { get; init; } = "";

    public OrderSort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>From 0.</summary>
    public int Page { get; init; }

    /// <summary>≥ 1.</summary>
    public int PageSize { get; init; } = 50;
}

/// <summary>A page of orders.</summary>
/// <param name="Total">Matching orders on all pages.</param>
public sealed record OrderPage(IReadOnlyList<OrderRow> Rows, int Total);

/// <summary>The order book of a view, ready to be searched.</summary>
public sealed class OrderBook
{
    private readonly List<OrderRow> _rows;

    /// <param name="forecast">Forecast of an order by index, or <c>null</c> while there is none.</param>
    public OrderBook(TwinView view, Func<int, ForecastBand?> forecast, Texts texts)
    {
        var lateness = new OrderLateness(view);
        var orders = view.State.Plant.Scenario.Orders;
        _rows = [.. Enumerable.Range(0, view.State.Plant.Jobs.OrderCount).Where(o => orders[o].Id.Length > 0).Select(o => RowOf(view, o, lateness, forecast, texts))];
    }

    public IReadOnlyList<OrderRow> All => _rows;

    /// <summary>One order, without the rest of the book.</summary>
    public static OrderRow RowOf(TwinView view, int order, Func<int, ForecastBand?> forecast, Texts texts) =>
        RowOf(view, order, new OrderLateness(view), forecast, texts);

    /// <summary>Orders per filter.</summary>
    public int Count(OrderFilter filter) => _rows.Count(r => Passes(r, filter));

    /// <summary>All matching orders, sorted.</summary>
    public IEnumerable<OrderRow> Find(OrderQuery query)
    {
        var words = query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = _rows.Where(r => Passes(r, query.Filter)
            && (query.Family.Length == 0 || r.Family == query.Family)
            && (query.Tenant.Length == 0 || r.Tenant == query.Tenant)
            && Array.TrueForAll(words, w => Contains(r.Id, w) || Contains(r.Product, w) || Contains(r.Family, w) || Contains(r.Tenant, w)));
        var sorted = query.Sort switch
        {
            OrderSort.Id => By(found, r => r.Id, query.Descending, NaturalOrder.Instance),
            OrderSort.Lateness => By(found, r => r.Lateness?.Milliseconds ?? long.MinValue, query.Descending),
            OrderSort.Forecast => By(found, r => (r.Completed ?? r.Forecast?.P50 ?? r.Planned ?? SimTime.Never).Milliseconds, query.Descending),
            OrderSort.Quantity => By(found, r => r.Order.Quantity, query.Descending),
            OrderSort.Progress => By(found, r => r.Progress, query.Descending),
            OrderSort.Release => By(found, r => r.Order.Release.Milliseconds, query.Descending),
            _ => By(found, r => (r.Order.Due ?? SimTime.Never).Milliseconds, query.Descending),
        };
        return sorted.ThenBy(r => r.Index);
    }

    /// <summary>One page of them; a page beyond the end gives the last one.</summary>
    public OrderPage Page(OrderQuery query)
    {
        var all = Find(query).ToList();
        var page = Math.Clamp(query.Page, 0, Math.Max(0, (all.Count - 1) / query.PageSize));
        return new OrderPage([.. all.Skip(page * query.PageSize).Take(query.PageSize)], all.Count);
    }

    private static IOrderedEnumerable<OrderRow> By<T>(IEnumerable<OrderRow> rows, Func<OrderRow, T> key, bool descending, IComparer<T>? comparer = null) =>
        descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);

    private static bool Contains(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static bool Passes(OrderRow row, OrderFilter filter) => filter switch
    {
        OrderFilter.Open => row.Status is not (OrderStatus.Complete or OrderStatus.Cancelled),
        OrderFilter.Late => row.Outlook is OrderOutlook.Late or OrderOutlook.DoneLate,
        OrderFilter.AtRisk => row.Outlook == OrderOutlook.AtRisk,
        OrderFilter.Running => row.Status == OrderStatus.InProduction,
        OrderFilter.Waiting => row.Status is OrderStatus.Accepted or OrderStatus.Released,
        OrderFilter.Complete => row.Status == OrderStatus.Complete,
        _ => true,
    };

    private static OrderRow RowOf(TwinView view, int o, OrderLateness lateness, Func<int, ForecastBand?> forecasts, Texts texts)
    {
        var plant = view.State.Plant;
        var order = plant.Scenario.Orders[o];
        ref readonly var state = ref view.State.Orders[o];
        var jobs = view.State.JobCountOf(o);
        SimTime? completed = state.CompletedAt >= 0 ? new SimTime(state.CompletedAt) : null;
        var forecast = completed is not null || state.Status == OrderStatus.Cancelled ? null : forecasts(o);
        var planned = lateness.PlannedEnd(o);
        var end = completed ?? forecast?.P50 ?? planned ?? (order.Due < view.Now ? view.Now : null);
        Duration? late = end is { } e && order.Due is { } due ? e - due : null;
        var product = plant.Plant.Products[order.Product];
        var family = order.Family?.Index ?? product.Family?.Index ?? -1;
        return new OrderRow(
            o, order, product.Name.In(texts.Language), family >= 0 ? plant.Plant.Families[family].Name.In(texts.Language) : "",
            StatusLook.ColorOf(plant.Plant, family), order.Tenant is { } t ? plant.Plant.Tenants[t].Name.In(texts.Language) : "",
            state.Status, OutlookOf(state.Status, late, forecast, order.Due), ProgressOf(view.State, o, jobs), planned,
            forecast, completed, late);
    }

    /// <summary>Share of an order's jobs that are done; a lot in work counts by the pieces that its machine has counted.</summary>
    private static double ProgressOf(PlantState state, int order, int jobs)
    {
        var done = jobs - (double)state.Orders[order].JobsLeft;
        var table = state.Plant.Jobs;
        if (state.Pieces.Length > 0 && state.Orders[order].Status == OrderStatus.InProduction)
        {
            for (var job = table.LotFirstJob[table.OrderFirstLot[order]]; job < table.LotFirstJob[table.OrderFirstLot[order + 1]]; job++)
            {
                ref readonly var counted = ref state.Pieces[job];
                var pieces = counted.Good + counted.Scrap;
                done += state.Jobs[job].EndAt < 0 && pieces > 0 ? pieces / (double)(pieces + state.PiecesLeft(job)) : 0;
            }
        }

        return jobs == 0 ? 0 : done / jobs;
    }

    private static OrderOutlook OutlookOf(OrderStatus status, Duration? late, ForecastBand? forecast, SimTime? due) => (status, late) switch
    {
        (OrderStatus.Cancelled, _) => OrderOutlook.Cancelled,
        (OrderStatus.Complete, { Milliseconds: > 0 }) => OrderOutlook.DoneLate,
        (OrderStatus.Complete, _) => OrderOutlook.Done,
        (_, null) => OrderOutlook.Unknown,
        (_, { Milliseconds: > 0 }) => OrderOutlook.Late,
        _ => forecast is { } f && f.P90 > due ? OrderOutlook.AtRisk : OrderOutlook.OnTime,
    };
}

/// <summary>Compares ids the way people count: O-2 before O-10.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var u = Number(a, ref i);
                var v = Number(b, ref j);
                var order = u.Length != v.Length ? u.Length.CompareTo(v.Length) : u.SequenceCompareTo(v);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return (a.Length - i).CompareTo(b.Length - j);
    }

    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text.AsSpan(from, at - from).TrimStart('0');
    }
}
