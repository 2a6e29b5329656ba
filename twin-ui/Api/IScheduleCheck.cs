using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Api;

/// <summary>What stands between a schedule from outside and the plant.</summary>
public interface IScheduleCheck
{
    /// <summary>Every rule that the schedule breaks, in words; empty when it may be applied.</summary>
    IEnumerable<string> Violations(TwinView view, Schedule schedule);
}

/// <summary>The scheduler's independent checker.</summary>
/// <remarks>A schedule is made from one moment and arrives at another. While the plant has hardly moved every rule is asked; later, only the
/// rules that the passing of time cannot break: what has been started or finished meanwhile is simply past.</remarks>
internal sealed class CheckerGate : IScheduleCheck
{
    private static readonly Duration HardlyMoved = Duration.FromMinutes(1);

    public IEnumerable<string> Violations(TwinView view, Schedule schedule)
    {
        var fresh = view.Now - schedule.MadeAt <= HardlyMoved;
        return ScheduleChecker.Check(view.State.Plant, schedule, view.State, view.Schedule.Schedule)
            .Where(v => v.Severity == ViolationSeverity.Error && (fresh || IsTimeless(v.Rule)))
            .Select(v => $"{v.Rule}: {v.Message}");
    }

    private static bool IsTimeless(ScheduleRule rule) =>
        rule is ScheduleRule.Eligibility or ScheduleRule.Load or ScheduleRule.BatchFamily or ScheduleRule.Lock;
}
