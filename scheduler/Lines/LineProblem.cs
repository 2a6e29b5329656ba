using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>In which order shall the units of a mixed-model line be launched? The question as flat, immutable data.</summary>
/// <remarks>Thread-safe. Indices: units, models, options and stations are positions in these arrays.</remarks>
public sealed class LineProblem
{
    /// <summary>Options are carried in the bits of one word.</summary>
    public const int MaxOptions = 64;

    private readonly CalendarTimeline? _calendar;
    private readonly long _pace;
    private readonly long[] _launch; // by position: working time of the line before the launch, ms

    /// <param name="units">The first <paramref name="launched"/> are on the line already, the next <paramref name="pinned"/> shall follow them; all of
    /// these keep their order.</param>
    /// <param name="calendar">Working hours of the first station; <c>null</c> round the clock.</param>
    /// <param name="start">When the first unit that is not launched yet may enter the line.</param>
    /// <exception cref="PlanningException">More than <see cref="MaxOptions"/> options.</exception>
    public LineProblem(
        string name, ImmutableArray<LineUnit> units, ImmutableArray<LineModel> models, ImmutableArray<string> options,
        ImmutableArray<LineRule> rules, Duration takt, Duration window, int launched = 0, SimTime start = default,
        CalendarTimeline? calendar = null, ObjectiveWeights? weights = null, int pinned = 0, FixtureLoop? fixtures = null)
    {
        if (options.Length > MaxOptions)
        {
            throw new PlanningException(string.Create(CultureInfo.InvariantCulture,
                $"Line '{name}' has {options.Length} options, but at most {MaxOptions} can be sequenced. Maybe leave out options that no rule names?"));
        }

        (Name, Units, Models, Options, Rules, Takt, Window, Start) = (name, units, models, options, rules, takt, window, start);
        (Launched, Fixed) = (launched, launched + pinned);
        Weights = weights ?? new ObjectiveWeights();
        Fixtures = fixtures ?? FixtureLoop.None;
        Levelled = options.Length - Fixtures.Families;
        _calendar = calendar;
        StationCount = models.Length == 0 ? 0 : models[0].Work.Length;
        OptionTotals = [.. Enumerable.Range(0, options.Length).Select(o => units.Count(u => models[u.Model].Carries(o)))];
        _pace = Pace();
        _launch = Launches();
    }

    private LineProblem(LineProblem other)
    {
        (Name, Units, Models, Options, Rules, Takt, Window, Start) =
            (other.Name, other.Units, other.Models, other.Options, other.Rules, other.Takt, other.Window, other.Start);
        (Launched, Fixed, Levelled, StationCount, OptionTotals) = (other.Launched, other.Fixed, other.Levelled, other.StationCount, other.OptionTotals);
        (Weights, Fixtures, _calendar, _pace, _launch) = (other.Weights, other.Fixtures, other._calendar, other._pace, other._launch);
    }

    /// <summary>The line, for messages.</summary>
    public string Name { get; }

    public ImmutableArray<LineUnit> Units { get; }

    public ImmutableArray<LineModel> Models { get; }

    /// <summary>What is counted along the sequence: options of the models, and behind them the families of the fixture loop.</summary>
    public ImmutableArray<string> Options { get; }

    /// <summary>The first so many of <see cref="Options"/> are levelled; the others are fixture families.</summary>
    public int Levelled { get; }

    public FixtureLoop Fixtures { get; }

    public ImmutableArray<LineRule> Rules { get; }

    /// <summary>Units that carry each option.</summary>
    public ImmutableArray<int> OptionTotals { get; }

    public Duration Takt { get; }

    /// <summary>How far beyond the takt a worker may drift.</summary>
    public Duration Window { get; }

    /// <summary>The first so many units are on the line already.</summary>
    public int Launched { get; }

    /// <summary>The first so many units keep their places: they are on the line, or somebody wants them to be next.</summary>
    public int Fixed { get; }

    public SimTime Start { get; }

    public ObjectiveWeights Weights { get; }

    public int StationCount { get; }

    /// <summary>Objective per hour by which a unit would be launched before its release: a stand-in for what the wait of the line does to the
    /// units behind it, which only timing the whole order tells.</summary>
    public double EarlyPrice { get; private init; } = 50;

    /// <summary>Whether the order has to mind releases at all.</summary>
    public bool HasReleases => Units.Any(u => u.Release > Start);

    /// <summary>The same line with another <see cref="EarlyPrice"/>.</summary>
    public LineProblem WithEarlyPrice(double price) => new(this) { EarlyPrice = price };

    /// <summary>Units still to be put in order.</summary>
    public int Open => Units.Length - Fixed;

    /// <summary>When the unit at a position can enter the line at the earliest: one pace after the one before, in working hours, and when
    /// so many units have been released.</summary>
    /// <remarks>The pace is the takt, or the mean work of the slowest station where that is more: no line is faster than its bottleneck.</remarks>
    public SimTime LaunchAt(int position)
    {
        var time = AfterWork(new Duration(_launch[position]));
        return _calendar is null ? time : _calendar.NextWorking(time);
    }

    /// <summary>When a unit of a model launched at a position is expected to leave the line.</summary>
    public SimTime CompletionAt(int position, int model) => AfterWork(new Duration(_launch[position]) + Models[model].Lead);

    /// <summary>Time between launches that the line can keep.</summary>
    public Duration EffectiveTakt => new(_pace);

    private SimTime AfterWork(Duration work) => _calendar is null ? Start + work : _calendar.EndOfInterruptible(Start, work);

    /// <summary>Units in the order of their release are launched as early as any order can launch that many.</summary>
    private long[] Launches()
    {
        var launches = new long[Units.Length];
        var next = 0L;
        var inOrder = Enumerable.Range(0, Fixed).Concat(Enumerable.Range(Fixed, Open).OrderBy(u => Units[u].Release)).ToArray();
        for (var position = Launched; position < launches.Length; position++)
        {
            var release = SimTime.Max(Start, Units[inOrder[position]].Release);
            var work = _calendar?.WorkBetween(Start, release) ?? release - Start;
            launches[position] = Math.Max(next, work.Milliseconds);
            next = launches[position] + _pace;
        }

        return launches;
    }

    private long Pace()
    {
        var slowest = 0.0;
        for (var s = 0; s < StationCount && Units.Length > 0; s++)
        {
            slowest = Math.Max(slowest, Units.Average(u => (double)Models[u.Model].Work[s].Milliseconds));
        }

        return Math.Max(Takt.Milliseconds, (long)Math.Ceiling(slowest));
    }
}

/// <summary>One lot of an order that passes the line as one piece.</summary>
/// <param name="Lot">Lot of the job table; −1 outside a scenario.</param>
/// <param name="Due"><see cref="SimTime.Never"/> when nothing was promised.</param>
/// <param name="Weight">Price of an hour that its order is late, in thousandths; 1000 is ordinary.</param>
/// <param name="Order">Units of one order are late together: as late as the last of them.</param>
public readonly record struct LineUnit(int Lot, int Model, SimTime Release, SimTime Due, long Weight, int Order);

/// <summary>What is the same for all units of one kind.</summary>
/// <param name="OptionBits">Bit o is set when it carries option o.</param>
/// <param name="Work">Expected work per station, already divided by the equipment that works there side by side.</param>
/// <param name="Lead">From launch to completion when nothing stands in the way.</param>
public sealed record LineModel(string Name, ulong OptionBits, ImmutableArray<Duration> Work, Duration Lead)
{
    public bool Carries(int option) => (OptionBits >> option & 1) != 0;
}

/// <summary>A loop of fixtures that each hold one family at a time, as the foaming station has: what keeps changes between families rare.</summary>
/// <param name="Families">Families on the loop; they are the last so many options of the problem.</param>
/// <param name="Rules">For each family, how many units may be on the loop together without taking over a fixture of another family.</param>
/// <param name="Price">Objective per window that holds more.</param>
/// <remarks>A unit stays in its fixture for a number of positions; where no such window holds more units of a family than the family has
/// fixtures, no fixture ever has to be changed.</remarks>
public sealed record FixtureLoop(int Families, ImmutableArray<LineRule> Rules, double Price)
{
    public static readonly FixtureLoop None = new(0, [], 0);
}

/// <summary>At most <paramref name="Max"/> of any <paramref name="Window"/> consecutive units carry the option.</summary>
public readonly record struct LineRule(int Option, int Max, int Window);
