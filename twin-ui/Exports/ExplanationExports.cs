using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Exports;

/// <summary>Why orders took so long and where the plant is tight, as tables to take home.</summary>
public static class ExplanationExports
{
    /// <summary>One row per order: its flow time in whole milliseconds, and the parts, which sum exactly to it.</summary>
    public static ExportTable Orders(CompiledScenario plant, IReadOnlyList<OrderFlow> flows) => new(
        "why",
        ["order", "complete", "released", "ended", "due", "lateness_ms", "flow_ms", .. FlowParts.All.Select(Column)],
        [
            .. flows.Select(flow => (object?[])
            [
                plant.Scenario.Orders[flow.Order].Id,
                flow.Complete,
                Wall(plant, flow.ReleasedMs),
                Wall(plant, flow.EndMs),
                plant.Scenario.Orders[flow.Order].Due is { } due ? Wall(plant, due.Milliseconds) : null,
                flow.LatenessMs is { } late ? (double)late : null,
                (double)flow.FlowMs,
                .. FlowParts.All.Select(p => (object?)(double)flow[p.Part]),
            ]),
        ]);

    /// <summary>One row per job of an order's critical chain.</summary>
    public static ExportTable Steps(CompiledScenario plant, OrderFlow flow) => new(
        "why",
        ["job", "operation", "equipment", "from", "to", "length_ms", .. FlowParts.All.Select(Column)],
        [
            .. flow.Steps.Select(step => (object?[])
            [
                plant.JobName(step.Job),
                plant.OperationOf(step.Job).Name.En,
                step.Equipment >= 0 ? plant.Plant.Equipment[step.Equipment].Id : null,
                Wall(plant, step.FromMs),
                Wall(plant, step.ToMs),
                (double)(step.ToMs - step.FromMs),
                .. FlowParts.All.Select(p => (object?)(double)step[p.Part]),
            ]),
        ]);

    /// <summary>One row per machine and bucket of time: shares of the bucket per use.</summary>
    public static ExportTable Machines(CompiledScenario plant, BottleneckReport report) => new(
        "bottleneck",
        ["equipment", "class", "from", "to", .. MachineUses.All.Select(u => u.Key.Replace('-', '_') + "_ms")],
        [
            .. report.Machines.SelectMany(machine => machine.UseMs.Select((uses, bucket) => (object?[])
            [
                plant.Plant.Equipment[machine.Equipment].Id,
                plant.Plant.EquipmentClasses[plant.Plant.Equipment[machine.Equipment].Class].Id,
                Wall(plant, report.From.Milliseconds + bucket * report.Bucket.Milliseconds),
                Wall(plant, report.From.Milliseconds + bucket * report.Bucket.Milliseconds + report.BucketMs(bucket)),
                .. uses.Select(ms => (object?)Math.Round(ms)),
            ])),
        ]);

    private static string Column(FlowPartDescriptor part) => part.Key.Replace('-', '_') + "_ms";

    private static DateTimeOffset Wall(CompiledScenario plant, long ms) => plant.Scenario.Clock.ToWallClock(new SimTime(ms));
}
