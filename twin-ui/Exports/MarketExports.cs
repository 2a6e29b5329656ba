using System.Text;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Sharing;

namespace DigitalTwin.Ui.Exports;

/// <summary>The capacity map as a table to take home.</summary>
public static class MarketExports
{
    /// <summary>The cells as CSV.</summary>
    public static string Csv(CompiledScenario plant, CapacityMap map)
    {
        using var stream = new MemoryStream();
        Cells(plant, map).WriteTo(stream, ExportFormat.Csv);
        return Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF').TrimEnd();
    }

    /// <summary>One row per cell; hours of withheld cells are empty.</summary>
    public static ExportTable Cells(CompiledScenario plant, CapacityMap map) => new(
        "capacity",
        ["class", "site", "week", "machines", "firms", "used_h", "unused_h", "committed_h", "available_h", "unattainable_h", "offered_h", "price_per_hour", "withheld"],
        [
            .. map.Cells.Select(c => (object?[])
            [
                plant.Plant.EquipmentClasses[c.Class].Id,
                c.Site is { } site ? plant.Plant.Sites[site].Id : null,
                plant.Scenario.Clock.ToWallClock(c.Week),
                c.Machines,
                c.Hours is null ? null : c.Firms,
                c.Hours?.Used, c.Hours?.Unused, c.Hours?.Committed, c.Hours?.Available, c.Hours?.Unattainable, c.Hours?.Offered,
                c.PricePerHour,
                c.Hours is null,
            ]),
        ]);
}
