namespace DigitalTwin.Scheduler.Bench;

/// <summary>Job shops with machine alternatives and setups that depend on the sequence.</summary>
internal sealed class SetupJobShopSet : IBenchSet
{
    public string Name => "fjsp_sdst";

    public string About => "machine alternatives and sequence-dependent setups";

    public IReadOnlyList<BenchInstance> Read(string folder) =>
        [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = "fattahi",
            Size = (int)row.Number("operations")!.Value,
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Open = () => new ShopBench(ShopText.ReadFlexible(Path.Combine(folder, row["file"]), firstMachine: 1, setups: true)),
        })];
}
