using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

/// <summary>Scenarios with a line of four stations: press, foaming in parallel fixtures with changeovers, assembly, test.</summary>
internal static class SmallFactory
{
    public static Gen<CompiledScenario> Random(bool anyBuffer = true) =>
        from models in Gen.Select(Gen.Int[40, 75], Gen.Int[0, 7], Gen.Int[0, 2]).Array[2, 5]
        from orders in Gen.Select(Gen.Int[0, models.Length - 1], Gen.Int[1, 5], Gen.Int[5, 120]).Array[3, 12]
        from buffer in Gen.Int[-1, anyBuffer ? 3 : -1]
        from fixtures in Gen.Int[2, 6]
        from window in Gen.Int[0, 30]
        select Build(models, orders, buffer < 0 ? null : buffer, fixtures, window);

    /// <param name="models">Seconds of assembly, option bits, cabinet family.</param>
    /// <param name="orders">Model, quantity, minutes until due.</param>
    public static CompiledScenario Build(
        (int Seconds, int Options, int Family)[] models, (int Model, int Quantity, int Due)[] orders, int? buffer = null, int fixtures = 4, int window = 20,
        bool clean = true)
    {
        string[] names = ["ice", "glass", "inverter"];
        string[] classes = ["press", "foam", "assembly", "test"];
        var equipment = new List<Equipment> { Machine("press-1", 0) };
        equipment.AddRange(Enumerable.Range(1, fixtures).Select(i => Machine($"fixture-{i}", 1) with
        {
            Changeover = new ChangeoverRuleId(0), InitialFamily = clean ? null : new FamilyId(0),
        }));
        equipment.AddRange([Machine("assembly-1", 2), Machine("test-1", 3), Machine("test-2", 3)]);
        var plant = new PlantModel
        {
            Sites = [new Site { Id = "plant", Name = new Label("Plant") }],
            EquipmentClasses = [.. classes.Select(c => new EquipmentClass { Id = c, Name = new Label(c), InputBuffer = buffer })],
            Equipment = [.. equipment],
            Families = [.. Enumerable.Range(0, 3).Select(f => new Family { Id = $"cabinet-{f}", Name = new Label($"Cabinet {f}") })],
            ChangeoverRules =
            [
                new MatrixChangeover
                {
                    Id = "fixture change", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty,
                    Default = new Changeover(Duration.FromMinutes(5), Cost: 3), FromClean = new Changeover(Duration.FromMinutes(2)),
                },
            ],
            WorkMasters = [.. models.Select((m, i) => new WorkMaster { Id = $"R{i}", Name = new Label($"R{i}"), Operations = Routing(m) })],
            Products = [.. models.Select((m, i) => new Product
            {
                Id = $"P{i}", Name = new Label($"P{i}"), WorkMaster = new WorkMasterId(i), Options = [.. names.Where((_, o) => (m.Options >> o & 1) != 0)],
            })],
            Lines =
            [
                new ProductionLine
                {
                    Id = "line", Name = new Label("Line"), Takt = Duration.FromSeconds(60), StationWindow = Duration.FromSeconds(window),
                    Stations = [.. Enumerable.Range(0, 4).Select(c => new EquipmentClassId(c))],
                    OptionRules = [new OptionRule("ice", 1, 2), new OptionRule("glass", 1, 3)],
                },
            ],
        };
        return CompiledScenario.Compile(new Scenario
        {
            Id = "small", Name = new Label("Small"), Clock = new PlantClock(new DateTime(2026, 1, 5), "UTC"), Horizon = Duration.FromDays(1), Plant = plant,
            Orders = [.. orders.Select((o, i) => new Order
            {
                Id = $"O{i}", Product = new ProductId(o.Model), Quantity = o.Quantity, LotSize = 1, Due = SimTime.Zero + Duration.FromMinutes(o.Due),
                Priority = 1 + i % 3,
            })],
        });
    }

    private static Equipment Machine(string id, int equipmentClass) =>
        new() { Id = id, Name = new Label(id), Class = new EquipmentClassId(equipmentClass), Site = new SiteId(0) };

    private static ImmutableArray<Operation> Routing((int Seconds, int Options, int Family) model) =>
    [
        Step(0, 45, null), Step(1, 200, model.Family), Step(2, model.Seconds, null), Step(3, 100, null),
    ];

    private static Operation Step(int index, int seconds, int? family) => new()
    {
        Id = $"op{index}", Name = new Label($"op{index}"), Alternatives = [new Alternative { Class = new EquipmentClassId(index) }],
        // Odd milliseconds, so that nothing ends at the moment something else does.
        FixedTime = Distribution.Constant(seconds * 1000 + 3 + 4 * index), Predecessors = index == 0 ? [] : [index - 1], Family = family is { } f ? new FamilyId(f) : null,
    };
}
