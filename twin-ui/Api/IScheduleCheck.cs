using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Api;

/// <summary>What stands between a schedule from outside and the plant.</summary>
internal interface IScheduleCheck
{
    /// <summary>Every rule that the schedule breaks, in words; empty when it may be applied.</summary>
    IEnumerable<string> Violations(TwinView view, Schedule schedule);
}

/// <summary>Only what the session itself insists on.</summary>
internal sealed class NoFurtherCheck : IScheduleCheck
{
    public IEnumerable<string> Violations(TwinView view, Schedule schedule) => [];
}
