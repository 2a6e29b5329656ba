using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin condition</c>: how machines vibrate, how long they will last, and when to maintain them.</summary>
internal static class ConditionCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var at = CommonOptions.Span("--at", "Look after so much simulated time, e.g. 60d; the end of the horizon when not given.");
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var verb = new Verb("condition", "Show the vibration, trend and remaining life of every machine that is measured, and when to maintain it.")
        {
            Examples =
            [
                ("twin condition scenarios/bearings --at 120d", "machines as measured after 120 simulated days, the most urgent first"),
                ("twin condition scenarios/bearings --at 120d --json", "the same for scripts"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[at, seed, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            if (plant.Upkeep.SignalCount == 0)
            {
                throw new CommandException("no machine of the scenario is measured. Maybe give a failure mode baseline, limit and pf_interval in failure_modes.csv?");
            }

            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(parse.GetValue(seed) ?? plant.Scenario.Seed, 0));
            simulator.RunUntil(SimTime.Zero + (parse.GetValue(at) ?? plant.Scenario.Horizon));
            var rows = ConditionKpis.Of(simulator.State);
            if (parse.GetValue(json))
            {
                shell.WriteJson(ForScripts(plant, simulator.Now, rows));
            }
            else
            {
                shell.Line($"{plant.Scenario.Name.In(shell.Language)} · {Wall(plant.Scenario, simulator.Now)}");
                shell.Show(Table(shell, plant, rows));
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static Table Table(Shell shell, CompiledScenario plant, IReadOnlyList<ConditionKpis> rows)
    {
        var table = Shell.Table();
        foreach (var (en, zh) in ((string, string)[])
        [
            ("Equipment", "设备"), ("Failure mode", "失效模式"), ("Age, h", "役龄 h"), ("Vibration, mm/s", "振动 mm/s"), ("Zone", "区域"), ("Measured", "测量时间"),
            ("Growth per 100 h, %", "每100h增长 %"), ("Lasts P10, d", "剩余寿命P10 天"), ("P50, d", "P50 天"), ("P90, d", "P90 天"), ("Maintain", "建议维护"), ("", ""),
        ])
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        foreach (var k in rows)
        {
            table.AddRow(((string[])
            [
                plant.Plant.Equipment[k.Equipment].Id, plant.Upkeep.Mode(k.Mode).Id, N(k.AgeHours, "#,0"), N(k.Level, "0.00"), k.Zone?.ToString() ?? "–",
                k.MeasuredAt is { } measured ? Wall(plant.Scenario, measured) : "–", N(k.GrowthPer100Hours * 100, "0.#"),
                N(k.RemainingP10Hours / 24, "0.0"), N(k.RemainingP50Hours / 24, "0.0"), N(k.RemainingP90Hours / 24, "0.0"),
                k.Slot is { } slot ? Wall(plant.Scenario, slot.Start) : "–", Remark(shell, k),
            ]).Select(c => new Text(c)));
        }

        return table;
    }

    private static string Remark(Shell shell, ConditionKpis k) => new Label(
        k.Slot is { InTime: false } ? "may come too late" : k.Ordered ? "ordered" : k.Slot is { OffShift: true } ? "off shift" : "",
        k.Slot is { InTime: false } ? "可能太迟" : k.Ordered ? "已派工" : k.Slot is { OffShift: true } ? "非排班时段" : "").In(shell.Language);

    private static object ForScripts(CompiledScenario plant, SimTime now, IReadOnlyList<ConditionKpis> rows) => new
    {
        Verb = "condition",
        Scenario = plant.Scenario.Id,
        Time = Iso(plant.Scenario, now),
        Machines = rows.Select(k => new
        {
            Equipment = plant.Plant.Equipment[k.Equipment].Id, FailureMode = plant.Upkeep.Mode(k.Mode).Id, k.AgeHours, k.Level, Zone = k.Zone?.ToString(),
            MeasuredAt = k.MeasuredAt is { } measured ? Iso(plant.Scenario, measured) : null, k.Readings, k.GrowthPer100Hours,
            k.RemainingP10Hours, k.RemainingP50Hours, k.RemainingP90Hours, k.Ordered,
            Slot = k.Slot is { } slot ? new { Plan = plant.Upkeep.Plan(slot.Plan).Id, Start = Iso(plant.Scenario, slot.Start), slot.OffShift, slot.InTime } : null,
        }),
    };

    private static string N(double? value, string format) => value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string Wall(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Iso(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
