using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Waits between two operations that were longer than the first of them allows.</summary>
/// <remarks>
/// A wait lasts from the end of an operation with a longest wait to the start of its successor's batch. A successor that has not begun
/// has waited until now. Waits that ended before the window do not count. Read from the jobs as they stand: a run costs nothing for it.
/// </remarks>
/// <param name="Violations">Waits that were too long, with those after which the lot went back.</param>
/// <param name="HoursOver">Σ hours by which they were; nothing for a lot that went back at once.</param>
/// <param name="Repeated">Lots that went back to be done again, or to be replaced.</param>
public readonly record struct WaitLimitKpis(int Violations, double HoursOver, int Repeated = 0)
{
    /// <summary>The figures as they stand at <see cref="PlantState.Now"/>; <c>null</c> when no operation limits the wait after it.</summary>
    public static WaitLimitKpis? Of(PlantState state)
    {
        if (!state.Plant.Plant.WorkMasters.Any(w => w.Operations.Any(o => o.MaxWait is not null)))
        {
            return null;
        }

        var (violations, over) = (0, 0L);
        for (var job = 0; job < state.Jobs.Length; job++)
        {
            ref readonly var me = ref state.Jobs[job];
            var until = me.StartAt >= 0 ? me.StartAt : state.Now.Milliseconds;
            if (me.Status is JobStatus.Cancelled or JobStatus.Dormant || until < state.StatisticsSince.Milliseconds)
            {
                continue;
            }

            foreach (var predecessor in state.Plant.PredecessorsOf(job))
            {
                var before = job - state.Plant.Jobs.OperationIndexOf(job) + predecessor;
                if (state.Plant.OperationOf(before).MaxWait is { } limit && state.Jobs[before].Status == JobStatus.Done
                    && until - state.Jobs[before].EndAt - limit.Milliseconds is var late and > 0)
                {
                    violations++;
                    over += late;
                }
            }
        }

        return new WaitLimitKpis(violations + state.WaitsExceeded, over / (double)Duration.MillisecondsPerHour, state.WaitsExceeded);
    }
}
