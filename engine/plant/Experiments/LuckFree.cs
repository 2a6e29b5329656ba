using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A scenario in which everything takes its expected time and nothing goes wrong: the world a plan is made for.</summary>
/// <remarks>Following a schedule here gives its planned key figures, measured by the same meters as the executed ones.</remarks>
public static class LuckFree
{
    /// <summary>The same plant and orders with every distribution at its mean, no breakdowns, additions or repeats; planned maintenance stays.</summary>
    public static Scenario WithoutLuck(this Scenario scenario) => scenario with
    {
        Plant = scenario.Plant with
        {
            Equipment = [.. scenario.Plant.Equipment.Select(e => e with { TimeToFailure = null, TimeToRepair = null })],
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(WithoutLuck)] })],
        },
        Disturbances = [.. scenario.Disturbances.Where(d => d.Kind == DisturbanceKind.Maintenance)],
    };

    private static Operation WithoutLuck(Operation operation) => operation with
    {
        FixedTime = Mean(operation.FixedTime),
        UnitTime = Mean(operation.UnitTime),
        Variation = Mean(operation.Variation),
        AdditionProbability = 0,
        ReworkProbability = 0,
        Alternatives =
        [
            .. operation.Alternatives.Select(a => a with
            {
                FixedTime = a.FixedTime is { } fixedTime ? Mean(fixedTime) : null,
                UnitTime = a.UnitTime is { } unitTime ? Mean(unitTime) : null,
            }),
        ],
    };

    private static Distribution Mean(Distribution distribution) => Distribution.Constant(distribution.Mean);
}
