using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>capacity_offers.csv</summary>
internal static class CapacityOffersTable
{
    private static readonly Field<string> s_equipment = new("equipment", Types.Id, "A machine with an owner, shared.") { Required = true, Example = "cnc-7" };
    private static readonly Field<Weekdays> s_days = new("days", Types.Days, "Days on which the offered hours begin.") { Required = true, Example = "workdays" };
    private static readonly Field<TimeOnly> s_start = new("start", Types.TimeOfDay, "When they begin.") { Required = true, Example = "18:00" };
    private static readonly Field<TimeOnly> s_end = new("end", Types.TimeOfDay, "When they end; not after the start means the next day.") { Required = true, Example = "06:00" };
    private static readonly Field<SimTime> s_from = new("from", Types.Moment, "First moment of the offer.") { Otherwise = "the scenario's start", Example = "2026-03-02 08:00" };
    private static readonly Field<SimTime> s_to = new("to", Types.Moment, "End of the offer.") { Otherwise = "until further notice", Example = "2026-03-16 08:00" };
    private static readonly Field<double> s_price = new("price_per_hour", Types.Number(), "Asked per machine hour.") { Otherwise = "0", Example = "85" };

    private static readonly Field<double> s_minimumLot = new("minimum_lot", Types.Number(max: 1e12), "Smallest lot that others may bring, in the order's unit.") { Otherwise = "any", Example = "20" };
    private static readonly Field<Duration> s_notice = new("notice", Types.Time(), "Shortest time between a booking, or its recall by the owner, and the start of the booked hours.") { Otherwise = "0", Example = "4 h", HeadingUnits = DurationText.HeadingUnits };
    public static readonly Field<bool> WalkIn = new("walk_in", Types.YesNo, "Whether others may also begin without a booking when the machine stands free in offered hours.") { Default = true, Otherwise = "yes", Example = "no" };

    public static readonly Shape Shape = new("capacity_offers.csv", "Hours of a firm's machines that other firms may use. A machine with an offer takes other firms' work only in offered hours, and the owner's first.",
        s_equipment, s_days, s_start, s_end, s_from, s_to, s_price, s_minimumLot, s_notice, WalkIn);

    public static ImmutableArray<CapacityOffer> Read(List<SourceRecord> rows, ImmutableArray<Equipment> equipment, ScenarioNames names)
    {
        var offers = ImmutableArray.CreateBuilder<CapacityOffer>();
        foreach (var row in rows)
        {
            if (names.Equipment.Resolve(row, s_equipment) is not { } e)
            {
                continue;
            }

            if (names.Equipment.IsSound(e) && (equipment[e].Owner is null || !equipment[e].Shared))
            {
                row.Error(s_equipment, $"equipment '{equipment[e].Id}' {(equipment[e].Owner is null ? "has no owner who could offer it" : "is kept by its owner (shared: no)")}", "Give it an owner and shared: yes in equipment.csv.");
            }

            if (row.Has(s_to) && row.Get(s_to) <= row.Get(s_from))
            {
                row.Error(s_to, $"to '{row[s_to].Text}' is not after the offer's start", "Maybe the two are swapped?");
            }

            names.Offers.Add(row);
            offers.Add(new CapacityOffer(new EquipmentId(e), new WeeklyWindow(row.Get(s_days), row.Get(s_start), row.Get(s_end)), row.Get(s_from), row.GetOrNull(s_to), row.Get(s_price),
                row.Get(s_minimumLot), row.Get(s_notice), row.Get(WalkIn)));
        }

        return offers.ToImmutable();
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var o in scenario.Plant.Offers)
        {
            table.Row().Set(s_equipment, scenario.Plant.Equipment[o.Equipment].Id).Set(s_days, o.Window.Days).Set(s_start, o.Window.Start).Set(s_end, o.Window.End)
                .Set(s_from, o.From).SetOrNone(s_to, o.To).Set(s_price, o.PricePerHour)
                .Set(s_minimumLot, o.MinimumLot).Set(s_notice, o.Notice).Set(WalkIn, o.WalkIn);
        }
    }
}
