using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Plant.Events;

namespace DigitalTwin.Benchmarks;

/// <summary>Tracing a lot through a long history, against reading the whole list of edges level by level.</summary>
internal static class TraceBench
{
    public static int Run(int edges, TextWriter output)
    {
        var genealogy = new Genealogy();
        var plain = new (int Parent, int Child)[edges];
        var random = new DigitalTwin.Simulation.RandomSource(1, 0);
        var watch = Stopwatch.StartNew();
        for (var e = 0; e < edges; e++)
        {
            // Blocks of a hundred bought, semi-finished and finished lots each, three uses a lot; a bought lot lasts into the next block.
            var (block, place) = (e / 600, e % 600 / 3);
            var child = 1000 + block * 300 + 100 + place;
            var parent = place < 100
                ? 1000 + Math.Max(0, block - (int)(random.Uniform(1, e) * 2)) * 300 + (int)(random.Uniform(2, e) * 100)
                : 1000 + block * 300 + 100 + (int)(random.Uniform(2, e) * 100);
            genealogy.Add(new LotEdge(parent, child, 1 + e % 7, e, 0, 0));
            plain[e] = (parent, child);
        }

        var built = watch.Elapsed;
        var lots = edges / 2;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{edges:N0} edges, {lots:N0} lots, appended at {edges / built.TotalSeconds / 1e6:F1} M/s"));
        output.WriteLine("direction   median ms   max ms   edges found (median)   plain scan ms   ratio");
        foreach (var direction in (TraceDirection[])[TraceDirection.Backward, TraceDirection.Forward])
        {
            var (times, found) = (new List<double>(), new List<int>());
            for (var i = 0; i < 21; i++)
            {
                var lot = 1000 + (int)((i + 0.5) / 21 * (edges / 600)) * 300 + (direction == TraceDirection.Forward ? 7 : 207);
                watch.Restart();
                var trace = genealogy.Walk(lot, direction);
                times.Add(watch.Elapsed.TotalMilliseconds);
                found.Add(trace.Edges.Count);
            }

            watch.Restart();
            var scanned = Scan(plain, Middle(direction), direction);
            var scan = watch.Elapsed.TotalMilliseconds;
            if (scanned != genealogy.Walk(Middle(direction), direction).Edges.Count)
            {
                output.WriteLine($"{direction}: the scan found {scanned} edges, the walk another number");
                return 1;
            }

            times.Sort();
            found.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{direction,-9}   {times[10],9:F4}   {times[^1],6:F2}   {found[10],20:N0}   {scan,13:F0}   {scan / Math.Max(1e-3, times[10]),5:F0}"));
        }

        return Fans(edges, output);

        int Middle(TraceDirection direction) => 1000 + edges / 1200 * 300 + (direction == TraceDirection.Forward ? 7 : 207);
    }

    /// <summary>Walks that reach ever more of a history in which everything hangs together: how long a trace takes by what it finds.</summary>
    private static int Fans(int edges, TextWriter output)
    {
        var genealogy = new Genealogy();
        var plain = new (int Parent, int Child)[edges];
        var random = new DigitalTwin.Simulation.RandomSource(2, 0);
        for (var e = 0; e < edges; e++)
        {
            // Each lot is made of three of the thousand before it: backward, a late lot reaches nearly everything older than it.
            var child = 3 + e / 3;
            plain[e] = (Math.Max(0, child - 1 - (int)(random.Uniform(1, e) * 1000)), child);
            genealogy.Add(new LotEdge(plain[e].Parent, child, 1 + e % 7, e, 0, 0));
        }

        output.WriteLine("edges found   median ms   max ms   plain scan ms   ratio");
        foreach (var share in (double[])[0.0001, 0.001, 0.01, 0.1, 0.5, 1])
        {
            var lot = 3 + (int)(edges * share) / 3 - 1;
            var (times, trace) = (new List<double>(), genealogy.Walk(lot, TraceDirection.Backward));
            for (var round = 0; round < 11; round++)
            {
                var watch = Stopwatch.StartNew();
                trace = genealogy.Walk(lot, TraceDirection.Backward);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            var scanning = Stopwatch.StartNew();
            var scanned = Scan(plain, lot, TraceDirection.Backward);
            var scan = scanning.Elapsed.TotalMilliseconds;
            if (scanned != trace.Edges.Count)
            {
                output.WriteLine($"the scan found {scanned} edges, the walk {trace.Edges.Count}");
                return 1;
            }

            times.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trace.Edges.Count,11:N0}   {times[5],9:F2}   {times[^1],6:F1}   {scan,13:F0}   {scan / Math.Max(1e-3, times[5]),5:F0}"));
        }

        return 0;
    }

    /// <summary>What a table without an index must do: read every edge once per level. Parents are always older than their children, so one
    /// pass in the right direction finds everything.</summary>
    private static int Scan((int Parent, int Child)[] edges, int lot, TraceDirection direction)
    {
        var reached = new HashSet<int> { lot };
        var found = 0;
        for (var i = 0; i < edges.Length; i++)
        {
            var (parent, child) = edges[direction == TraceDirection.Forward ? i : edges.Length - 1 - i];
            if (reached.Contains(direction == TraceDirection.Forward ? parent : child))
            {
                found++;
                reached.Add(direction == TraceDirection.Forward ? child : parent);
            }
        }

        return found;
    }
}
