using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Meters: time in status, energy, loads.
public sealed partial class PlantState
{
    private void CountBatch(in PlantEvent e)
    {
        ref readonly var lead = ref _jobs[e.Job];
        ref var meters = ref _meters[e.Equipment];
        ref readonly var machine = ref Plant.CompiledEquipmentOf(e.Equipment);
        meters.Batches++;
        meters.JobsDone += lead.BatchSize;
        meters.Quantity += lead.Load;
        if (lead is { Attempt: 0, Additions: 0 } && e.Kind == PlantEventKind.BatchEnded)
        {
            meters.RightFirstTimeQuantity += lead.Load;
        }

        var hours = WorkedMs(e.Job, e.Time) / (double)Duration.MillisecondsPerHour;
        var loading = double.IsFinite(machine.CapacityNominal) && machine.CapacityNominal > 0
            ? Math.Min(1, lead.Load / machine.CapacityNominal)
            : 1;
        meters.ProcessedHours += hours;
        meters.LoadedHours += loading * hours;
        meters.PlannedHours += Plant.MeanProcessingTime(e.Job, e.Equipment, lead.Load).Hours;

        ref var equipment = ref _equipment[e.Equipment];
        equipment.BatchesSinceCleaning++;
        if (equipment.Family >= 0)
        {
            equipment.Residue += Plant.Changeovers.SoilOf(equipment.Family);
        }
    }

    /// <summary>Books the time in the current status up to <paramref name="now"/> and the energy drawn meanwhile.</summary>
    private void Settle(int e, long now)
    {
        ref var equipment = ref _equipment[e];
        if (now > equipment.MeteredUntil)
        {
            _timeInStatus[e * StatusCount + (int)equipment.Status] += now - equipment.MeteredUntil;
            if (equipment.Status is EquipmentStatus.Down or EquipmentStatus.Repair && equipment.ActiveCount > 0)
            {
                _meters[e].DownWithWorkMs += now - equipment.MeteredUntil;
            }

            BookEnergy(e, now);
            equipment.MeteredUntil = now;
        }
    }

    private void BookEnergy(int e, long now)
    {
        ref var equipment = ref _equipment[e];
        ref var meters = ref _meters[e];
        if (equipment.Kw > 0 && now > equipment.MeteredUntil)
        {
            meters.EnergyKwh += equipment.Kw * (now - equipment.MeteredUntil) / Duration.MillisecondsPerHour;
            if (Plant.TariffOf(e) is { } tariff)
            {
                meters.EnergyCost += equipment.Kw * tariff.CostPerKw(new SimTime(equipment.MeteredUntil), new SimTime(now));
            }
        }
    }

    private void SetPower(int e, double kw, long now)
    {
        ref var equipment = ref _equipment[e];
        if (equipment.Kw == kw)
        {
            return;
        }

        Settle(e, now);
        _profiles[Plant.CompiledEquipmentOf(e).Site].Change(kw - equipment.Kw, now);
        equipment.Kw = kw;
    }

    /// <summary>Energy of a changeover that its rule states as a lump: booked at its end.</summary>
    private void AddExtraEnergy(int e, double kwh, SimTime now)
    {
        if (kwh <= 0)
        {
            return;
        }

        ref var meters = ref _meters[e];
        meters.EnergyKwh += kwh;
        meters.EnergyCost += Plant.TariffOf(e) is { } tariff ? kwh * tariff.PriceAt(now) : 0;
        _profiles[Plant.CompiledEquipmentOf(e).Site].AddLump(kwh, now.Milliseconds);
    }

    private double RunningPower(int e)
    {
        ref readonly var equipment = ref _equipment[e];
        ref readonly var machine = ref Plant.CompiledEquipmentOf(e);
        switch (equipment.Status)
        {
            case EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance or EquipmentStatus.NonScheduled:
                return 0;
            case EquipmentStatus.Running or EquipmentStatus.Loading or EquipmentStatus.Sampling or EquipmentStatus.Unloading:
                var phase = equipment.FirstActive >= 0 ? _jobs[equipment.FirstActive].Phase : -1;
                return phase >= 0 && Plant.PhasesOf(equipment.FirstActive)[phase].Kw is var kw && !double.IsNaN(kw) ? kw : machine.RunningKw;
            default:
                return machine.IdleKw;
        }
    }
}
