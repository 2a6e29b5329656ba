namespace DigitalTwin.Scheduler.Bench;

/// <summary>Job shops with machine alternatives: brandimarte, dauzere, barnes, kacem, fattahi, and Hurink's edata, rdata, vdata.</summary>
internal sealed class FlexibleJobShopSet : IBenchSet
{
    public string Name => "fjsp";

    public string About => "job shops with machine alternatives";

    public IReadOnlyList<BenchInstance> Read(string folder)
    {
        // The published file has no heading.
        var published = BenchTable.Published(
            BenchTable.Read(Path.Combine(folder, "engine_results_900s_8cores_pyjobshop.csv"), "instance", "solver", "status", "lower_bound", "upper_bound", "seconds", "best"),
            s => s == "ortools" ? "CP-SAT (900 s, 8 cores)" : "CP Optimizer (900 s, 8 cores)");
        return [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = FamilyOf(row["file"]),
            Size = (int)(row.Number("jobs")!.Value * row.Number("machines")!.Value),
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Published = published.GetValueOrDefault(row["instance"]) ?? [],
            Open = () => new ShopBench(ShopText.ReadFlexible(Path.Combine(folder, "instances", row["file"]))),
        })];
    }

    private static string FamilyOf(string file) => file.Split('/') is [_, var inner, _] ? inner : file.Split('/')[0];
}
