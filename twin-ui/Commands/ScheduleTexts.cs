using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>What the scheduler explains, in the plant's words: English and Chinese.</summary>
internal sealed class ScheduleTexts(CompiledScenario plant, string language)
{
    public string Say(string en, string zh) => new Label(en, zh).In(language);

    public string Machine(EquipmentId? equipment) => equipment is { } e ? plant.Plant.Equipment[e].Name.In(language) is { Length: > 0 } name ? name : plant.Plant.Equipment[e].Id : "–";

    public string Job(JobId? job) => job is { } j ? plant.JobName(j) : "–";

    public string Order(OrderId order) => plant.Scenario.Orders[order].Id;

    public string Moment(SimTime? time) => time is { } t && t < SimTime.Never
        ? plant.Scenario.Clock.ToWallClock(t).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)
        : "–";

    /// <summary><c>+3.5 h</c>.</summary>
    public string Shift(Duration shift) => string.Create(CultureInfo.InvariantCulture, $"{shift.Hours:+0.##;−0.##;0} ") + Say("h", "小时");

    /// <summary><c>3.5 h</c>.</summary>
    public string Hours(Duration length) => string.Create(CultureInfo.InvariantCulture, $"{length.Hours:0.##} ") + Say("h", "小时");

    public string Of(MoveKind kind) => kind switch
    {
        MoveKind.Later => Say("later", "推后"),
        MoveKind.Earlier => Say("earlier", "提前"),
        MoveKind.Reassigned => Say("other machine", "换机台"),
        MoveKind.Added => Say("added", "新增"),
        _ => Say("removed", "取消"),
    };

    /// <summary>Because of what a job moved.</summary>
    public string Of(MoveCause cause) => cause.Reason switch
    {
        MoveReason.Breakdown when cause.Job is { } job => Say($"{Machine(cause.Equipment)} is down; {Job(job)} came from there", $"{Machine(cause.Equipment)} 停机，{Job(job)} 由该机转来"),
        MoveReason.Breakdown => Say($"{Machine(cause.Equipment)} is down", $"{Machine(cause.Equipment)} 停机"),
        MoveReason.NewOrder when cause.Equipment is null => Say("new order", "新订单"),
        MoveReason.NewOrder => Say($"new order: {Job(cause.Job)} takes its place on {Machine(cause.Equipment)}", $"新订单 {Job(cause.Job)} 占用 {Machine(cause.Equipment)}"),
        MoveReason.Delay => Say($"delay: {Job(cause.Job)} waits for running work or a release", $"延误：{Job(cause.Job)} 等待在制作业或投料"),
        MoveReason.Displaced => Say($"displaced by {Job(cause.Job)} on {Machine(cause.Equipment)}", $"在 {Machine(cause.Equipment)} 被 {Job(cause.Job)} 挤占"),
        MoveReason.Predecessor => Say($"its operation before, {Job(cause.Job)}, moved", $"前道工序 {Job(cause.Job)} 变动"),
        MoveReason.RoomMade when cause.Job is { } left => Say($"room made by {Job(left)}", $"{Job(left)} 让出的时间"),
        MoveReason.RoomMade => Say("room made", "让出的时间"),
        _ => Say("the plan as a whole is better", "整体计划更优"),
    };

    /// <summary>What fills a piece of a why-late chain.</summary>
    public string Of(WhyStep step) => step.Kind switch
    {
        WhyKind.Processing => Of(step.Link, step) + Say($"{Job(step.Job)} on {Machine(step.Equipment)}", $"{Machine(step.Equipment)} 加工 {Job(step.Job)}"),
        WhyKind.Setup => Say($"{Machine(step.Equipment)} is set up for {Job(step.Job)}", $"{Machine(step.Equipment)} 为 {Job(step.Job)} 换产"),
        WhyKind.Transport => Say($"{Job(step.Job)} travels to {Machine(step.Equipment)}", $"{Job(step.Job)} 运往 {Machine(step.Equipment)}"),
        WhyKind.Rest => Say($"shortest wait before {Job(step.Job)}", $"{Job(step.Job)} 前最短等待"),
        WhyKind.Calendar => Say($"{Machine(step.Equipment)} is outside its working hours, or what is left of them is too short for {Job(step.Job)}", $"{Machine(step.Equipment)} 非工作时间，或剩余班次不够 {Job(step.Job)}"),
        WhyKind.LongestWait => Say($"{Job(step.Job)} is kept back so that the next step follows in time", $"{Job(step.Job)} 推迟，以免超过后道最长等待"),
        WhyKind.Held => Say($"the plan holds {Job(step.Job)} back on purpose", $"计划有意推迟 {Job(step.Job)}"),
        WhyKind.Choice => Say($"nothing stands in the way: the plan begins {Job(step.Job)} later than it could", $"无制约：计划晚于可行时间开始 {Job(step.Job)}"),
        WhyKind.Down => Say($"{Machine(step.Equipment)} is down", $"{Machine(step.Equipment)} 停机"),
        WhyKind.RunningWork when step.Auxiliary >= 0 => Say($"running work holds {plant.Plant.Auxiliaries[step.Auxiliary].Id}", $"在制作业占用 {plant.Plant.Auxiliaries[step.Auxiliary].Id}"),
        WhyKind.RunningWork => Say($"running work before {Job(step.Job)}", $"{Job(step.Job)} 前的在制作业"),
        WhyKind.Release => Say($"root: order {plant.OrderOf(step.Job).Id} is released", $"根因：订单 {plant.OrderOf(step.Job).Id} 此时投料"),
        WhyKind.Lock => Say($"root: a lock keeps {Job(step.Job)} to its time", $"根因：{Job(step.Job)} 被锁定时间"),
        _ => Say("root: the plan begins here", "根因：计划起点"),
    };

    private string Of(WhyLink link, WhyStep step) => link switch
    {
        WhyLink.Equipment => Say("the machine is taken: ", "占用设备："),
        WhyLink.Auxiliary => Say($"{(step.Auxiliary >= 0 ? plant.Plant.Auxiliaries[step.Auxiliary].Id : "a resource")} is taken: ", $"占用 {(step.Auxiliary >= 0 ? plant.Plant.Auxiliaries[step.Auxiliary].Id : "资源")}："),
        WhyLink.Predecessor => Say("the step before: ", "前道工序："),
        _ => "",
    };
}
