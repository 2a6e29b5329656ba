using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

internal static partial class ScenarioGen
{
    /// <summary>The second operation mends the first; what came after it follows the first.</summary>
    private static ImmutableArray<Operation> WithRework(ImmutableArray<Operation> operations) =>
    [
        operations[0] with { ReworkBy = [1], ReworkProbability = 0.5 }, operations[1] with { Predecessors = [0] },
        .. operations.Skip(2).Select(o => o with { Predecessors = [.. o.Predecessors.Select(p => p == 1 ? 0 : p).Distinct()] }),
    ];
}
