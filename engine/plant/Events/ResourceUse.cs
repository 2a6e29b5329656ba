namespace DigitalTwin.Plant.Events;

/// <summary>Energy and media that something has used.</summary>
public struct ResourceUse
{
    /// <summary>Electricity, kWh.</summary>
    public double EnergyKwh;

    /// <summary>What it cost by the tariff at the time, currency.</summary>
    public double EnergyCost;

    /// <summary>Fresh water, m³.</summary>
    public double WaterM3;

    /// <summary>Steam, kg.</summary>
    public double SteamKg;

    /// <summary>Natural gas, m³.</summary>
    public double GasM3;

    public readonly bool IsNothing => EnergyKwh == 0 && EnergyCost == 0 && WaterM3 == 0 && SteamKg == 0 && GasM3 == 0;

    /// <summary>Adds a share of another use.</summary>
    public void Add(in ResourceUse other, double share = 1)
    {
        EnergyKwh += other.EnergyKwh * share;
        EnergyCost += other.EnergyCost * share;
        WaterM3 += other.WaterM3 * share;
        SteamKg += other.SteamKg * share;
        GasM3 += other.GasM3 * share;
    }
}
