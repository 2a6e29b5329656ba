using System.Collections.Immutable;

namespace DigitalTwin.Scheduler.Energy;

/// <summary>What the machine does from an interval on.</summary>
public enum EnergyState
{
    /// <summary>Switched down, in mode <see cref="EnergyStep.Which"/>.</summary>
    Low,

    /// <summary>Coming up from mode <see cref="EnergyStep.Which"/>.</summary>
    Up,

    /// <summary>Going down to mode <see cref="EnergyStep.Which"/>.</summary>
    Down,

    /// <summary>Ready, without work.</summary>
    Ready,

    /// <summary>Runs job <see cref="EnergyStep.Which"/>.</summary>
    Work,
}

/// <summary>A stretch of intervals in which the machine does one thing.</summary>
/// <param name="Start">First interval.</param>
/// <param name="Length">Intervals, ≥ 1.</param>
/// <param name="Which">Mode or job; −1 while ready.</param>
public readonly record struct EnergyStep(EnergyState State, int Start, int Length, int Which);

/// <summary>What the machine does over the whole horizon.</summary>
/// <param name="Steps">One after the other without gaps.</param>
/// <param name="Cost">Σ price × power.</param>
public sealed record EnergySchedule(ImmutableArray<EnergyStep> Steps, long Cost);

/// <summary>Checks an energy schedule against the problem as stated, sharing no code with the search.</summary>
public static class EnergyChecker
{
    /// <summary>What is wrong first; <c>null</c> when the schedule holds.</summary>
    public static string? FirstViolation(EnergyProblem problem, EnergySchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(schedule);
        var done = new bool[problem.Jobs.Length];
        var (at, cost) = (0, 0L);
        var before = new EnergyStep(EnergyState.Low, 0, 0, 0);
        foreach (var step in schedule.Steps)
        {
            if (step.Start != at || step.Length < 1 || at + step.Length > problem.Horizon)
            {
                return $"interval {at} is followed by a step of {step.Length} from {step.Start}";
            }

            if (Mistake(problem, before, step, done) is { } wrong)
            {
                return $"interval {at}: {wrong}";
            }

            for (var end = at + step.Length; at < end; at++)
            {
                cost += (long)problem.Prices[at] * Power(problem, step);
            }

            before = step;
        }

        return at != problem.Horizon ? $"the schedule ends at {at} of {problem.Horizon}"
            : before is not { State: EnergyState.Low, Which: 0 } || schedule.Steps[0] is not { State: EnergyState.Low, Which: 0 } ? "the machine is not off at both ends"
            : Array.IndexOf(done, false) is >= 0 and var open ? $"job {open} is not done"
            : cost != schedule.Cost ? $"the cost is {cost}, not {schedule.Cost}"
            : null;
    }

    private static string? Mistake(EnergyProblem problem, EnergyStep before, EnergyStep step, bool[] done)
    {
        var isReady = before.State is EnergyState.Ready or EnergyState.Work or EnergyState.Up;
        switch (step.State)
        {
            case EnergyState.Work:
                var again = done[step.Which];
                done[step.Which] = true;
                return again ? $"job {step.Which} runs again" : !isReady ? "work on a machine that is not ready"
                    : step.Length != problem.Jobs[step.Which] ? $"job {step.Which} runs {step.Length} of {problem.Jobs[step.Which]}" : null;
            case EnergyState.Ready:
                return isReady ? null : "ready without coming up";
            case EnergyState.Down:
                return !isReady ? "switched down twice" : step.Length != problem.Modes[step.Which].DownTime ? "going down takes another time" : null;
            case EnergyState.Up:
                return before.State is not (EnergyState.Low or EnergyState.Down) || before.Which != step.Which ? "coming up from another mode"
                    : step.Length != problem.Modes[step.Which].UpTime ? "coming up takes another time" : null;
            default:
                return before.State is not (EnergyState.Low or EnergyState.Down) || before.Which != step.Which ? "switched down without going down" : null;
        }
    }

    private static int Power(EnergyProblem problem, EnergyStep step) => step.State switch
    {
        EnergyState.Work => problem.WorkPower,
        EnergyState.Ready => problem.ReadyPower,
        EnergyState.Down => problem.Modes[step.Which].DownPower,
        EnergyState.Up => problem.Modes[step.Which].UpPower,
        _ => problem.Modes[step.Which].Power,
    };
}
