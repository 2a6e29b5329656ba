using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

// Upkeep: how much machines have been used, how worn they are, which maintenance is ordered or in hand.
public sealed partial class PlantState
{
    /// <summary>Latest readings of a signal that are kept.</summary>
    public const int KeptReadings = 24;

    private UsageState[] _usage = []; // per equipment; empty in a scenario without failure modes and plans
    private WearState[] _wear = []; // per mode of the book
    private MaintenanceState[] _maintenance = []; // per plan of the book
    private ConditionReading[] _readings = []; // per signal: a ring

    /// <summary>Use of each machine; empty in a scenario without failure modes and plans.</summary>
    public ReadOnlySpan<UsageState> Usage => _usage;

    /// <summary>Failure modes of all machines, numbered as <see cref="UpkeepBook"/> says.</summary>
    public ReadOnlySpan<WearState> Wear => _wear;

    /// <summary>Maintenance plans of all machines, numbered as <see cref="UpkeepBook"/> says.</summary>
    public ReadOnlySpan<MaintenanceState> Maintenance => _maintenance;

    /// <summary>What a clock of a machine reads: ms, or a count.</summary>
    public double ReadingOf(int equipment, UsageClock clock, long now)
    {
        ref readonly var usage = ref _usage[equipment];
        return clock switch
        {
            UsageClock.Running => usage.RunningMs + (Runs(clock, _equipment[equipment].Status) ? now - _equipment[equipment].MeteredUntil : 0),
            UsageClock.Working => usage.WorkingMs + (Runs(clock, _equipment[equipment].Status) ? now - _equipment[equipment].MeteredUntil : 0),
            UsageClock.Calendar => now,
            UsageClock.Batches => usage.Batches,
            _ => usage.Quantity,
        };
    }

    /// <summary>Age of a component in its mode's clock.</summary>
    public double AgeOf(int mode, long now)
    {
        ref readonly var compiled = ref Plant.Upkeep.CompiledModeOf(mode);
        return ReadingOf(compiled.Equipment, compiled.Clock, now) - _wear[mode].Since;
    }

    /// <summary>How much of a plan's interval is used up, in its clock.</summary>
    public double UsedOf(int plan, long now)
    {
        ref readonly var compiled = ref Plant.Upkeep.CompiledPlanOf(plan);
        return ReadingOf(compiled.Equipment, compiled.Clock, now) - _maintenance[plan].Since;
    }

    /// <summary>The readings of a mode since its life began that are kept, oldest first.</summary>
    /// <param name="mode">A mode with a signal.</param>
    /// <param name="into">Room for <see cref="KeptReadings"/>.</param>
    /// <returns>How many there are.</returns>
    public int ReadingsOf(int mode, Span<ConditionReading> into)
    {
        var count = Math.Min(_wear[mode].Readings, KeptReadings);
        var ring = Plant.Upkeep.CompiledModeOf(mode).Signal * KeptReadings;
        for (var i = 0; i < count; i++)
        {
            into[i] = _readings[ring + (_wear[mode].AllReadings - count + i) % KeptReadings];
        }

        return count;
    }

    /// <summary>Whether time on a clock passes while a machine is in a status.</summary>
    internal static bool Runs(UsageClock clock, EquipmentStatus status) => clock switch
    {
        UsageClock.Calendar => true,
        UsageClock.Running => status is EquipmentStatus.Running or EquipmentStatus.Loading or EquipmentStatus.Sampling or EquipmentStatus.Unloading,
        UsageClock.Working => status is not (EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance or EquipmentStatus.NonScheduled),
        _ => false,
    };

    private void InitialiseUpkeep()
    {
        if (Plant.Upkeep.Any)
        {
            _usage = new UsageState[_equipment.Length];
            _wear = new WearState[Plant.Upkeep.ModeCount];
            _maintenance = new MaintenanceState[Plant.Upkeep.PlanCount];
            _readings = new ConditionReading[Plant.Upkeep.SignalCount * KeptReadings];
        }
    }

    private void ExchangeUpkeep(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _usage, other?._usage);
        exchange.Array(ref _wear, other?._wear);
        exchange.Array(ref _maintenance, other?._maintenance);
        exchange.Array(ref _readings, other?._readings);
    }

    private void CountUsage(int equipment, long ms)
    {
        var status = _equipment[equipment].Status;
        _usage[equipment].RunningMs += Runs(UsageClock.Running, status) ? ms : 0;
        _usage[equipment].WorkingMs += Runs(UsageClock.Working, status) ? ms : 0;
    }

    private void CountUsedBatch(int equipment, double load)
    {
        _usage[equipment].Batches++;
        _usage[equipment].Quantity += load;
    }

    private void BreakBy(in PlantEvent e)
    {
        _usage[e.Equipment].BrokenBy = e.Arg + 1;
        if (e.Arg >= 0)
        {
            _wear[e.Arg].Failures++;
            _meters[e.Equipment].FailureCost += Plant.Upkeep.Mode(e.Arg).Cost;
        }
    }

    /// <summary>The machine is repaired: what broke it is new, or only works again.</summary>
    private void RestoreBroken(in PlantEvent e)
    {
        var mode = _usage[e.Equipment].BrokenBy - 1;
        _usage[e.Equipment].BrokenBy = 0;
        if (mode < 0)
        {
            return;
        }

        if (Plant.Upkeep.CompiledModeOf(mode).Minimal)
        {
            _wear[mode].Life = 0;
        }
        else
        {
            Renew(mode, e.Time.Milliseconds);
        }
    }

    /// <summary>A life begins: its readings, and what they ordered, are forgotten.</summary>
    private void Renew(int mode, long now)
    {
        ref readonly var compiled = ref Plant.Upkeep.CompiledModeOf(mode);
        ref var wear = ref _wear[mode];
        wear.Since = ReadingOf(compiled.Equipment, compiled.Clock, now);
        (wear.Life, wear.Rises, wear.Readings, wear.Level, wear.MeasuredAt) = (0, 0, 0, 0, now);
        var (first, end) = Plant.Upkeep.PlansOf(compiled.Equipment);
        for (var p = first; p < end; p++)
        {
            ref readonly var plan = ref Plant.Upkeep.CompiledPlanOf(p);
            if (plan.StartsAtRenewalOf == mode)
            {
                _maintenance[p].Since = ReadingOf(compiled.Equipment, plan.Clock, now);
            }

            if (plan.StartsAtRenewalOf == mode || plan.Watches == mode)
            {
                WithdrawOrder(p);
            }
        }
    }

    private void BeginWear(in PlantEvent e)
    {
        _wear[e.Arg].Life = e.Value;
        _wear[e.Arg].Draws++;
    }

    private void Measure(in PlantEvent e)
    {
        ref readonly var compiled = ref Plant.Upkeep.CompiledModeOf(e.Arg);
        ref var wear = ref _wear[e.Arg];
        _readings[compiled.Signal * KeptReadings + wear.AllReadings % KeptReadings] = new ConditionReading(AgeOf(e.Arg, e.Time.Milliseconds), e.Value, e.Time.Milliseconds);
        wear.AllReadings++;
        wear.Readings++;
        (wear.Level, wear.MeasuredAt) = (e.Value, e.Time.Milliseconds);
        _meters[e.Equipment].Readings++;
        _meters[e.Equipment].MaintenanceCost += Plant.Upkeep.Mode(e.Arg).Signal!.ReadingCost;
        Touch(e.Equipment);
    }

    private void OrderMaintenance(in PlantEvent e)
    {
        WithdrawOrder(e.Arg);
        if (e.Value >= 0)
        {
            _maintenance[e.Arg].Ordered = (long)e.Value + 1;
            _usage[e.Equipment].Ordered++;
        }

        Touch(e.Equipment);
    }

    private void WithdrawOrder(int plan)
    {
        if (_maintenance[plan].Ordered > 0)
        {
            _maintenance[plan].Ordered = 0;
            _usage[Plant.Upkeep.EquipmentOfPlan(plan)].Ordered--;
        }
    }

    private void TakeUpMaintenance(in PlantEvent e)
    {
        WithdrawOrder(e.Arg);
        _maintenance[e.Arg].InHand = true;
        _usage[e.Equipment].InHand++;
        Touch(e.Equipment);
    }

    /// <summary>The plans in hand are done: their intervals begin again, and so do the lives of what they renew.</summary>
    private void FinishMaintenance(in PlantEvent e)
    {
        var (first, end) = Plant.Upkeep.PlansOf(e.Equipment);
        for (var p = first; p < end && _usage[e.Equipment].InHand > 0; p++)
        {
            ref var plan = ref _maintenance[p];
            if (!plan.InHand)
            {
                continue;
            }

            plan.InHand = false;
            plan.Done++;
            plan.DoneAt = e.Time.Milliseconds;
            plan.Since = ReadingOf(e.Equipment, Plant.Upkeep.CompiledPlanOf(p).Clock, e.Time.Milliseconds);
            _usage[e.Equipment].InHand--;
            _meters[e.Equipment].MaintenancesDone++;
            _meters[e.Equipment].MaintenanceCost += Plant.Upkeep.Plan(p).Cost;
            foreach (var mode in Plant.Upkeep.RenewedBy(p))
            {
                _meters[e.Equipment].FailuresPrevented += _wear[mode].Rises > 0 ? 1 : 0;
                Renew(mode, e.Time.Milliseconds);
            }
        }
    }
}
