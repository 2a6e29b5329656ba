using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Views;

/// <summary>A batch on a machine, now or next.</summary>
/// <param name="Lead">Lead job.</param>
/// <param name="Progress">Share of the processing done, in [0, 1].</param>
/// <param name="End">Expected or planned end.</param>
public sealed record MachineJob(int Lead, IReadOnlyList<int> Jobs, double Progress, SimTime Start, SimTime? End, JobStatus Status, int Phase);

/// <summary>Everything the side panel says about one machine.</summary>
/// <param name="Waiting">Jobs in the queues it serves (it may share them with other machines).</param>
/// <param name="Shares">Share of the time since the statistics began in each status, largest first.</param>
public sealed record MachineCard(
    int Index,
    Equipment Equipment,
    EquipmentStatus Status,
    bool IsStale,
    SimTime Since,
    SimTime? ExpectedEnd,
    int Family,
    int Failures,
    int Changeovers,
    int BatchesSinceCleaning,
    double Residue,
    double Kw,
    double EnergyKwh,
    double WaterM3,
    int Waiting,
    IReadOnlyList<MachineJob> Running,
    IReadOnlyList<MachineJob> Next,
    IReadOnlyList<Bar> History,
    IReadOnlyList<(EquipmentStatus Status, double Share)> Shares)
{
    /// <summary>The card of a machine in a view.</summary>
    /// <param name="history">What it has run, newest last.</param>
    public static MachineCard Of(TwinView view, int machine, IReadOnlyList<Bar> history)
    {
        var plant = view.State.Plant;
        ref readonly var state = ref view.State.Equipment[machine];
        ref readonly var meters = ref view.State.Meters[machine];
        return new MachineCard(
            machine, plant.Plant.Equipment[machine], state.Status, state.Stale, EnteredStatus(view, machine, history),
            state.ExpectedEnd >= 0 ? new SimTime(state.ExpectedEnd) : null, state.Family, state.Failures, state.Changeovers,
            state.BatchesSinceCleaning, state.Residue, state.Kw, meters.EnergyKwh, meters.WaterM3,
            plant.EquipmentGroups[machine].Sum(g => view.State.ReadyInGroup[g]), RunningOn(view, machine), NextOn(view, machine),
            [.. history.Where(b => b.End >= 0).OrderByDescending(b => b.End).Take(8)], SharesOf(view, machine));
    }

    /// <summary>Share of a running batch's processing that is done.</summary>
    public static double ProgressOf(Plant.Events.PlantState state, int lead) =>
        state.Jobs[lead].PlannedMs is > 0 and var planned ? Math.Clamp(state.ProgressMs(lead, state.Now) / (double)planned, 0, 1) : 0;

    /// <summary>A view's meters are settled up to now, so the status' own begin is read from what runs; else from the last thing that ended.</summary>
    private static SimTime EnteredStatus(TwinView view, int machine, IReadOnlyList<Bar> history)
    {
        var first = view.State.Equipment[machine].FirstActive;
        if (first >= 0 && view.State.Jobs[first].StartAt >= 0)
        {
            return new SimTime(view.State.Jobs[first].StartAt);
        }

        var open = history.Where(b => b.End < 0).Select(b => b.Start).DefaultIfEmpty(-1).Max();
        return new SimTime(open >= 0 ? open : history.Select(b => b.End).DefaultIfEmpty(0).Max());
    }

    private static List<MachineJob> RunningOn(TwinView view, int machine)
    {
        var running = new List<MachineJob>();
        for (var lead = view.State.Equipment[machine].FirstActive; lead >= 0; lead = view.State.Jobs[lead].NextActive)
        {
            ref readonly var job = ref view.State.Jobs[lead];
            SimTime? end = view.State.ExpectedEndMs(lead) is var ms and >= 0 ? new SimTime(ms) : null;
            running.Add(new MachineJob(lead, Members(view, lead), ProgressOf(view.State, lead), new SimTime(job.StartAt), end, job.Status, job.Phase));
        }

        return running;
    }

    private static List<int> Members(TwinView view, int lead)
    {
        var members = new List<int>();
        for (var j = lead; j >= 0; j = view.State.Jobs[j].NextInBatch)
        {
            members.Add(j);
        }

        return members;
    }

    /// <summary>The batch it is being prepared for, then what the schedule in force says.</summary>
    private static List<MachineJob> NextOn(TwinView view, int machine)
    {
        var next = new List<MachineJob>();
        var reserved = view.State.Equipment[machine].Reserved;
        if (reserved >= 0)
        {
            next.Add(new MachineJob(reserved, Members(view, reserved), 0, view.State.Jobs[reserved].ArriveAt is var arrives && arrives < 0 ? view.State.Now : new SimTime(arrives), null, JobStatus.Assigned, -1));
        }

        next.AddRange((view.Schedule.Schedule?.Batches ?? [])
            .Where(b => b.Equipment.Index == machine && b.Jobs[0].Index != reserved && view.State.Jobs[b.Jobs[0]].Status is JobStatus.Waiting or JobStatus.Ready)
            .OrderBy(b => b.Start)
            .Take(6)
            .Select(b => new MachineJob(b.Jobs[0], [.. b.Jobs.Select(j => j.Index)], 0, b.Start, b.End, view.State.Jobs[b.Jobs[0]].Status, -1)));
        return next;
    }

    private static List<(EquipmentStatus Status, double Share)> SharesOf(TwinView view, int machine)
    {
        var times = view.State.TimeInStatus.Slice(machine * Plant.Events.PlantState.StatusCount, Plant.Events.PlantState.StatusCount).ToArray();
        var total = times.Sum();
        return total == 0 ? [] : [.. times
            .Select((ms, s) => ((EquipmentStatus)s, (double)ms / total))
            .Where(s => s.Item2 > 0)
            .OrderByDescending(s => s.Item2)];
    }
}
