using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>--lock</c>: an order, a job, or all that is planned on a machine, fixed to its machine, place or time in the schedule in force.</summary>
internal static class ScheduleLocks
{
    private static readonly Dictionary<string, LockKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["machine"] = LockKind.Machine, ["place"] = LockKind.Place, ["time"] = LockKind.Time, ["none"] = LockKind.None,
    };

    public static Option<string[]> Option() => new("--lock")
    {
        Description = "Fix an order, a job (ORDER/LOT/OPERATION), or everything on a machine (its sequence) as the schedule in force has it: WHAT=machine, place (when not said), time, or none.",
        HelpName = "what=kind",
    };

    /// <summary>The schedule with the locks in it.</summary>
    /// <exception cref="CommandException">A lock names nothing that the schedule plans.</exception>
    public static Schedule Apply(string[]? texts, Schedule schedule, CompiledScenario plant)
    {
        foreach (var text in texts ?? [])
        {
            var equals = text.LastIndexOf('=');
            var (what, how) = equals < 0 ? (text, "place") : (text[..equals], text[(equals + 1)..]);
            if (!s_kinds.TryGetValue(how, out var kind))
            {
                throw new CommandException($"--lock '{text}': a lock is to machine, place or time, not '{how}'. Maybe {what}=place?");
            }

            var named = Named(what, plant);
            if (!schedule.Batches.Any(named))
            {
                throw new CommandException($"--lock '{what}': the schedule in force plans nothing of it. Maybe it has begun, or stands in another schedule?");
            }

            schedule = schedule with { Batches = [.. schedule.Batches.Select(b => named(b) ? b with { Lock = kind } : b)] };
        }

        return schedule;
    }

    private static Func<PlannedBatch, bool> Named(string what, CompiledScenario plant)
    {
        if (plant.Plant.Equipment.Any(e => e.Id == what))
        {
            var machine = ScheduleDisruptions.Equipment("--lock", what, plant);
            return b => b.Equipment.Index == machine;
        }

        if (what.Contains('/', StringComparison.Ordinal))
        {
            var job = ScheduleDisruptions.Job("--lock", what, plant);
            return b => b.Jobs.Any(j => j.Index == job);
        }

        var order = ScheduleDisruptions.Order("--lock", what, plant);
        return b => b.Jobs.Any(j => plant.Jobs.OrderOf(j) == order);
    }
}
