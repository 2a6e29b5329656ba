using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Schedules by a dispatch rule alone: the baseline that a planner must beat.</summary>
public static class DispatchSchedule
{
    /// <exception cref="PlanningException">The problem is contradictory, or the rule runs into forbidden changeovers.</exception>
    public static Schedule Build(CompiledScenario plant, DispatchRule rule, PlantState? from = null) =>
        Constructor.Dispatch(SchedulingProblem.Build(plant, from), rule);
}
