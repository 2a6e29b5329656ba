using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>What one unit of a job uses up.</summary>
/// <param name="Material">Index of the material.</param>
/// <param name="PerUnit">Units of material per unit of the lot's quantity, scrap allowance included.</param>
public readonly record struct MaterialNeed(int Material, double PerUnit);

/// <summary>Bills of materials and sources laid out for the simulation. Immutable.</summary>
public sealed class MaterialPlan
{
    private readonly int[] _productFirst; // place of each product's first operation in _needFirst
    private readonly int[] _needFirst;
    private readonly MaterialNeed[] _needs;
    private readonly int[][] _sources; // per material, in the order of the table
    private readonly ulong[] _sourceKeys;
    private readonly bool[] _productNeeds;

    internal MaterialPlan(Scenario scenario)
    {
        var plant = scenario.Plant;
        InUse = !plant.Materials.IsEmpty;
        TracksLots = plant.Materials.Any(m => m.Tracked);
        AtRelease = plant.Allocation == AllocationMoment.AtRelease;
        _productFirst = new int[plant.Products.Length];
        _productNeeds = new bool[plant.Products.Length];
        var lines = plant.BillOfMaterials.ToLookup(b => (b.Product.Index, b.Operation));
        var first = new List<int>();
        var needs = new List<MaterialNeed>();
        for (var p = 0; InUse && p < _productFirst.Length; p++)
        {
            _productFirst[p] = first.Count;
            for (var o = 0; o < plant.WorkMasters[plant.Products[p].WorkMaster].Operations.Length; o++)
            {
                first.Add(needs.Count);
                needs.AddRange(lines[(p, o)].GroupBy(b => b.Material.Index).Select(g => new MaterialNeed(g.Key, g.Sum(b => b.Quantity * (1 + b.ScrapAllowance)))));
                _productNeeds[p] |= needs.Count > first[^1];
            }
        }

        first.Add(needs.Count);
        _needFirst = [.. first];
        _needs = [.. needs];
        _sources = [.. plant.Materials.Select((_, m) => Enumerable.Range(0, plant.Sources.Length).Where(s => plant.Sources[s].Material == m).ToArray())];
        _sourceKeys = [.. plant.Sources.Select(s => RandomSource.Key(plant.Materials[s.Material].Id, RandomSource.Key(s.Supplier)))];
    }

    /// <summary>Whether the plant has materials at all.</summary>
    public bool InUse { get; }

    /// <summary>Whether any material's lots are tracked: then finished lots are recorded too, and who was made of what.</summary>
    public bool TracksLots { get; }

    /// <summary>Jobs are given their material when the order is released, not when they are ready.</summary>
    public bool AtRelease { get; }

    /// <summary>What a product's operation uses.</summary>
    public ReadOnlySpan<MaterialNeed> NeedsOf(int product, int operation)
    {
        if (!InUse)
        {
            return [];
        }

        var at = _productFirst[product] + operation;
        return _needs.AsSpan(_needFirst[at], _needFirst[at + 1] - _needFirst[at]);
    }

    /// <summary>Whether any operation of a product uses material.</summary>
    public bool Needs(int product) => _productNeeds[product];

    /// <summary>Sources of a material, in the order of preference.</summary>
    public ReadOnlySpan<int> SourcesOf(int material) => _sources[material];

    /// <summary>Random stream of a source's deliveries.</summary>
    public ulong SourceKey(int source) => _sourceKeys[source];

    /// <summary>Parts (see <see cref="MaterialQuantity"/>) that a quantity of lot uses; at least one.</summary>
    public static long Amount(in MaterialNeed need, double lotQuantity) => Math.Max(1, MaterialQuantity.Parts(need.PerUnit * lotQuantity));
}
