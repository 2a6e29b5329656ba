using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin trace</c>: what a lot was made of, or what became of it.</summary>
internal static class TraceCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var lot = new Option<string>("--lot")
        {
            Description = "Lot: a name of receipts.csv, an order or order/lot, or material#number.", HelpName = "lot", Required = true,
        };
        var forward = new Option<bool>("--forward") { Description = "What became of it. Otherwise what it was made of." };
        var backward = new Option<bool>("--backward") { Description = "What it was made of, down to the receipts (the default)." };
        var csv = new Option<bool>("--csv") { Description = "Print the uses as CSV." };
        var epcis = new Option<bool>("--epcis") { Description = "Print an EPCIS 2.0 document." };
        var json = CommonOptions.Json();
        var plan = new PlanOptions();
        var verb = new Verb("trace", "Trace a lot of material or of an order through a simulated run, with exact quantities.")
        {
            Examples =
            [
                ("twin trace scenarios/car-parts --lot HEAT-0412 --forward", "which shipped orders contain a supplier's lot"),
                ("twin trace scenarios/car-parts --lot CP-0007", "what an order was made of, where and when"),
                ("twin trace scenarios/car-parts --lot CP-0007 --epcis", "the same for a customer's traceability system"),
            ],
        };
        foreach (var part in (Option[])[lot, backward, forward, csv, epcis, json])
        {
            verb.Add(part);
        }

        verb.Add(scenario);
        plan.AddTo(verb);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(forward) && result.GetValue(backward))
            {
                result.AddError("--forward and --backward exclude each other.");
            }

            if ((result.GetValue(csv) ? 1 : 0) + (result.GetValue(epcis) ? 1 : 0) + (result.GetValue(json) ? 1 : 0) > 1)
            {
                result.AddError("Choose one of --csv, --epcis and --json.");
            }
        });
        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            if (!plant.Materials.TracksLots)
            {
                throw new CommandException("the scenario tracks no lots. Maybe set tracked to yes in materials.csv?");
            }

            var state = Simulate(plan.Read(parse, plant), stop);
            var name = parse.GetValue(lot)!;
            var found = LotNames.Find(state, name);
            if (found < 0)
            {
                throw new CommandException($"there is no lot '{name}' at the end of the run. {Suggest(state, name)}");
            }

            var trace = LotTrace.Of(state, found, parse.GetValue(forward) ? TraceDirection.Forward : TraceDirection.Backward);
            if (parse.GetValue(epcis))
            {
                shell.WriteJson(EpcisDocument.Of(plant.Scenario, trace));
            }
            else if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant.Scenario, trace));
            }
            else if (parse.GetValue(csv))
            {
                Csv(shell, plant.Scenario, trace);
            }
            else
            {
                Print(shell, plant.Scenario, trace);
            }

            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
        });
        return verb;
    }

    private static PlantState Simulate(RunPlan plan, CancellationToken stop)
    {
        var simulator = new PlantSimulator(plan.Plant, plan.Policy, new RandomSource(plan.Seed, 0));
        while (simulator.NextTime <= plan.Until && simulator.OpenOrders > 0 && !stop.IsCancellationRequested && simulator.Step())
        {
        }

        return simulator.State;
    }

    private static string Suggest(PlantState state, string name)
    {
        var names = Enumerable.Range(state.Materials.Length, state.Lots.Length - state.Materials.Length).Select(l => LotNames.Of(state, l)).ToList();
        return Plant.Scenarios.Suggestion.For(name, names) ?? (names.Count > 0 ? $"Maybe one like {string.Join(", ", names.Take(3))}?" : "No lot was received or made.");
    }

    private static void Print(Shell shell, Scenario scenario, LotTrace trace)
    {
        var lots = Shell.Table(Word(shell, "Lots", "批次"));
        Headings(lots, Word(shell, "Lot", "批次"), Word(shell, "What", "物料/产品"), Word(shell, "Quantity", "数量"), Word(shell, "Unit", "单位"), Word(shell, "Status", "状态"), Word(shell, "Created", "产生时间"), Word(shell, "Supplier", "供应商"));
        foreach (var l in trace.Lots)
        {
            Row(lots, l.Name, l.What, Number(l.Quantity), l.Unit, l.Status.ToString(), Wall(scenario, l.Created), l.Supplier);
        }

        var uses = Shell.Table(Word(shell, "Uses", "使用"));
        Headings(uses, Word(shell, "Time", "时间"), Word(shell, "From", "来源批次"), Word(shell, "Into", "去向批次"), Word(shell, "Quantity", "数量"), Word(shell, "Unit", "单位"), Word(shell, "Equipment", "设备"), Word(shell, "Operation", "工序"));
        foreach (var u in trace.Uses)
        {
            Row(uses, Wall(scenario, u.Time), u.Parent, u.Child, Number(u.Quantity), u.Unit, u.Equipment, u.Operation);
        }

        shell.Show(lots);
        shell.Show(uses);
        if (trace.Lots.Any(l => l.Steps.Any(s => s.ReworkOf.Length > 0)))
        {
            var rework = Shell.Table(Word(shell, "Rework", "返修"));
            Headings(rework, Word(shell, "Lot", "批次"), Word(shell, "Failed", "失败工序"), Word(shell, "Mended by", "返修工序"), Word(shell, "Equipment", "设备"), Word(shell, "From", "开始"), Word(shell, "To", "结束"));
            foreach (var (l, s) in trace.Lots.SelectMany(l => l.Steps.Where(s => s.ReworkOf.Length > 0).Select(s => (l, s))))
            {
                Row(rework, l.Name, s.ReworkOf, s.Operation, s.Equipment, Wall(scenario, s.Start), Wall(scenario, s.End));
            }

            shell.Show(rework);
        }
    }

    private static void Csv(Shell shell, Scenario scenario, LotTrace trace)
    {
        shell.Line("time,parent,child,quantity,unit,material,equipment,operation,order");
        foreach (var u in trace.Uses)
        {
            shell.Line(string.Join(',', ((string[])[Iso(scenario, u.Time), u.Parent, u.Child, u.Quantity.ToString("R", CultureInfo.InvariantCulture), u.Unit, u.Material, u.Equipment, u.Operation, u.Order]).Select(CsvField.Of)));
        }
    }

    private static object ForScripts(Scenario scenario, LotTrace trace) => new
    {
        Verb = "trace",
        Lots = trace.Lots.Select(l => new
        {
            Lot = l.Name, l.What, l.Quantity, l.Unit, Status = l.Status.ToString(), Created = Iso(scenario, l.Created), l.Supplier, l.Order,
            Steps = l.Steps.Select(s => new { s.Operation, s.Equipment, Start = Iso(scenario, s.Start), End = Iso(scenario, s.End), s.ReworkOf }),
        }),
        Uses = trace.Uses.Select(u => new { Time = Iso(scenario, u.Time), u.Parent, u.Child, u.Quantity, u.Unit, u.Material, u.Equipment, u.Operation, u.Order }),
    };

    private static string Word(Shell shell, string en, string zh) => new Label(en, zh).In(shell.Language);

    private static void Headings(Table table, params string[] names)
    {
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(new Text(name)));
        }
    }

    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(c => new Text(c)));

    private static string Number(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    private static string Wall(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Iso(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
