using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Promise;

/// <summary>When an order that is not in the book could be ready.</summary>
/// <param name="Plant">The plant with the order at the end of its book.</param>
/// <param name="InGaps">Completion when it only uses what the schedule in force leaves free: nobody else moves by a millisecond.</param>
/// <param name="Schedule">The schedule in force with the order in its gaps; it has passed the checker.</param>
/// <param name="WithMoves">Completion when others are moved but no order becomes late, and none that is late becomes later; <c>null</c> when that
/// gains nothing.</param>
/// <param name="Moved">The schedule of that; it has passed the checker.</param>
public sealed record PromiseResult(CompiledScenario Plant, SimTime InGaps, Schedule Schedule, SimTime? WithMoves, Schedule? Moved)
{
    /// <summary>The earliest date that can be promised without making another order late.</summary>
    public SimTime Date => WithMoves ?? InGaps;
}

/// <summary>Capable-to-promise: the earliest completion of a new order that no other order pays for.</summary>
/// <remarks>Operations are placed one after the other, each where it ends first: a good date, and one that the checker has confirmed, but not
/// proved to be the earliest of all.</remarks>
public static class OrderPromise
{
    /// <param name="plant">The plant with its present book.</param>
    /// <param name="current">The schedule in force; it must pass the checker.</param>
    /// <param name="order">The order; its due date and priority play no part.</param>
    /// <param name="from">The plant now; <c>null</c> for the epoch.</param>
    /// <exception cref="PlanningException">The order cannot be made here, or the schedule in force is not executable.</exception>
    public static PromiseResult Of(CompiledScenario plant, Schedule current, Order order, PlantState? from = null)
    {
        if (plant.Scenario.Orders.Any(o => o.Id == order.Id))
        {
            throw new PlanningException($"There is an order '{order.Id}' already. Maybe it has been promised before?");
        }

        var grown = plant.WithOrders([order with { Due = null }]);
        var state = from?.Fork();
        state?.GrowTo(grown);
        var problem = SchedulingProblem.Build(grown, state, current);
        var gaps = new GapInsertion(problem).Insert(problem.Orders[^1].Tasks);
        var (schedule, end) = (gaps.ToSchedule(), gaps.End);
        if (Refusal(grown, schedule, state, current) is { } refusal)
        {
            if (Refusal(plant, current, from, current) is { } broken)
            {
                throw new PlanningException($"The schedule in force does not keep all rules: {broken} Maybe repair it first?");
            }

            gaps = new GapInsertion(problem) { OnlyAtTheEnd = true }.Insert(problem.Orders[^1].Tasks);
            (schedule, end) = (gaps.ToSchedule(), gaps.End);
            if (Refusal(grown, schedule, state, current) is not null)
            {
                throw new PlanningException($"No place was found for the order in the schedule in force: {refusal} Maybe plan anew with the order in the book?");
            }
        }

        var moved = new SqueezedOrder(problem).Before(end);
        return moved is { } better && Refusal(grown, better.Schedule, state, current) is null
            ? new PromiseResult(grown, new SimTime(end), schedule, new SimTime(better.End), better.Schedule)
            : new PromiseResult(grown, new SimTime(end), schedule, null, null);
    }

    private static string? Refusal(CompiledScenario plant, Schedule schedule, PlantState? from, Schedule current) =>
        ScheduleChecker.Check(plant, schedule, from, current).FirstOrDefault(v => v.Severity == ViolationSeverity.Error)?.Message;
}
