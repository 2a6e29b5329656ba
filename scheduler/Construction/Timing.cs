using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>When a batch is set up, started and ended.</summary>
internal readonly record struct Placement(long SetupStart, long Start, long End, SetupStep Setup, MachineCondition After)
{
    public static readonly Placement Impossible = new(long.MaxValue, long.MaxValue, long.MaxValue, SetupStep.Forbidden, default);

    public bool Possible => Setup.Possible;
}

/// <summary>The arithmetic of one batch on one machine: setup, travel, working hours.</summary>
internal static class Timing
{
    /// <summary>Setup needed before a batch, and the condition while it runs.</summary>
    public static SetupStep Prepare(SchedulingProblem problem, ProblemMachine machine, ref MachineCondition condition, ProblemTask lead)
    {
        if (machine.Rule >= 0)
        {
            return problem.Changeovers[machine.Rule].Prepare(ref condition, lead.Family, lead.Setup);
        }

        condition = condition with { Family = lead.Family >= 0 ? lead.Family : condition.Family };
        return new SetupStep(lead.Setup, 0, 0, Possible: true);
    }

    public static MachineCondition After(SchedulingProblem problem, ProblemMachine machine, MachineCondition condition, int family) =>
        machine.Rule >= 0 ? problem.Changeovers[machine.Rule].After(condition, family) : condition;

    /// <summary>Times of a batch whose setup may begin at <paramref name="from"/> and whose goods are there at <paramref name="arrival"/>.</summary>
    public static (long SetupStart, long Start, long End) At(
        ProblemMachine machine, long from, long arrival, long setup, long work, bool interruptible)
    {
        var calendar = machine.Calendar;
        if (calendar is null)
        {
            var begin = Math.Max(from + setup, arrival);
            return (setup > 0 ? from : begin, begin, begin + work);
        }

        var setupStart = setup > 0 ? calendar.NextWorking(new SimTime(from)).Milliseconds : from;
        var earliest = new SimTime(Math.Max(setupStart + setup, arrival));
        var start = interruptible ? calendar.NextWorking(earliest) : calendar.StartOfUninterrupted(earliest, new Duration(work));
        var end = interruptible ? calendar.EndOfInterruptible(start, new Duration(work)) : start + new Duration(work);
        return (setup > 0 ? setupStart : start.Milliseconds, start.Milliseconds, end.Milliseconds);
    }
}
