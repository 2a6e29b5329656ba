using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>scenario.yaml: carbon.</summary>
internal static class CarbonTables
{
    private static readonly Field<double> s_grid = Factor("grid_kg_per_kwh", "kg CO₂e per kWh from the grid.", CarbonFactors.Usual.GridKgPerKwh);
    private static readonly Field<double> s_steam = Factor("steam_kg_per_kg", "kg CO₂e per kg of steam.", CarbonFactors.Usual.SteamKgPerKg);
    private static readonly Field<double> s_water = Factor("water_kg_per_m3", "kg CO₂e per m³ of water.", CarbonFactors.Usual.WaterKgPerM3);
    private static readonly Field<double> s_gas = Factor("gas_kg_per_m3", "kg CO₂e per m³ of natural gas.", CarbonFactors.Usual.GasKgPerM3);

    public static readonly Shape Shape = new("carbon", "What energy and media emit.", s_grid, s_steam, s_water, s_gas);

    public static CarbonFactors Read(SourceRecord? r) => r is null ? CarbonFactors.Usual : new CarbonFactors
    {
        GridKgPerKwh = r.Get(s_grid),
        SteamKgPerKg = r.Get(s_steam),
        WaterKgPerM3 = r.Get(s_water),
        GasKgPerM3 = r.Get(s_gas),
    };

    public static void Write(Scenario scenario, YamlWriter yaml, MapField key)
    {
        var carbon = scenario.Plant.Carbon;
        if (carbon != CarbonFactors.Usual)
        {
            yaml.Map(key, y => y.Set(s_grid, carbon.GridKgPerKwh).Set(s_steam, carbon.SteamKgPerKg).Set(s_water, carbon.WaterKgPerM3).Set(s_gas, carbon.GasKgPerM3));
        }
    }

    private static Field<double> Factor(string name, string description, double usual) =>
        new(name, Types.Number(max: 1000), description) { Default = usual, Otherwise = NumberText.Format(usual), Example = NumberText.Format(usual) };
}
