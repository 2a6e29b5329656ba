using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Utilities: what running phases draw, how fast they may go on, who waits. Without utilities all arrays here are empty.
public sealed partial class PlantState
{
    private UtilityJobState[] _utilityJobs = [];
    private UtilityMeter[] _utilities = [];

    /// <summary>How utilities treat each lead job; empty in a plant without utilities.</summary>
    public ReadOnlySpan<UtilityJobState> UtilityJobs => _utilityJobs;

    /// <summary>Meter of each utility, up to its last change.</summary>
    public ReadOnlySpan<UtilityMeter> Utilities => _utilities;

    /// <summary>Processing done of what <see cref="JobState.PlannedMs"/> asks for, ms (lead).</summary>
    public long ProgressMs(int lead, SimTime now)
    {
        ref readonly var job = ref _jobs[lead];
        if (job.Status != JobStatus.Running)
        {
            return job.WorkedMs;
        }

        var elapsed = now.Milliseconds - job.RunningSince;
        return job.WorkedMs + (_utilityJobs.Length > 0 ? (long)Math.Round(elapsed * _utilityJobs[lead].Speed) : elapsed);
    }

    /// <summary>When a running batch ends at its present speed, ms; −1 when it does not run (lead).</summary>
    public long ExpectedEndMs(int lead)
    {
        ref readonly var job = ref _jobs[lead];
        var left = job.PlannedMs - job.WorkedMs;
        return job.Status != JobStatus.Running ? -1
            : job.RunningSince + (_utilityJobs.Length > 0 ? (long)Math.Ceiling(left / _utilityJobs[lead].Speed) : left);
    }

    /// <summary>Progress at which a phase ends: the drawn total, divided as the recipe divides it, ms (lead).</summary>
    public long PhaseEndMs(int lead, int phase)
    {
        var phases = Plant.PhasesOf(lead);
        if (phase < 0)
        {
            return 0;
        }

        if (phase >= phases.Length - 1)
        {
            return _jobs[lead].PlannedMs;
        }

        var (until, all) = (phases[phase].UntilMs, phases[^1].UntilMs);
        return all == 0 ? 0 : (long)(_jobs[lead].PlannedMs * (double)until / all);
    }

    /// <summary>Rate at which a draw of a phase asks at full speed, unit/h.</summary>
    internal double DemandOf(in PhaseDraw draw, int equipment, int lead, int phase)
    {
        if (draw.IsPower)
        {
            return PowerOf(equipment, lead, phase);
        }

        ref readonly var job = ref _jobs[lead];
        var rate = draw.Rate + draw.RatePerUnit * job.Load;
        var amount = draw.Amount + draw.AmountPerUnit * job.Load;
        var ms = amount > 0 && job.Additions == 0 ? PhaseEndMs(lead, phase) - PhaseEndMs(lead, phase - 1) : 0;
        return ms > 0 ? rate + amount * Duration.MillisecondsPerHour / ms : rate; // an addition draws only what has a rate
    }

    /// <summary>Power of a phase, kW. Of several batches side by side the machine's power is nobody's own.</summary>
    private double PowerOf(int equipment, int lead, int phase)
    {
        ref readonly var machine = ref Plant.CompiledEquipmentOf(equipment);
        return machine.Slots > 1 ? 0 : PhasePower(lead, phase, machine.RunningKw);
    }

    private double PhasePower(int lead, int phase, double otherwise) =>
        Plant.PhasesOf(lead)[phase].Kw is var kw && !double.IsNaN(kw) ? kw : otherwise;

    /// <summary>Drawn since the last local midnight, at a moment that is not before the meter's last change.</summary>
    internal double DrawnToday(int utility, SimTime now)
    {
        SettleUtility(utility, now.Milliseconds);
        return _utilities[utility].DayAmount;
    }

    private void SetUpUtilities()
    {
        if (Plant.Utilities is not { } table)
        {
            return;
        }

        _utilities = new UtilityMeter[table.Count];
        for (var u = 0; u < _utilities.Length; u++)
        {
            _utilities[u].DayEnd = table.NextMidnight(0);
        }
    }

    private void GrowUtilities()
    {
        if (Plant.Utilities is null)
        {
            return;
        }

        var known = _utilityJobs.Length;
        Array.Resize(ref _utilityJobs, _jobs.Length);
        _utilityJobs.AsSpan(known).Fill(UtilityJobState.None);
    }

    private void SettleUtility(int u, long now)
    {
        ref var meter = ref _utilities[u];
        while (meter.Since < now)
        {
            var until = Math.Min(now, meter.DayEnd);
            var ms = until - meter.Since;
            var amount = meter.Rate * ms / Duration.MillisecondsPerHour;
            meter.Amount += amount;
            meter.DayAmount += amount;
            meter.PeakRate = Math.Max(meter.PeakRate, meter.Rate);
            meter.AtCapMs += meter.Waiting + meter.Stretched > 0 ? ms : 0;
            meter.WaitMs += meter.Waiting * ms;
            meter.Since = until;
            if (until == meter.DayEnd)
            {
                meter.DayAmount = 0;
                meter.DayEnd = Plant.Utilities!.NextMidnight(until);
            }
        }
    }

    /// <summary>The phase of a running batch begins (+1) or ceases (−1) to draw; the state of the job is that in which it draws.</summary>
    private void Draw(int equipment, int lead, int sign, long now)
    {
        ref readonly var job = ref _jobs[lead];
        if (_utilities.Length == 0 || job.Phase < 0 || job.Status != JobStatus.Running)
        {
            return;
        }

        ref var utility = ref _utilityJobs[lead];
        if (sign < 0)
        {
            BookDraws(equipment, lead, now);
        }

        utility.BookedUntil = now;
        var table = Plant.Utilities!;
        foreach (ref readonly var draw in table.DrawsOf(Plant.OperationIndexOf(lead), job.Phase))
        {
            if (table.Supplies(draw.Utility, new SiteId(Plant.CompiledEquipmentOf(equipment).Site)))
            {
                SettleUtility(draw.Utility, now);
                ref var meter = ref _utilities[draw.Utility];
                meter.Drawing += sign;
                var rate = draw.IsPower ? 0 : DemandOf(draw, equipment, lead, job.Phase) * utility.Speed; // power is metered where it is set
                meter.Rate = meter.Drawing == 0 && !draw.IsPower ? 0 : meter.Rate + sign * rate;
            }
        }
    }

    /// <summary>Books what has been drawn by name (not implied by the phase) to the equipment and to the batch's orders.</summary>
    private void BookDraws(int equipment, int lead, long now)
    {
        ref var utility = ref _utilityJobs[lead];
        ref readonly var job = ref _jobs[lead];
        var use = default(ResourceUse);
        var table = Plant.Utilities!;
        var hours = (now - utility.BookedUntil) / (double)Duration.MillisecondsPerHour;
        foreach (ref readonly var draw in table.DrawsOf(Plant.OperationIndexOf(lead), job.Phase))
        {
            if (!draw.Implied && table.Supplies(draw.Utility, new SiteId(Plant.CompiledEquipmentOf(equipment).Site)))
            {
                AddTo(ref use, table[draw.Utility].Kind, DemandOf(draw, equipment, lead, job.Phase) * utility.Speed * hours);
            }
        }

        utility.BookedUntil = now;
        Book(equipment, lead, use);
    }

    /// <summary>Books progress up to now, so that the speed may change.</summary>
    private void BookProgress(int lead, long now)
    {
        ref var job = ref _jobs[lead];
        if (_utilityJobs.Length == 0 || job.Status != JobStatus.Running)
        {
            return;
        }

        ref var utility = ref _utilityJobs[lead];
        var elapsed = now - job.RunningSince;
        var progress = (long)Math.Round(elapsed * utility.Speed);
        job.WorkedMs += progress;
        job.RunningSince = now;
        utility.StretchedMs += elapsed - progress;
        if (utility.Binding >= 0)
        {
            _utilities[utility.Binding].StretchMs += elapsed - progress;
        }
    }

    /// <summary>Progress is booked and the batch goes on at another speed, limited by a utility (−1 none).</summary>
    private void SetSpeed(int lead, double speed, int binding, long now)
    {
        if (_utilityJobs.Length == 0)
        {
            return;
        }

        BookProgress(lead, now);
        SetSpeed(ref _utilityJobs[lead], speed, binding, now);
    }

    private void SetSpeed(ref UtilityJobState utility, double speed, int binding, long now)
    {
        CountStretched(utility, -1, now);
        utility.Speed = speed;
        utility.Binding = binding;
        CountStretched(utility, +1, now);
    }

    private void CountStretched(in UtilityJobState utility, int sign, long now)
    {
        if (utility.Speed < 1 && utility.Binding >= 0)
        {
            SettleUtility(utility.Binding, now);
            _utilities[utility.Binding].Stretched += sign;
        }
    }

    /// <summary>Its utilities let a batch go on at another speed.</summary>
    private void ChangeRate(in PlantEvent e)
    {
        var now = e.Time.Milliseconds;
        if (e.Job < 0)
        {
            ChangeChangeoverRate(e);
            return;
        }

        Draw(e.Equipment, e.Job, -1, now);
        SetSpeed(e.Job, e.Value, e.Arg, now);
        Draw(e.Equipment, e.Job, +1, now);
        SetPower(e.Equipment, RunningPower(e.Equipment), now);
        Touch(e.Equipment);
    }

    /// <summary>A batch stands still (before its status changes): it draws nothing, and waits if the reason is a utility.</summary>
    private void StopDrawing(in PlantEvent e)
    {
        if (_utilityJobs.Length == 0)
        {
            return;
        }

        var now = e.Time.Milliseconds;
        Draw(e.Equipment, e.Job, -1, now);
        SetSpeed(e.Job, 1, -1, now);
        if (e.Kind == PlantEventKind.BatchHeld && e.Arg == (int)HoldReason.Utility && (uint)e.Value < (uint)_utilities.Length)
        {
            BeginWaiting(ref _utilityJobs[e.Job], (int)e.Value, now);
        }
    }

    private void BeginWaiting(ref UtilityJobState utility, int binding, long now)
    {
        utility.WaitSince = now;
        utility.Binding = binding;
        SettleUtility(binding, now);
        _utilities[binding].Waiting++;
        _utilities[binding].Waits++;
    }

    private void StopWaiting(int lead, long now)
    {
        if (_utilityJobs.Length > 0)
        {
            StopWaiting(ref _utilityJobs[lead], now);
        }
    }

    private void StopWaiting(ref UtilityJobState utility, long now)
    {
        if (utility.WaitSince < 0)
        {
            return;
        }

        SettleUtility(utility.Binding, now);
        _utilities[utility.Binding].Waiting--;
        utility.WaitSince = -1;
        utility.Binding = -1;
    }

    /// <summary>The power of a machine changed: the electricity of its site is metered as a utility too.</summary>
    private void MeterPower(int site, double deltaKw, long now)
    {
        for (var u = 0; u < _utilities.Length; u++)
        {
            if (Plant.Utilities![u].Kind == UtilityKind.Electricity && Plant.Utilities.Supplies(u, new SiteId(site)))
            {
                SettleUtility(u, now);
                _utilities[u].Rate += deltaKw;
            }
        }
    }

    private void SettleUtilities(long now)
    {
        if (_utilities.Length == 0)
        {
            return;
        }

        for (var u = 0; u < _utilities.Length; u++)
        {
            SettleUtility(u, now);
        }

        for (var e = 0; e < _equipment.Length; e++)
        {
            for (var lead = _equipment[e].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
            {
                if (_jobs[lead].Status == JobStatus.Running && _jobs[lead].Phase >= 0)
                {
                    BookDraws(e, lead, now);
                }
            }
        }
    }

    private void ResetUtilities()
    {
        for (var u = 0; u < _utilities.Length; u++)
        {
            ref var meter = ref _utilities[u];
            (meter.Amount, meter.PeakRate, meter.AtCapMs, meter.WaitMs, meter.StretchMs, meter.Waits) = (0, meter.Rate, 0, 0, 0, 0);
        }
    }
}
