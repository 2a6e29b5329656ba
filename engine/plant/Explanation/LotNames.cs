using System.Globalization;
using DigitalTwin.Plant.Events;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Names of lots for people and files, and the way back.</summary>
/// <remarks>A lot that a firm receipt names has that name; what an order became is <c>order/lot</c>; other receipts are numbered
/// <c>material#n</c>; the stock of a material that is not tracked is called like the material.</remarks>
public static class LotNames
{
    public static string Of(PlantState state, int lot)
    {
        ref readonly var l = ref state.Lots[lot];
        var scenario = state.Plant.Scenario;
        if (l.JobLot >= 0)
        {
            return OfJobLot(state, l.JobLot);
        }

        var material = scenario.Plant.Materials[l.Material].Id;
        return lot < state.Materials.Length ? material
            : l.Receipt >= 0 && scenario.Receipts[l.Receipt].Lot is { Length: > 0 } name ? name
            : string.Create(CultureInfo.InvariantCulture, $"{material}#{l.Number}");
    }

    /// <summary>The lot with a name, or −1. An order of one lot is found by the order's id alone too.</summary>
    public static int Find(PlantState state, string name)
    {
        for (var lot = 0; lot < state.Lots.Length; lot++)
        {
            if (string.Equals(Of(state, lot), name, StringComparison.Ordinal))
            {
                return lot;
            }
        }

        for (var order = 0; order < state.Orders.Length; order++)
        {
            if (state.Plant.Scenario.Orders[order].Id == name)
            {
                return state.LotOf(state.Plant.Jobs.OrderFirstLot[order]);
            }
        }

        return -1;
    }

    private static string OfJobLot(PlantState state, int jobLot)
    {
        var order = state.Plant.Jobs.LotOrder[jobLot];
        return string.Create(CultureInfo.InvariantCulture, $"{state.Plant.Scenario.Orders[order].Id}/{jobLot - state.Plant.Jobs.OrderFirstLot[order] + 1}");
    }
}
