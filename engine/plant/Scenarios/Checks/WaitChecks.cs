using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Operations that are to be done again after a wait that was too long: there must be one way back.</summary>
internal static class WaitChecks
{
    public static void Run(PlantModel plant, WorkMaster routing, int operation, SourceRecord row)
    {
        var own = routing.Operations[operation];
        if (own.AfterMaxWait == AfterMaxWait.Count)
        {
            return;
        }

        if (own.MaxWait is null)
        {
            row.Error(RoutingTable.AfterMaxWait, $"operation '{own.Id}' says what happens after a wait that is too long, and none is: it has no max_wait", "Give max_wait, or leave after_max_wait empty.");
        }
        else if (WhyNot(plant, routing, operation) is { } why)
        {
            row.Error(RoutingTable.AfterMaxWait, $"operation '{own.Id}' cannot be done again after a wait that is too long: {why}", "Let it be counted: after_max_wait count.");
        }
    }

    /// <summary>Why an operation cannot be done again after a wait that is too long; <c>null</c> when it can.</summary>
    internal static string? WhyNot(PlantModel plant, WorkMaster routing, int operation)
    {
        var own = routing.Operations[operation];
        var next = Enumerable.Range(0, routing.Operations.Length).Where(o => routing.Operations[o].Predecessors.Contains(operation)).ToList();
        return !own.ReworkBy.IsEmpty || routing.Operations.Any(o => o.ReworkBy.Contains(operation)) ? "it has to do with rework_by"
            : next.Count == 0 ? "no operation follows it"
            : next.Count > 1 ? $"{next.Count} operations follow it"
            : routing.Operations[next[0]].Predecessors.Distinct().Count() > 1 ? $"'{routing.Operations[next[0]].Id}' follows others too"
            : ClassesOf(plant, own).Concat(ClassesOf(plant, routing.Operations[next[0]])).Any(c => IsOnLineOrLoop(plant, c)) ? "a line that moves at its takt, or a fixture loop, does not go back"
            : null;
    }

    private static IEnumerable<EquipmentClassId> ClassesOf(PlantModel plant, Operation operation) =>
        operation.Alternatives.Select(a => a.Class ?? plant.Equipment[a.Equipment!.Value].Class);

    private static bool IsOnLineOrLoop(PlantModel plant, EquipmentClassId c) =>
        plant.Lines.Any(l => l.Overload != LineOverload.Drift && l.Stations.Contains(c)) || !plant.FixtureLoops.IsEmpty;
}
