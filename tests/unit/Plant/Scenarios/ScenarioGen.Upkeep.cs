using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

// Upkeep: failure modes with and without a signal, plans by interval, count and condition.
internal static partial class ScenarioGen
{
    private static Gen<PlantModel> WithUpkeep(PlantModel plant) =>
        from modes in Some(0, 3, i => ModeOf(i, plant))
        from plans in Some(0, 3, i => PlanOf(i, plant, modes))
        select plant with { FailureModes = modes, MaintenancePlans = plans };

    private static Gen<FailureMode> ModeOf(int i, PlantModel plant) =>
        from machine in Index(plant.Equipment.Length)
        from clock in Gen.Enum<UsageClock>()
        from age in Time
        from count in Factor
        from repair in Time
        from pf in Time
        from restores in Gen.Enum<Restoration>()
        from after in Gen.Enum<AfterBreakdown>()
        from amounts in s_amount.Array[4]
        from every in s_duration
        from crew in NeedOf(plant.Auxiliaries.Any(a => a.Id == "crew0"))
        let counts = clock is UsageClock.Batches or UsageClock.Quantity
        let life = counts ? count : age
        select new FailureMode
        {
            Id = $"mode {i}", Class = machine is null ? new EquipmentClassId(i % plant.EquipmentClasses.Length) : null, Equipment = machine is { } e ? new EquipmentId(e) : null, Clock = clock,
            Life = counts || life.Mean >= 1000 ? life : Distribution.Exponential(1e7), TimeToRepair = repair, RepairCrew = crew, AfterBreakdown = after, Cost = amounts[0],
            Restores = life.Kind is DistributionKind.Exponential or DistributionKind.Weibull or DistributionKind.Lognormal or DistributionKind.Gamma ? restores : Restoration.AsNew,
            Signal = counts || i == 1 ? null : new ConditionSignal
            {
                Baseline = 1 + amounts[1] / 1e5, Limit = 20 + amounts[1] / 1e4, PfInterval = pf, InspectionEvery = restores == Restoration.AsNew ? every + new Duration(1) : null,
                Noise = amounts[2] / 1e6, ReadingCost = amounts[3], Support = (MachineSupport)(i % 2),
            },
        };

    private static Gen<MaintenancePlan> PlanOf(int i, PlantModel plant, ImmutableArray<FailureMode> modes) =>
        from clock in Gen.Enum<UsageClock>()
        from start in Gen.Enum<IntervalStart>()
        from every in s_duration
        from lead in s_duration
        from defer in s_duration
        from length in Time
        from amounts in s_amount.Array[2]
        from share in Gen.Double[0, 0.99]
        from flags in Gen.Int[0, 15]
        from window in Index(plant.Calendars.Length)
        from crew in NeedOf(plant.Auxiliaries.Any(a => a.Id == "crew0"))
        let mode = i < modes.Length ? i : (int?)null
        let watches = mode is { } m && modes[m].Signal is not null && (flags & 1) == 1 ? mode : null
        select new MaintenancePlan
        {
            Id = $"plan {i}", Class = mode is null ? new EquipmentClassId(0) : modes[mode.Value].Class, Equipment = mode is null ? null : modes[mode.Value].Equipment,
            Clock = clock, CountedFrom = start, Every = (flags & 2) == 0 ? null : clock is UsageClock.Batches or UsageClock.Quantity ? amounts[0] : every.Milliseconds + 1,
            Watches = watches, AtLevel = watches is null ? null : 10 + amounts[1] / 1e6, LeadTime = lead, Defer = defer, Window = window is { } c ? new CalendarId(c) : null,
            Duration = length, Crew = crew, Renews = mode is { } r && (flags & 4) == 4 ? [r] : [], TogetherWithin = (flags & 8) == 8 ? share : null, Cost = amounts[1],
        };
}
