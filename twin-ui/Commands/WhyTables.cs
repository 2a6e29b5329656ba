using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>Flow times of orders as tables for people.</summary>
internal static class WhyTables
{
    private const int ReasonsInARow = 3;
    private static readonly Label Where = new("Where the time goes", "时间去向");
    private static readonly Label PerOrder = new("h per order", "小时/单");
    private static readonly Label Share = new("share", "占比");
    private static readonly Label OfLate = new("of late orders", "拖期订单");
    private static readonly Label Order = new("Order", "订单");
    private static readonly Label Lateness = new("Late, h", "拖期, 小时");
    private static readonly Label Flow = new("Flow, h", "流程时间, 小时");
    private static readonly Label Mostly = new("Mostly", "主要原因");
    private static readonly Label Open = new("open", "未完成");
    private static readonly Label Operation = new("Operation", "工序");
    private static readonly Label Equipment = new("Equipment", "设备");
    private static readonly Label From = new("From", "开始");
    private static readonly Label Hours = new("h", "小时");
    private static readonly Label QueueFor = new("Queueing for", "排队等待");

    /// <summary>All orders together: hours per order and shares by part, beside the shares among late orders.</summary>
    public static Table Overview(Shell shell, IReadOnlyList<OrderFlow> flows)
    {
        var late = flows.Where(f => f.LatenessMs > 0).ToArray();
        var table = Shell.Table();
        table.AddColumn(Where.In(shell.Language));
        table.AddColumn(new TableColumn(PerOrder.In(shell.Language)).RightAligned());
        table.AddColumn(new TableColumn(Share.In(shell.Language)).RightAligned());
        table.AddColumn(new TableColumn(OfLate.In(shell.Language)).RightAligned());
        foreach (var part in FlowParts.All.Where(p => flows.Any(f => f[p.Part] > 0)).OrderByDescending(p => flows.Sum(f => (double)f[p.Part])))
        {
            table.AddRow(Cells(
                part.Name.In(shell.Language), H(flows.Sum(f => (double)f[part.Part]) / flows.Count), Percent(flows, part.Part), Percent(late, part.Part)));
        }

        return table;
    }

    /// <summary>What the queueing was for: hours per order, by the machines that serve the queue.</summary>
    public static Table? Queues(Shell shell, CompiledScenario plant, IReadOnlyList<OrderFlow> flows)
    {
        var queues = flows.SelectMany(f => f.Steps).GroupBy(s => QueueName(plant, s.Group, shell.Language))
            .Select(g => (g.Key, Ms: g.Sum(s => (double)s[FlowPart.Queue]))).Where(q => q.Ms > 0).OrderByDescending(q => q.Ms).Take(12).ToArray();
        if (queues.Length == 0)
        {
            return null;
        }

        var table = Shell.Table();
        table.AddColumn(QueueFor.In(shell.Language));
        table.AddColumn(new TableColumn(PerOrder.In(shell.Language)).RightAligned());
        table.AddColumn(new TableColumn(Share.In(shell.Language)).RightAligned());
        var all = flows.Sum(f => (double)f.FlowMs);
        foreach (var (name, ms) in queues)
        {
            table.AddRow(Cells(name, H(ms / flows.Count), P(ms / all)));
        }

        return table;
    }

    /// <summary>A row per order: how late, how long, and the three largest parts.</summary>
    public static Table Orders(Shell shell, CompiledScenario plant, IEnumerable<OrderFlow> flows)
    {
        var table = Shell.Table();
        table.AddColumn(Order.In(shell.Language));
        table.AddColumn(new TableColumn(Lateness.In(shell.Language)).RightAligned());
        table.AddColumn(new TableColumn(Flow.In(shell.Language)).RightAligned());
        table.AddColumn(Mostly.In(shell.Language));
        foreach (var flow in flows)
        {
            table.AddRow(Cells(
                plant.Scenario.Orders[flow.Order].Id + (flow.Complete ? "" : $" ({Open.In(shell.Language)})"),
                flow.LatenessMs is { } late ? H(late) : "–",
                H(flow.FlowMs),
                Mostly3(plant, flow, shell.Language)));
        }

        return table;
    }

    /// <summary>The jobs of one order's critical chain.</summary>
    public static Table Steps(Shell shell, CompiledScenario plant, OrderFlow flow)
    {
        var table = Shell.Table();
        table.AddColumn(Operation.In(shell.Language));
        table.AddColumn(Equipment.In(shell.Language));
        table.AddColumn(From.In(shell.Language));
        table.AddColumn(new TableColumn(Hours.In(shell.Language)).RightAligned());
        table.AddColumn(Where.In(shell.Language));
        foreach (var step in flow.Steps)
        {
            var parts = FlowParts.All.Where(p => step[p.Part] > 0).OrderByDescending(p => step[p.Part])
                .Select(p => $"{p.Name.In(shell.Language)} {H(step[p.Part])}");
            table.AddRow(Cells(
                plant.OperationOf(step.Job).Name.In(shell.Language),
                step.Equipment >= 0 ? plant.Plant.Equipment[step.Equipment].Id : QueueName(plant, step.Group, shell.Language),
                plant.Scenario.Clock.ToWallClock(new SimTime(step.FromMs)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
                H(step.ToMs - step.FromMs),
                string.Join(" · ", parts)));
        }

        return table;
    }

    /// <summary>The largest parts of an order in words; a queue says for what.</summary>
    public static string Mostly3(CompiledScenario plant, OrderFlow flow, string language)
    {
        var reasons = FlowParts.All.Where(p => p.Part != FlowPart.Queue && flow[p.Part] > 0).Select(p => (Name: p.Name.In(language), Ms: flow[p.Part]))
            .Concat(flow.Steps.Where(s => s[FlowPart.Queue] > 0).GroupBy(s => s.Group)
                .Select(g => (Name: $"{QueueFor.In(language)} {QueueName(plant, g.Key, language)}", Ms: g.Sum(s => s[FlowPart.Queue]))))
            .OrderByDescending(r => r.Ms).Take(ReasonsInARow);
        return string.Join(" · ", reasons.Select(r => $"{r.Name} {H(r.Ms)}"));
    }

    /// <summary>Who serves a queue: the machine where it is one, else the classes.</summary>
    public static string QueueName(CompiledScenario plant, int group, string language)
    {
        var machines = plant.Groups[group];
        return machines.Length == 1
            ? plant.Plant.Equipment[machines[0]].Id
            : string.Join(", ", machines.Select(e => plant.Plant.Equipment[e].Class.Index).Distinct().Take(3).Select(c => plant.Plant.EquipmentClasses[c].Name.In(language)));
    }

    private static IEnumerable<IRenderable> Cells(params string[] cells) => cells.Select(c => (IRenderable)new Text(c));

    private static string Percent(IReadOnlyList<OrderFlow> flows, FlowPart part) =>
        flows.Sum(f => (double)f.FlowMs) is var all && all > 0 ? P(flows.Sum(f => (double)f[part]) / all) : "–";

    private static string P(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string H(double ms)
    {
        var hours = ms / Duration.MillisecondsPerHour;
        return hours.ToString(Math.Abs(hours) >= 100 ? "#,0" : Math.Abs(hours) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture).Replace('-', '−');
    }
}
