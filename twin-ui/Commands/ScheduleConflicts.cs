using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary>A conflict and its ways out, in the plant's words.</summary>
internal static class ScheduleConflicts
{
    public static int Explain(Shell shell, ConflictRequest request, bool json, CancellationToken stop)
    {
        var (plant, result) = (request.Plant, Conflicts.Find(request, stop));
        if (json)
        {
            shell.WriteJson(ForScripts(plant, result));
        }
        else
        {
            Print(shell, plant, result);
        }

        return result.Status == ConflictStatus.Conflict ? ExitCode.Infeasible : ExitCode.Ok;
    }

    private static void Print(Shell shell, CompiledScenario plant, ConflictResult result)
    {
        var say = new ScheduleTexts(plant, shell.Language);
        if (result.Status != ConflictStatus.Conflict)
        {
            shell.Line(result.Status == ConflictStatus.Feasible
                ? say.Say("No conflict: a schedule keeps all these due dates and locks.", "无冲突：存在满足所有交期与锁定的计划。")
                : say.Say("Neither a schedule that keeps everything nor a proof that there is none was found. Maybe name fewer orders with --hard?", "既未找到满足全部要求的计划，也未证明不存在。可用 --hard 减少订单？"));
            return;
        }

        shell.Line(result.IsMinimal
            ? say.Say("These cannot be kept together, and without any one of them the others can:", "以下要求不能同时满足；去掉任意一项，其余即可满足：")
            : say.Say("These cannot be kept together (time ran out before the set was shown to be minimal):", "以下要求不能同时满足（时限内未证明为最小集）："));
        foreach (var group in result.Conflict)
        {
            shell.Line("  · " + Text(say, plant, result, group));
        }

        if (result.Relaxations.Count == 0)
        {
            return;
        }

        var table = Shell.Table();
        foreach (var heading in (string[])[say.Say("Way out", "解决办法"), say.Say("Cost", "代价"), say.Say("Resolves", "效果")])
        {
            table.AddColumn(heading);
        }

        foreach (var way in result.Relaxations)
        {
            table.AddRow(
                new Text(Text(say, plant, result, way)), new Text(ScheduleOutcome.Digits(way.Cost)),
                new Text(way.ResolvesAll ? say.Say("everything considered", "所考虑的全部要求") : say.Say("this conflict; others remain", "此冲突；仍有其他冲突")));
        }

        shell.Show(table);
    }

    private static object ForScripts(CompiledScenario plant, ConflictResult result)
    {
        var say = new ScheduleTexts(plant, "en");
        return new
        {
            Verb = "explain",
            Scenario = plant.Scenario.Id,
            Status = result.Status.ToString(),
            Minimal = result.IsMinimal,
            Considered = result.Orders.Select(say.Order),
            Conflict = result.Conflict.Select(g => new { Kind = g.Kind.ToString(), Text = Text(say, plant, result, g) }),
            Relaxations = result.Relaxations.Select(r => new { Kind = r.Group.Kind.ToString(), Hours = r.By.Hours, r.Count, r.Cost, r.ResolvesAll, Text = Text(say, plant, result, r) }),
        };
    }

    private static string Text(ScheduleTexts say, CompiledScenario plant, ConflictResult result, ConstraintGroup group)
    {
        var index = group.Index;
        return group.Kind switch
        {
            ConstraintKind.Deadline => say.Say($"order {say.Order(new OrderId(index))} is complete by {say.Moment(plant.Scenario.Orders[index].Due)}", $"订单 {say.Order(new OrderId(index))} 于 {say.Moment(plant.Scenario.Orders[index].Due)} 前完工"),
            ConstraintKind.Release => say.Say($"order {say.Order(new OrderId(index))} is not begun before {say.Moment(plant.Scenario.Orders[index].Release)}", $"订单 {say.Order(new OrderId(index))} 不早于 {say.Moment(plant.Scenario.Orders[index].Release)} 投料"),
            ConstraintKind.Lock => say.Say($"{say.Job(result.Locks[index].Jobs[0])} is locked to its place on {say.Machine(result.Locks[index].Equipment)}", $"{say.Job(result.Locks[index].Jobs[0])} 锁定在 {say.Machine(result.Locks[index].Equipment)} 的位置"),
            ConstraintKind.Capacity => say.Say($"{Machines(say, plant, index)}, and no machine does more at a time than it has room for, after its changeovers", $"{Machines(say, plant, index)}，每台同时只做其容量以内的批次，并需换产"),
            ConstraintKind.WorkingHours => say.Say($"{Hours(say, plant, index)} works only in its hours", $"{Hours(say, plant, index)} 只在工作时间运行"),
            ConstraintKind.Eligibility => say.Say($"order {say.Order(new OrderId(index))} keeps to machines that are large enough and open to it", $"订单 {say.Order(new OrderId(index))} 只用够大且允许的机台"),
            ConstraintKind.LongestWait => say.Say($"the steps of order {say.Order(new OrderId(index))} follow each other within their longest waits", $"订单 {say.Order(new OrderId(index))} 各工序间不超过最长等待"),
            _ => say.Say($"there are only {plant.Plant.Auxiliaries[index].Count} of {plant.Plant.Auxiliaries[index].Id}", $"{plant.Plant.Auxiliaries[index].Id} 只有 {plant.Plant.Auxiliaries[index].Count} 个"),
        };
    }

    private static string Text(ScheduleTexts say, CompiledScenario plant, ConflictResult result, Relaxation way)
    {
        var index = way.Group.Index;
        return way.Group.Kind switch
        {
            ConstraintKind.Deadline => say.Say($"accept order {say.Order(new OrderId(index))} {Length(say, way.By)} late", $"接受订单 {say.Order(new OrderId(index))} 拖期 {Length(say, way.By)}"),
            ConstraintKind.Release => say.Say($"release order {say.Order(new OrderId(index))} {Length(say, way.By)} earlier", $"订单 {say.Order(new OrderId(index))} 提前 {Length(say, way.By)} 投料"),
            ConstraintKind.WorkingHours => say.Say($"+{Length(say, way.By)} overtime on {Overtime(say, plant, way)}{(way.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" after each of {way.Count} shifts") : "")}", $"{Overtime(say, plant, way)} 加班 {Length(say, way.By)}{(way.Count > 1 ? $"（{way.Count} 个班次）" : "")}"),
            ConstraintKind.Capacity => say.Say($"more machines: {ClassOf(say, plant, index)}", $"增加设备：{ClassOf(say, plant, index)}"),
            ConstraintKind.Lock => say.Say($"unlock {say.Job(result.Locks[index].Jobs[0])} on {say.Machine(result.Locks[index].Equipment)}", $"解锁 {say.Machine(result.Locks[index].Equipment)} 上的 {say.Job(result.Locks[index].Jobs[0])}"),
            ConstraintKind.Eligibility => say.Say($"open every machine of the operation to order {say.Order(new OrderId(index))}", $"对订单 {say.Order(new OrderId(index))} 开放该工序的所有机台"),
            ConstraintKind.LongestWait => say.Say($"let order {say.Order(new OrderId(index))} wait longer between its steps", $"允许订单 {say.Order(new OrderId(index))} 工序间等待更久"),
            _ => say.Say($"more of {plant.Plant.Auxiliaries[index].Id}", $"增加 {plant.Plant.Auxiliaries[index].Id}"),
        };
    }

    private static string ClassOf(ScheduleTexts say, CompiledScenario plant, int index) =>
        plant.Plant.EquipmentClasses[index] is var c && say.Say(c.Name.En, c.Name.Zh ?? c.Name.En) is { Length: > 0 } name ? name : plant.Plant.EquipmentClasses[index].Id;

    private static string Machines(ScheduleTexts say, CompiledScenario plant, int index)
    {
        var count = plant.Plant.Equipment.Count(e => e.Class.Index == index);
        return count == 1
            ? say.Machine(new EquipmentId(plant.Plant.Equipment.ToList().FindIndex(e => e.Class.Index == index))) + say.Say(" is alone", " 只有一台")
            : say.Say($"there are {count} machines of {ClassOf(say, plant, index)}", $"{ClassOf(say, plant, index)} 共 {count} 台");
    }

    /// <summary>The only machine of a calendar, else the calendar.</summary>
    private static string Hours(ScheduleTexts say, CompiledScenario plant, int index)
    {
        var machines = Enumerable.Range(0, plant.Plant.Equipment.Length).Where(e => plant.Plant.Equipment[e].Calendar?.Index == index).Take(2).ToArray();
        var calendar = plant.Plant.Calendars[index];
        return machines.Length == 1 ? say.Machine(new EquipmentId(machines[0])) : say.Say($"everything on shift '{calendar.Name.En}'", $"班制“{calendar.Name.Zh ?? calendar.Name.En}”下的设备");
    }

    private static string Overtime(ScheduleTexts say, CompiledScenario plant, Relaxation way) =>
        way.Machine >= 0 ? say.Machine(new EquipmentId(way.Machine)) : Hours(say, plant, way.Group.Index);

    /// <summary>Days where it is days, else hours.</summary>
    private static string Length(ScheduleTexts say, Duration length) => length.Milliseconds % Duration.MillisecondsPerDay == 0 && length > Duration.Zero
        ? length.Milliseconds / Duration.MillisecondsPerDay is var days && days == 1 ? say.Say("one day", "一天") : say.Say($"{days} days", $"{days} 天")
        : say.Hours(length);
}
