using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>All key figures of a plant over the window of its statistics.</summary>
/// <remarks>Read from state only, so the simulated, the live and the replayed plant are measured by the same yardstick.
/// <see cref="KpiCatalogue"/> says what each figure is.</remarks>
public sealed record PlantKpis
{
    /// <summary>Start of the window: the epoch, or the end of the warm-up.</summary>
    public required SimTime From { get; init; }

    public required SimTime To { get; init; }

    public required OrderKpis Orders { get; init; }

    /// <summary>Per equipment, by index.</summary>
    public required ImmutableArray<EquipmentKpis> Equipment { get; init; }

    /// <summary>All equipment together.</summary>
    public required EquipmentKpis Total { get; init; }

    /// <summary>Per site, by index.</summary>
    public required ImmutableArray<DemandPeak> DemandPeaks { get; init; }

    /// <summary>Per production line, by index.</summary>
    public required ImmutableArray<LineKpis> Lines { get; init; }

    /// <summary>Per fleet of vehicles, by index.</summary>
    public ImmutableArray<FleetKpis> Fleets { get; init; } = [];

    /// <summary>Hours that lots waited for a vehicle; <c>null</c> in a plant without.</summary>
    public double? VehicleWaitHours { get; init; }

    /// <summary>Share of the vehicles' working hours on the way, loading and unloading; <c>null</c> in a plant without.</summary>
    public double? VehicleUse => EquipmentKpis.Ratio(Fleets.Sum(f => f.LoadedHours + f.EmptyHours), Fleets.Sum(f => f.VehicleHours));

    /// <summary>Hours that vehicles went empty to their work.</summary>
    public double? VehicleEmptyHours => Fleets.IsEmpty ? null : Fleets.Sum(f => f.EmptyHours);

    /// <summary>Hours that vehicles loaded, went with work and unloaded.</summary>
    public double? VehicleLoadedHours => Fleets.IsEmpty ? null : Fleets.Sum(f => f.LoadedHours);

    /// <summary>Per fixture loop, by index.</summary>
    public ImmutableArray<FixtureKpis> FixtureLoops { get; init; } = [];

    /// <summary>Share of the fixtures' time in which units had them; <c>null</c> in a plant without loops.</summary>
    public double? FixtureUse => EquipmentKpis.Ratio(FixtureLoops.Sum(l => l.InUseHours), FixtureLoops.Sum(l => l.FixtureHours));

    /// <summary>Hours that units waited for fixtures; <c>null</c> in a plant without loops.</summary>
    public double? FixtureWaitHours => FixtureLoops.IsEmpty ? null : FixtureLoops.Sum(l => l.WaitHours);

    /// <summary>Changes of fixtures.</summary>
    public double? FixtureChanges => FixtureLoops.IsEmpty ? null : FixtureLoops.Sum(l => l.Changes);

    /// <summary>Offered capacity and its use; <c>null</c> where nothing is offered.</summary>
    public SharingKpis? Sharing { get; init; }

    /// <summary>Per material, by index; empty in a plant that counts none.</summary>
    public ImmutableArray<MaterialKpis> Materials { get; init; } = [];

    /// <summary>All materials together; <c>null</c> in a plant that counts none.</summary>
    public MaterialTotals? MaterialTotal { get; init; }

    /// <summary>Per pool of people; empty in a plant that asks for nobody.</summary>
    public ImmutableArray<CrewKpis> Crews { get; init; } = [];

    /// <summary>Share of the hours on duty at work, over all people; <c>null</c> where there are none.</summary>
    public double? CrewUtilisation => EquipmentKpis.Ratio(Crews.Sum(c => c.BusyHours), Crews.Sum(c => c.OnDutyHours));

    /// <summary>Side jobs done; <c>null</c> in a plant without crews.</summary>
    public double? SideJobsDone => Crews.IsEmpty ? null : Crews.Sum(c => c.SideJobsDone);

    /// <summary>Σ of the sites' peaks, kW: each site has its own meter.</summary>
    public double DemandPeakKw => DemandPeaks.Sum(p => p.Kw);

    /// <summary>kg CO₂e of the metered energy and media.</summary>
    public required double CarbonKg { get; init; }

    /// <summary>Per utility, by index.</summary>
    public required ImmutableArray<UtilityKpis> Utilities { get; init; }

    /// <summary>Σ over batches of the time spent waiting for utilities, hours; <c>null</c> in a plant without utilities.</summary>
    public double? UtilityWaitHours => Utilities.IsEmpty ? null : Utilities.Sum(u => u.WaitHours);

    /// <summary>Σ over batches of the time lost to slow progress at a cap, hours.</summary>
    public double? UtilityStretchHours => Utilities.IsEmpty ? null : Utilities.Sum(u => u.StretchHours);

    /// <summary>Energy and its cost by window of the tariff, over all sites; empty where nothing is priced.</summary>
    public required ImmutableArray<TariffWindowKpis> TariffWindows { get; init; }

    /// <summary>Demand charge, each month by the share of it that the window covers.</summary>
    public double DemandCostProRated => DemandPeaks.Sum(p => p.ProRatedCost);

    public double DemandCost => DemandPeaks.Sum(p => p.Cost);

    /// <summary>Work that utility workers took over on lines, minutes; <c>null</c> in a plant without lines.</summary>
    public double? UtilityWorkMinutes => Lines.IsEmpty ? null : Lines.Sum(l => l.UtilityWorkMinutes);

    /// <summary>The same per unit that was launched, seconds.</summary>
    public double? UtilitySecondsPerUnit => Lines.IsEmpty ? null : EquipmentKpis.Ratio(60 * Lines.Sum(l => l.UtilityWorkMinutes), Lines.Sum(l => l.Launches));

    /// <summary>Units at stations whose work did not fit; <c>null</c> in a plant without lines.</summary>
    public double? LineOverloads => Lines.IsEmpty ? null : Lines.Sum(l => l.Overloads);

    /// <summary>Times that lines stopped for a station.</summary>
    public double? LineStops => Lines.IsEmpty ? null : Lines.Sum(l => l.Stops);

    /// <summary>Time that lines stood for a station, hours.</summary>
    public double? LineStopHours => Lines.IsEmpty ? null : Lines.Sum(l => l.StopHours);

    /// <summary>Units that left the lines per working hour.</summary>
    public double? LineThroughput => Lines.IsEmpty ? null : EquipmentKpis.Ratio(Lines.Sum(l => l.Units), Lines.Max(l => l.WorkingHours));

    /// <summary>Option windows of the launch orders in which an option occurred too often.</summary>
    public double? OptionViolations => Lines.IsEmpty ? null : Lines.Sum(l => l.Violations);

    /// <summary>Σ (actual − ideal)² of the launch orders' options.</summary>
    public double? LevellingDeviation => Lines.IsEmpty ? null : Lines.Sum(l => l.Deviation);

    /// <summary>Measures a plant as it stands.</summary>
    /// <param name="state">After <see cref="PlantState.AdvanceTo"/> up to the moment of interest, so that the meters are up to date.</param>
    public static PlantKpis Of(PlantState state)
    {
        var materials = MaterialKpis.Of(state);
        var equipment = Enumerable.Range(0, state.Equipment.Length).Select(e => Of(state, e)).ToImmutableArray();
        return new PlantKpis
        {
            From = state.StatisticsSince,
            To = state.Now,
            Orders = OrderKpis.Of(state),
            Equipment = equipment,
            Total = EquipmentKpis.Total(equipment),
            CarbonKg = FootprintReport.CarbonKgOf(state.Plant.Plant.Carbon, FootprintReport.MeteredBy(state)),
            DemandPeaks = [.. Enumerable.Range(0, state.Plant.Plant.Sites.Length).Select(s => DemandPeak.Of(state, new SiteId(s)))],
            Utilities = UtilityKpis.Of(state),
            TariffWindows = TariffWindowKpis.Of(state),
            Sharing = SharingKpis.Of(state),
            Materials = materials,
            MaterialTotal = materials.IsEmpty ? null : MaterialTotals.Of(state, materials),
            Crews = CrewKpis.Of(state),
            Fleets = FleetKpis.Of(state),
            VehicleWaitHours = state.Vehicles.Length == 0 ? null : state.VehicleWaitMs / (double)Duration.MillisecondsPerHour,
            FixtureLoops = FixtureKpis.Of(state),
            Lines = [.. Enumerable.Range(0, state.Plant.Plant.Lines.Length).Select(l => LineKpis.Of(state, l))],
        };
    }

    private static EquipmentKpis Of(PlantState state, int e)
    {
        ref readonly var meters = ref state.Meters[e];
        var window = state.Now - state.StatisticsSince;
        var planned = state.Plant.CalendarOf(e)?.WorkBetween(state.StatisticsSince, state.Now) ?? window;
        var quantity = meters.Quantity;
        var productive = In(EquipmentStatus.Running) + In(EquipmentStatus.Loading) + In(EquipmentStatus.Sampling) + In(EquipmentStatus.Unloading);
        var setup = In(EquipmentStatus.Setup) + In(EquipmentStatus.Cleaning);
        var waiting = In(EquipmentStatus.Held) + In(EquipmentStatus.Blocked);
        return new EquipmentKpis
        {
            Equipment = e,
            PlannedBusyTime = planned.Hours,
            ActualProductionTime = productive,
            ActualSetupTime = setup,
            ActualDelayTime = waiting + meters.DownWithWorkMs / (double)Duration.MillisecondsPerHour,
            Standby = In(EquipmentStatus.Idle) + waiting,
            ScheduledDown = setup + In(EquipmentStatus.Maintenance),
            UnscheduledDown = In(EquipmentStatus.Down) + In(EquipmentStatus.Repair),
            NonScheduled = In(EquipmentStatus.NonScheduled),
            WorkedSlotHours = meters.ProcessedHours + RunningHours(state, e),
            SlotHours = planned.Hours * state.Plant.Plant.Equipment[e].Slots,
            ProcessedHours = meters.ProcessedHours,
            PlannedHours = meters.PlannedHours,
            LoadedHours = meters.LoadedHours,
            PortHours = meters.PortHours,
            PortLoadedHours = meters.PortLoadedHours,
            PortHoursThere = state.Plant.Plant.Equipment[e].Ports is > 1 and var ports ? meters.ProcessedHours * ports : 0,
            GoodHours = quantity > 0 ? meters.ProcessedHours * Math.Max(0, quantity - meters.ReworkQuantity - meters.ScrapQuantity) / quantity : 0,
            RightFirstTimeHours = quantity > 0 ? meters.ProcessedHours * meters.RightFirstTimeQuantity / quantity : 0,
            Produced = quantity,
            Rework = meters.ReworkQuantity,
            Scrap = meters.ScrapQuantity,
            Pieces = meters.Pieces,
            ScrapPieces = meters.ScrapPieces,
            Batches = meters.Batches,
            Changeovers = meters.Changeovers,
            ChangeoverCost = meters.ChangeoverCost,
            Failures = meters.Failures,
            CrewWait = meters.CrewWaitMs / (double)Duration.MillisecondsPerHour,
            Starved = meters.StarvedMs / (double)Duration.MillisecondsPerHour,
            Blocked = In(EquipmentStatus.Blocked),
            Maintenance = In(EquipmentStatus.Maintenance),
            HasUpkeep = state.Plant.Upkeep.Any,
            MaintenancesDone = meters.MaintenancesDone,
            FailuresPrevented = meters.FailuresPrevented,
            Readings = meters.Readings,
            MaintenanceCost = meters.MaintenanceCost,
            FailureCost = meters.FailureCost,
            EnergyKwh = meters.EnergyKwh,
            EnergyCost = meters.EnergyCost,
            WaterM3 = meters.WaterM3,
            SteamKg = meters.SteamKg,
            GasM3 = meters.GasM3,
        };

        double In(EquipmentStatus status) =>
            state.TimeInStatus[e * PlantState.StatusCount + (int)status] / (double)Duration.MillisecondsPerHour;
    }

    private static double RunningHours(PlantState state, int e)
    {
        var ms = 0L;
        for (var lead = state.Equipment[e].FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            ms += state.WorkedMs(lead, state.Now);
        }

        return ms / (double)Duration.MillisecondsPerHour;
    }
}
