using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>scenario.yaml: market.</summary>
internal static class MarketTable
{
    private static readonly Field<BookingPolicy> s_booking = new("booking", Types.OneOf<BookingPolicy>(), "How firms book offered hours in a simulation: never beyond reservations.csv, or for every job that waits because no machine took it.") { Otherwise = "none", Example = "when_waiting" };
    private static readonly Field<Duration> s_hold = new("hold", Types.Time(positive: true), "How long a booking is held for a firm that has not confirmed.") { Default = MarketRules.None.Hold, Otherwise = "4 h", Example = "4 h" };
    private static readonly Field<Distribution> s_decision = new("decision", Types.TimeDistribution, "Time until a firm confirms a booking; one that takes longer than the hold loses it.") { Default = Distribution.Constant(0), Otherwise = "at once", Example = "exponential(1 h)" };
    private static readonly Field<bool> s_recall = new("recall", Types.YesNo, "Whether an owner takes booked hours back, with the offer's notice and before they begin, for an own order that would be late otherwise.") { Default = true, Otherwise = "yes", Example = "no" };
    private static readonly Field<Duration> s_maxWait = new("max_wait", Types.Time(positive: true), "Longest time that a ready job may be passed over; one that has waited longer goes first.") { Otherwise = "as the dispatch rule will have it", Example = "3 d" };
    private static readonly Field<double> s_expressShare = new("express_share", Types.Share, "Share of the slots of machines open to all, class by class, that only samples and express orders may take.") { Otherwise = "none", Example = "10 %" };
    private static readonly Field<double> s_premium = new("express_premium", Types.Number(max: 100), "Added to setup and time of express orders on other firms' machines, as a share of them.") { Otherwise = "0", Example = "0.3" };
    private static readonly Field<double> s_fee = new("fee", Types.Share, "What the platform takes on top of what the owner gets.") { Otherwise = "0", Example = "5 %" };

    public static readonly Shape Shape = new("market", "What the firms of a shared factory agreed on.", s_booking, s_hold, s_decision, s_recall, s_maxWait, s_expressShare, s_premium, s_fee);

    public static MarketRules Read(SourceRecord? r)
    {
        if (r is null)
        {
            return MarketRules.None;
        }

        var market = new MarketRules
        {
            Booking = r.Get(s_booking), Hold = r.Get(s_hold), Decision = r.Get(s_decision), Recall = r.Get(s_recall), MaxWait = r.GetOrNull(s_maxWait),
            ExpressShare = r.Get(s_expressShare), ExpressPremium = r.Get(s_premium), Fee = r.Get(s_fee),
        };
        if (market.Decision.Mean > market.Hold.Milliseconds)
        {
            r.Error(s_decision, $"decision '{r[s_decision].Text}' takes longer than a booking is held ({DurationText.Format(market.Hold)}): bookings would lapse", "Hold bookings longer, or let firms decide sooner.");
        }

        return market;
    }

    public static void Write(Scenario scenario, YamlWriter yaml, MapField key)
    {
        var market = scenario.Plant.Market;
        if (market != MarketRules.None)
        {
            yaml.Map(key, y => y.Set(s_booking, market.Booking).Set(s_hold, market.Hold).Set(s_decision, market.Decision).Set(s_recall, market.Recall)
                .SetOrNone(s_maxWait, market.MaxWait).Set(s_expressShare, market.ExpressShare).Set(s_premium, market.ExpressPremium).Set(s_fee, market.Fee));
        }
    }
}

/// <summary>reservations.csv</summary>
internal static class ReservationsTable
{
    public static readonly Field<string> Id = new("id", Types.Id, "The reservation.") { Required = true, Example = "R-17" };
    public static readonly Field<string> Firm = new("firm", Types.Id, "Who booked.") { Required = true, Example = "acme" };
    public static readonly Field<string> Equipment = new("equipment", Types.Id, "A machine that another firm offers, with one slot.") { Required = true, Example = "cnc-7" };
    public static readonly Field<SimTime> From = new("from", Types.Moment, "First booked moment, inside offered hours.") { Required = true, Example = "2026-03-03 18:00" };
    public static readonly Field<SimTime> To = new("to", Types.Moment, "End of the booked hours.") { Required = true, Example = "2026-03-03 22:00" };
    public static readonly Field<string> Order = new("order", Types.Id, "The order they are for.") { Otherwise = "any of the firm", Example = "PO-1027" };
    public static readonly Field<SimTime> Made = new("made", Types.Moment, "When it was asked for.") { Otherwise = "the scenario's start", Example = "2026-03-02 09:00" };
    private static readonly Field<bool> s_confirmed = new("confirmed", Types.YesNo, "Whether the firm has confirmed; otherwise it lapses unless work begins in it before.") { Default = true, Otherwise = "yes", Example = "no" };
    public static readonly Field<SimTime> Expires = new("expires", Types.Moment, "When it lapses unless confirmed.") { Otherwise = "after market: hold", Example = "2026-03-02 17:00" };

    public static readonly Shape Shape = new("reservations.csv", "Offered hours that firms have booked. In them only the holder's jobs begin on the machine; the owner may take them back with notice, before they begin.",
        Id, Firm, Equipment, From, To, Order, Made, s_confirmed, Expires);

    public static ImmutableArray<Reservation> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Reservation Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Reservations.Add(r, Id);
        if (r.Has(From) && r.Has(To) && r.Get(To) <= r.Get(From))
        {
            r.Error(To, $"to '{r[To].Text}' is not after from '{r[From].Text}'", "Maybe the two are swapped?");
        }

        return new Reservation
        {
            Id = id,
            Firm = new TenantId(names.Tenants.Resolve(r, Firm) ?? 0),
            Equipment = new EquipmentId(names.Equipment.Resolve(r, Equipment) ?? 0),
            From = r.Get(From),
            To = r.Get(To),
            Order = names.Orders.Resolve(r, Order) is { } o ? new OrderId(o) : null,
            Made = r.Get(Made),
            Confirmed = r.Get(s_confirmed),
            Expires = r.GetOrNull(Expires),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var r in scenario.Reservations)
        {
            table.Row().Set(Id, r.Id).Set(Firm, scenario.Plant.Tenants[r.Firm].Id).Set(Equipment, scenario.Plant.Equipment[r.Equipment].Id)
                .Set(From, r.From).Set(To, r.To).SetOrNone(Order, r.Order is { } o ? scenario.Orders[o].Id : null).Set(Made, r.Made)
                .Set(s_confirmed, r.Confirmed).SetOrNone(Expires, r.Expires);
        }
    }
}
