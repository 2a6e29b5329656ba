using DigitalTwin.Plant.Behaviour;
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
        if (lead is { Attempt: 0, Additions: 0 } && e.Kind == PlantEventKind.BatchEnded && Plant.ReworkOf(e.Job) < 0)
        {
            meters.RightFirstTimeQuantity += lead.Load;
        }

        var hours = WorkedMs(e.Job, e.Time) / (double)Duration.MillisecondsPerHour;
        var loading = double.IsFinite(machine.CapacityNominal) && machine.CapacityNominal > 0
            ? Math.Min(1, lead.Load / machine.CapacityNominal)
            : 1;
        meters.ProcessedHours += hours;
        if (machine.Ports > 1)
        {
            var ports = Math.Min(machine.Ports, PortLoad.PortsFor(machine, lead.Load));
            meters.PortHours += ports * hours;
            meters.PortLoadedHours += lead.Load / machine.PortMax * hours;
        }

        meters.LoadedHours += loading * hours;
        meters.PlannedHours += Plant.MeanProcessingTime(e.Job, e.Equipment, lead.Load).Hours;

        if (_usage.Length > 0)
        {
            CountUsedBatch(e.Equipment, lead.Load);
        }

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

            if (_crewWaits.Length > 0 && _crewWaits[e] > 0)
            {
                _meters[e].CrewWaitMs += now - equipment.MeteredUntil;
            }

            if (_usage.Length > 0)
            {
                CountUsage(e, now - equipment.MeteredUntil);
            }

            BookEnergy(e, now);
            BookChangeover(e, now);
            SettleStarving(e, now);
            equipment.MeteredUntil = now;
        }
    }

    private void BookEnergy(int e, long now)
    {
        ref var equipment = ref _equipment[e];
        ref var meters = ref _meters[e];
        if (equipment.Kw > 0 && now > equipment.MeteredUntil)
        {
            var kwh = equipment.Kw * (now - equipment.MeteredUntil) / Duration.MillisecondsPerHour;
            var cost = Plant.TariffOf(e) is { } tariff ? equipment.Kw * tariff.CostPerKw(new SimTime(equipment.MeteredUntil), new SimTime(now)) : 0;
            meters.EnergyKwh += kwh;
            meters.EnergyCost += cost;
            ref var account = ref AccountOf(e);
            account.EnergyKwh += kwh;
            account.EnergyCost += cost;
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
        MeterPower(Plant.CompiledEquipmentOf(e).Site, kw - equipment.Kw, now);
        equipment.Kw = kw;
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
                if (phase < 0)
                {
                    return machine.RunningKw;
                }

                var kw = PhasePower(equipment.FirstActive, phase, machine.RunningKw);
                return Plant.Utilities is { LimitsPower: true } && machine.Slots == 1 ? kw * _utilityJobs[equipment.FirstActive].Speed : kw;
            case EquipmentStatus.Setup or EquipmentStatus.Cleaning:
                return machine.IdleKw + ChangeoverPower(e);
            default:
                return machine.IdleKw;
        }
    }
}
