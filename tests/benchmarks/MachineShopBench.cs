using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>The machine shop by which simulation libraries compare themselves, here a scenario of the whole plant model like any other.</summary>
/// <remarks>An event is what the calendar pops: a part made, a breakdown, the end of a repair or of a side job. Each is folded into the state with all
/// its consequences: what it makes others do counts for nothing.</remarks>
internal sealed class MachineShopBench
{
    public static readonly Size Full = new(1000, 100, WarmHours: 1100, RoundHours: 50, Rounds: 15);
    public static readonly Size Tiny = new(20, 2, WarmHours: 50, RoundHours: 10, Rounds: 3);

    // 1100 h and the rounds lie between 4096 and 8192 quarter-hours: the load profile, which doubles there, does not grow meanwhile.
    private readonly PlantSimulator _simulator;
    private readonly double _roundHours;
    private double _hours;
    private long _steps;

    private MachineShopBench(Size size)
    {
        _roundHours = size.RoundHours;
        var parts = (int)(8 * (size.WarmHours + (size.Rounds + 3) * size.RoundHours)); // more than there is time for
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(size.Machines, size.Repairers, parts));
        _simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0));
        RunOn(size.WarmHours);
    }

    /// <summary>How much to measure.</summary>
    public sealed record Size(int Machines, int Repairers, double WarmHours, double RoundHours, int Rounds);

    public static GoalRow Run(Size size)
    {
        var shop = new MachineShopBench(size);
        var queue = new HoldModel.OnPriorityQueue(10_000);
        var holds = (int)shop.RunOn(size.RoundHours);
        queue.Hold(20 * holds);
        var (steps, bytes) = (shop._steps, GC.GetAllocatedBytesForCurrentThread());
        shop.RunOn(size.RoundHours);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)(shop._steps - steps);

        var (ours, peers) = (new double[size.Rounds], new double[size.Rounds]);
        for (var round = 0; round < size.Rounds; round++)
        {
            steps = shop._steps;
            ours[round] = Rounds.Seconds(() => shop.RunOn(size.RoundHours));
            ours[round] *= 1e9 / (shop._steps - steps);
            peers[round] = Rounds.Seconds(() => queue.Hold(holds)) * 1e9 / holds;
        }

        var (event1, hold) = (Rounds.Median(ours), Rounds.Median(peers));
        return new GoalRow(
            GoalRow.Text($"machine shop on the whole plant model: {size.Machines} machines, {size.Repairers} repairers, {size.Repairers} side jobs"), "≥ 1 × pq(10⁴), 0 B/event",
            GoalRow.Text($"{event1:F1} ns/event, {1000 / event1:F1} M events/s, {allocated:F3} B/event; pq(10⁴) {hold:F1} ns"), GoalRow.Text($"{hold / event1:F2}"),
            hold >= event1 && allocated == 0);
    }

    private long RunOn(double hours)
    {
        var (until, before) = (SimTime.FromHours(_hours += hours), _steps);
        while (_simulator.NextTime <= until && _simulator.Step())
            _steps++;

        return _steps - before;
    }
}
