using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>What a machining log gave: a plant with its order book, what happened in it, and how the one came from the other.</summary>
/// <param name="Scenario">Orders, machines and routings fitted to the log.</param>
/// <param name="History">What happened, in time order; folds without an error into a fresh <see cref="PlantState"/> of the scenario.</param>
/// <param name="Report">Row counts and choices made.</param>
public sealed record MachiningImport(Scenario Scenario, IReadOnlyList<PlantEvent> History, MachiningReport Report);

/// <summary>Event logs of a machining job shop: a CSV row per stretch of work, setup or breakdown.</summary>
/// <remarks>
/// Columns <c>case,activity,machine,start,end,order_qty,part,report_type,qty_rejected,rework</c> (others are ignored; of <c>worker</c>
/// <see cref="MachiningHoldOut"/> makes crews, to see what they explain: on the log this was written for nothing, so the plant has none);
/// <c>report_type</c> is D for production, S for setup, B for breakdown. Times are local and are read as UTC.
/// <list type="bullet">
/// <item>An order is a case. Its operations are its records in time order, consecutive ones of the same activity on the same machine taken together.</item>
/// <item>An operation waits for those that had ended when it began; operations of one order that overlapped run in parallel (pieces flow on before the whole order is done).</item>
/// <item>A machine does one thing at a time. A place where over a quarter of the work overlaps (inspection, packing, lapping) is a bench with as many places as were ever used at once.</item>
/// <item>The processing time of an operation is the mean over the same step of the same part, with a lognormal variation around it; setups are the recorded ones. So the planned hours add up to the log's hours, and scatter as they did.</item>
/// </list>
/// </remarks>
public static class MachiningLog
{
    /// <summary>Reads a log; <c>.gz</c> and <c>archive.tar.gz:member</c> are unpacked.</summary>
    /// <exception cref="ImportException">The header lacks a column or no row is usable; single bad rows are refused in the report.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static MachiningImport Read(string path) => Parse(SourceText.Read(path));

    public static MachiningImport Parse(SourceText source)
    {
        var (records, refused) = MachiningRecords.Read(source);
        var operations = new MachiningOperations(records);
        if (operations.Operations.Count == 0)
        {
            throw new ImportException(source.Name, 2, 1, "the log contains breakdowns only, or work only while machines were broken", "without work there are no orders to make a plant of");
        }

        var epoch = records.Min(r => r.Start) / Duration.MillisecondsPerDay * Duration.MillisecondsPerDay;
        var book = new MachiningOrderBook(records, operations.Operations, epoch);
        var fit = new MachiningFit(operations, book, epoch, records.Max(r => r.End));
        var scenario = new MachiningScenario(source.Name, operations, book, fit, epoch).Build();
        var history = MachiningHistory.Write(operations, book, scenario, epoch);
        var report = new MachiningReport
        {
            File = source.Name,
            RowsRead = records.Count + refused.Count,
            RowsUsed = records.Count,
            ProductionRows = records.Count(r => r.Kind == RecordKind.Production),
            SetupRows = records.Count(r => r.Kind == RecordKind.Setup),
            BreakdownRows = records.Count(r => r.Kind == RecordKind.Breakdown),
            ReworkRows = records.Count(r => r.Rework),
            Refused = [.. refused],
            Orders = scenario.Orders.Length,
            LostOrders = records.Select(r => r.Case).Distinct(StringComparer.Ordinal).Count() - scenario.Orders.Length,
            Machines = scenario.Plant.Equipment.Length,
            Operations = operations.Operations.Count,
            Events = history.Count,
            Overlaps = operations.Overlaps,
            Benches = [.. operations.Slots.Where(s => s.Value > 1).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value))],
            MedianLead = book.MedianLead,
            TouchShare = operations.Operations.Sum(o => (double)(o.ProcessMs + o.SetupMs)) / book.Orders.Sum(o => (double)(o.End - o.Start)),
            MedianRepair = fit.MedianRepair,
            VariationSigmas = fit.Sigmas,
        };
        return new MachiningImport(scenario, history, report);
    }
}

/// <summary>How a machining log was understood.</summary>
public sealed record MachiningReport
{
    public required string File { get; init; }

    /// <summary>Rows of the file below the header, empty ones not counted; always <see cref="RowsUsed"/> plus the refused.</summary>
    public required int RowsRead { get; init; }

    public required int RowsUsed { get; init; }

    public required int ProductionRows { get; init; }

    public required int SetupRows { get; init; }

    public required int BreakdownRows { get; init; }

    /// <summary>Rows marked as rework; used like any other.</summary>
    public required int ReworkRows { get; init; }

    /// <summary>Rows that were not used, each with its reason.</summary>
    public required ImmutableArray<RefusedRow> Refused { get; init; }

    public required int Orders { get; init; }

    /// <summary>Cases of which no work was left: only breakdowns, or only work on broken machines.</summary>
    public required int LostOrders { get; init; }

    public required int Machines { get; init; }

    public required int Operations { get; init; }

    /// <summary>Events of the history.</summary>
    public required int Events { get; init; }

    public required MachiningOverlaps Overlaps { get; init; }

    /// <summary>Places found to hold several orders at once, and how many.</summary>
    public required ImmutableArray<(string Machine, int Places)> Benches { get; init; }

    /// <summary>Median time from an order's first to its last record: the due date of every order lies so long after its release.</summary>
    public required Duration MedianLead { get; init; }

    /// <summary>Recorded work over the time between the first and the last record, summed over orders.</summary>
    public required double TouchShare { get; init; }

    public required Duration MedianRepair { get; init; }

    /// <summary>Fitted spread of the logarithm of touch times per machine group.</summary>
    public required ImmutableSortedDictionary<string, double> VariationSigmas { get; init; }

    /// <summary>The report for people, a sentence per line.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Text($"{RowsRead} rows read from {File}: {RowsUsed} used ({ProductionRows} production, {SetupRows} setup, {BreakdownRows} breakdown; {ReworkRows} of them rework), {Refused.Length} refused.");
        foreach (var reason in Refused.GroupBy(r => r.Reason.StartsWith("repeats line", StringComparison.Ordinal) ? "repeats another line word by word" : r.Reason).OrderByDescending(g => g.Count()))
        {
            yield return Text($"  {reason.Count()} refused: {reason.Key} (line {string.Join(", ", reason.Take(5).Select(r => r.Line))}{(reason.Count() > 5 ? ", …" : "")}).");
        }

        yield return Text($"{Orders} orders on {Machines} machines with {Operations} operations became {Events} events{(LostOrders > 0 ? Text($"; {LostOrders} cases have no work at all and are no orders") : "")}.");
        yield return Text($"{Overlaps.MergedRecords} records ran beside another of the same operation and were counted once; {Overlaps.SharedIntervals} times two operations claimed one machine and shared its time ({new Duration(Overlaps.SharedMs).Hours:0.#} h not counted twice).");
        yield return Text($"{Overlaps.DividedOperations} operations were divided because another order took the machine over, {Overlaps.ClippedByBreakdown} stretches of work were cut back by a breakdown, {Overlaps.LostOperations} operations vanished.");
        yield return Text($"{Overlaps.SetupOnlyOperations} operations consist of setup only; {Overlaps.SetupsWithinProcessing} setups within a running operation are setup in the plan and processing in the history; {Overlaps.SetupsAtBenches} setups at benches count as processing.");
        yield return Text($"Benches with several places: {(Benches.IsEmpty ? "none" : string.Join(", ", Benches.Select(b => Text($"{b.Machine} ({b.Places})"))))}.");
        yield return Text($"The log has no due dates: each order is due {MedianLead.Days:0.#} days after its first record, the median lead time of the log.");
        yield return Text($"Orders were worked on for {TouchShare:P0} of their time in the shop; what they waited for (people, material, other priorities) is not recorded, so a simulation of the scenario is faster than the log.");
        yield return Text($"Processing times: the mean over the same step of the same part, times a lognormal variation with mean 1 per machine group, from the spread around these means: {string.Join(", ", VariationSigmas.Select(s => Text($"{s.Key} σ {s.Value:0.00}")))}.");
        yield return Text($"Repairs: lognormal over all breakdowns of the log, median {MedianRepair.Minutes:0} min; failures: exponential per machine group with breakdowns.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
