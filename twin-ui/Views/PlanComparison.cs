using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Ui.Views;

/// <summary>A term of the objective for two schedules.</summary>
/// <param name="Before">Of the schedule in force, or of the dispatch rule's; <c>null</c> when there is none to compare with.</param>
public sealed record TermComparison(string Name, string Unit, double Weight, double? Before, double After)
{
    public double? Difference => After - Before;
}

/// <summary>A found schedule beside what it would replace, as planned.</summary>
/// <remarks>Against a schedule in force, both are valued from the plant as it stands now. Against the dispatch rule, both are as the search
/// valued them, from the moment it began: the rule's schedule is not there to be valued again.</remarks>
/// <param name="AgainstDispatch">No schedule was in force: the comparison is with the first schedule, made by the dispatch rule.</param>
public sealed record PlanComparison(IReadOnlyList<TermComparison> Terms, bool AgainstDispatch)
{
    public double Total => Terms.Sum(t => t.After * t.Weight);

    /// <summary><c>null</c> when there is nothing to compare with.</summary>
    public double? TotalBefore => Terms.Any(t => t.Before is null) ? null : Terms.Sum(t => t.Before * t.Weight);

    /// <summary>Compares the best schedule of a search.</summary>
    /// <param name="view">The plant now, with the schedule in force.</param>
    /// <param name="candidate">The best schedule.</param>
    /// <param name="weights">Weights of the search.</param>
    /// <param name="found">Its value as the search ended, once it has.</param>
    /// <param name="first">What the search's first schedule was worth, where it is known.</param>
    public static PlanComparison Of(TwinView view, Schedule candidate, ObjectiveWeights weights, ObjectiveReport? found, ObjectiveReport? first)
    {
        var plant = view.State.Plant;
        var current = view.Schedule.Schedule;
        var againstDispatch = current is null && found is not null;
        var after = againstDispatch ? found! : Value(candidate);
        var before = againstDispatch ? first : current is null ? null : Value(current);
        return new PlanComparison(
            [.. after.Terms.Where(t => t.Weight != 0 || t.Amount != 0).Select(t => new TermComparison(
                t.Name, t.Unit, t.Weight, before?.Terms.FirstOrDefault(b => b.Name == t.Name)?.Amount, t.Amount))],
            againstDispatch);

        ObjectiveReport Value(Schedule schedule) => ObjectiveEvaluator.Evaluate(plant, Remaining(schedule, view), weights, view.State, current);
    }

    /// <summary>The part of a schedule that has not begun.</summary>
    private static Schedule Remaining(Schedule schedule, TwinView view) => schedule with
    {
        Batches = [.. schedule.Batches.Where(b => view.State.Jobs[b.Jobs[0]].Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned)],
    };
}
