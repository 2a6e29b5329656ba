using System.CommandLine;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin explain</c>: why a schedule is as it is.</summary>
internal static class ScheduleExplainCommand
{
    public static Verb Create()
    {
        var scenario = CommonOptions.Scenario();
        var schedule = new Option<string?>("--schedule") { Description = "The schedule to explain; --conflicts does without.", HelpName = "file" };
        var why = new Option<string?>("--why") { Description = "Why this order ends when it does: the chain from its completion back to the root.", HelpName = "order" };
        var whyNot = new Option<string?>("--why-not") { Description = "What a wish would cost: a job on a machine, started before a moment, or both.", HelpName = "order/op on machine before moment" };
        var conflicts = new Option<bool>("--conflicts") { Description = "Whether the due dates can be kept at all; if not, a minimal set of constraints that contradict each other, and the cheapest ways out." };
        var hard = new Option<string[]>("--hard") { Description = "With --conflicts: only this order's due date is hard (may be repeated).", HelpName = "order" };
        var at = new Option<string?>("--at") { Description = "The moment from which the schedule was made: work begun by then counts as begun.", HelpName = "moment" };
        var json = CommonOptions.Json();
        var verb = new Verb("explain", "Explain a schedule: why an order is late in it, what a wish against it would cost, and which constraints contradict each other.")
        {
            Examples =
            [
                ("twin explain scenarios/dyehouse --schedule plan.csv --why O0007", "what makes order O0007 end when it does, piece by piece"),
                ("twin explain scenarios/dyehouse --schedule plan.csv --why-not \"O0007/dye on V14 before 20h\"", "what it would cost to dye it on V14, and by then"),
                ("twin explain scenarios/dyehouse --conflicts --hard O0007 --hard O0011", "can both be in time? If not, what stands in the way and what would help"),
            ],
        };
        verb.Add(scenario);
        verb.Add(schedule);
        verb.Add(why);
        verb.Add(whyNot);
        verb.Add(conflicts);
        verb.Add(hard);
        verb.Add(at);
        verb.Add(json);
        verb.Does((parse, shell, stop) =>
        {
            var plant = ScenarioInput.Open(shell, parse.GetValue(scenario)!);
            if (parse.GetValue(conflicts))
            {
                var locked = parse.GetValue(schedule) is { } locks ? ScheduleFiles.Read(locks, plant) : null;
                var state = parse.GetValue(at) is { } then && locked is not null ? DisruptedPlant.At(plant, locked, ScheduleDisruptions.Moment("--at", then, plant), []).State : null;
                return ScheduleConflicts.Explain(
                    shell,
                    new ConflictRequest { Plant = plant, From = state, Current = locked, Hard = [.. (parse.GetValue(hard) ?? []).Select(o => new OrderId(ScheduleDisruptions.Order("--hard", o, plant)))] },
                    parse.GetValue(json), stop);
            }

            var plan = ScheduleFiles.Read(parse.GetValue(schedule) ?? throw new CommandException("explain needs a schedule. Maybe --schedule plan.csv?"), plant);
            var from = parse.GetValue(at) is { } moment ? DisruptedPlant.At(plant, plan, ScheduleDisruptions.Moment("--at", moment, plant), []).State : null;
            if (parse.GetValue(whyNot) is { } wish)
            {
                ScheduleWish.Explain(shell, ScheduleWish.Read(wish, plant, plan, from), parse.GetValue(json), stop);
                return ExitCode.Ok;
            }

            if (parse.GetValue(why) is not { } order)
            {
                throw new CommandException("explain needs to know what. Maybe --why ORDER, or --why-not \"JOB on MACHINE before MOMENT\"?");
            }

            Why(shell, plant, plan, ScheduleDisruptions.Order("--why", order, plant), from, parse.GetValue(json));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Why(Shell shell, CompiledScenario plant, Schedule plan, int order, PlantState? from, bool json)
    {
        var why = WhyLate.Of(plant, plan, order, from);
        if (json)
        {
            shell.WriteJson(ForScripts(plant, why));
            return;
        }

        var say = new ScheduleTexts(plant, shell.Language);
        shell.Line(Headline(say, why));
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("From", "开始"), say.Say("Length", "时长"), say.Say("What", "事项"), say.Say("Could begin earlier by", "可提前")])
        {
            table.AddColumn(heading);
        }

        foreach (var step in why.Steps)
        {
            table.AddRow(
                new Text(say.Moment(step.From)), new Text(say.Hours(step.Length)), new Text(say.Of(step)),
                new Text(step.Gain > Duration.Zero ? say.Hours(step.Gain) : step.Ties > 0 ? say.Say("nothing: another binds too", "无：另有同时制约") : ""));
        }

        shell.Show(table);
        shell.Line(say.Say("The last column: by how much the work that follows could begin earlier if this alone were lifted.", "末列：仅解除此项时，其后工作可提前的时间。"));
    }

    private static string Headline(ScheduleTexts say, WhyLate why)
    {
        var late = why.Lateness switch
        {
            null => say.Say("no due date", "无交期"),
            { } l when l > Duration.Zero => say.Say($"{say.Hours(l)} late", $"拖期 {say.Hours(l)}"),
            { } l => say.Say($"{say.Hours(-l)} early", $"提前 {say.Hours(-l)}"),
        };
        var alone = why.Due is { } due && why.Alone > due
            ? say.Say($" Even with the plant to itself it would end {say.Moment(why.Alone)}, after its due date.", $" 即使独占全厂也要到 {say.Moment(why.Alone)} 完工，晚于交期。")
            : say.Say($" With the plant to itself it would end {say.Moment(why.Alone)}.", $" 独占全厂时 {say.Moment(why.Alone)} 完工。");
        return say.Say($"Order {say.Order(why.Order)} ends {say.Moment(why.End)}: {late}.", $"订单 {say.Order(why.Order)} 于 {say.Moment(why.End)} 完工：{late}。") + alone;
    }

    internal static object ForScripts(CompiledScenario plant, WhyLate why)
    {
        var say = new ScheduleTexts(plant, "en");
        return new
        {
            Verb = "explain",
            Scenario = plant.Scenario.Id,
            Order = say.Order(why.Order),
            End = ScheduleDiffTables.Iso(plant, why.End),
            Due = ScheduleDiffTables.Iso(plant, why.Due),
            LateHours = why.Lateness?.Hours,
            Alone = ScheduleDiffTables.Iso(plant, why.Alone),
            Steps = why.Steps.Select(s => new
            {
                Kind = s.Kind.ToString(),
                Link = s.Link.ToString(),
                From = ScheduleDiffTables.Iso(plant, s.From),
                To = ScheduleDiffTables.Iso(plant, s.To),
                Job = plant.JobName(s.Job),
                Equipment = plant.Plant.Equipment[s.Equipment].Id,
                Auxiliary = s.Auxiliary >= 0 ? plant.Plant.Auxiliaries[s.Auxiliary].Id : null,
                GainHours = s.Gain.Hours,
                s.Ties,
                Text = say.Of(s),
            }),
        };
    }
}
