using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Planning;

/// <summary>What applying a schedule would change: executed figures with the same luck, and what moves.</summary>
/// <param name="Figures">Baseline = what is in force now (a schedule, or the dispatch rule); then the candidate. Both were <i>executed</i> by
/// the simulator from the plant as it stands, with common random numbers.</param>
/// <param name="Moves">Jobs that would run elsewhere or at another time than in the schedule in force.</param>
public sealed record SchedulePreview(long Version, Comparison Figures, IReadOnlyList<JobMove> Moves)
{
    /// <summary>Jobs that would change their equipment.</summary>
    public int ToOtherEquipment => Moves.Count(m => m.FromEquipment != m.ToEquipment);

    /// <summary>Works a preview out: seconds of work, on the caller's thread and <see cref="ForecastOptions.Threads"/> more.</summary>
    public static SchedulePreview Of(TwinView view, Schedule candidate, ForecastOptions options, CancellationToken cancellation = default)
    {
        var current = view.Schedule.Schedule;
        var baseline = current is null ? view.State.Plant.Scenario.Dispatch.ToString() : $"schedule {view.Schedule.Version}";
        var name = candidate.Origin.Length > 0 ? candidate.Origin : "candidate";
        var before = Futures.Run(view, current, baseline, options, cancellation);
        var after = Futures.Run(view, candidate, name, options, cancellation);
        return new SchedulePreview(view.Version, Comparison.Of([(baseline, before), (name, after)]), MovesBetween(current, candidate));
    }

    /// <summary>Jobs in both schedules whose equipment or start differs, the farthest moved first.</summary>
    public static IReadOnlyList<JobMove> MovesBetween(Schedule? before, Schedule after)
    {
        if (before is null)
        {
            return [];
        }

        var places = before.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b))).ToDictionary(x => x.Index, x => x.b);
        return
        [
            .. after.Batches
                .SelectMany(b => b.Jobs.Select(j => (Job: j.Index, After: b, Before: places.GetValueOrDefault(j.Index))))
                .Where(x => x.Before is { } was && (was.Equipment != x.After.Equipment || was.Start != x.After.Start))
                .Select(x => new JobMove(x.Job, x.Before!.Equipment, x.After.Equipment, x.Before.Start, x.After.Start))
                .OrderByDescending(m => Math.Abs(m.Shift.Milliseconds)).ThenBy(m => m.Job),
        ];
    }
}

/// <summary>A job that another schedule puts elsewhere.</summary>
public readonly record struct JobMove(int Job, int FromEquipment, int ToEquipment, SimTime FromStart, SimTime ToStart)
{
    /// <summary>Later is positive.</summary>
    public Duration Shift => ToStart - FromStart;
}
