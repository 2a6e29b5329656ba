using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Scheduler.Repair;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary>A plan-diff as people and scripts read it.</summary>
internal static class ScheduleDiffTables
{
    private const int RowsShown = 20;

    public static void Print(Shell shell, CompiledScenario plant, PlanDiff diff, bool all)
    {
        var say = new ScheduleTexts(plant, shell.Language);
        shell.Line(say.Say(
            $"{diff.Moved} operations moved ({diff.Count(MoveKind.Reassigned)} to another machine, {diff.Count(MoveKind.Later)} later, {diff.Count(MoveKind.Earlier)} earlier, {diff.Count(MoveKind.Added)} added, {diff.Count(MoveKind.Removed)} removed; shifts up to 1 h do not count), {diff.Kept} kept to the minute",
            $"变动 {diff.Moved} 道工序（换机台 {diff.Count(MoveKind.Reassigned)}，推后 {diff.Count(MoveKind.Later)}，提前 {diff.Count(MoveKind.Earlier)}，新增 {diff.Count(MoveKind.Added)}，取消 {diff.Count(MoveKind.Removed)}；1 小时以内的移动不计），{diff.Kept} 道保持不变"));
        shell.Line(say.Say(
            $"{diff.NewlyLate.Count()} orders newly late, {diff.Rescued.Count()} rescued",
            $"新增拖期订单 {diff.NewlyLate.Count()} 个，挽回 {diff.Rescued.Count()} 个"));
        if (diff.Orders.Count > 0)
        {
            shell.Show(Orders(say, diff, all));
        }

        if (diff.Moves.Count > 0)
        {
            shell.Show(Moves(say, diff, all));
        }

        if (!all && Math.Max(diff.Moves.Count, diff.Orders.Count) > RowsShown)
        {
            shell.Line(say.Say($"The first {RowsShown} of {diff.Moves.Count} operations and {diff.Orders.Count} orders are shown; --all shows the rest.", $"仅显示前 {RowsShown} 行（工序 {diff.Moves.Count}，订单 {diff.Orders.Count}）；--all 显示全部。"));
        }
    }

    public static object ForScripts(CompiledScenario plant, PlanDiff diff)
    {
        var say = new ScheduleTexts(plant, "en");
        return new
        {
            diff.Moved,
            Reassigned = diff.Count(MoveKind.Reassigned),
            Later = diff.Count(MoveKind.Later),
            Earlier = diff.Count(MoveKind.Earlier),
            Added = diff.Count(MoveKind.Added),
            Removed = diff.Count(MoveKind.Removed),
            diff.Kept,
            NewlyLate = diff.NewlyLate.Select(o => say.Order(o.Order)),
            Rescued = diff.Rescued.Select(o => say.Order(o.Order)),
            Orders = diff.Orders.Select(o => new
            {
                Order = say.Order(o.Order),
                Due = Iso(plant, o.Due),
                Before = Iso(plant, o.Before),
                After = Iso(plant, o.After),
                Because = Cause(plant, o.Cause),
            }),
            Moves = diff.Moves.Select(m => new
            {
                Job = say.Job(m.Job),
                Kind = m.Kind.ToString().ToLowerInvariant(),
                From = m.From is { } from ? plant.Plant.Equipment[from].Id : null,
                To = m.To is { } to ? plant.Plant.Equipment[to].Id : null,
                FromStart = Iso(plant, m.FromStart),
                ToStart = Iso(plant, m.ToStart),
                ShiftHours = m.Shift.Hours,
                Counts = m.Counts,
                Because = Cause(plant, m.Cause),
            }),
        };
    }

    public static string? Iso(CompiledScenario plant, Simulation.SimTime? time) =>
        time is { } t ? plant.Scenario.Clock.ToWallClock(t).ToString("yyyy-MM-ddTHH:mm:ss.FFFzzz", CultureInfo.InvariantCulture) : null;

    private static object Cause(CompiledScenario plant, MoveCause cause) => new
    {
        Reason = cause.Reason.ToString(),
        Equipment = cause.Equipment is { } e ? plant.Plant.Equipment[e].Id : null,
        Job = cause.Job is { } j ? plant.JobName(j) : null,
        Text = new ScheduleTexts(plant, "en").Of(cause),
    };

    private static Table Orders(ScheduleTexts say, PlanDiff diff, bool all)
    {
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Order", "订单"), say.Say("Due", "交期"), say.Say("Before", "原计划完工"), say.Say("After", "新计划完工"), say.Say("Difference", "差"), "", say.Say("Because of", "原因")])
        {
            table.AddColumn(heading);
        }

        foreach (var order in diff.Orders.OrderByDescending(o => o.NewlyLate || o.Rescued).Take(all ? int.MaxValue : RowsShown))
        {
            table.AddRow(
                new Text(say.Order(order.Order)), new Text(say.Moment(order.Due)), new Text(say.Moment(order.Before)), new Text(say.Moment(order.After)),
                new Text(order is { Before: { } b, After: { } a } ? say.Shift(a - b) : "–"),
                new Text(order.NewlyLate ? say.Say("newly late", "新拖期") : order.Rescued ? say.Say("rescued", "挽回") : ""),
                new Text(say.Of(order.Cause)));
        }

        return table;
    }

    private static Table Moves(ScheduleTexts say, PlanDiff diff, bool all)
    {
        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Operation", "工序"), say.Say("Move", "变动"), say.Say("From", "原机台"), say.Say("To", "新机台"), say.Say("Start", "新开始"), say.Say("Shift", "移动"), say.Say("Because of", "原因")])
        {
            table.AddColumn(heading);
        }

        foreach (var move in diff.Moves.OrderByDescending(m => m.Counts).Take(all ? int.MaxValue : RowsShown))
        {
            table.AddRow(
                new Text(say.Job(move.Job)), new Text(say.Of(move.Kind)), new Text(say.Machine(move.From)), new Text(say.Machine(move.To)),
                new Text(say.Moment(move.ToStart)), new Text(move.FromStart is null || move.ToStart is null ? "–" : say.Shift(move.Shift)), new Text(say.Of(move.Cause)));
        }

        return table;
    }
}
