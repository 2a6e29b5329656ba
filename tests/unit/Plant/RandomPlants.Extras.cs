using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Checks;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

// Concepts that change a finished random scenario: prices, dates, quality, preferences, branches. Each comes with its own bit of a second word of flags.
internal static partial class RandomPlants
{
    private const double Minute = Duration.MillisecondsPerMinute;

    private static Scenario WithExtras(Scenario scenario, RandomSource random, int flags)
    {
        var draw = 0;
        double U() => random.Uniform(3, draw++);
        int N(int below) => (int)(U() * below);
        bool Has(int bit) => (flags >> bit & 1) == 1;

        scenario = Has(0) ? WithPrices(scenario, N(3)) : scenario;
        scenario = Has(1) ? WithDates(scenario, U, N) : scenario;
        scenario = Has(2) ? WithQuality(scenario, U, N) : scenario;
        scenario = Has(3) ? WithPreferences(scenario, N) : scenario;
        scenario = Has(4) ? WithWashing(scenario) : scenario;
        scenario = Has(5) ? WithBranches(scenario) : scenario;
        scenario = Has(6) ? WithVehicles(scenario, N) : scenario;
        scenario = Has(7) ? WithFixtures(scenario, branches: Has(5), N) : scenario;
        scenario = Has(8) && !Has(5) ? WithLine(scenario, N) : scenario;
        scenario = Has(10) ? WithPorts(scenario, U, N) : scenario;
        scenario = Has(11) ? WithKits(scenario, N) : scenario;
        scenario = Has(12) ? WithMending(scenario, N) : scenario;
        scenario = Has(13) ? WithMakeUp(scenario, U, N) : scenario;
        scenario = WithoutWaysBack(scenario);
        return Has(9) ? WithUpkeep(scenario, random) : scenario;
    }

    /// <summary>Operations are done again after a wait that was too long only where a scenario may say so.</summary>
    private static Scenario WithoutWaysBack(Scenario scenario) => scenario with
    {
        Plant = scenario.Plant with
        {
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with
            {
                Operations = [.. w.Operations.Select((o, k) => WaitChecks.WhyNot(scenario.Plant, w, k) is null ? o : o with { AfterMaxWait = AfterMaxWait.Count })],
            })],
        },
    };

    /// <summary>Electricity has a price everywhere: windows, critical days, demand as measured or as declared.</summary>
    private static Scenario WithPrices(Scenario scenario, int declared)
    {
        var peak = new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(11, 0), 1.2);
        var valley = new TariffWindow("valley", Weekdays.Daily, new TimeOnly(22, 0), new TimeOnly(6, 0), -0.05);
        var day = DateOnly.FromDateTime(TinyPlant.Epoch);
        return scenario with
        {
            Plant = scenario.Plant with
            {
                Tariffs =
                [
                    new Tariff { Id = "t", Name = "t", BasePrice = 0.6, DemandPricePerKwMonth = 40, DeclaredKw = declared == 0 ? 20 : null, Windows = [peak, valley] },
                    new Tariff { Id = "u", Name = "u", BasePrice = 0.5, Windows = [peak with { Name = "critical", FirstDay = day, LastDay = day.AddDays(1) }] },
                ],
                Sites = [.. scenario.Plant.Sites.Select((s, i) => s with { Tariff = new TariffId(i % 2) })],
            },
        };
    }

    /// <summary>A closed day, overtime, known breakdowns and maintenance, one at the same moment as another and one before the first order.</summary>
    private static Scenario WithDates(Scenario scenario, Func<double> u, Func<int, int> n)
    {
        var day = DateOnly.FromDateTime(TinyPlant.Epoch);
        CalendarException[] exceptions = [new(day.AddDays(n(2)), []), new(day.AddDays(3), [(new TimeOnly(5, 0), new TimeOnly(20, 0))])];
        Disturbance At(double hours) => new()
        {
            Time = SimTime.FromHours(hours), Equipment = new EquipmentId(n(scenario.Plant.Equipment.Length)), Kind = (DisturbanceKind)n(2), Duration = Duration.FromMinutes(1 + 200 * u()),
        };
        return scenario with
        {
            Plant = scenario.Plant with { Calendars = [.. scenario.Plant.Calendars.Select((c, i) => i == 0 ? c with { Exceptions = [.. exceptions] } : c)] },
            Disturbances = [.. scenario.Disturbances, At(0), At(7), At(7), At(6 + 20 * u()), At(6 + 20 * u())],
        };
    }

    /// <summary>Risks by family and machine, scrap, and operations whose goods may not wait long.</summary>
    private static Scenario WithQuality(Scenario scenario, Func<double> u, Func<int, int> n) => scenario with
    {
        Plant = scenario.Plant with
        {
            Families = [.. scenario.Plant.Families.Select((f, i) => f with { QualityRisk = 0.5 + i })],
            Equipment = [.. scenario.Plant.Equipment.Select(e => e with { QualityRisk = 2 * u() })],
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with
            {
                Operations = [.. w.Operations.Select(o => o with
                {
                    ScrapFraction = 0.1 * u(), AdditionProbability = 0.3, AdditionTime = Distribution.Uniform(Minute, 9 * Minute), MaxAdditions = n(3),
                    MaxWait = n(2) == 0 ? o.MinWait + Duration.FromMinutes(10) : null, AfterMaxWait = (AfterMaxWait)n(3),
                })],
            })],
        },
    };

    /// <summary>Families that a machine likes or alone may do, what it was left in, and operations that one machine of a class cannot do.</summary>
    private static Scenario WithPreferences(Scenario scenario, Func<int, int> n)
    {
        var families = scenario.Plant.Families.Length;
        var first = scenario.Plant.Equipment.GroupBy(e => e.Class).Select(g => g.First().Id).ToHashSet(StringComparer.Ordinal); // can do everything
        return scenario with
        {
            Plant = scenario.Plant with
            {
                Equipment = [.. scenario.Plant.Equipment.Select(e => e with
                {
                    PreferredFamilies = n(2) == 0 ? [new FamilyId(n(families))] : [], InitialFamily = n(2) == 0 ? new FamilyId(n(families)) : null,
                    AllowedFamilies = first.Contains(e.Id) || n(2) == 0 ? [] : [new FamilyId(0), new FamilyId(1)],
                    Capabilities = first.Contains(e.Id) ? ["fine"] : [],
                })],
                WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(o => o with { Requires = n(3) == 0 ? ["fine"] : [] })] })],
            },
        };
    }

    /// <summary>Changeovers and cleanings that take energy, water and steam.</summary>
    private static Scenario WithWashing(Scenario scenario)
    {
        static Changeover Wet(Changeover c) => c with { EnergyKwh = 4, WaterM3 = 0.5, SteamKg = 20 };
        return scenario with
        {
            Plant = scenario.Plant with
            {
                ChangeoverRules = [.. scenario.Plant.ChangeoverRules.Select(rule => rule switch
                {
                    MatrixChangeover m => m with
                    {
                        Pairs = m.Pairs.ToImmutableDictionary(p => p.Key, p => Wet(p.Value)), Default = Wet(m.Default), FromClean = Wet(new Changeover(Duration.FromMinutes(3), 1)),
                        Cleaning = m.Cleaning is { } clean ? Wet(clean) : null,
                    },
                    ResidueChangeover r => r with { Cleanings = [.. r.Cleanings.Select(c => c with { EnergyKwh = 7, WaterM3 = 2, SteamKg = 90, Cost = 5 })] },
                    _ => rule,
                })],
            },
        };
    }

    /// <summary>The middle operations of a routing run side by side and meet in the last. Full buffers could stop such a plant for ever, so they are unlimited.</summary>
    private static Scenario WithBranches(Scenario scenario)
    {
        return scenario with
        {
            Plant = scenario.Plant with
            {
                EquipmentClasses = [.. scenario.Plant.EquipmentClasses.Select(c => c with { InputBuffer = null })],
                WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with
                {
                    Operations = [.. w.Operations.Select((o, k) => k == 0 || w.Operations.Length < 4 ? o
                        : k == w.Operations.Length - 1 ? o with { Predecessors = [.. Enumerable.Range(1, k - 1)] } : o with { Predecessors = [0] })],
                })],
            },
        };
    }
}
