using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>What the floor map must know once: names, places, colours, icons and words. What changes comes over the hub.</summary>
/// <param name="Plant">Id of the plant.</param>
/// <param name="Orders">Ids of all orders.</param>
/// <param name="FirstJob">First job of each order, and behind them the number of jobs: which order a job belongs to.</param>
public sealed record FloorPlan(
    string Plant,
    IReadOnlyList<FloorMachine> Machines,
    IReadOnlyList<FloorFamily> Families,
    IReadOnlyList<FloorStatus> Statuses,
    IReadOnlyList<string> Orders,
    IReadOnlyList<int> FirstJob,
    IReadOnlyDictionary<string, string> Texts,
    string Language)
{
    public static FloorPlan Of(CompiledScenario plant, Texts texts)
    {
        var model = plant.Plant;
        return new FloorPlan(
            plant.Scenario.Id,
            [.. model.Equipment.Select(e => new FloorMachine(
                e.Id, e.Name.In(texts.Language), model.Sites[e.Site].Name.In(texts.Language), AreaOf(plant, e, texts.Language)))],
            FloorFamily.All(plant, texts.Language),
            FloorStatus.All(texts),
            [.. plant.Scenario.Orders.Select(o => o.Id)],
            FirstJobs(plant),
            texts.Under("floor."),
            texts.Language);
    }

    /// <summary>Orders that the viewer must not know have no jobs of their own here: how many they have says how large they are.</summary>
    private static int[] FirstJobs(CompiledScenario plant)
    {
        int[] first = [.. plant.Jobs.OrderFirstLot.Select(lot => plant.Jobs.LotFirstJob[lot])];
        for (var o = first.Length - 2; o >= 0; o--)
        {
            first[o] = plant.Scenario.Orders[o].Id.Length == 0 ? first[o + 1] : first[o];
        }

        return first;
    }

    /// <summary>The work centre, or the class where the scenario names none.</summary>
    internal static string AreaOf(CompiledScenario plant, Plant.Model.Equipment equipment, string language) =>
        equipment.WorkCenter.Length > 0 ? equipment.WorkCenter : plant.Plant.EquipmentClasses[equipment.Class].Name.In(language);
}

/// <summary>One machine on the map.</summary>
public sealed record FloorMachine(string Id, string Name, string Site, string Area);

/// <summary>A family and its colour.</summary>
public sealed record FloorFamily(string Name, string Color)
{
    internal static IReadOnlyList<FloorFamily> All(CompiledScenario plant, string language) =>
        [.. plant.Plant.Families.Select((f, i) => new FloorFamily(f.Name.In(language), StatusLook.ColorOf(plant.Plant, i)))];
}

/// <summary>A status: name of its colour, word and icon.</summary>
public sealed record FloorStatus(string Key, string Name, IReadOnlyList<string> Paths)
{
    /// <summary>In the order of the enum, as frames number them.</summary>
    internal static IReadOnlyList<FloorStatus> All(Texts texts) =>
        [.. Enum.GetValues<EquipmentStatus>().Select(s =>
            new FloorStatus(StatusLook.KeyOf(s), texts[$"status.{StatusLook.KeyOf(s)}"], StatusLook.PathsOf(StatusLook.IconOf(s))))];
}
