using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Orders that cannot be made, or that probably say something else than they mean.</summary>
internal static class OrderChecks
{
    /// <summary>More lots than this in one order are a slip of the unit.</summary>
    private const int MostLots = 10_000;

    public static double LargestLot(Order order) =>
        order.MakeUp == MakeUpPolicy.None ? LargestOwnLot(order) : Math.Max(LargestOwnLot(order), order.MakeUpLot ?? 0);

    private static double LargestOwnLot(Order order) => order.LotSize is not { } size ? order.Quantity
        : order.EqualLots ? order.Quantity / Math.Max(1, Math.Ceiling(order.Quantity / size - 1e-9))
        : Math.Min(size, order.Quantity);

    public static void Run(Scenario scenario, ScenarioNames names, Eligibility eligibility)
    {
        var unitsTold = new HashSet<(string, string)>();
        for (var i = 0; i < scenario.Orders.Length; i++)
        {
            if (names.Orders.IsSound(i) && names.Products.IsSound(scenario.Orders[i].Product))
            {
                Check(scenario.Orders[i], names.Orders.Sources[i], scenario.Plant, names, eligibility, unitsTold);
            }
        }
    }

    /// <summary>Everything that is wrong with one order of a plant; also asked by the order import.</summary>
    public static void Check(Order order, SourceRecord row, PlantModel plant, ScenarioNames names, Eligibility eligibility, HashSet<(string, string)> unitsTold)
    {
        // An order that was there at the epoch may be overdue already: that is a state of the book, not a slip of the pen.
        if (order.Due is { } due && due < order.Release && order.Release > SimTime.Zero)
        {
            row.Warn(OrdersTable.Due, $"order '{order.Id}' is due ('{row[OrdersTable.Due].Text}') before its release ('{row[OrdersTable.Release].Text}')", "It will be late whatever is done; maybe the two are swapped?");
        }

        if (order.LotSize is { } size && order.Quantity / size > MostLots)
        {
            row.Error(OrdersTable.LotSize, $"lot_size '{row[OrdersTable.LotSize].Text}' cuts order '{order.Id}' into {Math.Ceiling(order.Quantity / size).ToString("N0", CultureInfo.InvariantCulture)} lots", $"At most {MostLots} make sense; maybe the unit is wrong?");
            return;
        }

        var w = plant.Products[order.Product].WorkMaster.Index;
        if (!names.WorkMasters.IsSound(w))
        {
            return;
        }

        var failed = new List<int[]>();
        for (var o = 0; o < plant.WorkMasters[w].Operations.Length; o++)
        {
            // Several operations on the same equipment fail for the same reason: told once.
            if (eligibility.IsSoundOperation(w, o) && eligibility.Of(w, o) is { Length: > 0 } able && !failed.Exists(f => f.AsSpan().SequenceEqual(able))
                && !CheckOperation(order, row, plant, eligibility, plant.WorkMasters[w].Operations[o], able, unitsTold))
            {
                failed.Add(able);
            }
        }
    }

    /// <returns>False when the order cannot be made.</returns>
    private static bool CheckOperation(Order order, SourceRecord row, PlantModel plant, Eligibility eligibility, Operation operation, int[] able, HashSet<(string, string)> unitsTold)
    {
        var lot = LargestLot(order);
        var first = Array.FindIndex(able, e => eligibility.MayRun(e, order, operation, lot));
        if (first < 0)
        {
            NothingFits(order, row, plant, eligibility, operation, able, lot);
            return false;
        }

        var machine = plant.Equipment[able[first]];
        var limited = double.IsFinite(machine.CapacityMax) || machine.CapacityMin > 0;
        if (limited && order.Unit != machine.CapacityUnit && unitsTold.Add((order.Unit, machine.CapacityUnit)))
        {
            row.Warn(OrdersTable.Unit, $"order '{order.Id}' counts in '{order.Unit}' but equipment '{machine.Id}' in '{machine.CapacityUnit}'", "Quantities are compared as they stand; give both in one unit.");
        }

        if (!operation.Batches && able.All(e => plant.Equipment[e].CapacityMin > lot))
        {
            row.Warn(OrdersTable.Quantity, $"a lot of {NumberText.Format(lot)} of order '{order.Id}' is below the minimum load of all equipment for operation '{operation.Id}', which takes no company", "Let the operation batch (batches: yes), or lower capacity_min.");
        }

        return true;
    }

    private static void NothingFits(Order order, SourceRecord row, PlantModel plant, Eligibility eligibility, Operation operation, int[] able, double lot)
    {
        var family = eligibility.FamilyOf(order, operation);
        var forFamily = able.Where(e => eligibility.AcceptsFamily(e, family)).ToList();
        var open = forFamily.Where(e => eligibility.AcceptsTenant(e, order.Tenant)).ToList();
        if (forFamily.Count == 0)
        {
            row.Error(row.Has(OrdersTable.Family) ? OrdersTable.Family : OrdersTable.Product, $"no equipment for operation '{operation.Id}' of order '{order.Id}' accepts family '{plant.Families[family].Id}'", "Add the family to allowed_families in equipment.csv.");
        }
        else if (open.Count == 0)
        {
            row.Error(row.Has(OrdersTable.Tenant) ? OrdersTable.Tenant : OrdersTable.Product, $"all equipment for operation '{operation.Id}' of order '{order.Id}' is kept by its owners", "Set shared to yes in equipment.csv, or name the owner as tenant.");
        }
        else
        {
            var largest = plant.Equipment[open.MaxBy(e => plant.Equipment[e].CapacityMax)];
            row.Error(row.Has(OrdersTable.LotSize) ? OrdersTable.LotSize : OrdersTable.Quantity,
                $"a lot of {NumberText.Format(lot)} of order '{order.Id}' fits no equipment for operation '{operation.Id}': the largest, '{largest.Id}', takes {NumberText.Format(largest.CapacityMax)}",
                $"Split the order: lot_size {NumberText.Format(largest.CapacityMax)}.");
        }
    }
}
