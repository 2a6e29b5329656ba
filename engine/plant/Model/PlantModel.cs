using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>What a plant is: everything that does not change while it runs.</summary>
/// <remarks>Ids are indices into these arrays. The model is validated where it is read (<c>Scenarios</c>); code below trusts it.</remarks>
public sealed record PlantModel
{
    public ImmutableArray<Tenant> Tenants { get; init; } = [];
    public ImmutableArray<Site> Sites { get; init; } = [];
    public ImmutableArray<EquipmentClass> EquipmentClasses { get; init; } = [];
    public ImmutableArray<Equipment> Equipment { get; init; } = [];
    public ImmutableArray<AuxiliaryResource> Auxiliaries { get; init; } = [];
    public ImmutableArray<Family> Families { get; init; } = [];
    public ImmutableArray<ChangeoverRule> ChangeoverRules { get; init; } = [];
    public ImmutableArray<WorkMaster> WorkMasters { get; init; } = [];
    public ImmutableArray<Product> Products { get; init; } = [];
    public ImmutableArray<ProductionLine> Lines { get; init; } = [];
    public ImmutableArray<FixtureCircuit> FixtureLoops { get; init; } = [];
    public ImmutableArray<VehicleFleet> Fleets { get; init; } = [];
    public ImmutableArray<WorkCalendar> Calendars { get; init; } = [];
    public ImmutableArray<Tariff> Tariffs { get; init; } = [];
    public ImmutableArray<Material> Materials { get; init; } = [];
    public ImmutableArray<MaterialSource> Sources { get; init; } = [];
    public ImmutableArray<BillLine> BillOfMaterials { get; init; } = [];

    public ImmutableArray<CapacityOffer> Offers { get; init; } = [];

    /// <summary>What the firms of a shared factory agreed on.</summary>
    public MarketRules Market { get; init; } = MarketRules.None;
    public ImmutableArray<FailureMode> FailureModes { get; init; } = [];
    public ImmutableArray<MaintenancePlan> MaintenancePlans { get; init; } = [];

    /// <summary>When jobs are given their material.</summary>
    public AllocationMoment Allocation { get; init; }

    public ImmutableArray<Utility> Utilities { get; init; } = [];

    /// <summary>What energy and media emit.</summary>
    public CarbonFactors Carbon { get; init; } = CarbonFactors.Usual;

    /// <summary>Travel time between sites; a missing pair takes no time. Looked up both ways.</summary>
    public ImmutableDictionary<(SiteId From, SiteId To), Duration> Travel { get; init; } =
        ImmutableDictionary<(SiteId, SiteId), Duration>.Empty;

    public Duration TravelTime(SiteId from, SiteId to) =>
        from == to ? Duration.Zero
        : Travel.TryGetValue((from, to), out var there) ? there
        : Travel.TryGetValue((to, from), out var back) ? back
        : Duration.Zero;
}
