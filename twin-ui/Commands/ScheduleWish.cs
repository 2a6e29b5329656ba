using System.Globalization;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary>A wish against a schedule, <c>ORDER/OP on MACHINE before MOMENT</c>, and its price.</summary>
internal static partial class ScheduleWish
{
    /// <exception cref="CommandException">It is not a wish, or names what the plant does not have.</exception>
    public static WhyNotRequest Read(string text, CompiledScenario plant, Schedule plan, PlantState? from)
    {
        var match = Wish().Match(text.Trim());
        if (!match.Success || (!match.Groups["machine"].Success && !match.Groups["moment"].Success))
        {
            throw new CommandException($"--why-not '{text}' is no wish. Maybe \"{plant.JobName(0)} on {plant.Plant.Equipment[0].Id} before 20h\"? Either half may be left out.");
        }

        return new WhyNotRequest
        {
            Plant = plant, From = from, Current = plan, Job = new JobId(ScheduleDisruptions.Job("--why-not", match.Groups["job"].Value, plant)),
            Equipment = match.Groups["machine"].Success ? new EquipmentId(ScheduleDisruptions.Equipment("--why-not", match.Groups["machine"].Value, plant)) : null,
            StartBy = match.Groups["moment"].Success ? ScheduleDisruptions.Moment("--why-not", match.Groups["moment"].Value, plant) : null,
        };
    }

    public static void Explain(Shell shell, WhyNotRequest wish, bool json, CancellationToken stop)
    {
        var plant = wish.Plant;
        var result = WhyNot.Of(wish, stop);
        if (json)
        {
            shell.WriteJson(new
            {
                Verb = "explain",
                Scenario = plant.Scenario.Id,
                Job = plant.JobName(wish.Job),
                Obstacle = result.Obstacle.ToString(),
                Earliest = ScheduleDiffTables.Iso(plant, result.Earliest),
                result.Price,
                result.PricePushed,
                Pushed = result.Pushed is { } pushed ? ScheduleRepairCommand.Terms(pushed) : null,
                Without = ScheduleRepairCommand.Terms(result.Without),
                With = result.With is { } with ? ScheduleRepairCommand.Terms(with) : null,
                Diff = result.Diff is { } diff ? ScheduleDiffTables.ForScripts(plant, diff) : null,
            });
            return;
        }

        var say = new ScheduleTexts(plant, shell.Language);
        shell.Line(Verdict(say, wish, result));
        if (result is { With: { } then, Diff: { } changes })
        {
            shell.Show(Terms(say, result.InForce, result.Pushed!, result.Without, then));
            shell.Line(say.Say("Pushed into the plan in force, the rest in its order:", "插入现行计划、其余顺序不变时："));
            ScheduleDiffTables.Print(shell, plant, changes, all: false);
        }
    }

    private static string Verdict(ScheduleTexts say, WhyNotRequest wish, WhyNotResult result)
    {
        var (job, machine) = (say.Job(wish.Job), say.Machine(wish.Equipment));
        return result.Obstacle switch
        {
            WhyNotObstacle.AlreadySo => say.Say("The plan has it like that already.", "计划已是如此。"),
            WhyNotObstacle.WrongMachine => say.Say($"Not possible: {machine} cannot do this operation of {job}.", $"不可行：{machine} 不能加工 {job} 的该工序。"),
            WhyNotObstacle.ClosedMachine => say.Say(
                $"Not possible: {machine} is too small for {job}, closed to its family, or kept by its owner.", $"不可行：{machine} 对 {job} 太小、不接受其色系，或仅供所有者使用。"),
            WhyNotObstacle.TooEarly => say.Say(
                $"Not possible: nothing lets {job} start before {say.Moment(result.Earliest)}; its release, the steps before it and running work need that long.",
                $"不可行：{job} 最早 {say.Moment(result.Earliest)} 才能开始（受投料、前道工序与在制作业限制）。"),
            WhyNotObstacle.NotFound => say.Say(
                $"No plan was found that does this (not proved impossible); {job} cannot start before {say.Moment(result.Earliest)}.", $"未找到可行计划（未证明不可行）；{job} 最早 {say.Moment(result.Earliest)} 开始。"),
            _ => say.Say(
                $"It can be done: at a price of {ScheduleOutcome.Digits(result.PricePushed!.Value)} by pushing it into the plan in force, of {ScheduleOutcome.Digits(result.Price!.Value)} when the rest is planned anew around it.",
                $"可行：直接插入现行计划的代价为 {ScheduleOutcome.Digits(result.PricePushed!.Value)}，重新安排其余作业后为 {ScheduleOutcome.Digits(result.Price!.Value)}。"),
        };
    }

    private static Table Terms(ScheduleTexts say, ObjectiveReport inForce, ObjectiveReport pushed, ObjectiveReport without, ObjectiveReport with)
    {
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Objective", "目标"), say.Say("In force", "现行"), say.Say("Pushed in", "插入"), say.Say("Difference, weighted", "加权差"), say.Say("Best without", "最优（不满足）"), say.Say("Best with", "最优（满足）"), say.Say("Difference, weighted", "加权差")])
        {
            table.AddColumn(heading);
        }

        foreach (var term in with.Terms.Where(t => t.Weight != 0))
        {
            var (now, then, before) = (Of(inForce, term), Of(pushed, term), Of(without, term));
            table.AddRow(
                new Text(ScheduleOutcome.NameOf(term.Name, say)), Amount(now), Amount(then), Difference(now, then), Amount(before), Amount(term), Difference(before, term));
        }

        return table;

        static ObjectiveTerm Of(ObjectiveReport report, ObjectiveTerm like) => report.Terms.First(t => t.Name == like.Name);
        static Text Amount(ObjectiveTerm term) => new($"{ScheduleOutcome.Digits(term.Amount)} {term.Unit}");
        static Text Difference(ObjectiveTerm before, ObjectiveTerm after) => new((after.Weighted - before.Weighted).ToString("+0.###;−0.###;0", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?<job>\S+)(\s+on\s+(?<machine>\S+))?(\s+before\s+(?<moment>.+))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wish();
}
