using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Crews: who is on duty, who works where, who waits for whom.
public sealed partial class PlantState
{
    private CrewCall[] _machineCalls = []; // per equipment; empty in a scenario without crews
    private int[] _crewWaits = []; // per equipment: calls of it and of its batches that wait
    private CrewCall[] _batchCalls = []; // per lead job; empty where no batch needs anybody
    private int[] _onDuty = []; // per pool
    private long[] _onDutySince = []; // per pool: when that was said last
    private int[] _onSideJobs = []; // per pool: heads
    private SideJobState[] _sideJobs = [];
    private CrewMeters[] _crewMeters = []; // per pool
    private int[] _returns = []; // per pool: how often somebody came back
    private int _allReturns;

    /// <summary>The people at work at a machine itself: setting it up, cleaning, repairing or maintaining it.</summary>
    public CrewCall CrewOf(int equipment) => _machineCalls.Length > 0 ? _machineCalls[equipment] : default;

    /// <summary>The people at work on a batch, by its lead job.</summary>
    public CrewCall CrewOfBatch(int lead) => _batchCalls.Length > 0 ? _batchCalls[lead] : default;

    /// <summary>Whether the machine, or a batch on it, waits for people.</summary>
    public bool WaitsForCrew(int equipment) => _crewWaits.Length > 0 && _crewWaits[equipment] > 0;

    /// <summary>Whether what was said of a pool's heads on duty still holds: no shift has begun or ended since.</summary>
    internal bool OnDutyHolds(int pool, SimTime now) => Plant.Crews.NextShiftChange(pool, new SimTime(_onDutySince[pool])) > now;

    /// <summary>Heads of each pool (auxiliary) on duty now.</summary>
    public ReadOnlySpan<int> OnDuty => _onDuty;

    /// <summary>Heads of each pool on side jobs now; they leave them for any call.</summary>
    public ReadOnlySpan<int> OnSideJobs => _onSideJobs;

    /// <summary>Side jobs of all pools, numbered as <see cref="CrewBook.FirstSideJob"/> says.</summary>
    public ReadOnlySpan<SideJobState> SideJobs => _sideJobs;

    /// <summary>How often people or auxiliaries came back, of all pools: tells a simulator that somebody may be free.</summary>
    internal int Returns => _allReturns;

    /// <summary>The same per pool.</summary>
    internal ReadOnlySpan<int> ReturnsOf => _returns;

    /// <summary>Running totals per pool.</summary>
    public ReadOnlySpan<CrewMeters> CrewMeters => _crewMeters;

    private void InitialiseCrews()
    {
        var crews = Plant.Crews;
        var pools = Plant.Plant.Auxiliaries.Length;
        _onDuty = new int[pools];
        _onDutySince = new long[pools];
        _onSideJobs = new int[pools];
        _crewMeters = new CrewMeters[pools];
        _returns = new int[pools];
        for (var p = 0; p < pools; p++)
        {
            _onDuty[p] = crews.OnDutyAt(p, SimTime.Zero);
        }

        _sideJobs = new SideJobState[crews.SideJobPool.Length];
        for (var s = 0; s < _sideJobs.Length; s++)
        {
            _sideJobs[s].Since = -1;
        }

        if (crews.Any)
        {
            _machineCalls = new CrewCall[_equipment.Length];
            _crewWaits = new int[_equipment.Length];
        }
    }

    private void ExchangeCrews(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _machineCalls, other?._machineCalls);
        exchange.Array(ref _crewWaits, other?._crewWaits);
        exchange.Array(ref _batchCalls, other?._batchCalls);
        exchange.Array(ref _onDuty, other?._onDuty);
        exchange.Array(ref _onDutySince, other?._onDutySince);
        exchange.Array(ref _onSideJobs, other?._onSideJobs);
        exchange.Array(ref _sideJobs, other?._sideJobs);
        exchange.Array(ref _crewMeters, other?._crewMeters);
        exchange.Array(ref _returns, other?._returns);
        exchange.Value(ref _allReturns, other?._allReturns);
    }

    private void GrowCrews()
    {
        if (Plant.Crews.ForBatches)
        {
            Array.Resize(ref _batchCalls, Plant.Jobs.JobCount);
        }
    }

    private void RequestCrew(in PlantEvent e)
    {
        Settle(e.Equipment, e.Time.Milliseconds);
        ref var call = ref CallOf(e);
        _crewWaits[e.Equipment] += (e.Arg != (int)CrewTask.None ? 1 : 0) - (call.Awaits != CrewTask.None ? 1 : 0);
        call.Awaits = (CrewTask)e.Arg;
        call.Since = e.Time.Milliseconds;
        Touch(e.Equipment);
    }

    private void AssignCrew(in PlantEvent e) => TakeCrew(ref CallOf(e), e.Equipment, e.Arg, (int)e.Value, e.Time.Milliseconds);

    private ref CrewCall CallOf(in PlantEvent e) => ref e.Job >= 0 ? ref _batchCalls[e.Job] : ref _machineCalls[e.Equipment];

    private void TakeCrew(ref CrewCall call, int equipment, int pool, int count, long now)
    {
        StopWaiting(ref call, equipment, now);
        SettlePool(pool, now);
        (call.Pool, call.Count) = (pool, count);
        _auxiliaryInUse[pool] += count;
        Touch(equipment);
    }

    private void StopWaiting(ref CrewCall call, int equipment, long now)
    {
        if (call.Awaits != CrewTask.None)
        {
            Settle(equipment, now);
            call.Awaits = CrewTask.None;
            _crewWaits[equipment]--;
        }
    }

    private void ReturnCrew(ref CrewCall call, long now)
    {
        if (call.Count > 0)
        {
            SettlePool(call.Pool, now);
            _auxiliaryInUse[call.Pool] -= call.Count;
            call.Count = 0;
            CountReturn(call.Pool);
        }
    }

    private void CountReturn(int pool)
    {
        _returns[pool]++;
        _allReturns++;
    }

    /// <summary>Those who worked at the machine itself go.</summary>
    private void ReturnMachineCrew(int equipment, long now)
    {
        if (_machineCalls.Length > 0)
        {
            ReturnCrew(ref _machineCalls[equipment], now);
        }
    }

    /// <summary>Those who worked on a batch go.</summary>
    private void ReturnBatchCrew(int lead, long now)
    {
        if (_batchCalls.Length > 0)
        {
            ReturnCrew(ref _batchCalls[lead], now);
        }
    }

    /// <summary>A batch leaves: nobody is at work on it or waited for.</summary>
    private void LeaveCrew(in PlantEvent e)
    {
        if (_batchCalls.Length > 0)
        {
            ReturnCrew(ref _batchCalls[e.Job], e.Time.Milliseconds);
            StopWaiting(ref _batchCalls[e.Job], e.Equipment, e.Time.Milliseconds);
        }
    }

    /// <summary>The machine and its batches wait for nobody any more; those at the machine go.</summary>
    /// <param name="keepRepair">A repair or maintenance goes on without regard to the machine's shift.</param>
    private void ForgetCalls(int equipment, long now, bool keepRepair = false)
    {
        if (_machineCalls.Length == 0)
        {
            return;
        }

        ref var own = ref _machineCalls[equipment];
        if (!keepRepair)
        {
            ReturnCrew(ref own, now);
        }

        if (!keepRepair || own.Awaits is CrewTask.Setup or CrewTask.Start)
        {
            StopWaiting(ref own, equipment, now);
        }

        for (var lead = _batchCalls.Length > 0 ? _equipment[equipment].FirstActive : -1; lead >= 0; lead = _jobs[lead].NextActive)
        {
            StopWaiting(ref _batchCalls[lead], equipment, now);
        }
    }

    private void ChangeCrewShift(in PlantEvent e)
    {
        SettlePool(e.Arg, e.Time.Milliseconds);
        _onDuty[e.Arg] = (int)e.Value;
        _onDutySince[e.Arg] = e.Time.Milliseconds;
    }

    private void InterruptRepair(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        equipment.RepairMs = Math.Max(0, equipment.RepairMs - (e.Time.Milliseconds - equipment.Since));
        equipment.ExpectedEnd = -1;
        Fire(e, EquipmentTrigger.InterruptRepair);
        ReturnMachineCrew(e.Equipment, e.Time.Milliseconds);
    }

    private void StartSideJob(in PlantEvent e)
    {
        var pool = Plant.Crews.SideJobPool[e.Arg];
        SettlePool(pool, e.Time.Milliseconds);
        ref var job = ref _sideJobs[e.Arg];
        (job.LeftMs, job.Since) = ((long)e.Value, e.Time.Milliseconds);
        _onSideJobs[pool]++;
    }

    private void InterruptSideJob(in PlantEvent e)
    {
        ref var job = ref LeaveSideJob(e);
        job.LeftMs = Math.Max(1, job.LeftMs - (e.Time.Milliseconds - job.Since));
        job.Since = -1;
        job.Interruptions++;
        _crewMeters[Plant.Crews.SideJobPool[e.Arg]].Interruptions++;
    }

    private void EndSideJob(in PlantEvent e)
    {
        ref var job = ref LeaveSideJob(e);
        (job.LeftMs, job.Since) = (0, -1);
        job.Done++;
        _crewMeters[Plant.Crews.SideJobPool[e.Arg]].SideJobsDone++;
    }

    private ref SideJobState LeaveSideJob(in PlantEvent e)
    {
        var pool = Plant.Crews.SideJobPool[e.Arg];
        SettlePool(pool, e.Time.Milliseconds);
        _onSideJobs[pool]--;
        return ref _sideJobs[e.Arg];
    }

    /// <summary>Books the hours of a pool up to <paramref name="now"/>.</summary>
    private void SettlePool(int pool, long now)
    {
        ref var meters = ref _crewMeters[pool];
        var passed = now - meters.MeteredUntil;
        if (passed > 0)
        {
            meters.OnDutyMs += passed * _onDuty[pool];
            meters.BusyMs += passed * _auxiliaryInUse[pool];
            meters.SideMs += passed * _onSideJobs[pool];
            meters.MeteredUntil = now;
        }
    }

    private void ResetCrewMeters()
    {
        for (var p = 0; p < _crewMeters.Length; p++)
        {
            _crewMeters[p] = new CrewMeters { MeteredUntil = _crewMeters[p].MeteredUntil };
        }
    }
}
