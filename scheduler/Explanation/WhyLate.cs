using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>Why an order ends when it does in a schedule: one chain of touching pieces from its completion back to a root.</summary>
/// <param name="Order">The order.</param>
/// <param name="End">Its planned completion.</param>
/// <param name="Due">Its due date; <c>null</c> when none was promised.</param>
/// <param name="Alone">When it would end with all equipment that is free now to itself (its operations one after the other, each where it ends
/// first): later than the due date means that no plan can make it.</param>
/// <param name="Steps">The chain, earliest first; the first piece is the root.</param>
public sealed record WhyLate(OrderId Order, SimTime End, SimTime? Due, SimTime Alone, IReadOnlyList<WhyStep> Steps)
{
    /// <summary>How late it is; negative when early, <c>null</c> without a due date.</summary>
    public Duration? Lateness => Due is { } due ? End - due : null;

    /// <summary>Explains an order in a schedule.</summary>
    /// <param name="schedule">An executable schedule.</param>
    /// <param name="from">The state it is planned from; <c>null</c> for the epoch.</param>
    /// <exception cref="PlanningException">The schedule does not plan the order, or is not one of this plant.</exception>
    public static WhyLate Of(CompiledScenario plant, Schedule schedule, int order, PlantState? from = null)
    {
        var problem = SchedulingProblem.Build(plant, from, schedule);
        return new WhyChains(problem, problem.Current!, from).Of(order);
    }

    /// <summary>Explains an order in a schedule as it will go on from a plant that has not kept to it to the minute.</summary>
    /// <exception cref="PlanningException">The planned order of work is no longer possible, or does not contain the order.</exception>
    public static WhyLate OfCarriedOn(CompiledScenario plant, Schedule schedule, int order, PlantState from)
    {
        var problem = SchedulingProblem.Build(plant, from, PlanRepair.CarryOn(plant, schedule, from));
        return new WhyChains(problem, problem.Current!, from).Of(order);
    }
}

/// <summary>Walks the chains of a schedule.</summary>
internal sealed class WhyChains
{
    private readonly SchedulingProblem _problem;
    private readonly PlanView _view;
    private readonly PlanLinks _links;

    public WhyChains(SchedulingProblem problem, Schedule schedule, PlantState? from)
    {
        _problem = problem;
        _view = new PlanView(problem, schedule);
        _links = new PlanLinks(_view, from);
    }

    public PlanView View => _view;

    public WhyLate Of(int order)
    {
        PlanBatch? last = null;
        foreach (var t in _problem.Orders[order].Tasks)
        {
            var batch = _view.BatchOf[t] ?? throw new PlanningException(
                $"The schedule does not plan job {_problem.Plant.JobName(_problem.Tasks[t].Job)}. Maybe it was made for another order book?");
            last = last is null || batch.End > last.End ? batch : last;
        }

        if (last is null)
        {
            throw new PlanningException($"Nothing of order {_problem.Plant.Scenario.Orders[order].Id} is left to plan: it is complete, cancelled or running.");
        }

        var steps = Walk(last);
        steps.Reverse();
        return new WhyLate(
            new OrderId(order), new SimTime(last.End), _problem.Orders[order].Due is { } due ? new SimTime(due) : null, Alone(order), steps);
    }

    /// <summary>The chain from the end of a batch back to its root, latest first.</summary>
    public List<WhyStep> Walk(PlanBatch last)
    {
        var steps = new List<WhyStep>();
        var (batch, link, auxiliary, after) = (last, WhyLink.Same, -1, (PlanBatch?)null);
        for (var n = 0; n <= _view.Batches.Count; n++)
        {
            var step = _links.Step(WhyKind.Processing, link, batch.Start, batch.End, batch) with { Auxiliary = auxiliary };
            if (after is not null)
            {
                var (gain, ties) = _links.GainWithout(after, batch, link, auxiliary);
                step = step with { Gain = gain, Ties = ties };
            }

            steps.Add(step);
            var (next, how, which) = _links.Before(batch, steps);
            if (next is null)
            {
                break;
            }

            (after, batch, link, auxiliary) = (batch, next, how, which);
        }

        return steps;
    }

    private SimTime Alone(int order)
    {
        var timetable = new Timetable(_problem);
        var end = _problem.Orders[order].CommittedEnd;
        foreach (var t in _problem.Orders[order].Tasks)
        {
            var (best, found) = (Placement.Impossible, -1);
            foreach (var option in _problem.Tasks[t].Options)
            {
                if (timetable.Preview([t], option.Equipment) is { Possible: true } there && there.End < best.End)
                {
                    (best, found) = (there, option.Equipment);
                }
            }

            if (found < 0)
            {
                return SimTime.Never;
            }

            timetable.Append(new PlanBatch([t], found), best);
            end = Math.Max(end, best.End);
        }

        return new SimTime(end);
    }
}
