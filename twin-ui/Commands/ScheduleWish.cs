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
            shell.Show(Terms(say, result.Without, then));
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
                $"It can be done, at a price of {ScheduleOutcome.Digits(result.Price!.Value)} in units of the objective.", $"可行，代价为目标值 {ScheduleOutcome.Digits(result.Price!.Value)}。"),
        };
    }

    private static Table Terms(ScheduleTexts say, ObjectiveReport without, ObjectiveReport with)
    {
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Objective", "目标"), say.Say("Without the wish", "不满足"), say.Say("With it", "满足"), say.Say("Difference, weighted", "加权差")])
        {
            table.AddColumn(heading);
        }

        foreach (var term in with.Terms.Where(t => t.Weight != 0))
        {
            var before = without.Terms.First(t => t.Name == term.Name);
            table.AddRow(
                new Text(ScheduleOutcome.NameOf(term.Name, say)), new Text($"{ScheduleOutcome.Digits(before.Amount)} {term.Unit}"), new Text($"{ScheduleOutcome.Digits(term.Amount)} {term.Unit}"),
                new Text((term.Weighted - before.Weighted).ToString("+0.###;−0.###;0", CultureInfo.InvariantCulture)));
        }

        return table;
    }

    [GeneratedRegex(@"^(?<job>\S+)(\s+on\s+(?<machine>\S+))?(\s+before\s+(?<moment>.+))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wish();
}
