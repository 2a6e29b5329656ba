using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

internal static partial class ScenarioGen
{
    private static Gen<ImmutableArray<Order>> OrdersOf(PlantModel plant) => Some(0, 5, i =>
        from product in Gen.Int[0, plant.Products.Length - 1]
        from quantity in s_amount
        from family in Index(plant.Families.Length)
        from release in s_moment
        from due in s_moment
        from flags in Gen.Bool.Array[3]
        from tenant in Index(plant.Tenants.Length)
        from priority in s_amount
        from dyeLot in s_text
        select new Order
        {
            Id = $"PO/{i}",
            Product = new ProductId(product),
            Quantity = quantity,
            Unit = flags[0] ? "kg" : "pcs",
            Family = F(family),
            Release = release,
            Due = flags[1] ? due : null,
            Priority = priority,
            Kind = flags[2] ? OrderKind.Sample : OrderKind.Bulk,
            Tenant = tenant is { } t ? new TenantId(t) : null,
            DyeLot = flags[0] ? dyeLot : "",
            LotSize = flags[2] ? quantity / 3 : null,
            EqualLots = flags[1] && flags[2],
            MakeUp = flags[0] ? MakeUpPolicy.Lot : MakeUpPolicy.None,
            MakeUpLot = flags[1] ? quantity / 7 : null,
            MakeUpLots = flags[2] ? 2 : Order.UsualMakeUpLots,
            ShortTolerance = flags[2] ? 0.125 : 0,
            OverAllowance = flags[1] ? priority / 1e6 : null, Express = flags[0] && flags[2],
        });

    private static Gen<ImmutableArray<Disturbance>> DisturbancesOf(PlantModel plant) => Some(0, 3, _ =>
        Gen.Select(s_moment, Gen.Int[0, plant.Equipment.Length - 1], Gen.Enum<DisturbanceKind>(), s_duration,
            (t, e, k, d) => new Disturbance { Time = t, Equipment = new EquipmentId(e), Kind = k, Duration = d + new Duration(1) }));
}
