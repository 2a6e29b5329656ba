using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Reads the sequencing question of a line out of a scenario and the present state of its plant.</summary>
public static class LineProblemBuilder
{
    /// <summary>The units of one line: lots of orders whose routing runs over its stations, and that are not past them.</summary>
    /// <param name="plant">The scenario.</param>
    /// <param name="line">Index of the line.</param>
    /// <param name="from">The plant now; <c>null</c> is the epoch with nothing launched.</param>
    /// <param name="weights">Overrides the scenario's.</param>
    /// <param name="current">The schedule in force: what is launched in it up to the last locked unit keeps its place.</param>
    /// <remarks>
    /// Units that entered the line are kept as its fixed beginning as far back as an option window reaches, so that rules hold
    /// across the moment of planning. Ideal shares for levelling are those of the units in the problem.
    /// </remarks>
    public static LineProblem Build(
        CompiledScenario plant, int line, PlantState? from = null, ObjectiveWeights? weights = null, Schedule? current = null)
    {
        var belt = plant.Plant.Lines[line];
        var lots = Enumerable.Range(0, plant.Jobs.LotCount).Where(lot => LineOf(plant, lot) == line).ToList();
        var launched = lots.Where(l => IsLaunched(plant, belt, l, from)).OrderBy(l => LaunchedAt(plant, belt, l, from!)).ToList();
        var open = lots.Where(l => !IsLaunched(plant, belt, l, from) && IsWanted(plant, l, from)).ToList();
        var keep = Math.Min(launched.Count, belt.OptionRules.Select(r => r.Window - 1).DefaultIfEmpty(0).Max());
        launched = launched[^keep..];
        var pinned = current is null ? [] : LaunchOrder.PinnedLots(plant, line, current).Where(open.Contains).ToList();

        var all = launched.Concat(pinned).Concat(open.Except(pinned)).ToList();
        ImmutableArray<string> options = [.. belt.OptionRules.Select(r => r.Option)
            .Concat(all.SelectMany(l => ProductOf(plant, l).Options)).Distinct(StringComparer.Ordinal)];
        var loop = new FixtureTable(plant, belt, all);
        options = options.AddRange(loop.Names);
        var models = new ModelTable(plant, belt, options, loop);
        var units = all.Select(l => UnitOf(plant, l, models)).ToImmutableArray();
        var firstStation = plant.Plant.Equipment.Select((e, i) => (e, i)).Where(x => x.e.Class == belt.Stations[0]).Select(x => (int?)x.i).FirstOrDefault();
        var now = from?.Now ?? SimTime.Zero;
        var start = keep > 0 ? SimTime.Max(now, LaunchedAt(plant, belt, launched[^1], from!) + belt.Takt) : now;
        return new LineProblem(
            belt.Id, units, models.ToArray(), options,
            [.. belt.OptionRules.Select(r => new LineRule(options.IndexOf(r.Option), r.Max, r.Window))],
            belt.Takt, belt.StationWindow, keep, start,
            firstStation is { } e ? plant.CalendarOf(e) : null, weights ?? plant.Scenario.Objective, pinned.Count,
            loop.Loop(options.Length - loop.Names.Length, units, weights ?? plant.Scenario.Objective));
    }

    /// <summary>The line with most of the lot's operations; −1 when it passes none.</summary>
    public static int LineOf(CompiledScenario plant, int lot)
    {
        var (best, bestCount) = (-1, 0);
        for (var line = 0; line < plant.Plant.Lines.Length; line++)
        {
            var count = LineJobs(plant, plant.Plant.Lines[line], lot).Count();
            if (count > bestCount)
            {
                (best, bestCount) = (line, count);
            }
        }

        return best;
    }

    /// <summary>Jobs of a lot that are done at stations of the line, in flow order, with the station.</summary>
    internal static IEnumerable<(int Job, int Station)> LineJobs(CompiledScenario plant, ProductionLine line, int lot) =>
        Enumerable.Range(plant.Jobs.LotFirstJob[lot], plant.Jobs.LotFirstJob[lot + 1] - plant.Jobs.LotFirstJob[lot])
            .Where(job => !plant.StartsDormant(job))
            .Select(job => (Job: job, Station: StationOf(plant, line, job)))
            .Where(x => x.Station >= 0)
            .OrderBy(x => x.Station);

    private static int StationOf(CompiledScenario plant, ProductionLine line, int job)
    {
        var first = plant.OperationOf(job).Alternatives[0];
        return line.Stations.IndexOf(first.Class ?? plant.Plant.Equipment[first.Equipment!.Value].Class);
    }

    private static bool IsLaunched(CompiledScenario plant, ProductionLine line, int lot, PlantState? from) =>
        from is not null && LineJobs(plant, line, lot).Any(x => from.Jobs[x.Job].Status is not (JobStatus.Waiting or JobStatus.Ready or JobStatus.Cancelled or JobStatus.Dormant));

    private static bool IsWanted(CompiledScenario plant, int lot, PlantState? from) =>
        from is null || from.Orders[plant.Jobs.LotOrder[lot]].Status is not (OrderStatus.Cancelled or OrderStatus.Complete);

    internal static SimTime LaunchedAt(CompiledScenario plant, ProductionLine line, int lot, PlantState from) =>
        LineJobs(plant, line, lot).Select(x => from.Jobs[x.Job].StartAt).Where(t => t >= 0).Select(t => new SimTime(t)).DefaultIfEmpty(from.Now).Min();

    private static Product ProductOf(CompiledScenario plant, int lot) => plant.Plant.Products[plant.Scenario.Orders[plant.Jobs.LotOrder[lot]].Product];

    private static LineUnit UnitOf(CompiledScenario plant, int lot, ModelTable models)
    {
        var order = plant.Scenario.Orders[plant.Jobs.LotOrder[lot]];
        return new LineUnit(lot, models.IndexOf(lot), order.Release, order.Due ?? SimTime.Never,
            (long)Math.Round(order.Priority * 1000), plant.Jobs.LotOrder[lot]);
    }

    /// <summary>Units of one product, quantity and family are of one model.</summary>
    private sealed class ModelTable(CompiledScenario plant, ProductionLine line, ImmutableArray<string> options, FixtureTable loop)
    {
        private readonly Dictionary<(ProductId, double, int), int> _known = [];
        private readonly List<LineModel> _models = [];

        public ImmutableArray<LineModel> ToArray() => [.. _models];

        public int IndexOf(int lot)
        {
            var order = plant.Scenario.Orders[plant.Jobs.LotOrder[lot]];
            var key = (order.Product, plant.Jobs.LotQuantity[lot], order.Family?.Index ?? -1);
            if (!_known.TryGetValue(key, out var index))
            {
                index = _models.Count;
                _known.Add(key, index);
                _models.Add(ModelOf(lot));
            }

            return index;
        }

        private LineModel ModelOf(int lot)
        {
            var product = ProductOf(plant, lot);
            var work = new Duration[line.Stations.Length];
            foreach (var (job, station) in LineJobs(plant, line, lot))
            {
                var places = plant.EligibleEquipment(job).ToList();
                work[station] += MeanTime(job, places) / Math.Max(1, places.Sum(e => plant.Plant.Equipment[e].Slots));
            }

            var bits = 0UL;
            foreach (var option in product.Options)
            {
                bits |= 1UL << options.IndexOf(option);
            }

            if (loop.FamilyOf(lot) is >= 0 and var family)
            {
                bits |= 1UL << (options.Length - loop.Names.Length + family);
            }

            return new LineModel(product.Id, bits, [.. work], LeadTime(lot));
        }

        private Duration MeanTime(int job, List<int> places) =>
            places.Count == 0 ? Duration.Zero : places.Select(e => plant.MeanProcessingTime(job, e)).Aggregate((a, b) => a + b) / places.Count;

        /// <summary>Longest path through the routing, from the launch at the first station on.</summary>
        private Duration LeadTime(int lot)
        {
            var first = plant.Jobs.LotFirstJob[lot];
            var ends = new Duration[plant.Jobs.LotFirstJob[lot + 1] - first];
            for (var k = 0; k < ends.Length; k++)
            {
                var operation = plant.OperationOf(first + k);
                var start = operation.Predecessors.Select(p => ends[p] + plant.OperationOf(first + p).MinWait).DefaultIfEmpty(Duration.Zero).Max();
                ends[k] = start + MeanTime(first + k, [.. plant.EligibleEquipment(first + k)]);
            }

            return ends.DefaultIfEmpty(Duration.Zero).Max();
        }
    }
}
