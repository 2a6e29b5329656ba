using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A part of the order book and the time in which it was made: what a simulation is judged by.</summary>
/// <param name="Name">For tables.</param>
/// <param name="FirstOrder">Index of its first order.</param>
/// <param name="EndOrder">Index behind its last.</param>
/// <param name="From">Begin of the window in which machines are compared.</param>
/// <param name="To">End of the window.</param>
public sealed record HistoryWindow(string Name, int FirstOrder, int EndOrder, SimTime From, SimTime To)
{
    /// <summary>A record that ends shows no lead time that lasts beyond its end. Where its end is given here, simulated lead times count only as far
    /// as such a record would show them; <c>null</c> counts all.</summary>
    public SimTime? SeenUntil { get; init; }
}

/// <summary>How well replications of a simulation agree with what really happened.</summary>
public sealed record HistoryComparison
{
    public required HistoryWindow Window { get; init; }

    public required int Replications { get; init; }

    /// <summary>Lead times that were recorded, days, ascending.</summary>
    public required ImmutableArray<double> RecordedLeadDays { get; init; }

    /// <summary>Lead times of all replications together, days, ascending.</summary>
    public required ImmutableArray<double> SimulatedLeadDays { get; init; }

    /// <summary>Two-sample Kolmogorov–Smirnov distance of the two, 0 for alike, 1 for apart.</summary>
    public required double LeadDistance { get; init; }

    /// <summary>Distance that chance alone exceeds once in twenty.</summary>
    public required double CriticalDistance { get; init; }

    /// <summary>Mean over orders and replications of simulated − recorded completion, days: positive when simulated too late.</summary>
    public required double CompletionBiasDays { get; init; }

    /// <summary>Mean over orders of |mean simulated − recorded completion|, days.</summary>
    public required double CompletionErrorDays { get; init; }

    /// <summary>Per equipment class with recorded work.</summary>
    public required ImmutableArray<UtilisationError> Utilisation { get; init; }

    /// <summary>Mean of |simulated − recorded| utilisation over the classes.</summary>
    public double UtilisationMeanError => Utilisation.IsEmpty ? 0 : Utilisation.Average(u => Math.Abs(u.Simulated - u.Recorded));

    /// <summary>Simulates and compares.</summary>
    /// <param name="plantOf">Scenario of a replication; all have the same machines and orders in the same places.</param>
    /// <param name="history">What really happened, in time order; impossible events are left out as everywhere.</param>
    /// <param name="windows">What is compared.</param>
    /// <param name="replications">How often, ≥ 1.</param>
    /// <param name="hoursOf">Whose working hours utilisation is measured by, so that models with other hours can be compared; <c>null</c> by its own.</param>
    /// <returns>One comparison per window.</returns>
    public static ImmutableArray<HistoryComparison> Of(
        Func<int, CompiledScenario> plantOf, IReadOnlyList<PlantEvent> history, IReadOnlyList<HistoryWindow> windows, int replications, CompiledScenario? hoursOf = null)
    {
        var recorded = windows.Select(w => Recorded.Of(plantOf(0), history, w, hoursOf)).ToArray();
        var simulated = windows.Select(_ => new List<Recorded>()).ToArray();
        for (var r = 0; r < replications; r++)
        {
            var plant = plantOf(r);
            for (var w = 0; w < windows.Count; w++)
            {
                simulated[w].Add(Recorded.Simulate(plant, windows[w], r, hoursOf));
            }
        }

        return [.. windows.Select((w, i) => Compare(w, plantOf(0).Plant, recorded[i], simulated[i]))];
    }

    private static HistoryComparison Compare(HistoryWindow window, PlantModel plant, Recorded recorded, List<Recorded> simulated)
    {
        double[] truth = [.. recorded.LeadDays.OfType<double>().Order()];
        double[] model = [.. simulated.SelectMany(s => s.LeadDays).OfType<double>().Order()];
        var (bias, error) = (new Tally(), new Tally());
        for (var o = 0; o < recorded.CompletedDays.Length; o++)
        {
            if (recorded.CompletedDays[o] is { } real && simulated.All(s => s.CompletedDays[o] is not null))
            {
                var difference = simulated.Average(s => s.CompletedDays[o]!.Value) - real;
                bias.Add(difference);
                error.Add(Math.Abs(difference));
            }
        }

        return new HistoryComparison
        {
            Window = window,
            Replications = simulated.Count,
            RecordedLeadDays = [.. truth],
            SimulatedLeadDays = [.. model],
            LeadDistance = truth.Length > 0 && model.Length > 0 ? KolmogorovSmirnov.Distance(truth, model) : double.NaN,
            // The replications share one order book: they do not make the simulated sample larger than its orders.
            CriticalDistance = truth.Length > 0 ? KolmogorovSmirnov.Critical(truth.Length, truth.Length) : double.NaN,
            CompletionBiasDays = bias.Mean,
            CompletionErrorDays = error.Mean,
            Utilisation = [.. plant.EquipmentClasses
                .Select((_, c) => new UtilisationError(new EquipmentClassId(c), recorded.Utilisation[c], simulated.Average(s => s.Utilisation[c])))
                .Where(u => u.Recorded > 0 || u.Simulated > 0)],
        };
    }

    /// <summary>What is compared, read from a state: a recorded or a simulated one.</summary>
    private sealed record Recorded(double?[] LeadDays, double?[] CompletedDays, double[] Utilisation)
    {
        public static Recorded Of(CompiledScenario plant, IReadOnlyList<PlantEvent> history, HistoryWindow window, CompiledScenario? hoursOf)
        {
            var state = new PlantState(plant);
            double[]? utilisation = null;
            var reset = false;
            foreach (var e in history)
            {
                if (!reset && e.Time > window.From)
                {
                    state.ResetStatistics(window.From);
                    reset = true;
                }

                if (utilisation is null && e.Time > window.To)
                {
                    state.AdvanceTo(window.To);
                    utilisation = UtilisationOf(state, hoursOf);
                }

                if (state.Permits(e))
                {
                    state.Apply(e);
                }
            }

            state.AdvanceTo(window.To);
            return Read(state, window, utilisation ?? UtilisationOf(state, hoursOf));
        }

        public static Recorded Simulate(CompiledScenario plant, HistoryWindow window, int replication, CompiledScenario? hoursOf)
        {
            var simulator = new PlantSimulator(
                plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(plant.Scenario.Seed, replication));
            simulator.RunUntil(window.From);
            simulator.State.ResetStatistics(window.From);
            simulator.RunUntil(window.To);
            var utilisation = UtilisationOf(simulator.State, hoursOf);
            simulator.RunToCompletion(window.To + plant.Scenario.Horizon);
            return Read(simulator.State, window, utilisation);
        }

        private static Recorded Read(PlantState state, HistoryWindow window, double[] utilisation)
        {
            var orders = state.Orders[window.FirstOrder..window.EndOrder].ToArray();
            return new Recorded(
                [.. orders.Select(o => o.Status == OrderStatus.Complete && !(new SimTime(o.CompletedAt) > window.SeenUntil) ? new Duration(o.CompletedAt - o.ReleasedAt).Days : (double?)null)],
                [.. orders.Select(o => o.Status == OrderStatus.Complete ? new Duration(o.CompletedAt).Days : (double?)null)], utilisation);
        }

        /// <summary>Production and setup per planned busy time, by class.</summary>
        private static double[] UtilisationOf(PlantState state, CompiledScenario? hoursOf)
        {
            var kpis = PlantKpis.Of(state);
            var (busy, planned) = (new double[state.Plant.Plant.EquipmentClasses.Length], new double[state.Plant.Plant.EquipmentClasses.Length]);
            foreach (var machine in kpis.Equipment)
            {
                var c = state.Plant.Plant.Equipment[machine.Equipment].Class;
                busy[c] += machine.ActualProcessingTime;
                planned[c] += hoursOf is null ? machine.PlannedBusyTime
                    : (hoursOf.CalendarOf(machine.Equipment)?.WorkBetween(state.StatisticsSince, state.Now) ?? state.Now - state.StatisticsSince).Hours;
            }

            return [.. busy.Zip(planned, (b, p) => p > 0 ? b / p : 0)];
        }
    }
}

/// <summary>Utilisation of a class of equipment, production and setup per working time.</summary>
public sealed record UtilisationError(EquipmentClassId Class, double Recorded, double Simulated);
