using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Builds the scenario of a machining log.</summary>
internal sealed class MachiningScenario
{
    private readonly string _file;
    private readonly MachiningOperations _operations;
    private readonly MachiningOrderBook _book;
    private readonly MachiningFit _fit;
    private readonly long _epoch;
    private readonly List<string> _machines;
    private readonly List<string> _groups;
    private readonly Dictionary<(string Part, string Step), List<int>> _machinesOfStep;

    public MachiningScenario(string file, MachiningOperations operations, MachiningOrderBook book, MachiningFit fit, long epoch)
    {
        (_file, _operations, _book, _fit, _epoch) = (file, operations, book, fit, epoch);
        _machines = [.. operations.Slots.Keys.OrderBy(MachiningNames.MachineId, StringComparer.Ordinal).ThenBy(m => m, StringComparer.Ordinal)];
        _groups = [.. _machines.Select(MachiningNames.MachineGroup).Distinct(StringComparer.Ordinal)];
        _machinesOfStep = operations.Operations
            .GroupBy(o => (o.Part, MachiningNames.Step(o.Activity)))
            .ToDictionary(g => g.Key, g => g.Select(o => _machines.IndexOf(o.Machine)).Distinct().Order().ToList());
    }

    /// <summary>Whether setups are the mean of the step instead of the recorded one: for orders whose own record must not be looked at.</summary>
    public bool LearnsSetups { get; init; }

    /// <summary>Whether machine groups work in hours of their own, as far as the log shows them; otherwise all work as the plant does.</summary>
    public bool UsesGroupHours { get; init; }

    public Scenario Build() => new()
    {
        Id = BenchmarkPlant.NameOf(_file),
        Name = new Label("Machining job shop", "机加工车间"),
        Description = "A machining job shop as its event log shows it: orders, machines, routings and setups as recorded; processing times, their variation, working hours and breakdowns fitted; "
            + $"due dates are the release plus the median lead time of {_book.MedianLead.Days:0} days.",
        Clock = new PlantClock(new DateTime(_epoch * TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified), "UTC"),
        Horizon = Duration.FromDays(Math.Ceiling(new Duration(_book.Orders.Max(o => o.End) - _epoch).Days)),
        Plant = new PlantModel
        {
            Sites = BenchmarkPlant.OneSite,
            Calendars = [_fit.Calendar, .. UsesGroupHours ? _fit.GroupHours.Values : []],
            EquipmentClasses = [.. _groups.Select(g => new EquipmentClass { Id = MachiningNames.Slug(g), Name = MachiningNames.Name(g) })],
            Equipment = [.. _machines.Select(Machine)],
            WorkMasters = [.. _book.Orders.Select(o => new WorkMaster { Id = o.Case, Name = o.Part, Operations = Routing(o) })],
            Products = [.. _book.Orders.Select((o, i) => new Product { Id = $"{o.Part} ({o.Case})", Name = o.Part, WorkMaster = new WorkMasterId(i) })],
        },
        Orders = [.. _book.Orders.Select((o, i) => new Order
        {
            Id = o.Case,
            Product = new ProductId(i),
            Quantity = o.Quantity,
            Release = _book.At(o.Start),
            Due = _book.At(o.Start) + _book.MedianLead,
        })],
    };

    private Equipment Machine(string machine)
    {
        var group = MachiningNames.MachineGroup(machine);
        var meanUp = _fit.Repair is not null && _fit.MeanUpTimes.TryGetValue(group, out var up) ? up : (Duration?)null;
        return new Equipment
        {
            Id = MachiningNames.MachineId(machine),
            Name = MachiningNames.Name(machine),
            Class = new EquipmentClassId(_groups.IndexOf(group)),
            Site = new SiteId(0),
            WorkCenter = group,
            Slots = _operations.Slots[machine],
            Calendar = new CalendarId(UsesGroupHours ? 1 + _fit.GroupHours.Keys.ToList().IndexOf(group) : 0),
            TimeToFailure = meanUp is { } mean ? Distribution.Exponential(mean.Milliseconds) : null,
            TimeToRepair = meanUp is null ? null : _fit.Repair,
        };
    }

    private ImmutableArray<Operation> Routing(LoggedOrder order) => [.. order.Operations.Select((o, k) => new Operation
    {
        Id = $"{k + 1:00}-{MachiningNames.Slug(o.Activity)}",
        Name = MachiningNames.Name(o.Activity),
        Alternatives = Alternatives(o),
        Predecessors = [.. order.PredecessorsOf(k)],
        FixedTime = Distribution.Constant(_fit.ExpectedMs(o)),
        Setup = LearnsSetups ? Duration.FromMilliseconds(_fit.ExpectedSetupMs(o)) : new Duration(o.SetupMs),
        Variation = _fit.VariationOf(MachiningNames.MachineGroup(o.Machine)),
        Interruptible = true,
        ScrapFraction = Math.Round(Math.Min(0.9, o.Rejected / order.Quantity), 4),
    })];

    /// <summary>The machine that did it, and every other on which the log shows the same step of the same part.</summary>
    private ImmutableArray<Alternative> Alternatives(LoggedOperation operation)
    {
        var own = _machines.IndexOf(operation.Machine);
        return [.. _machinesOfStep[(operation.Part, MachiningNames.Step(operation.Activity))]
            .OrderBy(m => m != own).ThenBy(m => m)
            .Select(m => new Alternative { Equipment = new EquipmentId(m) })];
    }
}
