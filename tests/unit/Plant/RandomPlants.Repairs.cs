using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

// What loads machines otherwise and what is made again: ports, kits, child jobs that mend, lots that make up for scrap.
internal static partial class RandomPlants
{
    /// <summary>Some machines that batch are jets: a batch is spread evenly over their ports.</summary>
    private static Scenario WithPorts(Scenario scenario, Func<double> u, Func<int, int> n)
    {
        var batched = scenario.Plant.WorkMasters[0].Operations.Where(o => o.Batches).Select(o => o.Alternatives[0].Class!.Value.Index).ToHashSet();
        return scenario with
        {
            Plant = scenario.Plant with
            {
                Equipment = [.. scenario.Plant.Equipment.Select(e =>
                {
                    if (!batched.Contains(e.Class.Index) || n(3) == 0)
                    {
                        return e;
                    }

                    var ports = 2 + n(3);
                    var most = e.CapacityMax / ports;
                    return e with { Ports = ports, PortMax = most, PortMin = most * (0.2 + 0.6 * u()) };
                })],
            },
        };
    }

    /// <summary>Material of some operations is staged as a kit.</summary>
    private static Scenario WithKits(Scenario scenario, Func<int, int> n) => scenario with
    {
        Plant = scenario.Plant with
        {
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with
            {
                Operations = [.. w.Operations.Select((o, k) => n(2) == 0 && scenario.Plant.BillOfMaterials.Any(b => b.Operation == k) ? o with { KitLead = Duration.FromMinutes(n(90)) } : o)],
            })],
        },
    };

    /// <summary>Batches of one operation that fail are mended by one or two child jobs on a bench of their own, with room for all that wait.</summary>
    private static Scenario WithMending(Scenario scenario, Func<int, int> n)
    {
        var routing = scenario.Plant.WorkMasters[0];
        var (failing, count, bench) = (n(routing.Operations.Length), 1 + n(2), new EquipmentClassId(scenario.Plant.EquipmentClasses.Length));
        var last = routing.Operations.Length;
        var mends = Enumerable.Range(0, count).Select(k => TinyPlant.Step(bench, 5 + n(30)) with
        {
            Predecessors = [k == 0 ? failing : last + k - 1], ReworkProbability = k == 0 ? 0.2 : 0,
        });
        var operations = routing.Operations.SetItem(failing, routing.Operations[failing] with { ReworkProbability = 0.3, ReworkBy = [.. Enumerable.Range(last, count)] });
        return scenario with
        {
            Plant = scenario.Plant with
            {
                EquipmentClasses = scenario.Plant.EquipmentClasses.Add(new EquipmentClass { Id = "bench", Name = "bench" }),
                Equipment = scenario.Plant.Equipment.Add(new Equipment { Id = "bench", Name = "bench", Class = bench, Site = new SiteId(n(scenario.Plant.Sites.Length)), CapacityMax = 100 }),
                WorkMasters = scenario.Plant.WorkMasters.SetItem(0, routing with { Operations = [.. operations, .. mends] }),
            },
        };
    }

    /// <summary>Some orders are made up where scrap leaves them short.</summary>
    private static Scenario WithMakeUp(Scenario scenario, Func<double> u, Func<int, int> n) => scenario with
    {
        Orders = [.. scenario.Orders.Select(o => n(2) == 0 ? o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 5 + n(20), MakeUpLots = 1 + n(3), ShortTolerance = 0.1 * u() } : o)],
    };
}
