using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Checks that look across tables. Things whose own rows are already wrong are left alone, so that one mistake is told once.</summary>
internal static class ScenarioChecks
{
    public static void Run(Scenario scenario, ScenarioNames names)
    {
        var eligibility = new Eligibility(scenario, names);
        Capacities(scenario.Plant, names);
        Failures(scenario.Plant, names);
        Calendars(scenario, names);
        LineChecks.Run(scenario.Plant, names);
        UtilityChecks.Run(scenario.Plant, names);
        MaterialChecks.Run(scenario, names);
        CrewChecks.Run(scenario.Plant, names);
        MarketChecks.Run(scenario, names);
        if (!names.Equipment.IsUnknown && !names.FailureModes.IsUnknown)
        {
            UpkeepChecks.Run(scenario.Plant, names);
        }

        if (!names.Equipment.IsUnknown && !names.EquipmentClasses.IsUnknown)
        {
            RoutingChecks.Run(scenario, names, eligibility);
            OrderChecks.Run(scenario, names, eligibility);
            ChangeoverChecks.Run(scenario, names, eligibility);
        }
    }

    private static void Capacities(PlantModel plant, ScenarioNames names)
    {
        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            var (machine, row) = (plant.Equipment[e], names.Equipment.Sources[e]);
            string Text(Field field) => row[field].Text;
            if (!row.IsSound)
            {
                continue;
            }

            if (machine.CapacityMin > machine.CapacityMax)
            {
                row.Error(EquipmentTable.CapacityMin, $"capacity_min '{Text(EquipmentTable.CapacityMin)}' is more than capacity_max '{Text(EquipmentTable.CapacityMax)}': nothing fits", "Maybe the two are swapped?");
            }
            else if (row.Has(EquipmentTable.CapacityNominal) && machine.CapacityNominal > machine.CapacityMax)
            {
                row.Warn(EquipmentTable.CapacityNominal, $"capacity_nominal '{Text(EquipmentTable.CapacityNominal)}' is more than capacity_max '{Text(EquipmentTable.CapacityMax)}'", "Loading can then never reach 100 %; maybe the two are swapped?");
            }
            else if (row.Has(EquipmentTable.CapacityNominal) && machine.CapacityNominal < machine.CapacityMin)
            {
                row.Warn(EquipmentTable.CapacityNominal, $"capacity_nominal '{Text(EquipmentTable.CapacityNominal)}' is less than capacity_min '{Text(EquipmentTable.CapacityMin)}'", "Every batch is then overloaded; maybe the two are swapped?");
            }
        }
    }

    private static void Failures(PlantModel plant, ScenarioNames names)
    {
        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            var row = names.Equipment.Sources[e];
            if (row.IsSound && plant.Equipment[e].TimeToFailure is { } failure && failure.Mean < Duration.MillisecondsPerSecond)
            {
                row.Error(EquipmentTable.TimeToFailure, $"time_to_failure '{row[EquipmentTable.TimeToFailure].Text}' fails more than once a second", "Maybe the unit is wrong? Leave it empty for equipment that never fails.");
            }
        }
    }

    private static void Calendars(Scenario scenario, ScenarioNames names)
    {
        for (var c = 0; c < scenario.Plant.Calendars.Length; c++)
        {
            var (calendar, row) = (scenario.Plant.Calendars[c], names.Calendars.Sources[c]);
            if (!row.IsSound || !calendar.Windows.IsEmpty)
            {
                continue;
            }

            if (calendar.Exceptions.All(e => e.Windows.IsEmpty))
            {
                row.Error(CalendarsTable.Id, $"calendar '{calendar.Id}' never works", "Give it days, start and end.");
            }
            else
            {
                row.Warn(CalendarsTable.Id, $"calendar '{calendar.Id}' works only on its exceptional days", "Give it days, start and end if it has a week.");
            }
        }
    }

    /// <summary>Longest working window of equipment; <c>null</c> when it works round the clock.</summary>
    public static Duration? LongestWindow(CalendarTimeline? calendar) => calendar is null || calendar.Count <= 1 ? null : calendar.LongestWindow;
}
