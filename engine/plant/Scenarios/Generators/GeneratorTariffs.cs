using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>Electricity prices that the generated plants share.</summary>
internal static class GeneratorTariffs
{
    /// <summary>Zhejiang: flat price 0.65 yuan/kWh, peak 1.85 times that (8–15 and 18–21 h), valley 0.4 times (22–6 h), demand 38 yuan/kW and month.</summary>
    public static readonly Tariff Zhejiang = new()
    {
        Id = "zhejiang", Name = new Label("Zhejiang time of use", "浙江分时电价"), BasePrice = 0.65, DemandPricePerKwMonth = 38,
        Windows =
        [
            new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(15, 0), 1.2025),
            new TariffWindow("peak", Weekdays.Daily, new TimeOnly(18, 0), new TimeOnly(21, 0), 1.2025),
            new TariffWindow("valley", Weekdays.Daily, new TimeOnly(22, 0), new TimeOnly(6, 0), 0.26),
        ],
    };
}
