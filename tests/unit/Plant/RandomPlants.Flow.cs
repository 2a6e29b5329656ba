using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

// What moves work and what it moves in: vehicles, fixture loops, lines. Each leaves the plant free of deadlocks of its own.
internal static partial class RandomPlants
{
    /// <summary>One or two fleets between the sites; the second may keep working hours.</summary>
    private static Scenario WithVehicles(Scenario scenario, Func<int, int> n)
    {
        VehicleFleet Fleet(string id) => new()
        {
            Id = id, Name = id, Count = 1 + n(2), Capacity = 1 + n(3), Home = new SiteId(n(scenario.Plant.Sites.Length)), SpeedFactor = 0.5 + n(3),
            Loading = Duration.FromMinutes(n(3)), Unloading = Duration.FromMinutes(n(3)), Calendar = n(3) == 0 ? new CalendarId(1) : null,
        };
        return scenario with { Plant = scenario.Plant with { Fleets = n(2) == 0 ? [Fleet("cart")] : [Fleet("cart"), Fleet("truck")] } };
    }

    /// <summary>A loop of few fixtures over some operations; the first is done unit by unit. Work that is blocked keeps what it holds, so that
    /// where it may hold an auxiliary too, buffers are unlimited; where operations run side by side the loop is one of them.</summary>
    private static Scenario WithFixtures(Scenario scenario, bool branches, Func<int, int> n)
    {
        var operations = scenario.Plant.WorkMasters[0].Operations;
        var enter = n(operations.Length);
        var leave = branches ? enter : enter + n(operations.Length - enter);
        if (operations[enter].Batches)
        {
            return scenario;
        }

        var held = operations.Any(o => !o.Auxiliaries.IsEmpty);
        return scenario with
        {
            Plant = scenario.Plant with
            {
                EquipmentClasses = [.. scenario.Plant.EquipmentClasses.Select(c => held ? c with { InputBuffer = null } : c)],
                FixtureLoops =
                [
                    new FixtureCircuit
                    {
                        Id = "moulds", Name = "moulds", Enter = new EquipmentClassId(enter), Leave = new EquipmentClassId(leave), Change = Duration.FromMinutes(n(20)),
                        ChangePlaces = n(2) == 0 ? 1 : null, Return = Duration.FromMinutes(n(15)),
                        Fixtures = [new FixtureCount(new FamilyId(n(2)), 1 + n(3)), .. n(2) == 0 ? [new FixtureCount(new FamilyId(2), 1 + n(2))] : Array.Empty<FixtureCount>()],
                    },
                ],
            },
        };
    }

    /// <summary>A line over the operations in their order. Where each has one machine, the first of them that are not done in batches may move at a takt.</summary>
    private static Scenario WithLine(Scenario scenario, Func<int, int> n)
    {
        var plant = scenario.Plant;
        var operations = plant.WorkMasters[0].Operations;
        var overload = plant.Equipment.Length == operations.Length ? (LineOverload)n(3) : LineOverload.Drift;
        int[] all = [.. Enumerable.Range(0, operations.Length)];
        int[] stations = overload == LineOverload.Drift ? all : [.. all.SkipWhile(s => operations[s].Batches).TakeWhile(s => !operations[s].Batches)];
        return stations.Length == 0 ? scenario : scenario with
        {
            Plant = plant with
            {
                Equipment = [.. plant.Equipment.Select(e => overload != LineOverload.Drift && stations.Contains(e.Class.Index) ? e with { Slots = 1 } : e)],
                Lines =
                [
                    new ProductionLine
                    {
                        Id = "line", Name = "line", Takt = Duration.FromMinutes(5 + n(40)), StationWindow = Duration.FromMinutes(n(15)), Overload = overload,
                        Stations = [.. stations.Select(s => new EquipmentClassId(s))],
                    },
                ],
            },
        };
    }
}
