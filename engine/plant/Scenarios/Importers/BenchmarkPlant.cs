using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>What every benchmark file becomes: one site, one machine per machine, one routing, product and order per job.</summary>
internal static class BenchmarkPlant
{
    /// <summary>Local time of the epoch: any Monday will do, this one is as good as the next.</summary>
    public static readonly DateTime Epoch = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Unspecified);

    public static readonly ImmutableArray<Site> OneSite = [new Site { Id = "plant", Name = new Label("Plant", "工厂") }];

    /// <summary>A benchmark counts in units without a name; here a unit is a minute.</summary>
    public static Duration Units(long units) => new(units * Duration.MillisecondsPerMinute);

    public static Distribution ConstantUnits(long units) => Distribution.Constant(Units(units).Milliseconds);

    /// <summary>Machines of one class, named as the file counts them.</summary>
    public static ImmutableArray<Equipment> Machines(int count, int countedFrom, Func<int, ChangeoverRuleId?>? changeover = null) =>
        [.. Enumerable.Range(0, count).Select(m => new Equipment
        {
            Id = $"M{m + countedFrom}",
            Name = new Label($"Machine {m + countedFrom}", $"机器{m + countedFrom}"),
            Class = new EquipmentClassId(0),
            Site = new SiteId(0),
            Changeover = changeover?.Invoke(m),
        })];

    public static Scenario Build(
        string path,
        string format,
        PlantModel machines,
        IReadOnlyList<ImmutableArray<Operation>> jobs,
        int countedFrom,
        Duration horizon)
    {
        var plant = machines with
        {
            Sites = OneSite,
            WorkMasters = [.. jobs.Select((operations, j) => new WorkMaster
            {
                Id = $"R{j + countedFrom}", Name = new Label($"Routing {j + countedFrom}", $"工艺路线{j + countedFrom}"), Operations = operations,
            })],
            Products = [.. jobs.Select((_, j) => new Product
            {
                Id = $"P{j + countedFrom}", Name = new Label($"Job {j + countedFrom}", $"作业{j + countedFrom}"), WorkMaster = new WorkMasterId(j),
            })],
        };
        return new Scenario
        {
            Id = NameOf(path),
            Name = NameOf(path),
            Description = $"{format} {Path.GetFileName(path)}: {jobs.Count} jobs on {machines.Equipment.Length} machines; one unit of time is read as one minute.",
            Clock = new PlantClock(Epoch, "UTC"),
            Horizon = Duration.Max(horizon, Units(1)),
            Plant = plant,
            Orders = [.. jobs.Select((_, j) => new Order { Id = $"J{j + countedFrom}", Product = new ProductId(j), Quantity = 1 })],
            Dispatch = DispatchRule.Fifo,
            Objective = MakespanOnly,
        };
    }

    /// <summary>File name without folders and endings.</summary>
    public static string NameOf(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        var dot = name.IndexOf('.', 1);
        return dot > 0 ? name[..dot] : name;
    }

    private static ObjectiveWeights MakespanOnly => new()
    {
        Tardiness = 0, Makespan = 1, ChangeoverTime = 0, ChangeoverCost = 0, OptionViolation = 0, UtilityWork = 0, Levelling = 0,
    };
}
