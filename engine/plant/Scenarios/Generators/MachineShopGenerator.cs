using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>The machine shop of the simulation textbooks: machines count the parts they make, break down, and are repaired by few people,
/// who have other work of lower priority meanwhile.</summary>
/// <remarks>Part 10 ± 2 min (normal, cut at 0), time to failure exponential with mean 300 min of up time, repair 30 min, a side job 30 min: the
/// numbers of the machine shop that simulation libraries show and compare themselves by. Deterministic.</remarks>
public static class MachineShopGenerator
{
    /// <summary>Creates the scenario.</summary>
    /// <param name="machines">≥ 1.</param>
    /// <param name="repairers">People in the repair crew, ≥ 1; a tenth of the machines keeps them busy for nine hours of ten.</param>
    /// <param name="parts">Parts that each machine has to make, ≥ 1; about 140 a day.</param>
    /// <param name="seed">The scenario's own seed.</param>
    public static Scenario Create(int machines = 1000, int repairers = 100, int parts = 1000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(machines, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(repairers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var part = new Operation
        {
            Id = "turn", Name = new Label("Turn", "车削"), Alternatives = [new Alternative { Class = new EquipmentClassId(0) }],
            UnitTime = Distribution.TruncatedNormal(10 * Duration.MillisecondsPerMinute, 2 * Duration.MillisecondsPerMinute), CountPieces = true, Interruptible = true,
        };
        return new Scenario
        {
            Id = "machine-shop",
            Name = new Label("Machine shop", "机加工车间"),
            Description = string.Create(CultureInfo.InvariantCulture, $"{machines} machines count their parts and break down; {repairers} repairers have side jobs meanwhile."),
            Clock = new PlantClock(new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(Math.Ceiling(parts / 140.0) + 1),
            Seed = seed,
            Dispatch = DispatchRule.Fifo,
            Plant = new PlantModel
            {
                Sites = [new Site { Id = "shop", Name = new Label("Shop", "车间") }],
                Auxiliaries =
                [
                    new AuxiliaryResource
                    {
                        Id = "repairer", Name = new Label("Repairer", "维修工"), Count = repairers, SideJobs = repairers,
                        SideJobTime = Distribution.Constant(30 * Duration.MillisecondsPerMinute),
                    },
                ],
                EquipmentClasses = [new EquipmentClass { Id = "lathe", Name = new Label("Lathe", "车床") }],
                Equipment = [.. Enumerable.Range(1, machines).Select(Machine)],
                WorkMasters = [new WorkMaster { Id = "part", Name = new Label("Part", "零件"), Operations = [part] }],
                Products = [new Product { Id = "part", Name = new Label("Part", "零件"), WorkMaster = new WorkMasterId(0) }],
            },
            Orders = [.. Enumerable.Range(1, machines).Select(i => new Order { Id = Numbered("S", i), Product = new ProductId(0), Quantity = parts })],
        };
    }

    private static Equipment Machine(int number) => new()
    {
        Id = Numbered("M", number), Name = new Label(Numbered("Lathe ", number), Numbered("车床", number)), Class = new EquipmentClassId(0), Site = new SiteId(0),
        TimeToFailure = Distribution.Exponential(300 * Duration.MillisecondsPerMinute), TimeToRepair = Distribution.Constant(30 * Duration.MillisecondsPerMinute),
        RepairCrew = new CrewNeed("repairer"),
    };

    private static string Numbered(string prefix, int number) => prefix + number.ToString("D4", CultureInfo.InvariantCulture);
}
