using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>How thoroughly an attempt is scored.</summary>
/// <param name="PlannerSeconds">Wall-clock seconds of the planner at each decision; 0 leaves it with the schedule from the beginning, which makes a score
/// the same every time.</param>
public sealed record ScoreOptions(double PlannerSeconds = 0);

/// <summary>The planner's answer to the beginning of an exercise: found once, so that all attempts are held against the same.</summary>
internal sealed record Reference(Schedule? Schedule, SolverWord? Word);

/// <summary>Scores attempts by branching (<see cref="AttemptScore"/> states the rule).</summary>
internal sealed class AttemptScorer(Exercise exercise, PlantSimulator begin, Reference reference, IPlanner? planner, ScoreOptions options, CancellationToken stop)
{
    private static readonly DispatchRule[] s_rules = Enum.GetValues<DispatchRule>();
    private readonly List<Schedule> _found = reference.Schedule is { } s ? [s] : [];

    public AttemptScore Score(Attempt attempt)
    {
        var world = new TrainingWorld(exercise, begin, attempt.Entries.Where(e => e.Fault is not null).Select(e => e.Fault!), null);
        var (best, bestBy) = Value(world);
        var leftAlone = Run(world, "", _ => { }).Value;
        var parts = ImmutableArray.CreateBuilder<ScorePart>();
        var (since, value, valueBy, standing) = (world.Now, best, bestBy, Standing(world));
        foreach (var entry in attempt.Entries.Where(e => e.Decision is not null))
        {
            stop.ThrowIfCancellationRequested();
            world.AdvanceTo(new SimTime(entry.AtMs));
            var (before, by) = Value(world);
            Wait(since, before, standing);
            world.Decide(entry.Decision!);
            (value, valueBy) = Value(world);
            parts.Add(new ScorePart(entry.AtMs, entry.Decision!.Text, IsDecision: true, before, value, by));
            (since, standing) = (world.Now, Standing(world));
        }

        world.AdvanceTo(exercise.End);
        var objective = world.Finish();
        Wait(since, objective.Total, standing);
        var kpis = PlantKpis.Of(world.State);
        var score = new AttemptScore
        {
            Objective = objective.Total, Terms = [.. objective.Terms], Best = best, BestBy = bestBy, LeftAlone = leftAlone, Solver = reference.Word, Parts = parts.ToImmutable(),
            Hints = attempt.Hints, Goals = [.. exercise.Goals.Select(g => Look(g, kpis))], Limits = [.. exercise.Limits.Select(l => Look(l, kpis))], Points = 0,
        };
        return score with { Points = PointsOf(score) };

        void Wait(SimTime from, double after, string under) => parts.Add(new ScorePart(from.Milliseconds, under, IsDecision: false, value, after, valueBy));
    }

    /// <summary>What went on until the next decision: what a part of waiting is charged to.</summary>
    private static string Standing(TrainingWorld world) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"going on by rule {world.Rule}{(world.Board is { } board ? $" and a board of {board.Batches.Length}" : "")}");

    /// <summary>Points of a score by the stated rule.</summary>
    internal static double PointsOf(AttemptScore score)
    {
        var scale = Math.Max(Math.Max(score.Best, score.LeftAlone), 1e-9);
        var penalties = score.Limits.Where(l => !l.Kept).Sum(l => l.Target.PenaltyPercent);
        return Math.Clamp(100 - 100 * score.Regret / scale - score.Hints * AttemptScore.HintPenalty - penalties, 0, 100);
    }

    private static TargetResult Look(ExerciseTarget target, PlantKpis kpis)
    {
        var value = KpiCatalogue.Find(target.Kpi)?.Value(kpis);
        var kept = value is null || ((target.AtMost is not { } most || value <= most) && (target.AtLeast is not { } least || value >= least));
        return new TargetResult(target, value, kept);
    }

    /// <summary>The lowest objective that any known policy reaches from a moment.</summary>
    private (double Value, string By) Value(TrainingWorld world)
    {
        var tries = new List<(string, Action<TrainingWorld>)> { ("as it stands", _ => { }) };
        tries.AddRange(s_rules.Select(rule => ($"rule {rule}", (Action<TrainingWorld>)(w => w.Follow(rule, null)))));
        if (options.PlannerSeconds > 0 && Plan(world, planner, options.PlannerSeconds, stop) is { Schedule: { } fresh })
        {
            _found.Add(fresh);
        }

        tries.AddRange(_found.Select((s, i) => (i == 0 && reference.Schedule is not null ? "planner" : $"planner, plan {i + 1}", (Action<TrainingWorld>)(w => w.Follow(w.Rule, s)))));
        var results = new (double Value, string By)[tries.Count * (world.Open.Count > 0 ? 2 : 1)];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2), CancellationToken = stop }, i =>
        {
            var (name, follow) = tries[i % tries.Count];
            var refuse = i >= tries.Count;
            results[i] = Run(world, refuse ? name + ", refusing" : name, w =>
            {
                if (refuse)
                {
                    w.AnswerAll(accept: false);
                }

                follow(w);
            });
        });
        return results.MinBy(r => r.Value); // the first of equals: the same every time
    }

    private static (double Value, string By) Run(TrainingWorld world, string name, Action<TrainingWorld> follow)
    {
        var branch = world.Fork();
        follow(branch);
        return (branch.Finish().Total, name);
    }

    /// <summary>Asks a planner for the best from a moment; nothing where it has no answer.</summary>
    public static Reference Plan(TrainingWorld world, IPlanner? planner, double seconds, CancellationToken stop)
    {
        try
        {
            if (planner is null || seconds <= 0)
            {
                return new Reference(null, null);
            }

            var result = planner.Plan(
                new PlanningRequest { Plant = world.State.Plant, From = world.State.Fork(), Current = world.Board, TimeLimit = Duration.FromSeconds(seconds), Workers = 1 }, stop: stop);
            var (incumbent, bound) = (result.Objective.Total, result.Bound);
            return new Reference(
                result.Schedule,
                new SolverWord(incumbent, bound, bound is { } b ? incumbent == 0 ? 0 : Math.Clamp((incumbent - b) / Math.Abs(incumbent), 0, 1) : null, result.Outcome.ToString()));
        }
        catch (PlanningException)
        {
            return new Reference(null, null); // a plant that the planner cannot plan is played against the rules alone
        }
    }
}
