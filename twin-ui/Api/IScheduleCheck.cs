using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Ui.Api;

/// <summary>What stands between a schedule from outside and the plant.</summary>
public interface IScheduleCheck
{
    /// <summary>Every rule that the schedule breaks, in words; empty when it may be applied.</summary>
    IEnumerable<string> Violations(TwinView view, Schedule schedule);
}

/// <summary>The scheduler's independent checker.</summary>
internal sealed class CheckerGate : IScheduleCheck
{
    public IEnumerable<string> Violations(TwinView view, Schedule schedule) =>
        ScheduleChecker.Check(view.State.Plant, schedule, view.State, view.Schedule.Schedule)
            .Where(v => v.Severity == ViolationSeverity.Error)
            .Select(v => $"{v.Rule}: {v.Message}");
}
