using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

internal static partial class ScenarioGen
{
    private static Gen<MarketRules> MarketOf() => Gen.OneOf(
        Gen.Const(MarketRules.None),
        from booking in Gen.Enum<BookingPolicy>()
        from hold in s_duration
        from recall in Gen.Bool
        from wait in s_duration
        from shares in Gen.Double[0, 0.99].Array[3]
        select new MarketRules
        {
            Booking = booking, Hold = hold + Duration.FromHours(1), Decision = Distribution.Constant(hold.Milliseconds / 2), Recall = recall, MaxWait = recall ? null : wait + new Duration(1),
            ExpressShare = shares[0], ExpressPremium = shares[1], Fee = shares[2],
        });

    /// <summary>On every bookable machine the first offered window, booked by somebody else than its owner.</summary>
    private static Gen<ImmutableArray<Reservation>> ReservationsOf(PlantModel plant, ImmutableArray<Order> orders, PlantClock clock) =>
        from confirmed in Gen.Bool
        from lead in s_duration
        select (from offer in plant.Offers.GroupBy(o => o.Equipment).Select(g => g.First())
                let machine = plant.Equipment[offer.Equipment]
                let firm = plant.Tenants.Select((_, t) => new TenantId(t)).Where(t => t != machine.Owner).Select(t => (TenantId?)t).FirstOrDefault()
                where machine.Slots == 1 && firm is not null
                let week = CalendarTimeline.Unroll(new WorkCalendar { Id = "w", Name = "w", Windows = [offer.Window] }, clock, SimTime.FromHours(24 * 30))
                let window = Enumerable.Range(0, week.Count - 1).Select(week.Window).Where(w => w.Start >= offer.From && w.End <= (offer.To ?? SimTime.Never) && IsOneDay(w, offer.Window)).Select(w => ((SimTime Start, SimTime End)?)w).FirstOrDefault()
                where window is not null
                let order = orders.Select((o, i) => (o, i)).Where(o => o.o.Tenant == firm).Select(o => (OrderId?)new OrderId(o.i)).FirstOrDefault()
                select new Reservation
                {
                    Id = $"book {offer.Equipment.Index}", Firm = firm.Value, Equipment = offer.Equipment, From = window.Value.Start, To = window.Value.End, Order = confirmed ? order : null,
                    Made = window.Value.Start - offer.Notice - lead, Confirmed = confirmed, Expires = confirmed ? null : window.Value.Start - offer.Notice - lead + new Duration(1),
                }).ToImmutableArray();

    /// <summary>Windows that overlap or touch those of the next day are joined and belong to no single day; where clocks change they are longer or shorter.</summary>
    private static bool IsOneDay((SimTime Start, SimTime End) hours, WeeklyWindow window) =>
        window.Start != window.End && (hours.End - hours.Start).Milliseconds == (long)(window.End - window.Start).TotalMilliseconds; // TimeOnly − TimeOnly wraps at midnight
}
