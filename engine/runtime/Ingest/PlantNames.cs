using System.Globalization;
using DigitalTwin.Plant.Behaviour;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Finds the things of a plant by the names that files and people use. Immutable; thread-safe.</summary>
public sealed class PlantNames
{
    private readonly Dictionary<string, int> _equipment;
    private readonly Dictionary<string, int> _families;
    private readonly Dictionary<string, int> _products;
    private readonly Dictionary<string, int> _tenants;
    private readonly Dictionary<string, int> _orders;
    private readonly Dictionary<string, int> _materials;
    private readonly Dictionary<string, int> _crews;
    private readonly Dictionary<string, int> _reservations;

    public PlantNames(CompiledScenario plant)
    {
        Plant = plant;
        _equipment = Index(plant.Plant.Equipment, e => e.Id);
        _families = Index(plant.Plant.Families, f => f.Id);
        _products = Index(plant.Plant.Products, p => p.Id);
        _tenants = Index(plant.Plant.Tenants, t => t.Id);
        _orders = Index(plant.Scenario.Orders, o => o.Id);
        _materials = Index(plant.Plant.Materials, m => m.Id);
        _crews = Index(plant.Plant.Auxiliaries, a => a.Id);
        _reservations = Index(plant.Scenario.Reservations, r => r.Id);
    }

    /// <summary>The plant whose names these are.</summary>
    public CompiledScenario Plant { get; }

    /// <summary>Index of an equipment, or −1.</summary>
    public int Equipment(string id) => _equipment.GetValueOrDefault(id, -1);

    /// <summary>Index of a family, or −1.</summary>
    public int Family(string id) => _families.GetValueOrDefault(id, -1);

    /// <summary>Index of a product, or −1.</summary>
    public int Product(string id) => _products.GetValueOrDefault(id, -1);

    /// <summary>Index of a tenant, or −1.</summary>
    public int Tenant(string id) => _tenants.GetValueOrDefault(id, -1);

    /// <summary>Index of a material, or −1.</summary>
    public int Material(string id) => _materials.GetValueOrDefault(id, -1);

    /// <summary>Index of a crew or another auxiliary, or −1.</summary>
    public int Crew(string id) => _crews.GetValueOrDefault(id, -1);

    /// <summary>Row of a reservation in reservations.csv, or −1.</summary>
    public int Reservation(string id) => _reservations.GetValueOrDefault(id, -1);

    /// <summary>First source of a material, of that supplier where one is named; −1 when there is none.</summary>
    public int Source(int material, string? supplier)
    {
        foreach (var source in Plant.Materials.SourcesOf(material))
        {
            if (supplier is not { Length: > 0 } || Plant.Plant.Sources[source].Supplier == supplier)
            {
                return source;
            }
        }

        return -1;
    }

    /// <summary>Index of an order, or −1.</summary>
    public int Order(string id) => _orders.GetValueOrDefault(id, -1);

    /// <summary>Index of the job named <c>order/lot/operation</c>, or −1. Order ids may themselves contain slashes.</summary>
    public int Job(string name)
    {
        var last = name.LastIndexOf('/');
        var middle = last > 0 ? name.LastIndexOf('/', last - 1) : -1;
        if (middle <= 0
            || !int.TryParse(name.AsSpan(middle + 1, last - middle - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var lot)
            || !_orders.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, middle), out var order))
        {
            return -1;
        }

        var jobs = Plant.Jobs;
        var lotIndex = jobs.OrderFirstLot[order] + lot - 1;
        if (lot < 1 || lotIndex >= jobs.OrderFirstLot[order + 1])
        {
            return -1;
        }

        var operation = name.AsSpan(last + 1);
        for (var j = jobs.LotFirstJob[lotIndex]; j < jobs.LotFirstJob[lotIndex + 1]; j++)
        {
            if (operation.Equals(Plant.OperationOf(j).Id, StringComparison.Ordinal))
            {
                return j;
            }
        }

        return -1;
    }

    private static Dictionary<string, int> Index<T>(IReadOnlyList<T> items, Func<T, string> id)
    {
        var index = new Dictionary<string, int>(items.Count, StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            index[id(items[i])] = i;
        }

        return index;
    }
}
