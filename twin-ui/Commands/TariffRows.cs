using System.Globalization;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary>Energy and its cost by window of the tariff.</summary>
internal static class TariffRows
{
    private static readonly Label s_window = new("Tariff window", "电价时段");
    private static readonly Label s_cost = new("Cost", "电费");
    private static readonly Label s_base = new("(other hours)", "（其他时段）");

    public static Table Of(Shell shell, PlantKpis kpis, string currency)
    {
        var table = Shell.Table();
        table.AddColumn(s_window.In(shell.Language));
        table.AddColumn(new TableColumn("kWh").RightAligned());
        table.AddColumn(new TableColumn(new Text($"{s_cost.In(shell.Language)}, {currency}")).RightAligned());
        foreach (var w in kpis.TariffWindows)
        {
            table.AddRow(new Text(w.Name.Length > 0 ? w.Name : s_base.In(shell.Language)), new Text(Number(w.Kwh)), new Text(Number(w.Cost)));
        }

        return table;
    }

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
