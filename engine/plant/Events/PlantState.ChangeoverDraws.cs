using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// What setups and cleanings draw: evenly over their length, slower where a utility is at its cap. Empty where changeovers use nothing.
public sealed partial class PlantState
{
    private ChangeoverState[] _changeovers = [];

    /// <summary>The changeover under way on each piece of equipment; empty where changeovers use nothing.</summary>
    public ReadOnlySpan<ChangeoverState> Changeovers => _changeovers;

    /// <summary>What a cleaning of a machine uses: index in its residue rule, −1 the cleaning of a matrix rule.</summary>
    internal ResourceUse CleaningUse(int equipment, int cleaning)
    {
        var rule = Plant.CompiledEquipmentOf(equipment).Rule;
        return rule < 0 ? default
            : Plant.Changeovers.CleaningOf(rule, cleaning) is { } operation ? CompiledChangeovers.UseOf(operation)
            : Plant.Changeovers.TryMatrixCleaning(rule, out var clean) ? clean.Use : default;
    }

    /// <summary>What the setup of a machine uses, from a family (−1 clean) to another (−1 none).</summary>
    internal ResourceUse SetupUse(int equipment, int from, int to) => SetupOf(equipment, from, to).Use;

    /// <summary>The rate at which a use spread over a length draws from a kind of utility, unit/h.</summary>
    internal static double RateOf(UtilityKind kind, in ResourceUse use, long ms) => ms <= 0 ? 0 : kind switch
    {
        UtilityKind.Electricity => use.EnergyKwh,
        UtilityKind.Steam => use.SteamKg,
        UtilityKind.Water or UtilityKind.Effluent => use.WaterM3,
        _ => 0,
    } * Duration.MillisecondsPerHour / ms;

    private void SetUpChangeovers()
    {
        if (Plant.Changeovers.UseAnything)
        {
            _changeovers = new ChangeoverState[_equipment.Length];
            Array.Fill(_changeovers, new ChangeoverState { Utility = UtilityJobState.None });
        }
    }

    /// <summary>Power of the changeover under way beside the idle machine's, kW.</summary>
    private double ChangeoverPower(int equipment)
    {
        if (_changeovers.Length == 0)
        {
            return 0;
        }

        ref readonly var changeover = ref _changeovers[equipment];
        return RateOf(UtilityKind.Electricity, changeover.Use, changeover.PlannedMs) * changeover.Utility.Speed;
    }

    /// <summary>Before the status changes: what is to be drawn from now on.</summary>
    private void BeginChangeover(in PlantEvent e, in ResourceUse use)
    {
        if (_changeovers.Length > 0)
        {
            StopWaitingToPrepare(e.Equipment, e.Time.Milliseconds);
            _changeovers[e.Equipment] = new ChangeoverState
            {
                Use = use, PlannedMs = (long)e.Value, RunningSince = e.Time.Milliseconds, Utility = UtilityJobState.None,
            };
        }
    }

    private void BeginDraws(int equipment, long now)
    {
        if (_changeovers.Length > 0)
        {
            MeterChangeover(equipment, +1, now);
        }
    }

    /// <summary>At its end: what an observed changeover that was shorter than expected, or of unknown length, has not drawn yet is drawn at once.</summary>
    private void FinishDraws(int equipment, ref ResourceUse account, SimTime now)
    {
        if (_changeovers.Length == 0)
        {
            return;
        }

        ref readonly var changeover = ref _changeovers[equipment];
        var (done, planned) = (ProgressOf(changeover, now.Milliseconds), changeover.PlannedMs);
        var rest = default(ResourceUse);
        rest.Add(changeover.Use, planned <= 0 ? 1 : Math.Max(0, planned - done) / (double)planned);
        CeaseDraws(equipment, now.Milliseconds);
        if (!rest.IsNothing)
        {
            UseAtOnce(equipment, rest, ref account, now);
        }
    }

    /// <summary>A changeover ends, or a breakdown cuts it short: it draws nothing any more. Before the status changes.</summary>
    private void CeaseDraws(int equipment, long now)
    {
        if (_changeovers.Length == 0 || _equipment[equipment].Status is not (EquipmentStatus.Setup or EquipmentStatus.Cleaning))
        {
            return;
        }

        Settle(equipment, now);
        MeterChangeover(equipment, -1, now);
        BookChangeoverProgress(equipment, now);
        SetSpeed(ref _changeovers[equipment].Utility, 1, -1, now);
        _changeovers[equipment] = new ChangeoverState { Utility = UtilityJobState.None };
    }

    private void UseAtOnce(int e, ResourceUse use, ref ResourceUse account, SimTime now)
    {
        use.EnergyCost = Plant.TariffOf(e) is { } tariff ? use.EnergyKwh * tariff.PriceAt(now) : 0;
        ref var meters = ref _meters[e];
        meters.EnergyKwh += use.EnergyKwh;
        meters.EnergyCost += use.EnergyCost;
        meters.WaterM3 += use.WaterM3;
        meters.SteamKg += use.SteamKg;
        account.Add(use);
        var site = Plant.CompiledEquipmentOf(e).Site;
        if (use.EnergyKwh > 0)
        {
            _profiles[site].AddLump(use.EnergyKwh, now.Milliseconds);
        }

        for (var u = 0; u < _utilities.Length; u++)
        {
            if (Plant.Utilities!.Supplies(u, new SiteId(site)))
            {
                SettleUtility(u, now.Milliseconds);
                var amount = RateOf(Plant.Utilities[u].Kind, use, Duration.MillisecondsPerHour);
                _utilities[u].Amount += amount;
                _utilities[u].DayAmount += amount;
            }
        }
    }

    /// <summary>Water and steam since the machine was last settled; power is booked with the machine's.</summary>
    private void BookChangeover(int e, long now)
    {
        if (_changeovers.Length == 0 || _equipment[e].Status is not (EquipmentStatus.Setup or EquipmentStatus.Cleaning))
        {
            return;
        }

        ref readonly var changeover = ref _changeovers[e];
        if (changeover.PlannedMs > 0)
        {
            var part = (now - _equipment[e].MeteredUntil) * changeover.Utility.Speed / changeover.PlannedMs;
            var drawn = new ResourceUse { WaterM3 = changeover.Use.WaterM3 * part, SteamKg = changeover.Use.SteamKg * part };
            _meters[e].WaterM3 += drawn.WaterM3;
            _meters[e].SteamKg += drawn.SteamKg;
            AccountOf(e).Add(drawn);
        }
    }

    /// <summary>A changeover begins (+1) or ceases (−1) to draw at its present speed; power is metered where it is set.</summary>
    private void MeterChangeover(int equipment, int sign, long now)
    {
        ref readonly var changeover = ref _changeovers[equipment];
        for (var u = 0; u < _utilities.Length; u++)
        {
            var kind = Plant.Utilities![u].Kind;
            var rate = RateOf(kind, changeover.Use, changeover.PlannedMs);
            if (rate > 0 && Plant.Utilities.Supplies(u, new SiteId(Plant.CompiledEquipmentOf(equipment).Site)))
            {
                SettleUtility(u, now);
                ref var meter = ref _utilities[u];
                meter.Drawing += sign;
                if (kind != UtilityKind.Electricity)
                {
                    meter.Rate = meter.Drawing == 0 ? 0 : meter.Rate + sign * rate * changeover.Utility.Speed;
                }
            }
        }
    }

    private static long ProgressOf(in ChangeoverState changeover, long now) =>
        changeover.WorkedMs + (long)Math.Round((now - changeover.RunningSince) * changeover.Utility.Speed);

    private void BookChangeoverProgress(int equipment, long now)
    {
        ref var changeover = ref _changeovers[equipment];
        var (elapsed, progress) = (now - changeover.RunningSince, ProgressOf(changeover, now) - changeover.WorkedMs);
        changeover.WorkedMs += progress;
        changeover.RunningSince = now;
        if (changeover.Utility.Binding >= 0 && changeover.Utility.Speed < 1)
        {
            _utilities[changeover.Utility.Binding].StretchMs += elapsed - progress;
        }
    }

    /// <summary>Its utilities let the changeover of a machine go on at another speed.</summary>
    private void ChangeChangeoverRate(in PlantEvent e)
    {
        var now = e.Time.Milliseconds;
        Settle(e.Equipment, now);
        MeterChangeover(e.Equipment, -1, now);
        BookChangeoverProgress(e.Equipment, now);
        ref var changeover = ref _changeovers[e.Equipment];
        SetSpeed(ref changeover.Utility, e.Value, e.Arg, now);
        MeterChangeover(e.Equipment, +1, now);
        _equipment[e.Equipment].ExpectedEnd = now + (long)Math.Ceiling(Math.Max(0, changeover.PlannedMs - changeover.WorkedMs) / e.Value);
        SetPower(e.Equipment, RunningPower(e.Equipment), now);
        Touch(e.Equipment);
    }

    /// <summary>What keeps a job; said of the changeover before it, its machine waits for a utility.</summary>
    private void Wait(in PlantEvent e)
    {
        _jobs[e.Job].WaitsFor = (WaitReason)e.Arg;
        if (e.Equipment < 0 || _changeovers.Length == 0 || _equipment[e.Equipment].Reserved != e.Job)
        {
            return;
        }

        StopWaitingToPrepare(e.Equipment, e.Time.Milliseconds);
        if (e.Arg == (int)WaitReason.Utility && e.Value >= 0 && e.Value < _utilities.Length)
        {
            BeginWaiting(ref _changeovers[e.Equipment].Utility, (int)e.Value, e.Time.Milliseconds);
        }
    }

    /// <summary>The changeover that waited for a utility begins, or is not to be made any more.</summary>
    private void StopWaitingToPrepare(int equipment, long now)
    {
        if (_changeovers.Length > 0)
        {
            StopWaiting(ref _changeovers[equipment].Utility, now);
        }
    }
}
