using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Runtime.Calibration;

/// <summary>Compares what a plant did with what its model says, number by number.</summary>
/// <remarks>
/// A processing time is work × speed of the machine × variation. The logarithms of observed over expected are split into machines and operations by
/// alternating medians (Tukey's median polish), so that one slow machine does not make its operations slow. A machine's part becomes its speed,
/// an operation's part and the scatter that is left its variation. Lives count working time, lives that have not ended are censored.
/// </remarks>
public static class Calibrator
{
    /// <summary>Judges every number that the record says something about.</summary>
    /// <param name="state">The plant at the end of the record.</param>
    public static ImmutableArray<CalibrationItem> Judge(PlantRecord record, PlantState state, CalibrationOptions options)
    {
        var items = new List<CalibrationItem>();
        Processing(record, state.Plant, options, items);
        Setups(record, state.Plant, options, items);
        Lives(record, state, options, items);
        Repairs(record, state.Plant, options, items);
        Quality(record, state.Plant, options, items);
        return [.. items];
    }

    private static void Processing(PlantRecord record, CompiledScenario plant, CalibrationOptions options, List<CalibrationItem> items)
    {
        var speeds = Speeds(record, plant, options, items);
        foreach (var group in record.Factors.GroupBy(f => f.Operation).OrderBy(g => g.Key))
        {
            var (path, operation) = PathOf(plant, group.Key);
            path += ".variation";
            var before = operation.Variation;
            var seen = group.Select(f => f.Factor / speeds.GetValueOrDefault(f.Equipment, 1)).ToArray();
            if (seen.Length < options.Durations)
            {
                items.Add(new CalibrationItem(path, CalibrationVerdict.TooFew, Number(before), "", seen.Length));
                continue;
            }

            var logs = seen.Select(x => Math.Log(x)).ToArray();
            var mean = logs.Average();
            var spread = Math.Sqrt(Math.Max(0, logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1) - group.Average(f => f.WorkSpread * f.WorkSpread)));
            var after = spread > 1e-4 ? Distribution.Lognormal(Rounded(Math.Exp(mean)), Rounded(spread)) : Distribution.Constant(Rounded(Math.Exp(mean)));
            items.Add(Compared(path, before, after, seen, [], options.Least, Number));
        }
    }

    /// <summary>Machines that are faster or slower than the model says, as the factor on their times.</summary>
    private static Dictionary<int, double> Speeds(PlantRecord record, CompiledScenario plant, CalibrationOptions options, List<CalibrationItem> items)
    {
        var samples = record.Factors.Select(f => (f.Operation, f.Equipment, Log: Math.Log(f.Factor))).ToArray();
        var operations = samples.Select(s => s.Operation).Distinct().ToDictionary(o => o, _ => 0.0);
        var machines = samples.Select(s => s.Equipment).Distinct().ToDictionary(m => m, _ => 0.0);
        for (var round = 0; round < 20; round++)
        {
            foreach (var group in samples.GroupBy(s => s.Operation))
            {
                // The middle machine of an operation is the one that its routing describes.
                operations[group.Key] = Median(group.GroupBy(s => s.Equipment).Select(g => Median(g.Select(s => s.Log - machines[s.Equipment]))));
            }

            foreach (var group in samples.GroupBy(s => s.Equipment))
            {
                machines[group.Key] = Median(group.Select(s => s.Log - operations[s.Operation]));
            }
        }

        var found = new Dictionary<int, double>();
        foreach (var group in samples.GroupBy(s => s.Equipment).OrderBy(g => g.Key))
        {
            var left = group.Select(s => s.Log - operations[s.Operation]).ToArray();
            var path = $"equipment.{plant.Plant.Equipment[group.Key].Id}.speed_factor";
            var now = plant.Plant.Equipment[group.Key].SpeedFactor;
            if (left.Length < options.Durations)
            {
                items.Add(new CalibrationItem(path, CalibrationVerdict.TooFew, NumberText.Format(now), "", left.Length));
                continue;
            }

            var mean = left.Average();
            var error = Math.Sqrt(left.Sum(l => (l - mean) * (l - mean)) / (left.Length - 1) / left.Length);
            var alone = group.Select(s => s.Operation).Distinct().All(o => samples.Where(s => s.Operation == o).All(s => s.Equipment == group.Key));
            if (alone || Math.Abs(mean) <= Math.Max(3 * error, options.Least))
            {
                items.Add(new CalibrationItem(path, CalibrationVerdict.Fits, NumberText.Format(now), NumberText.Format(now), left.Length));
                continue;
            }

            found[group.Key] = Math.Exp(mean);
            items.Add(new CalibrationItem(path, CalibrationVerdict.Proposed, NumberText.Format(now), NumberText.Format(Rounded(now / Math.Exp(mean))), left.Length));
        }

        return found;
    }

    private static void Setups(PlantRecord record, CompiledScenario plant, CalibrationOptions options, List<CalibrationItem> items)
    {
        foreach (var group in record.Setups.Where(s => plant.Plant.Equipment[s.Equipment].Changeover is not null).GroupBy(s => plant.Plant.Equipment[s.Equipment].Changeover!.Value.Index))
        {
            if (plant.Plant.ChangeoverRules[group.Key] is not MatrixChangeover matrix)
            {
                continue; // a residue rule says how long cleanings take, not setups
            }

            var ratios = group.Select(s => s.Ratio).ToArray();
            var factor = Rounded(ratios.Average());
            var verdict = ratios.Length < options.Durations ? CalibrationVerdict.TooFew
                : Math.Abs(factor - 1) <= options.Least ? CalibrationVerdict.Fits : CalibrationVerdict.Proposed;
            items.Add(new CalibrationItem($"changeovers.{matrix.Id}.*.duration", verdict, "1", NumberText.Format(factor), ratios.Length) { Scales = true });
        }
    }

    private static void Lives(PlantRecord record, PlantState state, CalibrationOptions options, List<CalibrationItem> items)
    {
        var open = PlantRecord.OpenLives(state).ToLookup(l => l.Equipment, l => l.Ms);
        foreach (var (machines, before) in Alike(state.Plant, e => e.TimeToFailure))
        {
            var ended = record.Lives.Where(l => machines.Contains(l.Equipment)).Select(l => Math.Max(1, l.Ms)).ToArray();
            var censored = machines.SelectMany(m => open[m]).Where(t => t > 0).ToArray();
            var paths = machines.Select(m => $"equipment.{state.Plant.Plant.Equipment[m].Id}.time_to_failure").ToArray();
            if (ended.Length < options.Failures)
            {
                items.AddRange(paths.Select(p => new CalibrationItem(p, CalibrationVerdict.TooFew, Time(before), "", ended.Length, censored.Length)));
                continue;
            }

            var exponential = Fits.Exponential(ended, censored);
            var weibull = Fits.Weibull(ended, censored);
            // One parameter more must earn more than one unit of log-likelihood (Akaike, 1974).
            var after = Fits.LogLikelihood(weibull, ended, censored) - 1 > Fits.LogLikelihood(exponential, ended, censored) ? weibull : exponential;
            items.AddRange(paths.Select(p => Compared(p, before, after, ended, censored, options.Least, Time)));
        }
    }

    private static void Repairs(PlantRecord record, CompiledScenario plant, CalibrationOptions options, List<CalibrationItem> items)
    {
        foreach (var (machines, before) in Alike(plant, e => e.TimeToRepair))
        {
            var seen = record.Repairs.Where(r => machines.Contains(r.Equipment) && r.Ms > 0).Select(r => r.Ms).ToArray();
            foreach (var path in machines.Select(m => $"equipment.{plant.Plant.Equipment[m].Id}.time_to_repair"))
            {
                items.Add(seen.Length < options.Failures
                    ? new CalibrationItem(path, CalibrationVerdict.TooFew, Time(before), "", seen.Length)
                    : Compared(path, before, Fits.Lognormal(seen), seen, [], options.Least, Time));
            }
        }
    }

    private static void Quality(PlantRecord record, CompiledScenario plant, CalibrationOptions options, List<CalibrationItem> items)
    {
        foreach (var (index, judged) in record.Quality.OrderBy(q => q.Key))
        {
            var (path, operation) = PathOf(plant, index);
            if (operation.Phases.Any(p => p.Kind == PhaseKind.Sample) || operation.AdditionProbability > 0 || operation.ReworkProbability > 0)
            {
                items.Add(Rate(path + ".addition_probability", operation.AdditionProbability, judged.Additions, judged.Risk, judged.Batches, options));
                items.Add(Rate(path + ".rework_probability", operation.ReworkProbability, judged.Reworked, judged.Risk, judged.Batches, options));
            }

            if (operation.ScrapFraction > 0 || judged.Scrap > 0)
            {
                var share = judged.Quantity > 0 ? Math.Min(0.99, judged.Scrap / judged.Quantity) : 0;
                var verdict = judged.Batches < options.Batches ? CalibrationVerdict.TooFew
                    : Math.Abs(share - operation.ScrapFraction) > 0.1 * Math.Max(operation.ScrapFraction, 0.01) ? CalibrationVerdict.Proposed : CalibrationVerdict.Fits;
                items.Add(new CalibrationItem(path + ".scrap_fraction", verdict, NumberText.Format(operation.ScrapFraction), NumberText.Format(Rounded(share)), judged.Batches));
            }
        }
    }

    /// <summary>Proposed where the model's rate lies outside the 99 % interval of what was seen.</summary>
    private static CalibrationItem Rate(string path, double before, int seen, double risk, int batches, CalibrationOptions options)
    {
        var trials = (int)Math.Round(Math.Max(risk, seen));
        if (batches < options.Batches || trials == 0)
        {
            return new CalibrationItem(path, CalibrationVerdict.TooFew, NumberText.Format(before), "", batches);
        }

        var interval = WilsonInterval.Of(seen, trials, 0.99);
        var fits = before >= interval.Low && before <= interval.High;
        return new CalibrationItem(path, fits ? CalibrationVerdict.Fits : CalibrationVerdict.Proposed, NumberText.Format(before), NumberText.Format(Rounded(Math.Min(0.99, interval.Share))), batches);
    }

    /// <summary>Proposed where the model is farther from what was seen than luck allows, or its mean is, and the new law is nearer.</summary>
    private static CalibrationItem Compared(
        string path, Distribution before, Distribution after, double[] seen, double[] censored, double least, Func<Distribution, string> text)
    {
        var (near, far) = (Fits.Distance(after, seen), Fits.Distance(before, seen));
        var (was, now) = (Fits.LogLikelihood(before, seen, censored), Fits.LogLikelihood(after, seen, censored));
        var better = was is { } w && now is { } n ? n - w > 4 : near < far; // twice 4 is beyond the 95 % point of χ² with two degrees of freedom
        var verdict = better && (censored.Length > 0 || far > 1.36 / Math.Sqrt(seen.Length)) && Math.Abs(after.Mean / Math.Max(before.Mean, 1e-12) - 1) + Math.Abs(far - near) > least
            ? CalibrationVerdict.Proposed : CalibrationVerdict.Fits;
        return new CalibrationItem(path, verdict, text(before), text(after), seen.Length, censored.Length, far, near, was, now);
    }

    private static IEnumerable<(HashSet<int> Machines, Distribution Law)> Alike(CompiledScenario plant, Func<Equipment, Distribution?> law) =>
        plant.Plant.Equipment.Select((e, i) => (e, i)).Where(x => law(x.e) is not null).GroupBy(x => (x.e.Class, Law: law(x.e)!)).Select(g => (g.Select(x => x.i).ToHashSet(), g.Key.Law));

    private static (string Path, Operation Operation) PathOf(CompiledScenario plant, int operation)
    {
        foreach (var routing in plant.Plant.WorkMasters)
        {
            if (operation < routing.Operations.Length)
            {
                return ($"routings.{routing.Id}.{routing.Operations[operation].Id}", routing.Operations[operation]);
            }

            operation -= routing.Operations.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Quantiles.Of(sorted, 0.5);
    }

    private static double Rounded(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12));

    private static string Number(Distribution d) => DistributionText.FormatNumber(d);

    private static string Time(Distribution d) => DistributionText.FormatTime(d);
}
