using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Utilities that cannot do what is asked of them.</summary>
internal static class UtilityChecks
{
    public static void Run(PlantModel plant, ScenarioNames names)
    {
        for (var u = 0; u < plant.Utilities.Length; u++)
        {
            var (utility, row) = (plant.Utilities[u], names.Utilities.Sources[u]);
            if (!row.IsSound || utility.Kind != UtilityKind.Electricity || utility.RateCap is not { } cap)
            {
                continue;
            }

            var idle = plant.Equipment.Where(e => utility.Site is not { } s || e.Site == s).Sum(e => e.IdleKw);
            if (idle >= cap)
            {
                row.Error(UtilitiesTable.RateCap, $"rate_cap '{row[UtilitiesTable.RateCap].Text}' is used up by the idle power of the equipment, {NumberText.Format(idle)} kW", "Raise the cap, or correct idle_kw.");
            }
        }
    }
}
