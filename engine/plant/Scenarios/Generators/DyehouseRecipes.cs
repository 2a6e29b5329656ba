using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A dyeing recipe: its phases, and what it uses per kg of yarn.</summary>
/// <param name="LitresPerKg">Fresh water of all baths together.</param>
/// <param name="SteamPerKg">Steam of all ramps together, kg per kg.</param>
internal sealed record DyeRecipe(string Id, Label Name, double LitresPerKg, double SteamPerKg, ImmutableArray<DyePhase> Steps)
{
    /// <summary>Filling and draining, min per bath: the difference between the sheets' total hours and the sum of their phases.</summary>
    private const double FillAndDrain = 10;

    /// <summary>Water goes in with each new bath in equal parts; steam follows the degrees of each rising ramp.</summary>
    public ImmutableArray<Phase> Phases()
    {
        var baths = Steps.Count(s => s.NewBath);
        var degrees = Steps.Sum(s => s.Rise);
        return [.. Steps.Select(s => new Phase
        {
            Name = s.Name,
            Kind = s.Kind,
            Hold = Duration.FromMinutes(s.HoldMinutes + (s.NewBath ? FillAndDrain : 0)),
            FromCelsius = s.To == s.From ? null : s.From,
            ToCelsius = s.To == s.From ? null : s.To,
            CelsiusPerMinute = s.To == s.From ? 0 : s.Gradient,
            WaterLitresPerUnit = s.NewBath ? Math.Round(LitresPerKg / baths, 2) : 0,
            SteamKgPerUnit = Math.Round(SteamPerKg * s.Rise / degrees, 3),
        })];
    }
}

/// <summary>One phase of a <see cref="DyeRecipe"/>; equal temperatures mean no ramp.</summary>
internal sealed record DyePhase(Label Name, PhaseKind Kind, bool NewBath, double From, double To, double Gradient, double HoldMinutes)
{
    public double Rise => Math.Max(0, To - From);
}

/// <summary>The recipes of the dyehouse, after typical process sheets for reactive, disperse and acid dyes.</summary>
internal static class DyehouseRecipes
{
    public static readonly DyeRecipe ReactiveDark = new("reactive-cotton-dark", new Label("Reactive dyeing, dark", "活性染色 深色"), 52, 7.2,
    [
        Load(20), Bath("scour and bleach", "煮漂", 98, 2.5, 35), Bath("hot rinse", "热水洗", 80, 3, 10),
        Bath("neutralise, peroxide kill", "中和除氧", 50, 3, 20), Bath("dye: salt and dye dosing", "加盐加料染色", 60, 1.5, 40),
        Hold("dye: alkali dosing, fixation", "加碱固色", 80), Sample(10), Cold("cold rinse", "冷水洗", 10), Bath("acid neutralise", "酸中和", 50, 3, 10),
        Bath("soap 1", "皂洗一", 95, 3, 15), Bath("soap 2", "皂洗二", 95, 3, 15), Bath("hot rinse", "热水洗", 80, 3, 10),
        Cold("cold rinse", "冷水洗", 10), Bath("softener, fix", "柔软固色", 40, 2, 20), Unload(20),
    ]);

    public static readonly DyeRecipe ReactiveLight = new("reactive-cotton-light", new Label("Reactive dyeing, light", "活性染色 浅色"), 38, 4.8,
    [
        Load(20), Bath("scour and bleach", "煮漂", 98, 2.5, 30), Bath("hot rinse", "热水洗", 80, 3, 10),
        Bath("neutralise, peroxide kill", "中和除氧", 50, 3, 20), Bath("dye: salt and dye dosing", "加盐加料染色", 60, 1.5, 30),
        Hold("dye: alkali dosing, fixation", "加碱固色", 50), Sample(10), Bath("rinse, neutralise", "水洗中和", 50, 3, 10),
        Bath("soap", "皂洗", 80, 3, 10), Cold("cold rinse", "冷水洗", 10), Bath("softener", "柔软", 40, 2, 20), Unload(20),
    ]);

    public static readonly DyeRecipe White = new("optical-white", new Label("Bleach and optical white", "漂白增白"), 16, 2.3,
    [
        Load(20), Bath("bleach and brightener", "漂白增白", 98, 2.5, 40), Bath("hot rinse", "热水洗", 70, 3, 10),
        Bath("neutralise, softener", "中和柔软", 40, 3, 20), Unload(20),
    ]);

    public static readonly DyeRecipe DisperseDark = new("disperse-polyester-dark", new Label("Disperse dyeing, dark", "分散染色 深色"), 20, 3.9,
    [
        Load(15), Bath("scour, relax", "精练松弛", 80, 3, 20), Bath("dye, rise to 80", "染色升温至80", 80, 3, 10),
        Ramp("dye, rise to 130", "染色升温至130", 80, 130, 1.2, 45), Ramp("cool to 80", "降温至80", 130, 80, 2, 0),
        Bath("reduction clear", "还原清洗", 80, 3, 20), Bath("hot rinse", "热水洗", 60, 3, 10), Bath("neutralise", "中和", 40, 3, 10), Unload(15),
    ]);

    public static readonly DyeRecipe DisperseLight = new("disperse-polyester-light", new Label("Disperse dyeing, light", "分散染色 浅色"), 10, 1.8,
    [
        Load(15), Bath("dye, rise to 80", "染色升温至80", 80, 3, 10), Ramp("dye, rise to 130", "染色升温至130", 80, 130, 1.5, 30),
        Ramp("cool to 80", "降温至80", 130, 80, 2, 0), Bath("rinse", "水洗", 40, 3, 10), Unload(15),
    ]);

    public static readonly DyeRecipe AcidNylon = new("acid-nylon", new Label("Acid dyeing of nylon", "锦纶酸性染色"), 30, 3.2,
    [
        Load(15), Bath("scour", "精练", 70, 3, 20), Start("dye", "染色", 30, 98, 1, 45), Ramp("cool to 60", "降温至60", 98, 60, 1.5, 0),
        Cold("rinse", "水洗", 10), Bath("fix", "固色", 75, 2, 20), Cold("rinse", "水洗", 10), Unload(15),
    ]);

    public static readonly ImmutableArray<DyeRecipe> All = [ReactiveDark, ReactiveLight, White, DisperseDark, DisperseLight, AcidNylon];

    /// <summary>Temperature of fresh water, °C.</summary>
    private const double Fresh = 25;

    private static DyePhase Load(double minutes) => new(new Label("load", "装缸"), PhaseKind.Load, false, 0, 0, 0, minutes);

    private static DyePhase Unload(double minutes) => new(new Label("unload", "出缸"), PhaseKind.Unload, false, 0, 0, 0, minutes);

    private static DyePhase Sample(double minutes) => new(new Label("shade sample", "对色取样"), PhaseKind.Sample, false, 0, 0, 0, minutes);

    private static DyePhase Bath(string en, string zh, double to, double gradient, double hold) => Start(en, zh, Fresh, to, gradient, hold);

    private static DyePhase Start(string en, string zh, double from, double to, double gradient, double hold) =>
        new(new Label(en, zh), PhaseKind.Process, true, from, to, gradient, hold);

    private static DyePhase Cold(string en, string zh, double hold) => new(new Label(en, zh), PhaseKind.Process, true, Fresh, Fresh, 0, hold);

    private static DyePhase Hold(string en, string zh, double hold) => new(new Label(en, zh), PhaseKind.Process, false, 0, 0, 0, hold);

    private static DyePhase Ramp(string en, string zh, double from, double to, double gradient, double hold) =>
        new(new Label(en, zh), PhaseKind.Process, false, from, to, gradient, hold);
}
