using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>Capacity maps and quotes for scripts.</summary>
internal static class MarketDocuments
{
    public static object Of(CompiledScenario plant, CapacityMap map) => new
    {
        Verb = "capacity",
        Scenario = plant.Scenario.Id,
        Time = Iso(plant, map.At),
        Firm = map.Viewer is { } v ? plant.Plant.Tenants[v].Id : null,
        LeastFirms = CapacityMap.LeastFirms,
        map.Withheld,
        Cells = map.Cells.Select(c => new
        {
            Class = plant.Plant.EquipmentClasses[c.Class].Id, Site = c.Site is { } s ? plant.Plant.Sites[s].Id : null, Week = Iso(plant, c.Week), c.Machines,
            Withheld = c.Hours is null, Firms = c.Hours is null ? (int?)null : c.Firms, Hours = Hours(c.Hours), c.PricePerHour,
        }),
        Shown = Hours(map.Shown),
        Market = map.Sharing is not { } sharing ? null : new
        {
            sharing.OfferedHours, sharing.UsedHours, sharing.FillRate, sharing.Market.BookedHours, Bookings = sharing.Market.Held, sharing.Market.Confirmed, sharing.Market.Used,
            sharing.Market.Recalled, sharing.Market.Expired, sharing.Market.Released, sharing.Market.OutsideOffers, sharing.ResponseHours, sharing.BookedAheadHours, sharing.Fairness,
            sharing.LongestWaitHours,
        },
        Own = map.Own.Select(m => new { plant.Plant.Equipment[m.Equipment].Id, Week = Iso(plant, m.Week), Hours = Hours(m.Hours) }),
        Bookings = map.Bookings.Select(b => new
        {
            Equipment = plant.Plant.Equipment[b.Equipment].Id, From = Iso(plant, b.Start), To = Iso(plant, b.End), Status = b.Status.ToString(), b.Own,
            Order = b.Order is { } o ? plant.Scenario.Orders[o].Id : null,
        }),
        Account = map.Account is not { } a ? null : new { a.JobsSold, Income = a.Sold.Owner / 100.0, a.JobsBought, Cost = a.Bought.Total / 100.0, Fee = a.Bought.Fee / 100.0, Balance = a.Balance / 100.0 },
    };

    public static object Of(CompiledScenario plant, Quote quote) => new
    {
        Verb = "quote",
        Scenario = plant.Scenario.Id,
        Asked = Iso(plant, quote.Asked),
        Item = plant.Plant.Products[quote.Request.Product].Id,
        quote.Request.Quantity,
        Due = Iso(plant, quote.Request.Due),
        Firm = quote.Request.Firm is { } f ? plant.Plant.Tenants[f].Id : null,
        Start = Iso(plant, quote.Start),
        Finish = Iso(plant, quote.Finish),
        FinishP90 = Iso(plant, quote.FinishP90),
        quote.OnTimeShare,
        Price = Money(quote.Price),
        Steps = quote.Steps.Select(s => new
        {
            s.Lot, Operation = OperationOf(plant, quote, s.Operation), Equipment = plant.Plant.Equipment[s.Equipment].Id, Start = Iso(plant, s.Start), End = Iso(plant, s.End),
            Price = s.Price is { } p ? Money(p) : null,
        }),
        Offers = quote.Offers.Select(o => new
        {
            Operation = OperationOf(plant, quote, o.Operation), Equipment = plant.Plant.Equipment[o.Equipment].Id, Start = Iso(plant, o.Start), End = Iso(plant, o.End), o.PricePerHour, Price = Money(o.Price),
        }),
        quote.Reasons,
    };

    public static string OperationOf(CompiledScenario plant, Quote quote, int operation) =>
        plant.Plant.WorkMasters[plant.Plant.Products[quote.Request.Product].WorkMaster].Operations[operation].Id;

    public static string Wall(CompiledScenario plant, SimTime time) => plant.Scenario.Clock.ToWallClock(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string? Iso(CompiledScenario plant, SimTime? time) =>
        time is { } t ? plant.Scenario.Clock.ToWallClock(t).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : null;

    private static object? Hours(CapacityHours? hours) =>
        hours is { } h ? new { h.Used, h.Unused, h.Committed, h.Available, h.Unattainable, h.Total, h.Offered } : null;

    private static object Money(JobPrice p) => new
    {
        Setup = p.Setup / 100.0, Time = p.Time / 100.0, Material = p.Material / 100.0, TariffUplift = p.TariffUplift / 100.0, Express = p.Express / 100.0, Fee = p.Fee / 100.0, Total = p.Total / 100.0,
    };
}
