namespace DigitalTwin.Scheduler.Shops;

/// <summary>Says whether a shop schedule can be executed and ends when it says; shares no code with any solver.</summary>
public static class ShopChecker
{
    /// <summary>The first rule the schedule breaks; <c>null</c> when it keeps them all.</summary>
    public static string? FirstViolation(ShopProblem problem, ShopSchedule schedule)
    {
        if (schedule.Machine.Length != problem.Count || schedule.Start.Length != problem.Count)
        {
            return $"The schedule has {schedule.Start.Length} operations, the problem {problem.Count}.";
        }

        var end = new long[problem.Count];
        for (var v = 0; v < problem.Count; v++)
        {
            var option = problem.OptionOn(v, schedule.Machine[v]);
            if (option < 0)
            {
                return $"Operation {v} cannot run on machine {schedule.Machine[v]}.";
            }

            end[v] = (long)schedule.Start[v] + problem.OptionTime[option];
            if (schedule.Start[v] < problem.Ready[v])
            {
                return $"Operation {v} starts at {schedule.Start[v]}, before it is ready at {problem.Ready[v]}.";
            }

            if (v > problem.JobFirst[problem.JobOf[v]] && schedule.Start[v] < end[v - 1] + problem.Wait[v - 1])
            {
                return $"Operation {v} starts at {schedule.Start[v]}, before operation {v - 1} ends at {end[v - 1]} and waits {problem.Wait[v - 1]}.";
            }
        }

        return OnMachines(problem, schedule, end)
            ?? (end.Max() == schedule.Makespan ? null : $"The schedule says it ends at {schedule.Makespan}, but ends at {end.Max()}.");
    }

    private static string? OnMachines(ShopProblem problem, ShopSchedule schedule, long[] end)
    {
        var order = Enumerable.Range(0, problem.Count).ToArray();
        Array.Sort(order, (a, b) => (schedule.Machine[a], schedule.Start[a], end[a], Arrival(a), a).CompareTo((schedule.Machine[b], schedule.Start[b], end[b], Arrival(b), b)));
        for (var i = 0; i < order.Length; i++)
        {
            var (v, machine) = (order[i], schedule.Machine[order[i]]);
            var before = i > 0 && schedule.Machine[order[i - 1]] == machine ? order[i - 1] : -1;
            var setup = problem.Setups?.Time(machine, before, v) ?? 0;
            var free = before < 0 ? problem.MachineReady[machine] : end[before];
            if (schedule.Start[v] < free + setup)
            {
                return $"Operation {v} starts at {schedule.Start[v]} on machine {machine}, which is free at {free} and needs a setup of {setup}.";
            }

            if (problem.Setups is { BeforeArrival: false })
            {
                var arrival = Arrival(v);
                if (schedule.Start[v] < arrival + setup)
                {
                    return $"Operation {v} starts at {schedule.Start[v]}, but its job comes at {arrival} and its setup takes {setup}.";
                }
            }
        }

        return null;

        // Of operations without duration at one moment, the one that came first was set up first.
        long Arrival(int v) => v > problem.JobFirst[problem.JobOf[v]] ? Math.Max(problem.Ready[v], end[v - 1] + problem.Wait[v - 1]) : problem.Ready[v];
    }
}
