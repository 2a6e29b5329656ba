using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Runtime.Forecasts;

/// <summary>Simulates futures of a session as it stands. Pure: same view, same options, same result, whatever the threads.</summary>
public static class Futures
{
    /// <summary>Runs futures from a view under a policy.</summary>
    /// <param name="schedule">What the plant follows; <c>null</c> for its dispatch rule alone.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImmutableArray<RunResult> Run(TwinView view, Schedule? schedule, string name, ForecastOptions options, CancellationToken cancellation = default)
    {
        var plant = view.State.Plant;
        var plan = new RunPlan
        {
            Name = name,
            Plant = plant,
            Policy = new DispatchPolicy { Rule = plant.Scenario.Dispatch, Schedule = schedule },
            From = view.State,
            Seed = options.Seed,
            Until = view.Now + Duration.Max(plant.Scenario.Horizon * 3, Duration.FromDays(30)),
        };
        var results = new RunResult[options.Futures];
        Parallel.For(
            0, options.Futures, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
            r => results[r] = Experiment.Run(plan, r, watch: _ => !cancellation.IsCancellationRequested));
        cancellation.ThrowIfCancellationRequested();
        return [.. results];
    }

    /// <summary>Forecasts every order under the schedule in force.</summary>
    public static PlantForecast Forecast(TwinView view, ForecastOptions options, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        var clock = time ?? TimeProvider.System;
        var began = clock.GetTimestamp();
        var futures = Run(view, view.Schedule.Schedule, "forecast", options, cancellation);
        var orders = view.State.Plant.Scenario.Orders;
        var ends = new double[futures.Length];
        var forecasts = ImmutableArray.CreateBuilder<OrderForecast>(orders.Length);
        for (var o = 0; o < orders.Length; o++)
        {
            for (var f = 0; f < futures.Length; f++)
            {
                ends[f] = futures[f].Completions[o]?.Milliseconds ?? double.PositiveInfinity;
            }

            Array.Sort(ends);
            forecasts.Add(Summarise(ends, orders[o].Due));
        }

        return new PlantForecast(view.Version, view.Run, view.Now, futures.Length, forecasts.ToImmutable(), clock.GetElapsedTime(began));
    }

    private static OrderForecast Summarise(ReadOnlySpan<double> sorted, SimTime? due)
    {
        var onTime = 0;
        var tardiness = 0.0;
        foreach (var end in sorted)
        {
            var late = due is { } d ? end - d.Milliseconds : 0;
            onTime += late <= 0 ? 1 : 0;
            tardiness += double.IsFinite(late) ? Math.Max(0, late) / Duration.MillisecondsPerHour : 0;
        }

        return new OrderForecast(At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9), onTime / (double)sorted.Length, tardiness / sorted.Length);
    }

    /// <summary>A quantile; <c>null</c> where it lies among futures that do not end within the horizon.</summary>
    private static SimTime? At(ReadOnlySpan<double> sorted, double p)
    {
        var finite = sorted.IndexOf(double.PositiveInfinity);
        return finite >= 0 && Math.Ceiling(p * (sorted.Length - 1)) >= finite ? null : new SimTime((long)Math.Round(Quantiles.Of(sorted, p)));
    }
}
