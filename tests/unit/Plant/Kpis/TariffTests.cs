using System.Globalization;
using System.IO.Compression;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Kpis;

public class TariffTests
{
    private static readonly PlantClock s_clock = new(new DateTime(2026, 7, 14), "Asia/Shanghai"); // a Tuesday, midnight

    /// <summary>Flat 1, peak 8–12 at 2, valley 22–6 at 0.4; from 15 to 16 July the hour from 10 is critical at 5.</summary>
    private static Tariff Critical => new()
    {
        Id = "t", Name = "t", BasePrice = 1, DemandPricePerKwMonth = 30,
        Windows =
        [
            new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(12, 0), 2),
            new TariffWindow("valley", Weekdays.Daily, new TimeOnly(22, 0), new TimeOnly(6, 0), 0.4),
            new TariffWindow("critical", Weekdays.Workdays, new TimeOnly(10, 0), new TimeOnly(11, 0), 5) { FirstDay = new DateOnly(2026, 7, 15), LastDay = new DateOnly(2026, 7, 16) },
        ],
    };

    private static double PriceAt(double hours) => TariffTimeline.Unroll(Critical, s_clock, SimTime.FromHours(24 * 14)).PriceAt(SimTime.FromHours(hours));

    [Theory]
    [InlineData(10.5, 2)] // the 14th: not yet critical
    [InlineData(24 + 10.5, 5)]
    [InlineData(48 + 10.5, 5)]
    [InlineData(48 + 11.0, 2)] // the hour is over
    [InlineData(72 + 10.5, 2)] // the 17th: no more
    [InlineData(24 + 23, 0.4)]
    [InlineData(24 + 5.9, 0.4)]
    [InlineData(24 + 7, 1)]
    public void Dated_windows_price_only_their_days(double hours, double price) => Assert.Equal(price, PriceAt(hours));

    [Fact]
    public void Energy_and_its_cost_are_reported_by_window_and_add_up_to_the_bill()
    {
        // 10 kW for two days: 2 × (4 h peak − 1 critical on the second day), 8 h valley a day.
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { IdleKw = 10 });
        plant.Order(plant.Product((c, 1)), o => o with { Release = SimTime.FromHours(1000) });
        plant.Extra = plant.Extra with { Tariffs = [Critical], Sites = [new Site { Id = "S", Name = "S", Tariff = new TariffId(0) }] };
        var state = new PlantState(CompiledScenario.Compile(plant.Build() with { Clock = s_clock }));
        state.AdvanceTo(SimTime.FromHours(48));

        var kpis = PlantKpis.Of(state);
        var windows = kpis.TariffWindows.ToDictionary(w => w.Name);

        Assert.Equal((160, 64.0), (Math.Round(windows["valley"].Kwh, 6), Math.Round(windows["valley"].Cost, 6)));
        Assert.Equal((70, 140.0), (Math.Round(windows["peak"].Kwh, 6), Math.Round(windows["peak"].Cost, 6)));
        Assert.Equal((10, 50.0), (Math.Round(windows["critical"].Kwh, 6), Math.Round(windows["critical"].Cost, 6)));
        Assert.Equal((240, 240.0), (Math.Round(windows[""].Kwh, 6), Math.Round(windows[""].Cost, 6)));
        Assert.Equal(kpis.Total.EnergyCost, windows.Values.Sum(w => w.Cost), 6);
        Assert.Equal(300, kpis.DemandCost, 9); // 10 kW × 30
        Assert.Equal(300 * 2 / 31.0, kpis.DemandCostProRated, 9); // two of 31 days of July
    }

    [Fact]
    public void Demand_is_charged_per_local_calendar_month_and_pro_rata_for_the_part_that_is_covered()
    {
        // From noon of 31 July: 48 quarter-hours of July with a peak of 100 kW, then a day of August with one of 60 kW.
        var clock = new PlantClock(new DateTime(2026, 7, 31, 12, 0, 0), "Asia/Shanghai");
        var kwh = new double[48 + 96];
        (kwh[0], kwh[47], kwh[48], kwh[100]) = (10, 25, 15, 5);

        var peak = DemandPeak.Of(kwh, new Tariff { Id = "t", Name = "t", BasePrice = 1, DemandPricePerKwMonth = 40 }, clock);

        Assert.Equal((100, 6400), (peak.Kw, peak.Cost));
        Assert.Equal(4000 * 0.5 / 31 + 2400 * 1.0 / 31, peak.ProRatedCost, 9);
    }

    [Theory]
    [InlineData(80, 3000)] // below the declared 100 kW: charged as declared
    [InlineData(105, 3000)] // within the free 5 %
    [InlineData(125, 3000 + 20 * 2 * 30)] // 20 kW above 105, twice the price
    public void Declared_demand_is_charged_whatever_the_peak_and_the_excess_costs_more(double peakKw, double cost) =>
        Assert.Equal(cost, new Tariff { Id = "t", Name = "t", BasePrice = 1, DemandPricePerKwMonth = 30, DeclaredKw = 100 }.DemandCharge(peakKw), 9);

    [Fact]
    public void Demand_of_a_real_steel_plant_is_the_highest_quarter_hour_of_each_month()
    {
        var path = SharedData.Require("data", "steel-energy", "Steel_industry_data.csv.gz");
        var (kwh, months) = ReadYear(path);
        var clock = new PlantClock(new DateTime(2018, 1, 1), "Asia/Seoul");
        var profile = new LoadProfile();
        for (var q = 0; q < kwh.Count; q++)
        {
            profile.AddLump(kwh[q], q * LoadProfile.QuarterMs);
        }

        var peak = DemandPeak.Of(profile.Kwh, new Tariff { Id = "t", Name = "t", BasePrice = 1, DemandPricePerKwMonth = 38 }, clock);

        Assert.Equal(35_040, kwh.Count);
        Assert.Equal(kwh.Max() * 4, peak.Kw, 9);
        Assert.InRange(peak.Kw, 628, 630);
        Assert.InRange(kwh.Average() * 4, 105, 115); // mean of the whole year, kW
        Assert.Equal(Enumerable.Range(1, 12).Sum(m => kwh.Where((_, q) => months[q] == m).Max() * 4 * 38), peak.Cost, 6);
        Assert.Equal(peak.Cost, peak.ProRatedCost, 6); // twelve whole months
    }

    /// <summary>Usage of each quarter-hour and its month. A row is stamped with the end of its quarter-hour (each day begins with 00:15 and ends with 00:00).</summary>
    private static (List<double> Kwh, List<int> Months) ReadYear(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var (kwh, months) = (new List<double>(), new List<int>());
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            kwh.Add(double.Parse(cells[1], CultureInfo.InvariantCulture));
            months.Add(int.Parse(cells[0].Split('/')[1], CultureInfo.InvariantCulture));
        }

        return (kwh, months);
    }
}
