using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin materials</c>: stock, cover and the shortages to be feared.</summary>
internal static class MaterialsCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var at = CommonOptions.Span("--at", "Look after so much simulated time, e.g. 5d; the start when not given.");
        var end = new Option<bool>("--end") { Description = "Look when all orders are complete, or after three times the horizon." };
        var products = new Option<bool>("--products") { Description = "Which products are at risk, and through which material." };
        var outlook = CommonOptions.Span("--outlook", "Also say what will run short in so much time, how probable that is and when, e.g. 14d.");
        var futures = Count("--futures", "Futures of an outlook.", 20);
        var backtest = new Option<bool>("--backtest") { Description = "Also say how many line stops such outlooks would have foreseen 3 days ahead, looking once a day." };
        var realities = Count("--realities", "Plants that really happen, for --backtest.", 3);
        var warnAt = new Option<double>("--warn-at") { Description = "Probability in percent from which on --backtest counts a warning.", HelpName = "percent", DefaultValueFactory = _ => 50 };
        warnAt.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 100))
            {
                result.AddError("--warn-at must be above 0 and at most 100.");
            }
        });
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var verb = new Verb("materials", "Show stock, cover and use of every material, the shortage most to be feared first.")
        {
            Examples =
            [
                ("twin materials scenarios/car-parts", "what will run out before it can be bought, seen from the start"),
                ("twin materials scenarios/car-parts --at 5d --products", "after five simulated days, with the products at risk"),
                ("twin materials scenarios/electronics-supply --at 10d --outlook 14d", "which materials will stop a line in two weeks, with probability and date"),
                ("twin materials scenarios/electronics-supply --backtest", "how many stops would have been foreseen three days ahead"),
                ("twin materials scenarios/car-parts --end --json", "fill rate, turns and waiting of a whole run, for scripts"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[at, end, products, outlook, futures, backtest, realities, warnAt, seed, json])
        {
            verb.Add(option);
        }

        verb.Validators.Add(result =>
        {
            if (result.GetValue(outlook) is { } span && span <= Duration.Zero)
            {
                result.AddError("--outlook must be more than nothing.");
            }
        });
        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            if (!plant.Materials.InUse)
            {
                throw new CommandException("the scenario has no materials. Maybe add materials.csv?");
            }

            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(parse.GetValue(seed) ?? plant.Scenario.Seed, 0));
            if (parse.GetValue(end))
            {
                simulator.RunToCompletion(SimTime.Zero + plant.Scenario.Horizon * 3);
            }
            else
            {
                simulator.RunUntil(SimTime.Zero + (parse.GetValue(at) ?? Duration.Zero));
            }

            var kpis = PlantKpis.Of(simulator.State);
            var rows = kpis.Materials.OrderByDescending(k => k.Score).ThenBy(k => k.CoverDays ?? double.MaxValue).ToList();
            var atRisk = MaterialForesight.OfProducts(plant.Plant, kpis.Materials);
            var policy = new DispatchPolicy { Rule = plant.Scenario.Dispatch };
            var ahead = parse.GetValue(outlook) is { } far ? ShortageOutlook.Of(simulator.State, policy, OutlookSeed, parse.GetValue(futures), far) : null;
            var options = new BacktestOptions { Futures = parse.GetValue(futures), Realities = parse.GetValue(realities), Ahead = parse.GetValue(outlook) ?? new BacktestOptions().Ahead, Threshold = parse.GetValue(warnAt) / 100 };
            var tested = parse.GetValue(backtest) ? ShortageBacktest.Of(plant, policy, options, () => stop.IsCancellationRequested) : null;
            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant.Scenario, simulator.Now, rows, atRisk, ahead, tested));
                return ExitCode.Ok;
            }

            shell.Show(Materials(shell, plant.Plant, rows));
            if (parse.GetValue(products))
            {
                shell.Show(Products(shell, plant.Plant, atRisk));
            }

            if (ahead is not null)
            {
                shell.Show(ShortageTables.Ahead(shell, plant.Scenario, ahead, rows));
            }

            if (tested is not null)
            {
                shell.Show(ShortageTables.Backtest(shell, tested, options));
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>The luck of outlooks is not that of the plant.</summary>
    private const ulong OutlookSeed = 0x0071004;

    private static Option<int> Count(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError($"{name} must be 1 to 1000.");
            }
        });
        return option;
    }

    private static Table Materials(Shell shell, PlantModel plant, List<MaterialKpis> rows)
    {
        var table = Shell.Table();
        foreach (var (en, zh) in ((string, string)[])
        [
            ("Material", "物料"), ("Stock", "库存"), ("On hold", "冻结"), ("On order", "在途"), ("Unit", "单位"), ("Daily use", "日耗"), ("Cover, d", "覆盖天数"),
            ("Lead P90, d", "交期P90"), ("Gap, d", "缺口天数"), ("Risk", "缺料风险"), ("Shortages", "缺料次数"), ("Waiting, h", "待料小时"), ("Fill rate, %", "满足率"), ("Turns, 1/a", "周转"),
        ])
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        foreach (var k in rows)
        {
            var material = plant.Materials[k.Material];
            table.AddRow(((string[])
            [
                material.Id, N(k.Stock), N(k.OnHold), N(k.OnOrder), material.Unit, N(k.DailyUse), N(k.CoverDays), N(k.LeadTimeP90Days), N(k.GapDays), N(k.Score),
                N(k.Shortages), N(k.WaitingHours), N(k.FillRate * 100), N(k.Turns),
            ]).Select(c => new Text(c)));
        }

        return table;
    }

    private static Table Products(Shell shell, PlantModel plant, IReadOnlyList<(double Score, int Material)> atRisk)
    {
        var table = Shell.Table(new Label("Products at risk", "风险产品").In(shell.Language));
        foreach (var (en, zh) in ((string, string)[])[("Product", "产品"), ("Risk", "缺料风险"), ("Through", "关键物料")])
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        foreach (var p in Enumerable.Range(0, atRisk.Count).Where(p => atRisk[p].Score > 0).OrderByDescending(p => atRisk[p].Score))
        {
            table.AddRow(((string[])[plant.Products[p].Id, N(atRisk[p].Score), plant.Materials[atRisk[p].Material].Id]).Select(c => new Text(c)));
        }

        return table;
    }

    private static object ForScripts(Scenario scenario, SimTime now, List<MaterialKpis> rows, IReadOnlyList<(double Score, int Material)> atRisk,
        ShortageOutlook? outlook, ShortageBacktest? backtest) => new
    {
        Verb = "materials",
        Scenario = scenario.Id,
        Time = scenario.Clock.ToWallClock(now).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        Materials = rows.Select(k => new
        {
            scenario.Plant.Materials[k.Material].Id, scenario.Plant.Materials[k.Material].Unit, k.Stock, k.OnHold, k.OnOrder, k.StockMean, k.Consumed, k.Received,
            k.DailyUse, k.CoverDays, k.LeadTimeP90Days, k.GapDays, k.SingleSource, k.Score, k.Shortages, k.WaitingHours, k.FillRate, k.Turns,
        }),
        Products = Enumerable.Range(0, atRisk.Count).Where(p => atRisk[p].Score > 0)
            .Select(p => new { scenario.Plant.Products[p].Id, atRisk[p].Score, Material = scenario.Plant.Materials[atRisk[p].Material].Id }),
        Outlook = outlook is null ? null : ShortageTables.ForScripts(scenario, outlook),
        Backtest = backtest is null ? null : ShortageTables.ForScripts(backtest),
    };

    private static string N(double? value) => value is { } v && double.IsFinite(v) ? v.ToString(Math.Abs(v) >= 100 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture) : "–";
}
