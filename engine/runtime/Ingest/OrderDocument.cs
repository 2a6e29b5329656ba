using System.Text.Json.Serialization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>An order by names: the JSON of the API and of the journal.</summary>
/// <remarks>What may be left out is nullable: initial values are lost when documents are read by generated code.</remarks>
public sealed record OrderDocument
{
    public string Id { get; init; } = "";

    public string Product { get; init; } = "";

    /// <summary>&gt; 0.</summary>
    public double Quantity { get; init; }

    /// <summary>Left out, pcs.</summary>
    public string? Unit { get; init; }

    public string? Family { get; init; }

    /// <summary>Earliest start; left out, at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Release { get; init; }

    /// <summary>Promised completion; left out, none was promised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Due { get; init; }

    /// <summary>&gt; 0; left out, 1, which is ordinary.</summary>
    public double? Priority { get; init; }

    public OrderKind Kind { get; init; }

    public string? Tenant { get; init; }

    public string? DyeLot { get; init; }

    public double? LotSize { get; init; }

    /// <summary>Whether its lots are of one size.</summary>
    public bool EqualLots { get; init; }

    /// <summary>What happens when scrap leaves it short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MakeUpPolicy MakeUp { get; init; }

    /// <summary>Quantity of one make-up lot; left out, a tenth of the order.</summary>
    public double? MakeUpLot { get; init; }

    public int? MakeUpLots { get; init; }

    /// <summary>Share in [0, 1) that may be missing.</summary>
    public double ShortTolerance { get; init; }

    /// <summary>Share that may be made too much; left out, no limit.</summary>
    public double? OverAllowance { get; init; }

    /// <summary>The document of an order; reading it gives the same order.</summary>
    public static OrderDocument Of(Order order, CompiledScenario plant) => new()
    {
        Id = order.Id,
        Product = plant.Plant.Products[order.Product].Id,
        Quantity = order.Quantity,
        Unit = order.Unit,
        Family = order.Family is { } f ? plant.Plant.Families[f].Id : null,
        Release = PlantMoment.At(order.Release),
        Due = order.Due is { } due ? PlantMoment.At(due) : default,
        Priority = order.Priority,
        Kind = order.Kind,
        Tenant = order.Tenant is { } t ? plant.Plant.Tenants[t].Id : null,
        DyeLot = order.DyeLot,
        LotSize = order.LotSize,
        EqualLots = order.EqualLots,
        MakeUp = order.MakeUp,
        MakeUpLot = order.MakeUpLot,
        MakeUpLots = order.MakeUpLots,
        ShortTolerance = order.ShortTolerance,
        OverAllowance = order.OverAllowance,
    };

    /// <summary>Names → indices.</summary>
    /// <param name="now">Release where none is given.</param>
    /// <param name="problem">Everything that is wrong with it, or empty.</param>
    public Order? Read(PlantNames names, SimTime now, out string problem)
    {
        var problems = new List<string>();
        var clock = names.Plant.Scenario.Clock;
        var release = now;
        SimTime due = default;
        Check(Id is { Length: > 0 and <= 100 }, $"id '{Id}' must have 1 to 100 characters");
        Check(Product is not null && names.Product(Product) >= 0, $"product '{Product}' is not in the scenario");
        Check(double.IsFinite(Quantity) && Quantity is > 0 and < 1e12, $"quantity {Quantity:R} must be > 0");
        Check(Priority is not { } priority || (double.IsFinite(priority) && priority is > 0 and < 1e9), $"priority {Priority:R} must be > 0");
        Check(LotSize is not { } size || (double.IsFinite(size) && size > 0 && Quantity / size <= 10_000), $"lot_size {LotSize:R} must be > 0 and give at most 10000 lots");
        Check(string.IsNullOrEmpty(Family) || names.Family(Family) >= 0, $"family '{Family}' is not in the scenario");
        Check(string.IsNullOrEmpty(Tenant) || names.Tenant(Tenant) >= 0, $"tenant '{Tenant}' is not in the scenario");
        Check(Release.IsMissing || Release.TryResolve(clock, out release, out _), $"release '{Release.Text}' is not a time with an offset");
        Check(Due.IsMissing || Due.TryResolve(clock, out due, out _), $"due '{Due.Text}' is not a time with an offset");
        Check(MakeUpLot is not { } lot || (double.IsFinite(lot) && lot is > 0 and < 1e12), $"make_up_lot {MakeUpLot:R} must be > 0");
        Check(MakeUpLots is null or (>= 1 and <= 100), $"make_up_lots {MakeUpLots} must be 1 to 100");
        Check(ShortTolerance is >= 0 and < 1, $"short_tolerance {ShortTolerance:R} must be in [0, 1)");
        Check(OverAllowance is not { } over || (double.IsFinite(over) && over >= 0), $"over_allowance {OverAllowance:R} must be ≥ 0");
        problem = string.Join("; ", problems);
        return problems.Count > 0 ? null : new Order
        {
            Id = Id,
            Product = new ProductId(names.Product(Product ?? "")),
            Quantity = Quantity,
            Unit = Unit ?? "pcs",
            Family = string.IsNullOrEmpty(Family) ? null : new FamilyId(names.Family(Family)),
            Release = release,
            Due = Due.IsMissing ? null : due,
            Priority = Priority ?? 1,
            Kind = Kind,
            Tenant = string.IsNullOrEmpty(Tenant) ? null : new TenantId(names.Tenant(Tenant)),
            DyeLot = DyeLot ?? "",
            LotSize = LotSize,
            EqualLots = EqualLots,
            MakeUp = MakeUp,
            MakeUpLot = MakeUpLot,
            MakeUpLots = MakeUpLots ?? Order.UsualMakeUpLots,
            ShortTolerance = ShortTolerance,
            OverAllowance = OverAllowance,
        };

        void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                problems.Add(otherwise);
            }
        }
    }
}
