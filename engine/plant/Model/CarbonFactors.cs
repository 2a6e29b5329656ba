namespace DigitalTwin.Plant.Model;

/// <summary>What a unit of energy or medium emits, kg CO₂e.</summary>
/// <remarks>Defaults: grid of China, average of 2022; steam 110 kg/GJ at 2.76 GJ/t (saturated, 0.6 MPa); natural gas burnt; tap water with its
/// treatment, the middle of 0.2–0.4.</remarks>
public sealed record CarbonFactors
{
    public static readonly CarbonFactors Usual = new();

    /// <summary>Per kWh from the grid.</summary>
    public double GridKgPerKwh { get; init; } = 0.5366;

    /// <summary>Per kg of steam.</summary>
    public double SteamKgPerKg { get; init; } = 0.3036;

    /// <summary>Per m³ of water.</summary>
    public double WaterKgPerM3 { get; init; } = 0.3;

    /// <summary>Per m³ of natural gas.</summary>
    public double GasKgPerM3 { get; init; } = 2.16;
}
