using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Which equipment may do which operation, for a scenario that may still contain mistakes.</summary>
/// <remarks>Equipment whose own row is wrong counts as able to do anything of its class, so that its mistake is told once.</remarks>
internal sealed class Eligibility
{
    private readonly PlantModel _plant;
    private readonly ScenarioNames _names;
    private readonly ILookup<int, int> _byClass;
    private readonly Dictionary<(int WorkMaster, int Operation), int[]> _known = [];

    public Eligibility(Scenario scenario, ScenarioNames names)
    {
        _plant = scenario.Plant;
        _names = names;
        _byClass = _plant.Equipment.Select((e, i) => (e.Class.Index, i)).ToLookup(x => x.Index, x => x.i);
    }

    public bool IsSoundOperation(int workMaster, int operation) =>
        _names.WorkMasters.IsSound(workMaster) && _names.Operations[workMaster][operation].IsSound;

    /// <summary>Equipment that the alternatives name, whatever it can do.</summary>
    public IEnumerable<int> Named(int workMaster, int operation) =>
        _plant.WorkMasters[workMaster].Operations[operation].Alternatives
            .SelectMany(a => a.Equipment is { } e ? [e.Index] : _byClass[a.Class!.Value.Index]).Distinct();

    /// <summary>Equipment that is named and has every capability required.</summary>
    public int[] Of(int workMaster, int operation)
    {
        if (!_known.TryGetValue((workMaster, operation), out var able))
        {
            var requires = _plant.WorkMasters[workMaster].Operations[operation].Requires;
            able = [.. Named(workMaster, operation).Where(e => !_names.Equipment.IsSound(e) || requires.All(r => _plant.Equipment[e].Capabilities.Contains(r, StringComparer.Ordinal)))];
            _known.Add((workMaster, operation), able);
        }

        return able;
    }

    /// <summary>Family of an order's job, −1 for none.</summary>
    public int FamilyOf(Order order, Operation operation) =>
        operation.Family?.Index ?? order.Family?.Index ?? _plant.Products[order.Product].Family?.Index ?? -1;

    public bool AcceptsFamily(int equipment, int family) =>
        !_names.Equipment.IsSound(equipment) || family < 0 || _plant.Equipment[equipment].AllowedFamilies is var allowed && (allowed.IsEmpty || allowed.Contains(new FamilyId(family)));

    public bool AcceptsTenant(int equipment, TenantId? tenant) =>
        !_names.Equipment.IsSound(equipment) || _plant.Equipment[equipment] is var e && (e.Shared || e.Owner is null || e.Owner == tenant);

    public bool AcceptsLoad(int equipment, double load) =>
        !_names.Equipment.IsSound(equipment) || load <= _plant.Equipment[equipment].CapacityMax;

    public bool MayRun(int equipment, Order order, Operation operation, double lot) =>
        AcceptsLoad(equipment, lot) && AcceptsTenant(equipment, order.Tenant) && AcceptsFamily(equipment, FamilyOf(order, operation));
}
