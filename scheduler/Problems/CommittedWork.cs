using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>What a plant state has already decided, with expected ends: jobs given to equipment, repairs and setups in progress.</summary>
/// <remarks>Expected ends use mean times; a machine that is down for an unknown time is taken to be back after its mean repair time.</remarks>
internal sealed class CommittedWork
{
    private readonly CompiledScenario _plant;
    private readonly PlantState? _state;
    private readonly long _now;

    public CommittedWork(CompiledScenario plant, PlantState? state)
    {
        _plant = plant;
        _state = state;
        _now = (state?.Now ?? SimTime.Zero).Milliseconds;
        JobEnd = new long[plant.Jobs.JobCount];
        Open = new bool[plant.Jobs.JobCount];
        Cancelled = new bool[plant.Jobs.JobCount];
        SiteOfJob = new int[plant.Jobs.JobCount];
        var machines = plant.Plant.Equipment.Length;
        FreeFrom = new long[machines];
        SlotEnds = new List<long>[machines];
        Conditions = new MachineCondition[machines];
        ReadJobs();
        for (var e = 0; e < machines; e++)
        {
            ReadMachine(e);
        }
    }

    /// <summary>End of each job that is done or committed.</summary>
    public long[] JobEnd { get; }

    /// <summary>Whether each job can still be planned.</summary>
    public bool[] Open { get; }

    /// <summary>Jobs that are not to be done: cancelled, or rework of what has not failed.</summary>
    public bool[] Cancelled { get; }

    /// <summary>Site where a done or committed job's goods are; −1 unknown.</summary>
    public int[] SiteOfJob { get; }

    public long[] FreeFrom { get; }

    public List<long>[] SlotEnds { get; }

    public MachineCondition[] Conditions { get; }

    public List<CommittedUse> Uses { get; } = [];

    private void ReadJobs()
    {
        for (var j = 0; j < Open.Length; j++)
        {
            SiteOfJob[j] = -1;
            if (_state is null || j >= _state.Jobs.Length)
            {
                Open[j] = !_plant.StartsDormant(j);
                Cancelled[j] = !Open[j];
                continue;
            }

            ref readonly var job = ref _state.Jobs[j];
            Open[j] = job.Status is JobStatus.Waiting or JobStatus.Ready;
            Cancelled[j] = job.Status is JobStatus.Cancelled or JobStatus.Dormant;
            JobEnd[j] = job.Status == JobStatus.Done ? job.EndAt : 0;
            SiteOfJob[j] = Open[j] || job.Equipment < 0 ? -1 : _plant.Plant.Equipment[job.Equipment].Site.Index;
        }
    }

    private void ReadMachine(int e)
    {
        SlotEnds[e] = [];
        FreeFrom[e] = _now;
        if (_state is null)
        {
            Conditions[e] = new MachineCondition(_plant.Plant.Equipment[e].InitialFamily?.Index ?? -1, 0, 0);
            return;
        }

        ref readonly var machine = ref _state.Equipment[e];
        Conditions[e] = new MachineCondition(machine.Family, machine.Residue, machine.BatchesSinceCleaning);
        FreeFrom[e] = Available(e, machine);
        for (var lead = machine.FirstActive; lead >= 0; lead = _state.Jobs[lead].NextActive)
        {
            Commit(e, lead, RunningEnd(e, lead));
        }

        if (machine.Status == EquipmentStatus.Setup && machine.NextFamily >= 0)
        {
            Conditions[e] = Conditions[e] with { Family = machine.NextFamily };
        }

        if (machine.Status == EquipmentStatus.Cleaning)
        {
            Conditions[e] = AfterCleaning(e, machine);
        }

        if (machine.Reserved >= 0)
        {
            CommitReserved(e, machine.Reserved);
        }
    }

    private long Available(int e, in EquipmentState machine) => machine.Status switch
    {
        EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance when machine.ExpectedEnd < 0 =>
            _now + (long)(_plant.Plant.Equipment[e].TimeToRepair?.Mean ?? 0),
        EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance
            or EquipmentStatus.Setup or EquipmentStatus.Cleaning => Math.Max(_now, machine.ExpectedEnd),
        _ => _now,
    };

    private long RunningEnd(int e, int lead)
    {
        ref readonly var job = ref _state!.Jobs[lead];
        var left = job.Status switch
        {
            JobStatus.Running => _state.ExpectedEndMs(lead) - _now, // at its present speed, which a utility may have lowered
            JobStatus.Blocked => 0,
            _ => job.PlannedMs - job.WorkedMs,
        };
        return EndOf(e, lead, FreeFrom[e], Math.Max(0, left));
    }

    private long EndOf(int e, int lead, long from, long work) =>
        _plant.OperationOf(lead).Interruptible && _plant.CalendarOf(e) is { } calendar
            ? calendar.EndOfInterruptible(new SimTime(from), new Duration(work)).Milliseconds
            : from + work;

    private void CommitReserved(int e, int lead)
    {
        ref readonly var job = ref _state!.Jobs[lead];
        var ready = Math.Max(FreeFrom[e], job.ArriveAt);
        foreach (var end in SlotEnds[e])
        {
            ready = SlotEnds[e].Count >= _plant.Plant.Equipment[e].Slots ? Math.Max(ready, end) : ready;
        }

        if (TableOf(e) is { } table && _state.Equipment[e].Status is EquipmentStatus.Cleaning)
        {
            var condition = Conditions[e];
            ready += table.Prepare(ref condition, _plant.FamilyOf(lead), _plant.OperationOf(lead).Setup.Milliseconds).Time;
        }

        var work = _plant.MeanProcessingTime(lead, e, job.Load);
        var calendar = _plant.CalendarOf(e);
        var start = calendar is null ? ready
            : _plant.OperationOf(lead).Interruptible ? calendar.NextWorking(new SimTime(ready)).Milliseconds
            : calendar.StartOfUninterrupted(new SimTime(ready), work).Milliseconds;
        Commit(e, lead, EndOf(e, lead, start, work.Milliseconds));
    }

    private void Commit(int e, int lead, long end)
    {
        SlotEnds[e].Add(end);
        for (var j = lead; j >= 0; j = _state!.Jobs[j].NextInBatch)
        {
            JobEnd[j] = end;
        }

        foreach (var need in _plant.OperationOf(lead).Auxiliaries)
        {
            Uses.Add(new CommittedUse(need.Auxiliary, need.Count, end));
        }

        var family = _plant.FamilyOf(lead);
        Conditions[e] = TableOf(e)?.After(Conditions[e], family)
            ?? Conditions[e] with { Family = family >= 0 ? family : Conditions[e].Family };
    }

    private MachineCondition AfterCleaning(int e, in EquipmentState machine) =>
        TableOf(e)?.Residue is { } rule && machine.NextFamily >= 0 && machine.NextFamily < rule.Cleanings.Length
            ? new MachineCondition(machine.Family, Math.Max(0, machine.Residue - rule.Cleanings[machine.NextFamily].Removes), 0)
            : new MachineCondition(-1, machine.Residue, 0);

    private ChangeoverTable? TableOf(int e) =>
        _plant.Plant.Equipment[e].Changeover is { } rule
            ? new ChangeoverTable(_plant.Plant.ChangeoverRules[rule], _plant.Plant.Families)
            : null;
}
