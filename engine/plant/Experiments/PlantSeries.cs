using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A quantity of a plant that is watched over time: what a line of a plot shows, and what a warm-up is found in.</summary>
/// <param name="Key">Stable key for scripts: <c>wip</c>.</param>
/// <param name="Unit">Unit; empty for counts, <c>1</c> for a share.</param>
/// <param name="Value">Reads it from a state.</param>
public sealed record PlantSeries(string Key, Label Name, string Unit, Func<PlantState, double> Value)
{
    private static readonly bool[] s_working = [.. Enumerable.Range(0, PlantState.StatusCount).Select(s => IsWorking((EquipmentStatus)s))];

    /// <summary>All series, in the order in which people read them.</summary>
    public static readonly ImmutableArray<PlantSeries> All =
    [
        new("wip", new Label("Orders in production", "在制订单"), "", state => Orders(state, OrderStatus.InProduction)),
        new("waiting", new Label("Jobs waiting", "等待作业"), "", Waiting),
        new("busy", new Label("Machines at work", "工作设备占比"), "1", state => Share(state, s_working)),
        new("down", new Label("Machines broken", "故障设备"), "", Down),
        new("late", new Label("Open orders past due", "未完成且已拖期"), "", OpenAndLate),
        new("completed", new Label("Orders completed", "完成订单"), "", state => Orders(state, OrderStatus.Complete)),
        new("load", new Label("Electric load", "用电负荷"), "kW", Load),
    ];

    /// <summary>Place of a series in <see cref="All"/>, or −1.</summary>
    public static int IndexOf(string key) => All.IndexOf(All.FirstOrDefault(s => s.Key == key)!);

    /// <summary>A round interval that gives at most 240 samples over a length of time.</summary>
    public static Duration IntervalFor(Duration length)
    {
        const int MostSamples = 240;
        double[] minutes = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720];
        var fine = minutes.Select(Duration.FromMinutes).FirstOrDefault(d => length / d <= MostSamples);
        return fine > Duration.Zero ? fine : Duration.FromDays(Math.Ceiling(length.Days / MostSamples));
    }

    private static bool IsWorking(EquipmentStatus status) => status
        is EquipmentStatus.Setup or EquipmentStatus.Cleaning or EquipmentStatus.Loading or EquipmentStatus.Running or EquipmentStatus.Sampling or EquipmentStatus.Unloading;

    private static double Orders(PlantState state, OrderStatus status)
    {
        var count = 0;
        foreach (ref readonly var order in state.Orders)
        {
            count += order.Status == status ? 1 : 0;
        }

        return count;
    }

    private static double OpenAndLate(PlantState state)
    {
        var count = 0;
        for (var o = 0; o < state.Orders.Length; o++)
        {
            count += state.Orders[o].Status is not (OrderStatus.Complete or OrderStatus.Cancelled) && state.Plant.Scenario.Orders[o].Due < state.Now ? 1 : 0;
        }

        return count;
    }

    private static double Waiting(PlantState state)
    {
        var count = 0;
        foreach (var waiting in state.ReadyInGroup)
        {
            count += waiting;
        }

        return count;
    }

    private static double Down(PlantState state)
    {
        var count = 0;
        foreach (ref readonly var equipment in state.Equipment)
        {
            count += equipment.Status is EquipmentStatus.Down or EquipmentStatus.Repair ? 1 : 0;
        }

        return count;
    }

    private static double Share(PlantState state, bool[] counts)
    {
        var count = 0;
        foreach (ref readonly var equipment in state.Equipment)
        {
            count += counts[(int)equipment.Status] ? 1 : 0;
        }

        return state.Equipment.Length == 0 ? 0 : count / (double)state.Equipment.Length;
    }

    private static double Load(PlantState state)
    {
        var kw = 0.0;
        for (var s = 0; s < state.Plant.Plant.Sites.Length; s++)
        {
            kw += state.ProfileOf(new SiteId(s)).Kw;
        }

        return kw;
    }
}

/// <summary>The series of one run, looked at in equal steps.</summary>
/// <param name="From">Time of the first sample.</param>
/// <param name="Every">Step between samples, > 0.</param>
/// <param name="Values">Per series of <see cref="PlantSeries.All"/>, then by sample; what is true after everything that happened at that moment.</param>
public sealed record RunSamples(SimTime From, Duration Every, ImmutableArray<ImmutableArray<double>> Values)
{
    /// <summary>Number of samples.</summary>
    public int Count => Values[0].Length;
}

/// <summary>Takes the samples while a run goes on.</summary>
internal sealed class Sampler(PlantState state, Duration every)
{
    private readonly SimTime _from = state.Now;
    private readonly List<double>[] _values = [.. PlantSeries.All.Select(_ => new List<double>())];

    /// <summary>Time of the next sample.</summary>
    public SimTime Next { get; private set; } = state.Now;

    /// <summary>Samples every moment before the next thing happens.</summary>
    public void TakeUntil(SimTime nextEvent, SimTime end)
    {
        while (Next < nextEvent && Next <= end)
        {
            for (var s = 0; s < _values.Length; s++)
            {
                _values[s].Add(PlantSeries.All[s].Value(state));
            }

            Next += every;
        }
    }

    public RunSamples Samples => new(_from, every, [.. _values.Select(v => v.ToImmutableArray())]);
}
