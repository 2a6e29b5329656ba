using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>When a job's material can be there at the earliest: stock that is free, then what is under way in the order of its dates, then a new
/// order from the quickest source at its mean lead time.</summary>
/// <remarks>Each job is looked at alone, so no plan that the stock allows is lost; that several want the same is not known. Material that is made in
/// the plant itself, or that nobody delivers, sets no date.</remarks>
internal sealed class MaterialDates
{
    private readonly CompiledScenario _plant;
    private readonly PlantState? _state;
    private readonly long _now;
    private readonly List<(long Due, long Quantity)>[] _coming; // per material, by date
    private readonly long[] _quickest; // per material: mean lead time of the quickest source, −1 none
    private readonly bool[] _made; // per material

    public MaterialDates(CompiledScenario plant, PlantState? from)
    {
        _plant = plant;
        var materials = plant.Plant.Materials;
        _coming = [.. materials.Select(_ => new List<(long, long)>())];
        _quickest = new long[materials.Length];
        _made = new bool[materials.Length];
        if (materials.IsEmpty)
        {
            return;
        }

        _state = from ?? new PlantState(plant);
        _now = _state.Now.Milliseconds;
        foreach (ref readonly var supply in _state.Supplies)
        {
            if (supply.Open)
            {
                _coming[supply.Material].Add((Math.Max(_now, supply.DueAt), supply.Quantity));
            }
        }

        for (var m = 0; m < materials.Length; m++)
        {
            _coming[m].Sort();
            _quickest[m] = plant.Materials.SourcesOf(m).ToArray().Select(s => (long)plant.Plant.Sources[s].LeadTime.Mean).DefaultIfEmpty(-1).Min();
            _made[m] = plant.Plant.Products.Any(p => p.StockedAs is { } stocked && stocked.Index == m);
        }
    }

    /// <summary>Earliest start of a job by its material, ms; 0 where material sets no date.</summary>
    public long EarliestOf(int job)
    {
        var needs = _plant.MaterialNeedsOf(job);
        if (_state is null || needs.Length == 0)
        {
            return 0;
        }

        var kit = Math.Max(0, _plant.OperationOf(job).KitLead?.Milliseconds ?? 0);
        if (job < _state.JobMaterials.Length && _state.JobMaterials[job] is { Status: MaterialNeedStatus.Allocated or MaterialNeedStatus.Consumed } has)
        {
            return has.Status == MaterialNeedStatus.Allocated && kit > 0 ? has.AllocatedAt + kit : 0;
        }

        var latest = 0L;
        foreach (var need in needs)
        {
            latest = Math.Max(latest, DateOf(need.Material, MaterialPlan.Amount(need, _plant.Jobs.QuantityOf(job))));
        }

        return latest > 0 ? latest + kit : kit > 0 ? _now + kit : 0;
    }

    private long DateOf(int material, long amount)
    {
        var there = Math.Max(0, _state!.Materials[material].Free);
        if (there >= amount || _made[material])
        {
            return 0;
        }

        foreach (var (due, quantity) in _coming[material])
        {
            there += quantity;
            if (there >= amount)
            {
                return due;
            }
        }

        return _quickest[material] >= 0 ? _now + _quickest[material] : 0;
    }
}
