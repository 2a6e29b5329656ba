using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

/// <summary>What an order book asks of each equipment class, by expected processing times on the class's own machines.</summary>
internal static class WorkContent
{
    /// <summary>Hours of processing per class; an operation open to several classes counts at its first one.</summary>
    public static Dictionary<string, double> HoursByClass(CompiledScenario plant)
    {
        var hours = plant.Plant.EquipmentClasses.ToDictionary(c => c.Id, _ => 0.0);
        for (var job = 0; job < plant.Jobs.JobCount; job++)
        {
            var machine = plant.EligibleEquipment(job).First();
            hours[plant.Plant.EquipmentClasses[plant.Plant.Equipment[machine].Class].Id] += plant.MeanProcessingTime(job, machine).Hours;
        }

        return hours;
    }

    /// <summary>Machine places (slots) per class.</summary>
    public static Dictionary<string, int> Places(PlantModel plant) =>
        plant.EquipmentClasses.Select((c, i) => (c.Id, Places: plant.Equipment.Where(e => e.Class.Index == i).Sum(e => e.Slots))).ToDictionary(x => x.Id, x => x.Places);

    /// <summary>Jobs that no machine of the plant may run: every name here is a mistake of the generator.</summary>
    public static List<string> Impossible(CompiledScenario plant) =>
        [.. Enumerable.Range(0, plant.Jobs.JobCount).Where(j => !plant.EligibleEquipment(j).Any()).Select(plant.JobName)];
}
