using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>A machining log cut in two: a plant fitted to the first orders, to be judged by the later ones.</summary>
/// <remarks>
/// Taken from the log for all orders: which came when, and their routings (which operations, on which machines, in which order). Learned from the
/// first orders only: processing and setup times and their spread, working hours, breakdowns, repairs, crews, and the waits that no machine explains.
/// </remarks>
public sealed class MachiningHoldOut
{
    private readonly string _file;
    private readonly MachiningOperations _operations;
    private readonly MachiningOrderBook _book;
    private readonly MachiningFit _fit;
    private readonly MachiningWaits _waits;
    private readonly MachiningWaits _waitsInGroupHours;
    private readonly MachiningPeople _people;
    private readonly long _epoch;
    private readonly Scenario _plain;
    private readonly Scenario _inGroupHours;

    private MachiningHoldOut(SourceText source, double share)
    {
        _file = source.Name;
        var (records, _) = MachiningRecords.Read(source);
        _operations = new MachiningOperations(records);
        _epoch = records.Min(r => r.Start) / Duration.MillisecondsPerDay * Duration.MillisecondsPerDay;
        _book = new MachiningOrderBook(records, _operations.Operations, _epoch);
        Fitted = Math.Clamp((int)Math.Round(_book.Orders.Count * share), 1, _book.Orders.Count);
        var cases = _book.Orders.Take(Fitted).Select(o => o.Case).ToHashSet(StringComparer.Ordinal);
        var until = Fitted < _book.Orders.Count ? _book.Orders[Fitted].Start : records.Max(r => r.End);
        var seen = new MachiningOperations([.. records.Where(r => cases.Contains(r.Case) && r.End <= Math.Max(until, records.Min(x => x.End)))]);
        var learned = new MachiningOperations([.. records.Where(r => cases.Contains(r.Case))]);
        var book = new MachiningOrderBook([.. records.Where(r => cases.Contains(r.Case))], learned.Operations, _epoch);
        Split = new SimTime(until - _epoch);
        _fit = new MachiningFit(seen, book, _epoch, until);
        _waits = new MachiningWaits(_book.Orders.Take(Fitted), _operations, _ => _fit.Calendar, _epoch);
        _waitsInGroupHours = new MachiningWaits(_book.Orders.Take(Fitted), _operations, g => _fit.GroupHours.GetValueOrDefault(g, _fit.Calendar), _epoch);
        _people = new MachiningPeople(records.Where(r => cases.Contains(r.Case) && r.End <= until));
        _plain = new MachiningScenario(_file, _operations, _book, _fit, _epoch) { LearnsSetups = true }.Build();
        _inGroupHours = new MachiningScenario(_file, _operations, _book, _fit, _epoch) { LearnsSetups = true, UsesGroupHours = true }.Build();
        History = MachiningHistory.Write(_operations, _book, _plain, _epoch);
    }

    /// <summary>Orders learned from: the first so many of the book.</summary>
    public int Fitted { get; }

    /// <summary>Release of the first order held out.</summary>
    public SimTime Split { get; }

    /// <summary>What really happened, to all orders.</summary>
    public IReadOnlyList<PlantEvent> History { get; }

    /// <summary>Mean unexplained wait before an operation, hours.</summary>
    public double MeanTransferHours => _waits.MeanTransferHours;

    /// <summary>Mean unexplained pause inside an operation, hours.</summary>
    public double MeanPauseHours => _waits.MeanPauseHours;

    /// <summary>Reads a log and learns from the first orders.</summary>
    /// <param name="share">Share of the orders that is learned from, in (0, 1].</param>
    /// <exception cref="ImportException">As for <see cref="MachiningLog.Read"/>.</exception>
    public static MachiningHoldOut Read(string path, double share = 0.5) => new(SourceText.Read(path), share);

    public static MachiningHoldOut Parse(SourceText source, double share = 0.5) => new(source, share);

    /// <summary>The plant in which nothing waits but for machines.</summary>
    public Scenario WithoutWaits() => _plain;

    /// <summary>Whether the log names who did what.</summary>
    public bool NamesPeople => _people.People > 0;

    /// <summary>People named in what was learned from.</summary>
    public int People => _people.People;

    /// <summary>The crews that they make.</summary>
    public ImmutableArray<AuxiliaryResource> Crews => _people.Crews;

    /// <summary>The plant in which work waits for machines and for people who know them.</summary>
    public Scenario WithPeople() => _people.At(_plain);

    /// <summary>The plant with unexplained waits: of each replication its own, drawn from those of the first orders.</summary>
    public Scenario WithWaits(int replication) => WithWaits(_plain, _waits, replication);

    /// <summary>The plant whose machine groups work in hours of their own, with the waits that then remain unexplained.</summary>
    public Scenario InGroupHours(int replication) => WithWaits(_inGroupHours, _waitsInGroupHours, replication);

    /// <summary>Groups with hours of their own, and those hours.</summary>
    public IEnumerable<WorkCalendar> GroupHours => _fit.GroupHours.Values;

    /// <summary>Mean unexplained wait before an operation where groups have hours of their own, hours.</summary>
    public double MeanTransferHoursInGroupHours => _waitsInGroupHours.MeanTransferHours;

    /// <summary>Mean unexplained pause inside an operation where groups have hours of their own, hours.</summary>
    public double MeanPauseHoursInGroupHours => _waitsInGroupHours.MeanPauseHours;

    private Scenario WithWaits(Scenario scenario, MachiningWaits waits, int replication)
    {
        var luck = new RandomSource(scenario.Seed, replication);
        return scenario with
        {
            Plant = scenario.Plant with
            {
                WorkMasters = [.. scenario.Plant.WorkMasters.Select((routing, o) => routing with
                {
                    Operations = [.. routing.Operations.Select((operation, k) => operation with { MinWait = waits.Draw(_book.Orders[o], k, luck) })],
                })],
            },
        };
    }
}
