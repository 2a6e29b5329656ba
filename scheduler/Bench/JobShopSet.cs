namespace DigitalTwin.Scheduler.Bench;

/// <summary>Classical job shops: ft, la, abz, orb, swv, yn, ta.</summary>
internal sealed class JobShopSet : IBenchSet
{
    public string Name => "jsp";

    public string About => "classical job shops";

    public IReadOnlyList<BenchInstance> Read(string folder)
    {
        var published = BenchTable.Published(BenchTable.Read(Path.Combine(folder, "engine_results_600s_4cores.csv")), s => $"{s} (600 s, 4 cores)");
        return [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = row["file"].Split('/')[0],
            Size = (int)(row.Number("jobs")!.Value * row.Number("machines")!.Value),
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Published = published.GetValueOrDefault(row["instance"]) ?? [],
            Open = () => new ShopBench(ShopText.ReadJobShop(Path.Combine(folder, "instances", row["file"]))),
        })];
    }
}
