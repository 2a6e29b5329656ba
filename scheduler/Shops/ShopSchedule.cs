namespace DigitalTwin.Scheduler.Shops;

/// <summary>A schedule of a <see cref="ShopProblem"/>: where each operation runs, and when its processing starts.</summary>
/// <param name="Machine">Machine by operation.</param>
/// <param name="Start">Start of processing by operation, after any setup.</param>
/// <param name="Makespan">End of the last operation.</param>
public sealed record ShopSchedule(int[] Machine, int[] Start, int Makespan)
{
    /// <summary>Operations of each machine in their order.</summary>
    public int[][] Sequences(int machines)
    {
        var sequences = Enumerable.Range(0, machines).Select(_ => new List<int>()).ToArray();
        foreach (var v in Enumerable.Range(0, Start.Length).OrderBy(v => Start[v]).ThenBy(v => v))
        {
            sequences[Machine[v]].Add(v);
        }

        return [.. sequences.Select(s => s.ToArray())];
    }
}
