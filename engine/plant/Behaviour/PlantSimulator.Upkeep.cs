using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Upkeep: components wear on their machine's clocks, are measured, and fail; plans become due. One look per machine is in the calendar: at the
// earliest moment at which anything of it comes to pass if its clocks go on as they do now. Whatever starts or stops a clock sets it anew.
public sealed partial class PlantSimulator
{
    private EventHandle[] _upkeepHandles = []; // per equipment; empty in a scenario without failure modes and plans
    private long[] _seenUsage = []; // per equipment: which clocks run, and batches ended

    private bool HasUpkeep => _upkeepHandles.Length > 0;

    /// <summary>After an event of a machine: when its clocks go on differently, the next look is another.</summary>
    private void WatchUsage(int equipment)
    {
        if (SignatureOf(equipment) is var seen && seen != _seenUsage[equipment])
        {
            _seenUsage[equipment] = seen;
            ScheduleUpkeep(equipment);
        }
    }

    private long SignatureOf(int equipment)
    {
        var status = Equipment(equipment).Status;
        return ((long)State.Usage[equipment].Batches << 3) | (PlantState.Runs(UsageClock.Running, status) ? 4L : 0)
            | (PlantState.Runs(UsageClock.Working, status) ? 2L : 0) | (IsStopped(status) ? 1L : 0);
    }

    private static bool IsStopped(EquipmentStatus status) => status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance;

    private void ResumeUpkeep()
    {
        for (var e = 0; e < _upkeepHandles.Length; e++)
        {
            _seenUsage[e] = SignatureOf(e);
            ScheduleUpkeep(e);
        }
    }

    private void ScheduleUpkeep(int equipment)
    {
        _calendar.Cancel(_upkeepHandles[equipment]);
        var next = NextOfWear(equipment);
        next = Math.Min(next, NextOfPlans(equipment));
        _upkeepHandles[equipment] = next == long.MaxValue
            ? default
            : Schedule(new SimTime(next), new Pending(PendingKind.Upkeep, equipment), priority: -2);
    }

    /// <summary>What wear and plans of the machine have brought about by now.</summary>
    private void LookAtUpkeep(int equipment)
    {
        _upkeepHandles[equipment] = default;
        var (first, end) = _plant.Upkeep.ModesOf(equipment);
        for (var m = first; m < end; m++)
        {
            BeginLife(equipment, m);
            RaiseAndMeasure(equipment, m);
        }

        if (!IsStopped(Equipment(equipment).Status) && FirstFailed(equipment) is var failed && failed >= 0)
        {
            Break(equipment, _plant.Upkeep.DrawRepair(failed, State.Wear[failed].Failures, _random), failed);
        }

        OrderDueMaintenance(equipment);
        ScheduleUpkeep(equipment);
    }

    /// <summary>A new component, or one that nobody has seen new, gets its life; measured ones in line with their readings.</summary>
    private void BeginLife(int equipment, int mode)
    {
        if (State.Wear[mode].Life > 0)
        {
            return;
        }

        var age = State.AgeOf(mode, _now.Milliseconds);
        var life = _plant.Upkeep.DrawLife(mode, age, State.Wear[mode].Draws, _random);
        if (State.Wear[mode] is { Rises: 0, Readings: >= RemainingLife.FewestReadings } && RemainingLife.Of(State, mode) is { } trend)
        {
            life = age + Math.Max(1, trend.QuantileAbove(_random.Uniform(_plant.Upkeep.CompiledModeOf(mode).Key, State.Wear[mode].Draws, lane: 1)));
            Emit(PlantEventKind.PotentialFailure, equipment, arg: mode, value: Math.Clamp(trend.RisesAtAge, 0, age));
        }

        Emit(PlantEventKind.WearBegun, equipment, arg: mode, value: life);
    }

    /// <summary>P is reached; a reading is due, or the monitor has something to report.</summary>
    private void RaiseAndMeasure(int equipment, int mode)
    {
        ref readonly var compiled = ref _plant.Upkeep.CompiledModeOf(mode);
        if (compiled.Signal < 0)
        {
            return;
        }

        var age = State.AgeOf(mode, _now.Milliseconds);
        if (State.Wear[mode].Rises == 0 && age >= RisesAt(mode))
        {
            Emit(PlantEventKind.PotentialFailure, equipment, arg: mode, value: RisesAt(mode));
        }

        var signal = _plant.Upkeep.Mode(mode).Signal!;
        if (compiled.InspectionMs > 0)
        {
            if (PlantState.Runs(UsageClock.Running, Equipment(equipment).Status) && _now.Milliseconds >= State.Wear[mode].MeasuredAt + compiled.InspectionMs)
            {
                var noise = _plant.Upkeep.DrawNoise(mode, State.Wear[mode].AllReadings, _random);
                Emit(PlantEventKind.ConditionMeasured, equipment, arg: mode, value: LevelOf(mode, signal, age) * noise);
            }
        }
        else if (State.Wear[mode].Rises > 0 && NextReport(mode, signal) is var report && age >= AgeOfReport(mode, signal, report))
        {
            Emit(PlantEventKind.ConditionMeasured, equipment, arg: mode, value: Math.Max(report, LevelOf(mode, signal, age)));
        }
    }

    private double LevelOf(int mode, ConditionSignal signal, double age) =>
        State.Wear[mode].Rises > 0 ? signal.Level(age, State.Wear[mode].Rises - 1, State.Wear[mode].Life) : signal.Baseline;

    /// <summary>Age at which the signal begins to rise, as it was drawn.</summary>
    private double RisesAt(int mode) =>
        Math.Max(0, State.Wear[mode].Life - _plant.Upkeep.DrawPfInterval(mode, State.Wear[mode].Draws - 1, _random));

    /// <summary>Level at which a continuous monitor reports next: it has grown by a step, or reaches that of a plan.</summary>
    private double NextReport(int mode, ConditionSignal signal)
    {
        ref readonly var wear = ref State.Wear[mode];
        var next = wear.Readings == 0 ? signal.Baseline : Math.Max(wear.Level, signal.Baseline) * ConditionSignal.ReportStep;
        var (first, end) = _plant.Upkeep.PlansOf(_plant.Upkeep.EquipmentOfMode(mode));
        for (var p = first; p < end; p++)
        {
            ref readonly var plan = ref _plant.Upkeep.CompiledPlanOf(p);
            if (plan.Watches == mode && plan.AtLevel > wear.Level)
            {
                next = Math.Min(next, plan.AtLevel);
            }
        }

        return next;
    }

    private double AgeOfReport(int mode, ConditionSignal signal, double level) => signal.AgeAt(level, State.Wear[mode].Rises - 1, State.Wear[mode].Life);

    /// <summary>The mode that has reached the end of its life; of several the one that overshot it most, relative to its life.</summary>
    private int FirstFailed(int equipment)
    {
        var (first, end) = _plant.Upkeep.ModesOf(equipment);
        var (failed, most) = (-1, 1.0);
        for (var m = first; m < end; m++)
        {
            var share = State.AgeOf(m, _now.Milliseconds) / State.Wear[m].Life;
            if (share >= most && (failed < 0 || share > most))
            {
                (failed, most) = (m, share);
            }
        }

        return failed;
    }

    /// <summary>When wear next needs a look, as the clocks run now; <see cref="long.MaxValue"/> when nothing is to come.</summary>
    private long NextOfWear(int equipment)
    {
        var (first, end) = _plant.Upkeep.ModesOf(equipment);
        var next = long.MaxValue;
        for (var m = first; m < end; m++)
        {
            next = Math.Min(next, NextOf(equipment, m));
        }

        return next;
    }

    private long NextOf(int equipment, int mode)
    {
        ref readonly var wear = ref State.Wear[mode];
        if (wear.Life == 0)
        {
            return _now.Milliseconds;
        }

        ref readonly var compiled = ref _plant.Upkeep.CompiledModeOf(mode);
        var status = Equipment(equipment).Status;
        var (age, next) = (State.AgeOf(mode, _now.Milliseconds), long.MaxValue);
        if (!IsStopped(status))
        {
            next = When(wear.Life);
        }

        if (compiled.Signal < 0)
        {
            return next;
        }

        if (wear.Rises == 0)
        {
            next = Math.Min(next, When(RisesAt(mode)));
        }

        if (compiled.InspectionMs > 0)
        {
            return PlantState.Runs(UsageClock.Running, status) ? Math.Min(next, Math.Max(_now.Milliseconds, wear.MeasuredAt + compiled.InspectionMs)) : next;
        }

        var signal = _plant.Upkeep.Mode(mode).Signal!;
        return wear.Rises > 0 ? Math.Min(next, When(AgeOfReport(mode, signal, NextReport(mode, signal)))) : next;

        long When(double reached) => TimeUntil(reached - age, State.Plant.Upkeep.CompiledModeOf(mode).Clock, status);
    }

    /// <summary>The moment at which a clock has gone on by an amount; <see cref="long.MaxValue"/> while it stands still.</summary>
    private long TimeUntil(double amount, UsageClock clock, EquipmentStatus status) =>
        amount <= 0 ? _now.Milliseconds
        : PlantState.Runs(clock, status) && amount < 1e17 ? _now.Milliseconds + (long)Math.Ceiling(amount)
        : long.MaxValue;
}
