using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>Something that a schedule did not foresee.</summary>
public abstract record Disruption;

/// <summary>A machine breaks down at a moment, for so long.</summary>
public sealed record MachineBreakdown(EquipmentId Equipment, SimTime At, Duration Length) : Disruption;

/// <summary>An order comes that nobody knew of.</summary>
public sealed record RushOrder(Order Order) : Disruption;

/// <summary>What has not begun of an order may begin only so long after now: its material is late.</summary>
public sealed record OrderDelay(OrderId Order, Duration By) : Disruption;

/// <summary>A job that is running takes so much longer.</summary>
public sealed record WorkDelay(JobId Job, Duration By) : Disruption;

/// <summary>A plant that went by its schedule until a moment, and what then came in between.</summary>
/// <param name="Plant">With rush orders appended and delayed orders' releases put back.</param>
/// <param name="State">At that moment, disruptions known.</param>
public sealed record DisruptedPlant(CompiledScenario Plant, PlantState State)
{
    /// <summary>Runs a plant without luck by its schedule until <paramref name="now"/>, then lets the disruptions happen.</summary>
    /// <exception cref="PlanningException">A disruption does not fit the plant as it then stands.</exception>
    public static DisruptedPlant At(CompiledScenario plant, Schedule schedule, SimTime now, IReadOnlyCollection<Disruption> disruptions)
    {
        var world = CompiledScenario.Compile(plant.Scenario.WithoutLuck() with { Disturbances = [] });
        var simulator = new PlantSimulator(world, new DispatchPolicy { Rule = plant.Scenario.Dispatch, Schedule = schedule }, new RandomSource(plant.Scenario.Seed, 0));
        foreach (var breakdown in disruptions.OfType<MachineBreakdown>().OrderBy(b => b.At))
        {
            if (breakdown.At > now || breakdown.Length <= Duration.Zero)
            {
                throw new PlanningException($"The breakdown of {plant.Plant.Equipment[breakdown.Equipment].Id} lies after the moment of repair or lasts no time. Maybe a later moment of repair?");
            }

            simulator.RunUntil(breakdown.At);
            if (simulator.State.Equipment[breakdown.Equipment].Status is EquipmentStatus.Down or EquipmentStatus.Repair)
            {
                throw new PlanningException($"{plant.Plant.Equipment[breakdown.Equipment].Id} is down already then. Maybe one longer breakdown was meant?");
            }

            simulator.Inject(new Disturbance { Time = breakdown.At, Equipment = breakdown.Equipment, Duration = breakdown.Length });
        }

        simulator.RunUntil(now);
        var state = simulator.State.Fork();
        state.AdvanceTo(now);
        var changed = WithOrders(plant, now, disruptions);
        state.GrowTo(changed);
        foreach (var delay in disruptions.OfType<WorkDelay>())
        {
            Delay(changed, state, delay);
        }

        return new DisruptedPlant(changed, state);
    }

    private static CompiledScenario WithOrders(CompiledScenario plant, SimTime now, IReadOnlyCollection<Disruption> disruptions)
    {
        var orders = plant.Scenario.Orders.ToBuilder();
        foreach (var delay in disruptions.OfType<OrderDelay>())
        {
            orders[delay.Order] = orders[delay.Order] with { Release = SimTime.Max(orders[delay.Order].Release, now) + delay.By };
        }

        foreach (var rush in disruptions.OfType<RushOrder>())
        {
            if (orders.Any(o => o.Id == rush.Order.Id))
            {
                throw new PlanningException($"There is an order '{rush.Order.Id}' already. Maybe give the rush order another id?");
            }

            orders.Add(rush.Order);
        }

        return CompiledScenario.Compile(plant.Scenario with { Orders = orders.ToImmutable() });
    }

    private static void Delay(CompiledScenario plant, PlantState state, WorkDelay delay)
    {
        var job = state.Jobs[delay.Job];
        var late = new PlantEvent(state.Now, PlantEventKind.AdditionStarted, job.Equipment, job.Lead >= 0 ? job.Lead : delay.Job.Index, Value: delay.By.Milliseconds, Source: EventSource.Inferred);
        if (!state.Permits(late))
        {
            throw new PlanningException($"Job {plant.JobName(delay.Job)} is {job.Status} then, not running: its processing cannot take longer. Maybe delay its order instead?");
        }

        state.Apply(late);
    }
}
