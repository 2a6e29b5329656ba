using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

/// <summary>Small lines with everything in them, for properties.</summary>
internal static class RandomLines
{
    private static readonly Gen<LineModel> Model =
        from bits in Gen.ULong[0, 15]
        from work in Gen.Int[30, 100].Array[3]
        from lead in Gen.Int[60, 400]
        select new LineModel("m", bits, [.. work.Select(w => Duration.FromSeconds(w))], Duration.FromSeconds(lead));

    private static readonly Gen<LineRule> Rule =
        from option in Gen.Int[0, 3]
        from max in Gen.Int[0, 2]
        from extra in Gen.Int[1, 4]
        select new LineRule(option, max, max + extra);

    /// <summary>Lines of four options (the last may be a fixture family), three stations and a takt of a minute.</summary>
    public static Gen<LineProblem> Of(int fewest, int most, int launched = 0) =>
        from models in Model.Array[1, 5]
        from rules in Rule.Array[0, 4]
        from window in Gen.Int[0, 60]
        from loop in Gen.Int[0, 1]
        from units in Gen.Select(Gen.Int[0, models.Length - 1], Gen.Int[0, 20], Gen.Int[0, 40], Gen.Int[0, 3]).Array[fewest, most]
        select new LineProblem(
            "line",
            [.. units.Select((u, i) => new LineUnit(i, u.Item1, SimTime.Zero + Duration.FromMinutes(i % 3 == 0 ? u.Item2 : 0),
                u.Item3 > 30 ? SimTime.Never : SimTime.Zero + Duration.FromMinutes(u.Item3), u.Item4 * 500L, i / 2))],
            [.. models], ["a", "b", "c", "d"], [.. rules], Duration.FromSeconds(60), Duration.FromSeconds(window), launched,
            weights: new ObjectiveWeights { OptionViolation = 3, UtilityWork = 2, Levelling = 0.5, Tardiness = 10 },
            fixtures: new FixtureLoop(loop, loop == 0 ? [] : [new LineRule(3, 1, 3)], 0.75));

    /// <summary>Moves anywhere behind the launched units.</summary>
    public static Gen<LineMove> Move(LineProblem problem) =>
        from kind in Gen.Enum<LineMoveKind>()
        from a in Gen.Int[problem.Fixed, problem.Units.Length - 1]
        from b in Gen.Int[problem.Fixed, problem.Units.Length - 1]
        select new LineMove(kind, Math.Min(a, b), Math.Max(a, b));

    public static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        foreach (var shorter in Permutations(count - 1))
        {
            for (var at = 0; at < count; at++)
            {
                yield return [.. shorter[..at], count - 1, .. shorter[at..]];
            }
        }
    }
}
