using System.Globalization;
using System.IO.Compression;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Reads the public job shop formats into shops.</summary>
public static class ShopText
{
    /// <summary>Jobs as lines of <c>machine time</c> pairs; machines count from 0; <c>.gz</c> is unpacked.</summary>
    /// <exception cref="PlanningException">The file is not such a shop; says where.</exception>
    public static ShopProblem ReadJobShop(string path)
    {
        using var reader = Open(path);
        var (header, lines) = Lines(path, reader);
        var jobs = new List<IReadOnlyList<IReadOnlyList<ShopOption>>>();
        foreach (var (line, numbers) in lines.Take((int)header[0]))
        {
            if (numbers.Length % 2 != 0)
            {
                throw new PlanningException($"{path}:{line}: {numbers.Length} numbers are no machine–time pairs. Maybe one is missing?");
            }

            jobs.Add([.. numbers.Chunk(2).Select(p => (IReadOnlyList<ShopOption>)[new ShopOption(Small(path, line, p[0]), Small(path, line, p[1]))])]);
        }

        return Shop(path, header, jobs, null);
    }

    /// <summary>Jobs as lines: number of operations, then for each the number of machines and <c>machine time</c> pairs.</summary>
    /// <param name="firstMachine">0 or 1: what machines count from.</param>
    /// <param name="setups">Whether a matrix of setups per machine follows, row = operation before; the first operation needs none.</param>
    /// <exception cref="PlanningException">The file is not such a shop; says where.</exception>
    public static ShopProblem ReadFlexible(string path, int firstMachine = 0, bool setups = false)
    {
        using var reader = Open(path);
        var (header, lines) = Lines(path, reader);
        var rows = lines.ToList();
        List<IReadOnlyList<IReadOnlyList<ShopOption>>> jobs = [.. rows.Take((int)header[0]).Select(r => Job(path, r.Line, r.Numbers, firstMachine))];
        return Shop(path, header, jobs, setups ? Setups(path, rows.Skip(jobs.Count), jobs.Sum(j => j.Count), (int)header[1]) : null);
    }

    private static ShopProblem Shop(string path, double[] header, List<IReadOnlyList<IReadOnlyList<ShopOption>>> jobs, ShopSetups? setups)
    {
        if (jobs.Count != (int)header[0])
        {
            throw new PlanningException($"{path}: the first line promises {header[0]} jobs, but there are {jobs.Count}. Maybe the file was cut off?");
        }

        try
        {
            return ShopProblem.Create(jobs, (int)header[1], setups: setups);
        }
        catch (PlanningException e)
        {
            throw new PlanningException($"{path}: {e.Message}", e);
        }
    }

    private static List<IReadOnlyList<ShopOption>> Job(string path, int line, double[] numbers, int firstMachine)
    {
        var (job, at) = (new List<IReadOnlyList<ShopOption>>(), 1);
        for (var k = 0; k < Small(path, line, numbers[0]); k++)
        {
            var options = new ShopOption[Small(path, line, At(at++))];
            for (var o = 0; o < options.Length; o++)
            {
                options[o] = new ShopOption(Small(path, line, At(at++)) - firstMachine, Small(path, line, At(at++)));
            }

            job.Add(options);
        }

        return at == numbers.Length ? job : throw new PlanningException($"{path}:{line}: {numbers.Length - at} numbers are left over. Maybe the number of operations is wrong?");

        double At(int i) => i < numbers.Length ? numbers[i] : throw new PlanningException($"{path}:{line}: the line ends too early. Maybe the number of operations is wrong?");
    }

    private static ShopSetups Setups(string path, IEnumerable<(int Line, double[] Numbers)> rows, int operations, int machines)
    {
        const int Never = 1_000_000; // marks operations that the machine cannot run: no setup is ever asked for
        var all = rows.ToList();
        if (all.Count < operations * machines || all.Take(operations * machines).Any(r => r.Numbers.Length != operations))
        {
            throw new PlanningException($"{path}: {machines} setup matrices of {operations} × {operations} should follow the jobs. Maybe the file was cut off?");
        }

        var matrix = new int[]?[machines];
        for (var m = 0; m < machines; m++)
        {
            matrix[m] = [.. all.Skip(m * operations).Take(operations).SelectMany(r => r.Numbers).Select(t => t >= Never ? 0 : (int)t), .. new int[operations]];
        }

        return new ShopSetups([.. Enumerable.Range(0, operations)], operations, matrix, beforeArrival: true);
    }

    private static (double[] Header, IEnumerable<(int Line, double[] Numbers)> Rows) Lines(string path, TextReader reader)
    {
        var rows = Rows(path, reader).GetEnumerator();
        if (!rows.MoveNext() || rows.Current.Numbers.Length < 2)
        {
            throw new PlanningException($"{path}:1: the first line should hold the numbers of jobs and machines. Maybe the file is empty?");
        }

        var header = rows.Current.Numbers;
        if (Array.Exists(header[..2], n => n is < 0 or > 10_000_000))
        {
            throw new PlanningException($"{path}:{rows.Current.Line}: {header[0]} jobs on {header[1]} machines are not possible. Maybe another format?");
        }

        return (header, Rest(rows));

        static IEnumerable<(int, double[])> Rest(IEnumerator<(int, double[])> rows)
        {
            using (rows)
            {
                while (rows.MoveNext())
                {
                    yield return rows.Current;
                }
            }
        }
    }

    private static IEnumerable<(int Line, double[] Numbers)> Rows(string path, TextReader reader)
    {
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                yield return (line, [.. words.Select(w => double.TryParse(w, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n)
                    ? n
                    : throw new PlanningException($"{path}:{line}: '{w}' is no number. Maybe the file has a heading?"))]);
            }
        }
    }

    private static int Small(string path, int line, double number) => number is >= 0 and <= ShopProblem.LongestSchedule && number == Math.Floor(number)
        ? (int)number
        : throw new PlanningException($"{path}:{line}: {number.ToString(CultureInfo.InvariantCulture)} is no whole number between 0 and {ShopProblem.LongestSchedule}. Maybe use coarser ticks?");

    private static StreamReader Open(string path) =>
        path.EndsWith(".gz", StringComparison.Ordinal) ? new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) : new StreamReader(path);
}
