using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin capacity</c>: the capacity map of a shared factory, for the public or for one firm.</summary>
internal static class CapacityCommand
{
    private static readonly Label s_withheld = new("withheld", "不公开");

    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var at = CommonOptions.Span("--at", "Look after so much simulated time, e.g. 5d; the start when not given.");
        var firm = MarketOptions.Firm("The firm that looks: it sees its own machines, bookings and account in full.");
        var weeks = new Option<int>("--weeks") { Description = "Weeks shown from the one looked at.", HelpName = "count", DefaultValueFactory = _ => 4 };
        weeks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 52)
            {
                result.AddError("--weeks must be between 1 and 52.");
            }
        });
        var bySite = new Option<bool>("--by-site") { Description = "Tell areas apart." };
        var seed = CommonOptions.Seed();
        var csv = new Option<bool>("--csv") { Description = "Print the cells as CSV." };
        var json = CommonOptions.Json();
        var verb = new Verb("capacity", $"Show the capacity map: used, unused, committed, available and unattainable hours by class and week, never of fewer than {CapacityMap.LeastFirms} firms.")
        {
            Examples =
            [
                ("twin capacity scenarios/capacity-map --at 7d", "what was used in the first week, and what is booked and free in those to come"),
                ("twin capacity scenarios/capacity-map --at 7d --firm F001", "the same as one firm sees it, with its own machines, bookings and account"),
                ("twin capacity scenarios/capacity-map --by-site --csv", "by area, as a table"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[at, firm, weeks, bySite, seed, csv, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var viewer = MarketOptions.FirmOf(plant, parse.GetValue(firm));
            var map = CapacityMap.Of(
                plant, SimTime.Zero + (parse.GetValue(at) ?? Duration.Zero), viewer, parse.GetValue(weeks), parse.GetValue(bySite),
                new RandomSource(parse.GetValue(seed) ?? plant.Scenario.Seed, 0));
            if (parse.GetValue(json))
            {
                shell.WriteJson(MarketDocuments.Of(plant, map));
            }
            else if (parse.GetValue(csv))
            {
                shell.Line(MarketExports.Csv(plant, map));
            }
            else
            {
                Show(shell, plant, map);
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Show(Shell shell, CompiledScenario plant, CapacityMap map)
    {
        var who = map.Viewer is { } viewer ? plant.Plant.Tenants[viewer].Name.In(shell.Language) : new Label("public view", "公开视图").In(shell.Language);
        shell.Line($"{plant.Scenario.Name.In(shell.Language)} · {MarketDocuments.Wall(plant, map.At)} · {who}");
        shell.Show(Cells(shell, plant, map));
        if (map.Withheld > 0)
        {
            shell.Line($"{map.Withheld} of {map.Cells.Length} cells are withheld: fewer than {CapacityMap.LeastFirms} firms own their machines. The sum leaves them out.");
        }

        if (map.Sharing is { } sharing)
        {
            var market = sharing.Market;
            shell.Line(string.Create(CultureInfo.InvariantCulture,
                $"So far: {sharing.OfferedHours:#,0} h offered, {market.BookedHours:#,0} h booked, {sharing.UsedHours:#,0} h used by others (fill rate {(sharing.FillRate ?? 0) * 100:0.0} %); {market.Held} bookings, {market.Used} used, {market.Recalled} recalled, {market.Expired} lapsed; response {sharing.ResponseHours ?? 0:0.0} h, booked {sharing.BookedAheadHours ?? 0:0.0} h ahead; fairness {(sharing.Fairness is { } f ? f.ToString("0.000", CultureInfo.InvariantCulture) : "–")}; longest wait {sharing.LongestWaitHours:0.0} h."));
        }

        if (map.Viewer is { })
        {
            shell.Show(Own(shell, plant, map));
            shell.Show(Bookings(shell, plant, map));
            var account = map.Account!.Value;
            shell.Line(string.Create(CultureInfo.InvariantCulture,
                $"Account: {account.JobsSold} jobs of others {account.Sold.Owner / 100.0:#,0.00}; {account.JobsBought} jobs with others {account.Bought.Total / 100.0:#,0.00}, {account.Bought.Fee / 100.0:#,0.00} of it fee; balance {account.Balance / 100.0:#,0.00} {plant.Scenario.Currency}."));
        }
    }

    private static Table Cells(Shell shell, CompiledScenario plant, CapacityMap map)
    {
        var bySite = map.Cells.Any(c => c.Site is not null);
        var table = Headed(shell,
        [
            ("Class", "设备类"), .. bySite ? [("Area", "区域")] : ((string, string)[])[], ("Week from", "周起"), ("Machines", "设备"), ("Firms", "企业"), ("Used, h", "已用"),
            ("Unused, h", "闲置"), ("Committed, h", "已承诺"), ("Available, h", "可用"), ("Unattainable, h", "不可用"), ("Total, h", "合计"), ("Offered, h", "共享"), ("Price/h", "单价"),
        ]);
        foreach (var c in map.Cells)
        {
            Add(table,
            [
                plant.Plant.EquipmentClasses[c.Class].Name.In(shell.Language), .. bySite ? [plant.Plant.Sites[c.Site!.Value].Name.In(shell.Language)] : (string[])[],
                MarketDocuments.Wall(plant, c.Week)[..10], N(c.Machines), c.Hours is null ? $"< {CapacityMap.LeastFirms}" : N(c.Firms), .. Hours(shell, c.Hours), N(c.PricePerHour),
            ]);
        }

        var sum = map.Shown;
        Add(table, [new Label("Sum of what is shown", "所示合计").In(shell.Language), .. bySite ? [""] : (string[])[], "", "", "", .. Hours(shell, sum), ""]);
        return table;
    }

    private static Table Own(Shell shell, CompiledScenario plant, CapacityMap map)
    {
        var table = Headed(shell,
        [
            ("Own machine", "自有设备"), ("Week from", "周起"), ("Used, h", "已用"), ("Unused, h", "闲置"), ("Committed, h", "已承诺"), ("Available, h", "可用"),
            ("Unattainable, h", "不可用"), ("Total, h", "合计"), ("Offered, h", "共享"),
        ]);
        foreach (var m in map.Own)
        {
            Add(table, [plant.Plant.Equipment[m.Equipment].Id, MarketDocuments.Wall(plant, m.Week)[..10], .. Hours(shell, m.Hours)]);
        }

        return table;
    }

    private static Table Bookings(Shell shell, CompiledScenario plant, CapacityMap map)
    {
        var table = Headed(shell, [("Booked machine", "预订设备"), ("From", "起"), ("To", "止"), ("Status", "状态"), ("Order", "订单")]);
        foreach (var b in map.Bookings)
        {
            Add(table,
            [
                plant.Plant.Equipment[b.Equipment].Id, MarketDocuments.Wall(plant, b.Start), MarketDocuments.Wall(plant, b.End), b.Status.ToString(),
                !b.Own ? new Label("another firm", "其他企业").In(shell.Language) : b.Order is { } o ? plant.Scenario.Orders[o].Id : new Label("any of ours", "本企业任意订单").In(shell.Language),
            ]);
        }

        return table;
    }

    private static IEnumerable<string> Hours(Shell shell, CapacityHours? hours) => hours is { } h
        ? [N(h.Used), N(h.Unused), N(h.Committed), N(h.Available), N(h.Unattainable), N(h.Total), N(h.Offered)]
        : [s_withheld.In(shell.Language), "–", "–", "–", "–", "–", "–"];

    internal static Table Headed(Shell shell, (string En, string Zh)[] columns)
    {
        var table = Shell.Table();
        foreach (var (en, zh) in columns)
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        return table;
    }

    internal static void Add(Table table, IEnumerable<string> cells) => table.AddRow(cells.Select(c => new Text(c)));

    private static string N(double? value) => value is { } v ? v.ToString(Math.Abs(v) >= 100 ? "#,0" : "#,0.#", CultureInfo.InvariantCulture) : "–";
}
