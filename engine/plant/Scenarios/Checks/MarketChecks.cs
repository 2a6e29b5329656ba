using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Reservations against what is offered, and against each other.</summary>
internal static class MarketChecks
{
    public static void Run(Scenario scenario, ScenarioNames names)
    {
        for (var r = 0; r < scenario.Reservations.Length; r++)
        {
            if (names.Reservations.Sources[r].IsSound && names.Equipment.IsSound(scenario.Reservations[r].Equipment))
            {
                Check(scenario, scenario.Reservations[r], names.Reservations.Sources[r]);
            }
        }

        Overlaps(scenario, names);
        if (scenario.Plant.Market == MarketRules.None) // whoever writes a market knows what it means
        {
            var closed = names.Offers.Where((r, o) => r.IsSound && !scenario.Plant.Offers[o].WalkIn && !scenario.Reservations.Any(b => b.Equipment == scenario.Plant.Offers[o].Equipment)).ToList();
            if (closed.Count > 0)
            {
                closed[0].Warn(CapacityOffersTable.WalkIn, $"walk_in 'no' takes only bookings, and nobody books: other firms never work on the machines of {(closed.Count == 1 ? "this offer" : $"{closed.Count} such offers")}", "Write booking: when_waiting under market in scenario.yaml, or book in reservations.csv.");
            }
        }
    }

    private static void Check(Scenario scenario, Reservation reservation, SourceRecord row)
    {
        var (plant, machine) = (scenario.Plant, scenario.Plant.Equipment[reservation.Equipment]);
        var offers = plant.Offers.Where(o => o.Equipment == reservation.Equipment).ToList();
        if (offers.Count == 0)
        {
            row.Error(ReservationsTable.Equipment, $"equipment '{machine.Id}' is not offered", "Offer its hours in capacity_offers.csv, or book another machine.");
        }
        else if (machine.Owner == reservation.Firm)
        {
            row.Error(ReservationsTable.Firm, $"firm '{plant.Tenants[reservation.Firm].Id}' owns equipment '{machine.Id}'", "An owner needs no reservation; remove the row.");
        }
        else if (machine.Slots > 1)
        {
            row.Error(ReservationsTable.Equipment, $"equipment '{machine.Id}' has {machine.Slots} slots and cannot be booked", "Leave it to work that comes without a booking.");
        }
        else if (offers.Where(o => Covers(o, reservation, scenario.Clock)).ToList() is not { Count: > 0 } covering)
        {
            row.Error(ReservationsTable.From, $"no offer of '{machine.Id}' covers the time from '{row[ReservationsTable.From].Text}' to '{row[ReservationsTable.To].Text}'", "Book inside one window of capacity_offers.csv.");
        }
        else if (covering.Min(o => o.Notice) is var notice && reservation.From - reservation.Made < notice)
        {
            row.Error(ReservationsTable.Made, $"made '{(row.Has(ReservationsTable.Made) ? row[ReservationsTable.Made].Text : "at the start")}' leaves less than the owner's notice of {DurationText.Format(notice)} before the hours begin", "Book later hours, or ask earlier.");
        }

        if (reservation.Expires is { } expires && expires <= reservation.Made)
        {
            row.Error(ReservationsTable.Expires, $"expires '{row[ReservationsTable.Expires].Text}' is not after it was made", "Maybe the date is wrong?");
        }

        if (reservation.Order is { } order && scenario.Orders[order].Tenant != reservation.Firm)
        {
            row.Error(ReservationsTable.Order, $"order '{scenario.Orders[order].Id}' is not placed by '{plant.Tenants[reservation.Firm].Id}'", "Correct the firm or the order.");
        }
    }

    private static bool Covers(CapacityOffer offer, Reservation reservation, PlantClock clock)
    {
        if (reservation.From < offer.From || reservation.To > (offer.To ?? SimTime.Never))
        {
            return false;
        }

        var day = DateOnly.FromDateTime(clock.ToWallClock(reservation.From).DateTime);
        return WindowOn(day) || WindowOn(day.AddDays(-1));

        bool WindowOn(DateOnly begins)
        {
            var weekday = (Weekdays)(1 << (((int)begins.DayOfWeek + 6) % 7));
            var (start, end) = (offer.Window.Start, offer.Window.End);
            return offer.Window.Days.HasFlag(weekday)
                && clock.FromLocal(begins.ToDateTime(start)) <= reservation.From
                && reservation.To <= clock.FromLocal((end <= start ? begins.AddDays(1) : begins).ToDateTime(end));
        }
    }

    private static void Overlaps(Scenario scenario, ScenarioNames names)
    {
        foreach (var machine in scenario.Reservations.Select((r, i) => (Reservation: r, Row: names.Reservations.Sources[i])).Where(r => r.Row.IsSound).GroupBy(r => r.Reservation.Equipment))
        {
            var last = default((Reservation Reservation, SourceRecord Row));
            foreach (var next in machine.OrderBy(r => r.Reservation.From))
            {
                if (last.Reservation is { } before && next.Reservation.From < before.To)
                {
                    next.Row.Error(ReservationsTable.From, $"from '{next.Row[ReservationsTable.From].Text}' lies in hours that '{before.Id}' has booked on '{scenario.Plant.Equipment[machine.Key].Id}'", "Book other hours.");
                }

                last = next;
            }
        }
    }
}
