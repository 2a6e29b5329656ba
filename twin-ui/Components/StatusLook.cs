using System.Text.RegularExpressions;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using MudBlazor;

namespace DigitalTwin.Ui.Components;

/// <summary>How states of equipment and orders look: an icon beside every colour, so that nobody needs the colour.</summary>
/// <remarks>Colours are the CSS variables <c>--st-&lt;name&gt;</c>, one set for light and one for dark.</remarks>
public static partial class StatusLook
{
    /// <summary>Family colours where the scenario gives none: distinguishable without red-green sight (after Paul Tol's qualitative schemes).</summary>
    private static readonly string[] Palette =
        ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bb7744", "#8899aa", "#882255", "#44aa99", "#999933", "#6655cc"];

    /// <summary>Statuses in the order of the legend: work first, trouble last.</summary>
    public static IReadOnlyList<EquipmentStatus> LegendOrder { get; } =
    [
        EquipmentStatus.Running, EquipmentStatus.Loading, EquipmentStatus.Sampling, EquipmentStatus.Unloading, EquipmentStatus.Setup,
        EquipmentStatus.Cleaning, EquipmentStatus.Idle, EquipmentStatus.Held, EquipmentStatus.Blocked, EquipmentStatus.Down,
        EquipmentStatus.Repair, EquipmentStatus.Maintenance, EquipmentStatus.NonScheduled,
    ];

    /// <summary>Key of texts (<c>status.running</c>) and colours (<c>--st-running</c>).</summary>
    public static string KeyOf(EquipmentStatus status) => status.ToString().ToLowerInvariant();

    public static string IconOf(EquipmentStatus status) => status switch
    {
        EquipmentStatus.Idle => Icons.Material.Filled.RadioButtonUnchecked,
        EquipmentStatus.NonScheduled => Icons.Material.Filled.Bedtime,
        EquipmentStatus.Setup => Icons.Material.Filled.SwapHoriz,
        EquipmentStatus.Cleaning => Icons.Material.Filled.WaterDrop,
        EquipmentStatus.Loading => Icons.Material.Filled.Download,
        EquipmentStatus.Running => Icons.Material.Filled.PlayArrow,
        EquipmentStatus.Sampling => Icons.Material.Filled.Search,
        EquipmentStatus.Unloading => Icons.Material.Filled.Upload,
        EquipmentStatus.Held => Icons.Material.Filled.Pause,
        EquipmentStatus.Blocked => Icons.Material.Filled.Block,
        EquipmentStatus.Down => Icons.Material.Filled.Warning,
        EquipmentStatus.Repair => Icons.Material.Filled.Build,
        EquipmentStatus.Maintenance => Icons.Material.Filled.Settings,
        _ => Icons.Material.Filled.QuestionMark,
    };

    /// <summary>The drawn paths of an icon for a 24 × 24 canvas.</summary>
    public static string[] PathsOf(string icon) =>
        [.. PathData().Matches(icon).Where(m => !m.Value.Contains("fill=\"none\"", StringComparison.Ordinal)).Select(m => m.Groups["d"].Value)];

    public static string IconOf(OrderOutlook outlook) => outlook switch
    {
        OrderOutlook.OnTime => Icons.Material.Filled.CheckCircleOutline,
        OrderOutlook.AtRisk => Icons.Material.Filled.ErrorOutline,
        OrderOutlook.Late => Icons.Material.Filled.Warning,
        OrderOutlook.Done => Icons.Material.Filled.TaskAlt,
        OrderOutlook.DoneLate => Icons.Material.Filled.AssignmentLate,
        OrderOutlook.Cancelled => Icons.Material.Filled.Cancel,
        _ => Icons.Material.Filled.HelpOutline,
    };

    /// <summary>Colour of a family, its own or one from the palette; a neutral one for none.</summary>
    public static string ColorOf(PlantModel plant, int family) =>
        family < 0 || family >= plant.Families.Length ? "#8a94a3" : plant.Families[family].Color ?? Palette[family % Palette.Length];

    [GeneratedRegex("<path[^>]*?\\bd=\"(?<d>[^\"]+)\"[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathData();
}

/// <summary>What is to be expected of an order.</summary>
public enum OrderOutlook
{
    /// <summary>No due date or nothing known yet.</summary>
    Unknown,
    OnTime,

    /// <summary>On time by expectation, late in more than one future of ten.</summary>
    AtRisk,
    Late,
    Done,
    DoneLate,
    Cancelled,
}
