using System.Globalization;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>What each utility gave, its peak against its cap, and who wanted more.</summary>
internal static class UtilityRows
{
    private static readonly Label[] s_headings =
    [
        new("Utility", "能源介质"), new("Drawn", "用量"), new("Peak per h", "峰值/h"), new("Cap per h", "上限/h"),
        new("At the cap, h", "达上限时间 h"), new("Waits", "等待次数"), new("Waited, h", "等待 h"), new("Stretched, h", "延长 h"),
    ];

    public static Table Of(Shell shell, PlantModel plant, PlantKpis kpis)
    {
        var table = Shell.Table();
        for (var i = 0; i < s_headings.Length; i++)
        {
            var column = new TableColumn(new Text(s_headings[i].In(shell.Language)));
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (var k in kpis.Utilities)
        {
            var utility = plant.Utilities[k.Utility];
            table.AddRow(((string[])
            [
                utility.Name.In(shell.Language), $"{Number(k.Amount)} {utility.Unit}", Number(k.PeakRate), utility.RateCap is { } cap ? Number(cap) : "–",
                Number(k.AtCapHours), k.Waits.ToString(CultureInfo.InvariantCulture), Number(k.WaitHours), Number(k.StretchHours),
            ]).Select(c => new Text(c)).ToArray<IRenderable>());
        }

        return table;
    }

    public static IEnumerable<object> ForScripts(PlantModel plant, PlantKpis kpis) => kpis.Utilities.Select(k => new
    {
        Utility = plant.Utilities[k.Utility].Id,
        plant.Utilities[k.Utility].Unit,
        k.Amount,
        k.PeakRate,
        plant.Utilities[k.Utility].RateCap,
        k.AtCapHours,
        k.Waits,
        k.WaitHours,
        k.StretchHours,
    });

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture);
}
