using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Checks that look across tables. Things whose own rows are already wrong are left alone, so that one mistake is told once.</summary>
internal static class ScenarioChecks
{
    public static void Run(Scenario scenario, ScenarioNames names)
    {
        _ = scenario;
        _ = names;
    }
}
