using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Energy;

/// <summary>A way to wait with less power than ready: off, or standby. Going down and coming up take time and power of their own.</summary>
/// <param name="Power">Power while it lasts, ≥ 0.</param>
/// <param name="DownTime">Intervals from ready until it is reached, ≥ 1.</param>
/// <param name="DownPower">Power during these, ≥ 0.</param>
/// <param name="UpTime">Intervals until it is ready again, ≥ 1.</param>
/// <param name="UpPower">Power during these, ≥ 0.</param>
public sealed record LowPowerMode(int Power, int DownTime, int DownPower, int UpTime, int UpPower);

/// <summary>When shall one machine work, wait ready, or be switched down, if energy has another price in every interval?</summary>
/// <remarks>
/// Jobs run one at a time and are not interrupted; all are done within the horizon. In the first and in the last interval the machine
/// is in the first low-power mode. Cost = Σ over intervals of price × power. Benedikt, Módos, Hanzálek: Power of pre-processing: production scheduling with variable
/// energy pricing and power-saving states, Constraints 25 (2020). Immutable; validated when built.
/// </remarks>
public sealed class EnergyProblem
{
    private const long LargestCost = 1L << 50;

    private EnergyProblem(ImmutableArray<int> jobs, ImmutableArray<int> prices, int workPower, int readyPower, ImmutableArray<LowPowerMode> modes)
    {
        (Jobs, Prices, WorkPower, ReadyPower, Modes) = (jobs, prices, workPower, readyPower, modes);
        Lengths = [.. jobs.Distinct().Order()];
        Counts = [.. Lengths.Select(l => jobs.Count(j => j == l))];
    }

    /// <summary>Length of each job in intervals, ≥ 1.</summary>
    public ImmutableArray<int> Jobs { get; }

    /// <summary>Price of a unit of power in each interval, ≥ 0.</summary>
    public ImmutableArray<int> Prices { get; }

    /// <summary>Power while a job runs.</summary>
    public int WorkPower { get; }

    /// <summary>Power while the machine is ready and waits.</summary>
    public int ReadyPower { get; }

    /// <summary>Ways to be switched down; the first is where the machine begins and ends.</summary>
    public ImmutableArray<LowPowerMode> Modes { get; }

    /// <summary>The different lengths of jobs, rising.</summary>
    public ImmutableArray<int> Lengths { get; }

    /// <summary>How many jobs are of each of <see cref="Lengths"/>.</summary>
    public ImmutableArray<int> Counts { get; }

    public int Horizon => Prices.Length;

    /// <summary>Checks and builds a problem.</summary>
    /// <exception cref="PlanningException">Empty, negative, too large, or more work than the horizon holds; the message names the value.</exception>
    public static EnergyProblem Create(
        IReadOnlyCollection<int> jobs, IReadOnlyCollection<int> prices, int workPower, int readyPower, IReadOnlyCollection<LowPowerMode> modes)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(modes);
        if (jobs.Count == 0 || prices.Count == 0 || modes.Count == 0)
        {
            throw new PlanningException("There must be at least one job, one price and one low-power mode. Maybe the file was cut off?");
        }

        Positive(jobs, 1, "The length of a job");
        Positive(prices, 0, "A price");
        Positive([workPower, readyPower, .. modes.SelectMany(m => (int[])[m.Power, m.DownPower, m.UpPower])], 0, "A power");
        Positive([.. modes.SelectMany(m => (int[])[m.DownTime, m.UpTime])], 1, "The time between two modes");
        var first = modes.First();
        var needed = jobs.Sum(j => (long)j) + first.UpTime + first.DownTime + 2;
        if (needed > prices.Count)
        {
            throw new PlanningException(string.Create(CultureInfo.InvariantCulture,
                $"Off, switching on, all jobs, switching off and off again take {needed} intervals, but the horizon has {prices.Count}. Give prices for more intervals, or less work."));
        }

        var mostPower = modes.SelectMany(m => (int[])[m.Power, m.DownPower, m.UpPower]).Append(workPower).Append(readyPower).Max();
        if ((double)mostPower * prices.Max() * prices.Count > LargestCost)
        {
            throw new PlanningException("Prices times power exceed what can be counted exactly. Use coarser units, as kW for W or cents for mills.");
        }

        return new EnergyProblem([.. jobs], [.. prices], workPower, readyPower, [.. modes]);
    }

    private static void Positive(IEnumerable<int> values, int least, string what)
    {
        if (values.Where(v => v < least).Select(v => (int?)v).FirstOrDefault() is { } wrong)
        {
            throw new PlanningException(string.Create(CultureInfo.InvariantCulture, $"{what} is {wrong}, but must be at least {least}."));
        }
    }
}
