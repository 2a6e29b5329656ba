using System.CommandLine;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Scheduler.Promise;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin promise</c>: the earliest date for a new order that no other order pays for.</summary>
internal static class SchedulePromiseCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var schedule = new Option<string>("--schedule") { Description = "The schedule in force.", HelpName = "file", Required = true };
        var item = new Option<string>("--item") { Description = "What is asked for: a product.", HelpName = "product", Required = true };
        var quantity = new Option<string>("--quantity") { Description = "How much, in the unit of the product's orders.", HelpName = "number", Required = true };
        var family = new Option<string?>("--family") { Description = "Its family (shade); as other orders of the product when not given.", HelpName = "family" };
        var at = new Option<string?>("--at") { Description = "Now: until then the plant went by the schedule. [default: the epoch]", HelpName = "moment" };
        var output = new Option<string?>("--output", "-o") { Description = "Write the schedule with the order in it, as the date in the gaps has it, to this file (.csv or .json).", HelpName = "file" };
        var json = CommonOptions.Json();
        var verb = new Verb("promise", "Find the earliest date at which a new order can be promised without making another late.")
        {
            Examples =
            [
                ("twin promise scenarios/dyehouse --schedule plan.csv --item cotton --quantity 60 --family dark", "in the gaps of the plan, and with others moved inside their due dates"),
                ("twin promise scenarios/dyehouse --schedule plan.csv --item cotton --quantity 60 --at 30h --json", "asked 30 h after the epoch"),
            ],
        };
        verb.Add(scenario);
        foreach (var option in (Option[])[schedule, item, quantity, family, at, output, json])
        {
            verb.Add(option);
        }

        verb.Does((parse, shell, _) =>
        {
            if (parse.GetValue(output) is { } target)
            {
                ScheduleFiles.RequireFormat(target);
            }

            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            var plan = ScheduleFiles.Read(parse.GetValue(schedule)!, plant);
            var now = parse.GetValue(at) is { } moment ? ScheduleDisruptions.Moment("--at", moment, plant) : SimTime.Zero;
            var from = now > SimTime.Zero ? DisruptedPlant.At(plant, plan, now, []).State : null;
            var order = ScheduleDisruptions.NewOrder(plant, "promise", now, parse.GetValue(item), parse.GetValue(quantity), parse.GetValue(family));
            var promise = OrderPromise.Of(plant, plan, order, from);
            if (parse.GetValue(output) is { } file)
            {
                ScheduleFile.Write(file, promise.Schedule, promise.Plant);
            }

            if (parse.GetValue(json))
            {
                shell.WriteJson(new
                {
                    Verb = "promise",
                    Scenario = plant.Scenario.Id,
                    Date = ScheduleDiffTables.Iso(plant, promise.Date),
                    InGaps = ScheduleDiffTables.Iso(plant, promise.InGaps),
                    WithMoves = ScheduleDiffTables.Iso(plant, promise.WithMoves),
                });
                return ExitCode.Ok;
            }

            var say = new ScheduleTexts(plant, shell.Language);
            shell.Line(say.Say($"Ready {say.Moment(promise.InGaps)} in the gaps of the plan: nobody moves.", $"利用计划空档：{say.Moment(promise.InGaps)} 完工，其他作业不变。"));
            if (promise.WithMoves is { } earlier)
            {
                shell.Line(say.Say($"Ready {say.Moment(earlier)} when others move: no order becomes late by it, none that is late becomes later.", $"调整其他作业：{say.Moment(earlier)} 完工，不使任何订单新增或加重拖期。"));
            }

            shell.Line(say.Say($"Can be promised: {say.Moment(promise.Date)}.", $"可承诺交期：{say.Moment(promise.Date)}。"));
            return ExitCode.Ok;
        });
        return verb;
    }
}
