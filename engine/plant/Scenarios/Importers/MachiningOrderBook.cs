using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>The orders of a log by their first record, each with its operations in time order and what these wait for.</summary>
internal sealed class MachiningOrderBook
{
    public MachiningOrderBook(List<MachiningRecord> records, IReadOnlyList<LoggedOperation> operations, long epoch)
    {
        var first = records.GroupBy(r => r.Case, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.MinBy(r => (r.Start, r.Line))!, StringComparer.Ordinal);
        Orders =
        [
            .. operations.GroupBy(o => o.Case, StringComparer.Ordinal)
                .Select(g => new LoggedOrder(g.Key, first[g.Key].Part, first[g.Key].OrderQuantity, [.. g.OrderBy(o => o.Start).ThenBy(o => o.End).ThenBy(o => o.Machine, StringComparer.Ordinal)]))
                .OrderBy(o => o.Start).ThenBy(o => first[o.Case].Line),
        ];
        var leads = Orders.Select(o => (double)(o.End - o.Start)).Order().ToArray();
        MedianLead = Duration.FromMinutes(Math.Round((leads[(leads.Length - 1) / 2] + leads[leads.Length / 2]) / 2 / Duration.MillisecondsPerMinute));
        Epoch = epoch;
    }

    public List<LoggedOrder> Orders { get; }

    public Duration MedianLead { get; }

    public long Epoch { get; }

    public SimTime At(long ms) => new(ms - Epoch);
}

/// <summary>An order as the log shows it.</summary>
internal sealed record LoggedOrder(string Case, string Part, double Quantity, List<LoggedOperation> Operations)
{
    public long Start => Operations[0].Start;

    public long End => Operations.Max(o => o.End);

    /// <summary>The operations that had ended when the n-th began, without those that others of them waited for in turn.</summary>
    public IEnumerable<int> PredecessorsOf(int index)
    {
        var before = Enumerable.Range(0, index).Where(j => Operations[j].End <= Operations[index].Start).ToList();
        var lastStart = before.Count > 0 ? before.Max(j => Operations[j].Start) : 0;
        return before.Where(j => Operations[j].End > lastStart);
    }
}
