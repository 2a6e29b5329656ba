using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>How a way of foreseeing shortages did.</summary>
/// <param name="Foreseen">Stops that it warned of, as early as asked for.</param>
/// <param name="Alarms">Warnings, counted once a day and material.</param>
/// <param name="TrueAlarms">Warnings that a stop followed within the outlook.</param>
public sealed record ForesightScore(int Foreseen, int Alarms, int TrueAlarms)
{
    internal ForesightScore Plus(ForesightScore other) => new(Foreseen + other.Foreseen, Alarms + other.Alarms, TrueAlarms + other.TrueAlarms);
}

/// <summary>How to look, and when to warn.</summary>
public sealed record BacktestOptions
{
    /// <summary>Plants that really happen, each with its own luck, ≥ 1.</summary>
    public int Realities { get; init; } = 3;

    /// <summary>Futures of every outlook, ≥ 1.</summary>
    public int Futures { get; init; } = 10;

    /// <summary>How far every outlook looks.</summary>
    public Duration Ahead { get; init; } = Duration.FromDays(14);

    /// <summary>How long before a stop a warning must stand.</summary>
    public Duration Notice { get; init; } = Duration.FromDays(3);

    /// <summary>Probability from which on a material is warned of, in (0, 1].</summary>
    public double Threshold { get; init; } = 0.5;

    public ulong Seed { get; init; } = 1;
}

/// <summary>Were the shortages that stopped a line foreseen? Once a day a plant that really happens is looked at as its planner could.</summary>
/// <remarks>
/// A stop is the moment when a job that lacks nothing else runs short of a material of which no job was short for as long as the notice. It was foreseen when
/// the last daily look at least <see cref="BacktestOptions.Notice"/> before it warned of the material. Stops earlier than that after the start, when
/// nobody could have warned, are counted apart. Beside the outlook stands the plain score of cover against lead time (see <see cref="MaterialKpis"/>).
/// </remarks>
public sealed record ShortageBacktest
{
    /// <summary>Stops that somebody could have warned of.</summary>
    public required int Stops { get; init; }

    /// <summary>Stops before the first look that is early enough.</summary>
    public required int TooEarly { get; init; }

    /// <summary>The outlook by futures.</summary>
    public required ForesightScore Outlook { get; init; }

    /// <summary>The score of cover against lead time.</summary>
    public required ForesightScore Score { get; init; }

    /// <summary>Share of the stops foreseen by the outlook, 95 %.</summary>
    public WilsonInterval? ForeseenShare => Stops > 0 ? WilsonInterval.Of(Outlook.Foreseen, Stops) : null;

    /// <summary>Lets realities happen and looks at them day by day.</summary>
    public static ShortageBacktest Of(CompiledScenario plant, DispatchPolicy policy, BacktestOptions options, Func<bool>? stop = null)
    {
        var sum = new ShortageBacktest { Stops = 0, TooEarly = 0, Outlook = new(0, 0, 0), Score = new(0, 0, 0) };
        for (var reality = 0; reality < options.Realities && stop?.Invoke() != true; reality++)
        {
            var one = Reality(plant, policy, options, reality, stop);
            sum = new ShortageBacktest
            {
                Stops = sum.Stops + one.Stops, TooEarly = sum.TooEarly + one.TooEarly, Outlook = sum.Outlook.Plus(one.Outlook), Score = sum.Score.Plus(one.Score),
            };
        }

        return sum;
    }

    private static ShortageBacktest Reality(CompiledScenario plant, DispatchPolicy policy, BacktestOptions options, int reality, Func<bool>? stop)
    {
        var stops = new StopWatch(plant, options.Notice);
        var simulator = new PlantSimulator(plant, policy, new RandomSource(plant.Scenario.Seed, reality), sink: stops);
        var (byOutlook, byScore) = (new List<bool[]>(), new List<bool[]>());
        var end = SimTime.Zero + plant.Scenario.Horizon;
        for (var at = SimTime.Zero; at <= end && simulator.OpenOrders > 0 && stop?.Invoke() != true; at += Duration.FromDays(1))
        {
            simulator.RunUntil(at);
            var outlook = ShortageOutlook.Of(simulator.State, policy, options.Seed + (ulong)(reality * 1000 + byOutlook.Count), options.Futures, options.Ahead);
            byOutlook.Add([.. outlook.Materials.Select(m => !m.IsShort && m.Probability >= options.Threshold)]);
            byScore.Add([.. MaterialKpis.Of(simulator.State).Select((k, m) => k.Score > 0 && simulator.State.Materials[m].WaitingJobs == 0)]);
        }

        var looked = byOutlook.Count - 1;
        simulator.RunUntil(SimTime.Zero + Duration.FromDays(looked) + options.Ahead);
        var judged = stops.All.Where(s => s.Time <= SimTime.Zero + Duration.FromDays(looked)).ToList();
        var fair = judged.Where(s => s.Time - SimTime.Zero >= options.Notice).ToList();
        return new ShortageBacktest
        {
            Stops = fair.Count, TooEarly = judged.Count - fair.Count,
            Outlook = Judge(byOutlook, fair, stops.All, options), Score = Judge(byScore, fair, stops.All, options),
        };
    }

    private static ForesightScore Judge(List<bool[]> alarms, List<(SimTime Time, int Material)> fair, List<(SimTime Time, int Material)> all, BacktestOptions options)
    {
        var foreseen = fair.Count(s => alarms[(int)((s.Time - SimTime.Zero - options.Notice).Milliseconds / Duration.MillisecondsPerDay)][s.Material]);
        var (warned, right) = (0, 0);
        for (var day = 0; day < alarms.Count; day++)
        {
            var at = SimTime.Zero + Duration.FromDays(day);
            for (var m = 0; m < alarms[day].Length; m++)
            {
                if (alarms[day][m])
                {
                    warned++;
                    right += all.Exists(s => s.Material == m && s.Time > at && s.Time <= at + options.Ahead) ? 1 : 0;
                }
            }
        }

        return new ForesightScore(foreseen, warned, right);
    }

    /// <summary>Remembers when a material stopped a job after a while in which no job was short of it.</summary>
    private sealed class StopWatch(CompiledScenario plant, Duration quiet) : IPlantEventSink
    {
        private readonly int[] _short = new int[plant.Plant.Materials.Length];
        private readonly SimTime[] _over = [.. plant.Plant.Materials.Select(_ => SimTime.Zero - quiet)];
        private readonly Dictionary<int, int> _shortOf = [];

        public List<(SimTime Time, int Material)> All { get; } = [];

        public void On(in PlantEvent e)
        {
            if (e.Kind == PlantEventKind.MaterialShort)
            {
                if (_short[e.Arg]++ == 0 && e.Time - _over[e.Arg] >= quiet)
                {
                    All.Add((e.Time, e.Arg));
                }

                _shortOf[e.Job] = e.Arg;
            }
            else if (e.Kind == PlantEventKind.MaterialAllocated && _shortOf.Remove(e.Job, out var material))
            {
                _short[material]--;
                _over[material] = e.Time;
            }
        }
    }
}
