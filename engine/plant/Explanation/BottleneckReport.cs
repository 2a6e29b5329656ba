using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Where a plant is tight: how machines and classes spend their time, how long they are waited for, and which is the bottleneck when.</summary>
public sealed record BottleneckReport
{
    public required SimTime From { get; init; }

    public required SimTime To { get; init; }

    /// <summary>Length of a bucket; the last may be cut short by <see cref="To"/>.</summary>
    public required Duration Bucket { get; init; }

    /// <summary>Per equipment, by index.</summary>
    public required ImmutableArray<MachineTightness> Machines { get; init; }

    /// <summary>Per equipment class that has machines: the machines together, and the queue in front of them.</summary>
    public required ImmutableArray<ClassTightness> Classes { get; init; }

    /// <summary>The momentary bottlenecks in order of time.</summary>
    public required ImmutableArray<ActivePeriod> Momentary { get; init; }

    /// <summary>Draws up the report.</summary>
    /// <param name="tracker">Watched the plant up to <paramref name="to"/>.</param>
    /// <param name="to">End of the observation.</param>
    public static BottleneckReport Of(BottleneckTracker tracker, SimTime to)
    {
        var periods = tracker.Settle(to.Milliseconds);
        var plant = tracker.Plant.Plant;
        var shifting = ShiftingBottleneck.Of(periods, plant.Equipment.Length);
        var span = Math.Max(1, to.Milliseconds - tracker.Start);
        var machines = plant.Equipment.Select((_, e) => new MachineTightness
        {
            Equipment = new EquipmentId(e),
            UseMs = [.. tracker.UseMs.Select(bucket => bucket.AsSpan(e * MachineUses.Count, MachineUses.Count).ToArray().ToImmutableArray())],
            SoleShare = shifting.SoleMs[e] / (double)span,
            ShiftingShare = shifting.ShiftingMs[e] / (double)span,
        }).ToImmutableArray();
        return new BottleneckReport
        {
            From = new SimTime(tracker.Start),
            To = to,
            Bucket = tracker.Bucket,
            Machines = machines,
            Classes = [.. ClassesOf(tracker, machines)],
            Momentary = shifting.Momentary,
        };
    }

    /// <summary>Length of a bucket within the observation, ms.</summary>
    public long BucketMs(int bucket) =>
        Math.Min(Bucket.Milliseconds, To.Milliseconds - From.Milliseconds - bucket * Bucket.Milliseconds);

    /// <summary>The same with longer buckets.</summary>
    /// <param name="bucket">A multiple of <see cref="Bucket"/>.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public BottleneckReport InBucketsOf(Duration bucket)
    {
        if (bucket.Milliseconds % Bucket.Milliseconds != 0 || bucket <= Duration.Zero)
        {
            throw new ArgumentException($"{bucket} is not a multiple of {Bucket}.", nameof(bucket));
        }

        var factor = (int)(bucket.Milliseconds / Bucket.Milliseconds);
        return this with
        {
            Bucket = bucket,
            Machines = [.. Machines.Select(m => m with { UseMs = Merge(m.UseMs, factor) })],
            Classes = [.. Classes.Select(c => c with { UseMs = Merge(c.UseMs, factor), QueueMs = [.. c.QueueMs.Chunk(factor).Select(q => q.Sum())] })],
        };
    }

    private static ImmutableArray<ImmutableArray<double>> Merge(ImmutableArray<ImmutableArray<double>> fine, int factor) =>
        [.. fine.Chunk(factor).Select(some => Enumerable.Range(0, MachineUses.Count).Select(u => some.Sum(b => b[u])).ToImmutableArray())];

    private static IEnumerable<ClassTightness> ClassesOf(BottleneckTracker tracker, ImmutableArray<MachineTightness> machines)
    {
        var plant = tracker.Plant.Plant;
        foreach (var members in Enumerable.Range(0, plant.Equipment.Length).GroupBy(e => plant.Equipment[e].Class.Index).OrderBy(g => g.Key))
        {
            var groups = members.SelectMany(e => tracker.Plant.EquipmentGroups[e]).Distinct().ToArray();
            yield return new ClassTightness
            {
                Class = new EquipmentClassId(members.Key),
                Machines = [.. members.Select(e => new EquipmentId(e))],
                UseMs = [.. Enumerable.Range(0, tracker.UseMs.Count).Select(b => Enumerable.Range(0, MachineUses.Count)
                    .Select(u => members.Sum(e => machines[e].UseMs[b][u])).ToImmutableArray())],
                QueueMs = [.. tracker.QueueMs.Select(bucket => groups.Sum(g => bucket[g]))],
                SoleShare = members.Sum(e => machines[e].SoleShare),
                ShiftingShare = members.Sum(e => machines[e].ShiftingShare),
            };
        }
    }
}

/// <summary>How something spends its time.</summary>
public abstract record Tightness
{
    /// <summary>Milliseconds per bucket and <see cref="MachineUse"/>.</summary>
    public required ImmutableArray<ImmutableArray<double>> UseMs { get; init; }

    /// <summary>Share of the whole observation in which it is the only bottleneck, 0–1.</summary>
    public required double SoleShare { get; init; }

    /// <summary>Share in which the bottleneck shifts to or from it. The shares of all machines may add up to more than 1: each shift counts for both.</summary>
    public required double ShiftingShare { get; init; }

    /// <summary>Share of the time in working hours that went into a use, 0–1; 0 where there were no working hours.</summary>
    public double ShareOf(MachineUse use)
    {
        var scheduled = UseMs.Sum(b => b.Sum()) - Total(MachineUse.OffShift);
        return scheduled > 0 ? Total(use) / scheduled : 0;
    }

    /// <summary>Milliseconds of a use over all buckets.</summary>
    public double Total(MachineUse use) => UseMs.Sum(b => b[(int)use]);
}

/// <summary>One machine.</summary>
public sealed record MachineTightness : Tightness
{
    public required EquipmentId Equipment { get; init; }
}

/// <summary>The machines of one class together.</summary>
public sealed record ClassTightness : Tightness
{
    public required EquipmentClassId Class { get; init; }

    public required ImmutableArray<EquipmentId> Machines { get; init; }

    /// <summary>Waiting jobs × milliseconds per bucket. A queue that machines of several classes serve counts for each of them.</summary>
    public required ImmutableArray<double> QueueMs { get; init; }

    /// <summary>Time average of the jobs that wait for the class.</summary>
    public double MeanQueue(BottleneckReport report) => QueueMs.Sum() / Math.Max(1, (report.To - report.From).Milliseconds);
}
