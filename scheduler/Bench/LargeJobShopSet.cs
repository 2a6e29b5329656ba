namespace DigitalTwin.Scheduler.Bench;

/// <summary>Job shops of 4 000 to 100 000 operations: plant-like (mt), and re-entrant ones whose optimum is known (ko).</summary>
internal sealed class LargeJobShopSet : IBenchSet
{
    public string Name => "jsp_large";

    public string About => "job shops of 4 000 to 100 000 operations";

    public IReadOnlyList<BenchInstance> Read(string folder)
    {
        var published = BenchTable.Published(BenchTable.Read(Path.Combine(folder, "engine_results_600s_4cores.csv")), s => $"{s} (600 s, 4 cores)");
        return [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = row["instance"].StartsWith("mt", StringComparison.Ordinal) ? "mt"
                : $"ko {row["operations"][..^3]}k × {row["machines"]}{(row["scheduleopt_name"].Contains("long", StringComparison.Ordinal) ? " long" : " short")}",
            Size = (int)row.Number("operations")!.Value,
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Published = published.GetValueOrDefault(row["instance"]) ?? [],
            Open = () => new ShopBench(ShopText.ReadJobShop(Path.Combine(folder, "instances", row["file"]))),
        })];
    }
}
