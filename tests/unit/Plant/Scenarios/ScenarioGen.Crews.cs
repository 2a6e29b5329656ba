using CsCheck;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

// Crews: pools with skills, shifts and side jobs, and needs for them.
internal static partial class ScenarioGen
{
    private static Gen<AuxiliaryResource> AuxiliaryOf(int i, int calendars) =>
        from name in LabelOf($"aux*{i}")
        from count in Gen.Int[3, 40]
        from skills in Subset(2, k => $"skill {k}")
        from shifts in Index(calendars)
        from atEnd in Gen.Enum<ShiftEndRule>()
        from sideJobs in Gen.Int[0, 2]
        from sideTime in Time
        select new AuxiliaryResource
        {
            Id = $"aux*{i}", Name = name, Count = count, Skills = [.. skills], AtShiftEnd = atEnd,
            Shifts = shifts is { } c ? [new CrewShift(new CalendarId(c), count), new CrewShift(new CalendarId(0), 0)] : [],
            SideJobs = sideJobs, SideJobTime = sideJobs > 0 ? sideTime : null,
        };

    private static Gen<CrewNeed?> NeedOf(bool anybody) =>
        Gen.Int[0, 3].Select(n => anybody && n > 0 ? new CrewNeed("crew0", n) : null);
}
