using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

/// <summary>Builds plants small enough to follow by hand. Times are minutes.</summary>
internal sealed class TinyPlant
{
    public static readonly DateTime Epoch = new(2026, 3, 2); // a Monday

    private readonly List<EquipmentClass> _classes = [];
    private readonly List<Equipment> _equipment = [];
    private readonly List<Family> _families = [];
    private readonly List<WorkMaster> _workMasters = [];
    private readonly List<Product> _products = [];
    private readonly List<Order> _orders = [];

    public PlantModel Extra { get; set; } = new();

    public ImmutableArray<Disturbance> Disturbances { get; set; } = [];

    public DispatchRule Dispatch { get; set; } = DispatchRule.Fifo;

    public EquipmentClassId Class(string id, int? buffer = null, double? batchWaitMinutes = null, BatchForming forming = BatchForming.Minimum)
    {
        _classes.Add(new EquipmentClass
        {
            Id = id, Name = id, InputBuffer = buffer, BatchWait = batchWaitMinutes is { } m ? Duration.FromMinutes(m) : null, Forming = forming,
        });
        return new EquipmentClassId(_classes.Count - 1);
    }

    public EquipmentId Machine(EquipmentClassId of, Func<Equipment, Equipment>? with = null)
    {
        var machine = new Equipment { Id = $"M{_equipment.Count + 1}", Name = $"M{_equipment.Count + 1}", Class = of, Site = new SiteId(0) };
        _equipment.Add(with?.Invoke(machine) ?? machine);
        return new EquipmentId(_equipment.Count - 1);
    }

    public FamilyId Family(string id, double soil = 0, double limit = double.PositiveInfinity)
    {
        _families.Add(new Family { Id = id, Name = id, Soil = soil, ResidueLimit = limit });
        return new FamilyId(_families.Count - 1);
    }

    /// <summary>A product whose operations follow one another, each of fixed minutes on a class.</summary>
    public ProductId Product(params (EquipmentClassId Class, double Minutes)[] steps) =>
        Product(steps.Select(s => Step(s.Class, s.Minutes)).ToArray());

    public ProductId Product(params Operation[] operations)
    {
        var chained = operations.Select((o, i) => i == 0 || o.Predecessors.Length > 0 ? o : o with { Predecessors = [i - 1] });
        _workMasters.Add(new WorkMaster { Id = $"W{_workMasters.Count}", Name = "w", Operations = [.. chained] });
        _products.Add(new Product { Id = $"P{_products.Count}", Name = "p", WorkMaster = new WorkMasterId(_workMasters.Count - 1) });
        return new ProductId(_products.Count - 1);
    }

    public static Operation Step(EquipmentClassId of, double minutes) => new()
    {
        Id = Guid.NewGuid().ToString("N"), Name = "op", Alternatives = [new Alternative { Class = of }],
        FixedTime = Distribution.Constant(minutes * Duration.MillisecondsPerMinute),
    };

    public OrderId Order(ProductId product, Func<Order, Order>? with = null)
    {
        var order = new Order { Id = $"O{_orders.Count + 1}", Product = product, Quantity = 1 };
        _orders.Add(with?.Invoke(order) ?? order);
        return new OrderId(_orders.Count - 1);
    }

    public Scenario Build() => new()
    {
        Id = "tiny", Name = "tiny", Clock = new PlantClock(Epoch, "Asia/Shanghai"), Horizon = Duration.FromDays(7),
        Dispatch = Dispatch, Orders = [.. _orders], Disturbances = Disturbances,
        Plant = Extra with
        {
            Sites = Extra.Sites.IsEmpty ? [new Site { Id = "S", Name = "S" }] : Extra.Sites,
            EquipmentClasses = [.. _classes], Equipment = [.. _equipment], Families = [.. _families],
            WorkMasters = [.. _workMasters], Products = [.. _products],
        },
    };

    public CompiledScenario Compile() => CompiledScenario.Compile(Build());

    /// <summary>Runs to completion and returns the simulator with all its events.</summary>
    public (PlantSimulator Simulator, List<PlantEvent> Events) Run(DispatchPolicy? policy = null, ulong seed = 1)
    {
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(Compile(), policy ?? new DispatchPolicy { Rule = Dispatch }, new RandomSource(seed, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(24 * 60));
        return (simulator, recorder.Events);
    }
}

/// <summary>Keeps every event.</summary>
internal sealed class EventRecorder : IPlantEventSink
{
    public List<PlantEvent> Events { get; } = [];

    public void On(in PlantEvent e) => Events.Add(e);
}
