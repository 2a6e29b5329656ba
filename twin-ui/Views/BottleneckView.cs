using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>A machine or class in the search for the bottleneck.</summary>
/// <param name="Index">Of the equipment or its class.</param>
/// <param name="MeanQueue">Jobs waiting in the mean; <c>null</c> for a single machine, whose queue it may share.</param>
public sealed record BottleneckRow(int Index, string Id, string Name, int Machines, Tightness Tightness, double? MeanQueue);

/// <summary>Where the plant is tight, as rows and charts.</summary>
public sealed class BottleneckView(CompiledScenario plant, BottleneckReport report, bool byClass, string words, Texts texts)
{
    /// <summary>Uses that occur, as they are stacked; off shift is left out, since shares are of the working hours.</summary>
    public IReadOnlyList<MachineUseDescriptor> Uses { get; } = [.. MachineUses.All.Where(u => u.Use != MachineUse.OffShift && report.Classes.Any(c => c.Total(u.Use) > 0))];

    /// <summary>Tightest first.</summary>
    public IReadOnlyList<BottleneckRow> Rows { get; } = [.. (byClass ? OfClasses(plant, report, texts) : OfMachines(plant, report, texts))
        .Where(r => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(w => r.Name.Contains(w, StringComparison.OrdinalIgnoreCase) || r.Id.Contains(w, StringComparison.OrdinalIgnoreCase)))
        .OrderByDescending(r => r.Tightness.SoleShare + r.Tightness.ShiftingShare)
        .ThenByDescending(r => r.Tightness.ShareOf(MachineUse.Working))];

    /// <summary>Token of a use's colour: the colours of the states that it is made of.</summary>
    public static string ColorOf(MachineUse use) => use switch
    {
        MachineUse.Working => "st-running",
        MachineUse.Setup => "st-setup",
        MachineUse.Waiting => "st-held",
        MachineUse.Blocked => "st-blocked",
        MachineUse.Starved => "st-idle",
        MachineUse.Down => "st-down",
        MachineUse.Maintenance => "st-maintenance",
        _ => "st-nonscheduled",
    };

    /// <summary>How a row spent its working hours over time, in percent, stacked.</summary>
    public PlotSpec OverTime(BottleneckRow row)
    {
        var buckets = row.Tightness.UseMs;
        var scheduled = buckets.Select(b => b.Sum() - b[(int)MachineUse.OffShift]).ToArray();
        return PlotSpec.OverTime(plant, texts, Starts(buckets.Length),
            [.. Uses.Where(u => row.Tightness.Total(u.Use) > 0).Select(u => new PlotSeries(u.Name.In(texts.Language), ColorOf(u.Use),
                [.. buckets.Select((b, i) => (double?)(scheduled[i] > 0 ? Math.Round(100 * b[(int)u.Use] / scheduled[i], 2) : 0)), buckets.Length > 0 ? Last(buckets[^1], scheduled[^1], u.Use) : null]))], "%") with { Stacked = true };
    }

    /// <summary>Jobs waiting for a class over time; <c>null</c> for a machine.</summary>
    public PlotSpec? Queue(BottleneckRow row) => row.Tightness is not ClassTightness c ? null : PlotSpec.OverTime(plant, texts, Starts(c.QueueMs.Length),
        [new PlotSeries(texts["bottleneck.queue"], "accent", [.. c.QueueMs.Select((q, b) => (double?)Math.Round(q / Math.Max(1, report.BucketMs(b)), 2)), c.QueueMs.Length > 0 ? Math.Round(c.QueueMs[^1] / Math.Max(1, report.BucketMs(c.QueueMs.Length - 1)), 2) : null], "steps")], "");

    /// <summary>The momentary bottlenecks of a machine or class, newest last, those that last a visible share of the time.</summary>
    public IReadOnlyList<(string Name, int Index, double From, double Share)> Shifts(int most = 400)
    {
        var span = Math.Max(1.0, (report.To - report.From).Milliseconds);
        return [.. report.Momentary.Where(m => m.LengthMs > span / 2000).TakeLast(most)
            .Select(m => (plant.Plant.Equipment[m.Equipment].Name.In(texts.Language), m.Equipment, (m.FromMs - report.From.Milliseconds) / span, m.LengthMs / span))];
    }

    /// <summary>The rows to take home: shares of the working hours.</summary>
    public ExportTable Export() => new(texts["nav.bottlenecks"],
        [texts["machine.id"], texts["machine.name"], .. Uses.Select(u => u.Name.In(texts.Language)), texts["bottleneck.sole"], texts["bottleneck.shifting"], texts["bottleneck.queue"]],
        [.. Rows.Select(r => (object?[])[r.Id, r.Name, .. Uses.Select(u => (object?)Math.Round(r.Tightness.ShareOf(u.Use), 4)), Math.Round(r.Tightness.SoleShare, 4), Math.Round(r.Tightness.ShiftingShare, 4), r.MeanQueue is { } q ? Math.Round(q, 3) : null])])
    {
        Properties = ["id", "name", .. Uses.Select(u => u.Key), "sole", "shifting", "queue"],
    };

    private static double? Last(IReadOnlyList<double> bucket, double scheduled, MachineUse use) => scheduled > 0 ? Math.Round(100 * bucket[(int)use] / scheduled, 2) : 0;

    /// <summary>Begins of the buckets in seconds, and the end of the last: steps reach to it.</summary>
    private List<double> Starts(int count)
    {
        var starts = Enumerable.Range(0, count).Select(b => (report.From.Milliseconds + b * (double)report.Bucket.Milliseconds) / 1000).ToList();
        starts.Add(Math.Max(report.To.Milliseconds / 1000.0, (starts.Count > 0 ? starts[^1] : 0) + 1));
        return starts;
    }

    private static IEnumerable<BottleneckRow> OfClasses(CompiledScenario plant, BottleneckReport report, Texts texts) => report.Classes.Select(c => new BottleneckRow(
        c.Class.Index, plant.Plant.EquipmentClasses[c.Class].Id, plant.Plant.EquipmentClasses[c.Class].Name.In(texts.Language), c.Machines.Length, c, c.MeanQueue(report)));

    private static IEnumerable<BottleneckRow> OfMachines(CompiledScenario plant, BottleneckReport report, Texts texts) => report.Machines.Select(m => new BottleneckRow(
        m.Equipment.Index, plant.Plant.Equipment[m.Equipment].Id, plant.Plant.Equipment[m.Equipment].Name.In(texts.Language), 1, m, null));
}
