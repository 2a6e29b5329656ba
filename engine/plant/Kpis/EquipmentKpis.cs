namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one piece of equipment, or of several together, by their ISO 22400-2 and SEMI E10 names.</summary>
/// <remarks>
/// The amounts add up over equipment and the ratios are ratios of these sums, so a total is worked out exactly like a single machine.
/// Times are hours in the window of the statistics. Ratios are <c>null</c> where their denominator is zero.
/// </remarks>
public sealed record EquipmentKpis
{
    /// <summary>Index of the equipment; −1 for a total.</summary>
    public int Equipment { get; init; } = -1;

    /// <summary>PBT, planned busy time: the equipment's working hours in the window.</summary>
    public double PlannedBusyTime { get; init; }

    /// <summary>APT, actual production time: processing, with loading, sampling and unloading (SEMI E10 productive time, PRD).</summary>
    public double ActualProductionTime { get; init; }

    /// <summary>ASUT, actual unit setup time: changeovers and cleanings.</summary>
    public double ActualSetupTime { get; init; }

    /// <summary>ADET, actual unit delay time: standing still with work in the slots (held, blocked, broken).</summary>
    public double ActualDelayTime { get; init; }

    /// <summary>AUPT, actual unit processing time: APT + ASUT.</summary>
    public double ActualProcessingTime => ActualProductionTime + ActualSetupTime;

    /// <summary>AUBT, actual unit busy time: AUPT + ADET.</summary>
    public double ActualBusyTime => ActualProcessingTime + ActualDelayTime;

    /// <summary>SBY, standby: ready without work, or with work that stands still for want of an operator or of space.</summary>
    public double Standby { get; init; }

    /// <summary>ENG, engineering time. The model knows no engineering runs, so it is always 0; kept because E10 wants six shares.</summary>
    public double Engineering { get; init; }

    /// <summary>SDT, scheduled down: setup, cleaning and planned maintenance.</summary>
    public double ScheduledDown { get; init; }

    /// <summary>UDT, unscheduled down: broken or in repair.</summary>
    public double UnscheduledDown { get; init; }

    /// <summary>NST, non-scheduled: outside working hours.</summary>
    public double NonScheduled { get; init; }

    /// <summary>Slot-hours of processing, standstills left out, of ended and running batches.</summary>
    public double WorkedSlotHours { get; init; }

    /// <summary>Slot-hours available: slots × PBT.</summary>
    public double SlotHours { get; init; }

    /// <summary>Slot-hours of processing of the batches that ended.</summary>
    public double ProcessedHours { get; init; }

    /// <summary>PRU × PQ: what these batches should have taken.</summary>
    public double PlannedHours { get; init; }

    /// <summary>Their processing hours × load ÷ nominal capacity.</summary>
    public double LoadedHours { get; init; }

    /// <summary>Their processing hours × GQ ÷ PQ.</summary>
    public double GoodHours { get; init; }

    /// <summary>Their processing hours × right-first-time quantity ÷ PQ.</summary>
    public double RightFirstTimeHours { get; init; }

    /// <summary>PQ, produced quantity, in the equipment's capacity unit; work done again counts again.</summary>
    public double Produced { get; init; }

    /// <summary>Quantity that must be done again.</summary>
    public double Rework { get; init; }

    /// <summary>Share of the quantity processed that must be done again (reprocessed kg ÷ dyed kg).</summary>
    public double? ReworkShare => Ratio(Rework, Produced);

    /// <summary>SQ, scrap quantity.</summary>
    public double Scrap { get; init; }

    /// <summary>GQ, good quantity: PQ − rework − SQ.</summary>
    public double Good => Math.Max(0, Produced - Rework - Scrap);

    /// <summary>Pieces counted one by one, good and scrap.</summary>
    public double Pieces { get; init; }

    /// <summary>Pieces counted that are scrap.</summary>
    public double ScrapPieces { get; init; }

    public int Batches { get; init; }

    /// <summary>Setups and cleanings done.</summary>
    public int Changeovers { get; init; }

    public double ChangeoverCost { get; init; }

    /// <summary>Breakdowns.</summary>
    public int Failures { get; init; }

    /// <summary>Hours in which it, or a batch on it, waited for people.</summary>
    public double CrewWait { get; init; }

    /// <summary>Hours ready in working hours while nothing waited in any of its queues: a part of <see cref="Standby"/>.</summary>
    public double Starved { get; init; }

    /// <summary>Hours done but with no place downstream: a part of <see cref="Standby"/> and of <see cref="ActualDelayTime"/>.</summary>
    public double Blocked { get; init; }

    /// <summary>MTBF, mean operating time between failures: (PBT − UDT − planned maintenance) ÷ breakdowns; <c>null</c> without breakdowns.</summary>
    public double? MeanTimeBetweenFailures => Ratio(Math.Max(0, PlannedBusyTime - UnscheduledDown - Maintenance), Failures);

    /// <summary>MTTR, mean time to restoration, waiting for the repairer included: UDT ÷ breakdowns; <c>null</c> without breakdowns.</summary>
    public double? MeanTimeToRepair => Ratio(UnscheduledDown, Failures);

    /// <summary>Hours in planned maintenance, a part of <see cref="ScheduledDown"/>.</summary>
    public double Maintenance { get; init; }

    /// <summary>Whether the plant has failure modes or maintenance plans; without, the figures of upkeep say nothing.</summary>
    public bool HasUpkeep { get; init; }

    /// <summary>Maintenance plans done.</summary>
    public int MaintenancesDone { get; init; }

    /// <summary>Components renewed by maintenance between their potential failure P and their failure F; a simulation knows P.</summary>
    public int FailuresPrevented { get; init; }

    /// <summary>Readings of condition signals.</summary>
    public int Readings { get; init; }

    /// <summary>Cost of maintenance and readings.</summary>
    public double MaintenanceCost { get; init; }

    /// <summary>Cost of failures.</summary>
    public double FailureCost { get; init; }

    /// <summary>Share of the working hours lost to breakdowns: UDT ÷ PBT.</summary>
    public double? UnplannedDownShare => Ratio(UnscheduledDown, PlannedBusyTime);

    /// <summary>Share of the working hours spent in planned maintenance; above what it takes from them where it is done outside of them.</summary>
    public double? PlannedDownShare => Ratio(Maintenance, PlannedBusyTime);

    /// <summary>Breakdowns per 1000 batches ended.</summary>
    public double? FailuresPerThousandBatches => Ratio(1000.0 * Failures, Batches);

    public double EnergyKwh { get; init; }

    public double EnergyCost { get; init; }

    public double WaterM3 { get; init; }

    public double SteamKg { get; init; }

    public double GasM3 { get; init; }

    /// <summary>APT / PBT. Above 1 where work that may not stop ran over the end of a shift.</summary>
    public double? Availability => Ratio(ActualProductionTime, PlannedBusyTime);

    /// <summary>PRU × PQ / APT, over the batches that ended.</summary>
    public double? Effectiveness => Ratio(PlannedHours, ProcessedHours);

    /// <summary>GQ / PQ; over several machines weighted by their processing hours, since quantities of different units do not add up.</summary>
    public double? QualityRatio => Ratio(GoodHours, ProcessedHours);

    /// <summary>Availability × effectiveness × quality ratio.</summary>
    public double? OeeIndex => Availability * Effectiveness * QualityRatio;

    /// <summary>AUBT / PBT.</summary>
    public double? AllocationEfficiency => Ratio(ActualBusyTime, PlannedBusyTime);

    /// <summary>APT / AUBT.</summary>
    public double? UtilizationEfficiency => Ratio(ActualProductionTime, ActualBusyTime);

    /// <summary>ASUT / AUPT.</summary>
    public double? SetupRate => Ratio(ActualSetupTime, ActualProcessingTime);

    /// <summary>Share of the slot-hours in which something was processed.</summary>
    public double? TimeShare => Ratio(WorkedSlotHours, SlotHours);

    /// <summary>Mean load ÷ nominal capacity while processing.</summary>
    public double? Loading => Ratio(LoadedHours, ProcessedHours);

    /// <summary>Port-hours in use of the batches that ended: ports that they filled × processing hours.</summary>
    public double PortHours { get; init; }

    /// <summary>The same × load of the port ÷ its largest load.</summary>
    public double PortLoadedHours { get; init; }

    /// <summary>Ports × processing hours of the batches that ended; 0 on equipment without ports.</summary>
    public double PortHoursThere { get; init; }

    /// <summary>Mean load of the ports in use ÷ the largest load of a port; <c>null</c> without ports.</summary>
    public double? PortLoading => Ratio(PortLoadedHours, PortHours);

    /// <summary>Share of the ports in use while processing; <c>null</c> without ports.</summary>
    public double? PortUse => Ratio(PortHours, PortHoursThere);

    /// <summary>Share that passed at the first attempt without an addition.</summary>
    public double? RightFirstTime => Ratio(RightFirstTimeHours, ProcessedHours);

    /// <summary>Time share × loading × right-first-time. Zero where there were hours and nothing came out of them.</summary>
    public double? EffectiveUtilisation => ProcessedHours > 0 ? TimeShare * Loading * RightFirstTime : SlotHours > 0 ? 0 : null;

    /// <summary>The figures of several machines together.</summary>
    public static EquipmentKpis Total(IReadOnlyList<EquipmentKpis> parts) => new()
    {
        PlannedBusyTime = parts.Sum(p => p.PlannedBusyTime),
        ActualProductionTime = parts.Sum(p => p.ActualProductionTime),
        ActualSetupTime = parts.Sum(p => p.ActualSetupTime),
        ActualDelayTime = parts.Sum(p => p.ActualDelayTime),
        Standby = parts.Sum(p => p.Standby),
        ScheduledDown = parts.Sum(p => p.ScheduledDown),
        UnscheduledDown = parts.Sum(p => p.UnscheduledDown),
        NonScheduled = parts.Sum(p => p.NonScheduled),
        WorkedSlotHours = parts.Sum(p => p.WorkedSlotHours),
        SlotHours = parts.Sum(p => p.SlotHours),
        ProcessedHours = parts.Sum(p => p.ProcessedHours),
        PlannedHours = parts.Sum(p => p.PlannedHours),
        LoadedHours = parts.Sum(p => p.LoadedHours),
        PortHours = parts.Sum(p => p.PortHours),
        PortLoadedHours = parts.Sum(p => p.PortLoadedHours),
        PortHoursThere = parts.Sum(p => p.PortHoursThere),
        GoodHours = parts.Sum(p => p.GoodHours),
        RightFirstTimeHours = parts.Sum(p => p.RightFirstTimeHours),
        Produced = parts.Sum(p => p.Produced),
        Rework = parts.Sum(p => p.Rework),
        Scrap = parts.Sum(p => p.Scrap),
        Pieces = parts.Sum(p => p.Pieces),
        ScrapPieces = parts.Sum(p => p.ScrapPieces),
        Batches = parts.Sum(p => p.Batches),
        Changeovers = parts.Sum(p => p.Changeovers),
        ChangeoverCost = parts.Sum(p => p.ChangeoverCost),
        Failures = parts.Sum(p => p.Failures),
        CrewWait = parts.Sum(p => p.CrewWait),
        Starved = parts.Sum(p => p.Starved),
        Blocked = parts.Sum(p => p.Blocked),
        Maintenance = parts.Sum(p => p.Maintenance),
        HasUpkeep = parts.Any(p => p.HasUpkeep),
        MaintenancesDone = parts.Sum(p => p.MaintenancesDone),
        FailuresPrevented = parts.Sum(p => p.FailuresPrevented),
        Readings = parts.Sum(p => p.Readings),
        MaintenanceCost = parts.Sum(p => p.MaintenanceCost),
        FailureCost = parts.Sum(p => p.FailureCost),
        EnergyKwh = parts.Sum(p => p.EnergyKwh),
        EnergyCost = parts.Sum(p => p.EnergyCost),
        WaterM3 = parts.Sum(p => p.WaterM3),
        SteamKg = parts.Sum(p => p.SteamKg),
        GasM3 = parts.Sum(p => p.GasM3),
    };

    internal static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
