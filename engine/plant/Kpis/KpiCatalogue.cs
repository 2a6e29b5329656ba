using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Every key figure with its name, unit and formula, in the order in which people read them.</summary>
/// <remarks>To add a figure: compute it in <see cref="OrderKpis"/>, <see cref="EquipmentKpis"/> or <see cref="PlantKpis"/> and add one line here;
/// the command line, the exports, the API and the pages follow.</remarks>
public static class KpiCatalogue
{
    private const KpiDirection Up = KpiDirection.Up;
    private const KpiDirection Down = KpiDirection.Down;
    private const KpiDirection Neutral = KpiDirection.Neutral;

    /// <summary>Figures of the order book.</summary>
    public static readonly ImmutableArray<KpiDescriptor<OrderKpis>> Orders =
    [
        O("completed", "Orders completed", "完成订单", "", "orders completed in the window", Up, k => k.Completed),
        O("open", "Orders open", "未完成订单", "", "released, not complete", Down, k => k.Open),
        O("on-time", "Orders on time", "按期订单", "", "completed ≤ due", Up, k => k.OnTime),
        O("late", "Orders late", "拖期订单", "", "completed > due, or open and past due", Down, k => k.Late),
        O("on-time-share", "On-time share", "按期率", "1", "on time / (on time + late)", Up, k => k.OnTimeShare),
        O("tardiness-total", "Tardiness", "总拖期", "h", "Σ hours after due; open orders count as late so far", Down, k => k.TardinessHours),
        O("tardiness-mean", "Tardiness, mean", "平均拖期", "h", "tardiness / (on time + late)", Down, k => k.TardinessMeanHours),
        O("tardiness-max", "Tardiness, max", "最大拖期", "h", "largest tardiness of an order", Down, k => k.TardinessMaxHours),
        O("tardiness-weighted", "Tardiness, weighted", "加权拖期", "h", "Σ priority × hours after due", Down, k => k.WeightedTardinessHours),
        O("lead-time-mean", "Lead time, mean", "平均交期", "h", "release to completion", Down, k => k.LeadTimeMeanHours),
        O("lead-time-p50", "Lead time, P50", "交期 P50", "h", "median of release to completion", Down, k => k.LeadTimeP50Hours),
        O("lead-time-p90", "Lead time, P90", "交期 P90", "h", "90th percentile of release to completion", Down, k => k.LeadTimeP90Hours),
        O("lead-time-sample", "Lead time, samples", "样品交期", "h", "mean over sample orders", Down, k => k.SampleLeadTimeMeanHours),
        O("lead-time-bulk", "Lead time, bulk", "大货交期", "h", "mean over bulk orders", Down, k => k.BulkLeadTimeMeanHours),
        O("touch-share", "Touch share", "加工时间占比", "1", "time on equipment / lead time", Up, k => k.TouchShare),
        O("throughput-rate", "Throughput rate", "产出率", "1/h", "PQ / AOET over completed orders", Up, k => k.ThroughputRate),
        O("makespan", "Makespan", "完工时间", "h", "last completion since the epoch", Down, k => k.MakespanHours),
        O("short-deliveries", "Short deliveries", "短交订单", "", "completed with less than ordered, beyond the order's tolerance", Down, k => k.ShortDeliveries),
        O("delivered-share", "Delivered share", "交付数量率", "1", "mean of delivered / ordered quantity of completed orders, at most 1 each", Up, k => k.DeliveredShare),
        O("overproduction", "Overproduction", "超产量", "", "made beyond what completed orders asked for", Down, k => k.Overproduction),
        O("max-wait-violations", "Waits too long", "超时等待次数", "", "waits between operations longer than max_wait, open ones so far", Down, k => k.WaitLimits?.Violations),
        O("max-wait-repeats", "Lots done again after waiting too long", "超时返工批数", "", "lots that went back because no machine took them up within max_wait", Down, k => k.WaitLimits?.Repeated),
        O("max-wait-over", "Waits too long, excess", "等待超时", "h", "Σ hours of those waits beyond max_wait", Down, k => k.WaitLimits?.HoursOver),
        O("wip", "WIP now", "在制订单", "", "orders begun, not complete", Down, k => k.Wip),
        O("wip-mean", "WIP, mean", "平均在制", "", "time average of orders begun, not complete", Down, k => k.WipMean),
    ];

    /// <summary>Figures of one piece of equipment, and of all together.</summary>
    public static readonly ImmutableArray<KpiDescriptor<EquipmentKpis>> Equipment =
    [
        E(KpiGroup.Effectiveness, "availability", "Availability", "可用率", "1", "APT / PBT", Up, k => k.Availability),
        E(KpiGroup.Effectiveness, "effectiveness", "Effectiveness", "效能", "1", "PRU × PQ / APT", Up, k => k.Effectiveness),
        E(KpiGroup.Effectiveness, "quality-ratio", "Quality ratio", "质量合格率", "1", "GQ / PQ", Up, k => k.QualityRatio),
        E(KpiGroup.Effectiveness, "oee", "OEE index", "设备综合效率", "1", "availability × effectiveness × quality ratio", Up, k => k.OeeIndex),
        E(KpiGroup.Effectiveness, "allocation-efficiency", "Allocation efficiency", "分配效率", "1", "AUBT / PBT", Up, k => k.AllocationEfficiency),
        E(KpiGroup.Effectiveness, "utilization-efficiency", "Utilization efficiency", "利用效率", "1", "APT / AUBT", Up, k => k.UtilizationEfficiency),
        E(KpiGroup.Effectiveness, "setup-rate", "Setup rate", "换产率", "1", "ASUT / AUPT", Down, k => k.SetupRate),
        E(KpiGroup.Effectiveness, "time-share", "Time share", "时间利用率", "1", "processing slot-hours / (slots × PBT)", Up, k => k.TimeShare),
        E(KpiGroup.Effectiveness, "loading", "Loading", "装载率", "1", "load / nominal capacity while processing", Up, k => k.Loading),
        E(KpiGroup.Effectiveness, "port-loading", "Port loading", "管口装载率", "1", "load of the ports in use / their largest load, while processing", Up, k => k.PortLoading),
        E(KpiGroup.Effectiveness, "ports-used", "Ports used", "管口使用率", "1", "ports in use / ports, while processing", Up, k => k.PortUse),
        E(KpiGroup.Effectiveness, "right-first-time", "Right first time", "一次成功率", "1", "passed without addition or redye / PQ", Up, k => k.RightFirstTime),
        E(KpiGroup.Effectiveness, "effective-utilisation", "Effective utilisation", "有效利用率", "1", "time share × loading × right first time", Up, k => k.EffectiveUtilisation),
        E(KpiGroup.Times, "pbt", "PBT planned busy", "计划作业时间", "h", "working hours in the window", Neutral, k => k.PlannedBusyTime),
        E(KpiGroup.Times, "apt", "APT production", "实际生产时间", "h", "processing, loading, sampling, unloading", Neutral, k => k.ActualProductionTime),
        E(KpiGroup.Times, "asut", "ASUT setup", "实际换产时间", "h", "changeovers and cleanings", Down, k => k.ActualSetupTime),
        E(KpiGroup.Times, "adet", "ADET delay", "实际延误时间", "h", "standing still with work in the slots", Down, k => k.ActualDelayTime),
        E(KpiGroup.Times, "aupt", "AUPT processing", "实际加工时间", "h", "APT + ASUT", Neutral, k => k.ActualProcessingTime),
        E(KpiGroup.Times, "aubt", "AUBT busy", "实际占用时间", "h", "AUPT + ADET", Neutral, k => k.ActualBusyTime),
        E(KpiGroup.Times, "e10-prd", "PRD productive", "生产时间", "h", "SEMI E10: processing", Neutral, k => k.ActualProductionTime),
        E(KpiGroup.Times, "e10-sby", "SBY standby", "待机时间", "h", "SEMI E10: idle, held, blocked", Neutral, k => k.Standby),
        E(KpiGroup.Times, "e10-eng", "ENG engineering", "工程时间", "h", "SEMI E10: none in this model", Neutral, k => k.Engineering),
        E(KpiGroup.Times, "e10-sdt", "SDT scheduled down", "计划停机时间", "h", "SEMI E10: setup, cleaning, maintenance", Neutral, k => k.ScheduledDown),
        E(KpiGroup.Times, "e10-udt", "UDT unscheduled down", "非计划停机时间", "h", "SEMI E10: broken, in repair", Down, k => k.UnscheduledDown),
        E(KpiGroup.Times, "starved", "Starved", "待料空闲", "h", "ready in working hours with nothing in its queues, a part of SBY", Down, k => k.Starved),
        E(KpiGroup.Times, "blocked", "Blocked", "堵塞时间", "h", "done, but the next place is full; a part of SBY and ADET", Down, k => k.Blocked),
        E(KpiGroup.Times, "crew-wait", "Waiting for crew", "等待人员时间", "h", "machine or its batch waiting for people", Down, k => k.CrewWait),
        E(KpiGroup.Times, "maintenance-hours", "Maintenance time", "计划维护时间", "h", "planned maintenance, a part of SDT", Neutral, k => k.Maintenance),
        E(KpiGroup.Times, "mtbf", "MTBF observed", "平均故障间隔", "h", "(PBT − UDT − maintenance) / breakdowns", Up, k => k.MeanTimeBetweenFailures),
        E(KpiGroup.Times, "mttr", "MTTR observed", "平均修复时间", "h", "UDT / breakdowns, waiting for the repairer included", Down, k => k.MeanTimeToRepair),
        E(KpiGroup.Times, "e10-nst", "NST non-scheduled", "非排程时间", "h", "SEMI E10: outside working hours", Neutral, k => k.NonScheduled),
        E(KpiGroup.Quality, "produced", "PQ produced", "产量", "", "quantity processed, repeats included", Neutral, k => k.Produced),
        E(KpiGroup.Quality, "rework", "Rework", "返修量", "", "quantity to be done again", Down, k => k.Rework),
        E(KpiGroup.Quality, "rework-share", "Reprocessed share", "返修率", "1", "quantity to be done again / PQ", Down, k => k.ReworkShare),
        E(KpiGroup.Quality, "scrap", "SQ scrap", "报废量", "", "quantity scrapped", Down, k => k.Scrap),
        E(KpiGroup.Quality, "pieces", "Pieces counted", "计件数", "", "pieces completed on machines that count, scrap included", Neutral, k => k.Pieces),
        E(KpiGroup.Quality, "scrap-pieces", "Scrap pieces", "报废件数", "", "pieces counted that are scrap", Down, k => k.ScrapPieces),
        E(KpiGroup.Quality, "batches", "Batches", "缸次", "", "batches ended", Neutral, k => k.Batches),
        E(KpiGroup.Quality, "failures", "Breakdowns", "故障次数", "", "breakdowns", Down, k => k.Failures),
        E(KpiGroup.Upkeep, "failures-per-1000", "Breakdowns per 1000 batches", "每千批故障次数", "", "1000 × breakdowns / batches ended", Down, k => k.HasUpkeep ? k.FailuresPerThousandBatches : null),
        E(KpiGroup.Upkeep, "unplanned-down-share", "Unplanned down share", "非计划停机率", "1", "UDT / PBT", Down, k => k.HasUpkeep ? k.UnplannedDownShare : null),
        E(KpiGroup.Upkeep, "planned-down-share", "Planned maintenance share", "计划维护率", "1", "planned maintenance / PBT", Neutral, k => k.HasUpkeep ? k.PlannedDownShare : null),
        E(KpiGroup.Upkeep, "maintenances", "Maintenance plans done", "完成的维护", "", "plans of maintenance.csv done", Neutral, k => k.HasUpkeep ? k.MaintenancesDone : null),
        E(KpiGroup.Upkeep, "failures-prevented", "Failures prevented", "避免的故障", "", "renewed by maintenance between P and F", Up, k => k.HasUpkeep ? k.FailuresPrevented : null),
        E(KpiGroup.Upkeep, "condition-readings", "Condition readings", "状态测量次数", "", "readings of vibration", Neutral, k => k.HasUpkeep ? k.Readings : null),
        E(KpiGroup.Upkeep, "maintenance-cost", "Maintenance cost", "维护成本", "money", "Σ cost of plans done and of readings", Down, k => k.HasUpkeep ? k.MaintenanceCost : null),
        E(KpiGroup.Upkeep, "failure-cost", "Failure cost", "故障成本", "money", "Σ cost of failures by mode", Down, k => k.HasUpkeep ? k.FailureCost : null),
        E(KpiGroup.Changeovers, "changeovers", "Changeovers", "换产次数", "", "setups and cleanings ended", Down, k => k.Changeovers),
        E(KpiGroup.Changeovers, "changeover-hours", "Changeover time", "换产时间", "h", "time in setup and cleaning (ASUT)", Down, k => k.ActualSetupTime),
        E(KpiGroup.Changeovers, "changeover-cost", "Changeover cost", "换产成本", "", "Σ cost of the rules' changeovers", Down, k => k.ChangeoverCost),
        E(KpiGroup.EnergyAndMedia, "energy", "Energy", "用电量", "kWh", "Σ power × time, and lumps of changeovers", Down, k => k.EnergyKwh),
        E(KpiGroup.EnergyAndMedia, "energy-cost", "Energy cost", "电费", "money", "Σ energy × price at the time", Down, k => k.EnergyCost),
        E(KpiGroup.EnergyAndMedia, "water", "Water", "用水量", "m³", "Σ litres per unit × load, and changeovers", Down, k => k.WaterM3),
        E(KpiGroup.EnergyAndMedia, "gas", "Gas", "天然气", "m³", "Σ drawn by phases from utilities of kind gas", Down, k => k.GasM3),
        E(KpiGroup.EnergyAndMedia, "steam", "Steam", "蒸汽", "kg", "Σ steam per unit × load", Down, k => k.SteamKg),
    ];

    /// <summary>Figures of a whole plant: its order book, its equipment together, its demand peak and its lines.</summary>
    public static readonly ImmutableArray<KpiDescriptor<PlantKpis>> Plant =
    [
        .. Orders.Select(d => d.On<PlantKpis>(k => k.Orders)),
        .. Equipment.Select(d => d.On<PlantKpis>(k => k.Total)),
        P(KpiGroup.Times, "crew-utilisation", "Crew utilisation", "人员利用率", "1", "head-hours at work / head-hours on duty", Neutral, k => k.CrewUtilisation),
        P(KpiGroup.Times, "side-jobs", "Side jobs done", "完成的附带工作", "", "side jobs of crews ended", Up, k => k.SideJobsDone),
        P(KpiGroup.Times, "vehicle-wait", "Waiting for vehicles", "等待车辆时间", "h", "Σ hours that lots waited for a vehicle to set out for them", Down, k => k.VehicleWaitHours),
        P(KpiGroup.Times, "vehicle-use", "Vehicle use", "车辆利用率", "1", "hours loaded and empty / vehicles × working hours", Neutral, k => k.VehicleUse),
        P(KpiGroup.Times, "vehicle-loaded", "Vehicle hours loaded", "车辆载货时间", "h", "loading, on the way with work, unloading", Neutral, k => k.VehicleLoadedHours),
        P(KpiGroup.Times, "vehicle-empty", "Vehicle hours empty", "车辆空驶时间", "h", "on the way to work", Down, k => k.VehicleEmptyHours),
        P(KpiGroup.EnergyAndMedia, "demand-peak", "Demand peak", "最大需量", "kW", "highest 15-minute mean load, summed over sites", Down, k => k.DemandPeakKw),
        P(KpiGroup.EnergyAndMedia, "demand-cost", "Demand cost", "需量电费", "money", "Σ per month touched: peak × demand price", Down, k => k.DemandCost),
        P(KpiGroup.EnergyAndMedia, "demand-cost-prorated", "Demand cost, pro rata", "需量电费（按天折算）", "money", "each month's charge × share of the month in the window", Down, k => k.DemandCostProRated),
        P(KpiGroup.EnergyAndMedia, "utility-wait", "Waiting for utilities", "等待能源", "h", "Σ over batches: standing still before a phase for want of a utility", Down, k => k.UtilityWaitHours),
        P(KpiGroup.EnergyAndMedia, "utility-stretch", "Stretched by utilities", "能源受限延长", "h", "Σ over batches: time lost to slow progress at a rate cap", Down, k => k.UtilityStretchHours),
        P(KpiGroup.EnergyAndMedia, "carbon", "Carbon", "碳排放", "kg", "Σ metered energy and media × emission factor, CO₂e", Down, k => k.CarbonKg),
        P(KpiGroup.Lines, "utility-work", "Utility work", "超载工时", "min", "Σ excess of work over takt and station window", Down, k => k.UtilityWorkMinutes),
        P(KpiGroup.Lines, "utility-work-per-unit", "Utility work per unit", "单台超载工时", "s", "utility work / units launched", Down, k => k.UtilitySecondsPerUnit),
        P(KpiGroup.Lines, "line-overloads", "Overloads", "超载次数", "", "units at stations whose work does not fit into takt and window", Down, k => k.LineOverloads),
        P(KpiGroup.Lines, "line-stops", "Line stops", "停线次数", "", "times a line stood for a station that was not done", Down, k => k.LineStops),
        P(KpiGroup.Lines, "line-stop-hours", "Line stop time", "停线时间", "h", "time a line stood for a station, in working hours", Down, k => k.LineStopHours),
        P(KpiGroup.Lines, "line-throughput", "Line throughput", "线体产出率", "1/h", "units off the last station / working hours of the first", Up, k => k.LineThroughput),
        P(KpiGroup.Lines, "option-violations", "Option violations", "选配违规", "", "complete windows of the launch order with too many units of an option", Down, k => k.OptionViolations),
        P(KpiGroup.Lines, "levelling", "Levelling deviation", "均衡偏差", "", "Σ over launches and options of (actual − ideal)²", Down, k => k.LevellingDeviation),
        P(KpiGroup.Lines, "fixture-use", "Fixtures in use", "工装使用率", "1", "fixture-hours taken by units / fixtures × hours", Neutral, k => k.FixtureUse),
        P(KpiGroup.Lines, "fixture-wait", "Waiting for fixtures", "等待工装时间", "h", "Σ hours that units waited to enter a loop and no fixture of their family was free", Down, k => k.FixtureWaitHours),
        P(KpiGroup.Lines, "fixture-changes", "Fixture changes", "工装换型次数", "", "fixtures fitted for another family", Down, k => k.FixtureChanges),
        P(KpiGroup.Sharing, "offered-hours", "Offered capacity", "共享产能", "h", "machine hours that owners offered", Up, k => k.Sharing?.OfferedHours),
        P(KpiGroup.Sharing, "offer-fill-rate", "Offered capacity used", "共享产能利用率", "1", "hours of other firms on offered machines / offered hours", Up, k => k.Sharing?.FillRate),
        P(KpiGroup.Sharing, "sharing-fairness", "Fairness of sharing", "共享公平性", "", "Jain index of hours received / hours offered, over firms that offer", Up, k => k.Sharing?.Fairness),
        P(KpiGroup.Sharing, "bookings", "Bookings", "预订次数", "", "offered hours booked by firms", Neutral, k => k.Sharing?.Market.Held),
        P(KpiGroup.Sharing, "bookings-used", "Bookings used", "已用预订", "", "bookings in which work began", Up, k => k.Sharing?.Market.Used),
        P(KpiGroup.Sharing, "bookings-recalled", "Bookings recalled", "被收回预订", "", "hours that an owner took back before their start", Down, k => k.Sharing?.Market.Recalled),
        P(KpiGroup.Sharing, "bookings-lapsed", "Bookings lapsed", "失效预订", "", "not confirmed in time, or hours passed by", Down, k => k.Sharing?.Market.Expired),
        P(KpiGroup.Sharing, "booked-hours", "Booked capacity", "已订产能", "h", "machine hours confirmed, less those recalled, lapsed or given back", Up, k => k.Sharing?.Market.BookedHours),
        P(KpiGroup.Sharing, "booking-response", "Booking response time", "预订响应时间", "h", "asking to confirmation, mean", Down, k => k.Sharing?.ResponseHours),
        P(KpiGroup.Sharing, "booked-ahead", "Booked ahead", "预订提前量", "h", "asking to the start of the booked hours, mean", Down, k => k.Sharing?.BookedAheadHours),
        P(KpiGroup.Sharing, "outside-offers", "Work outside offers", "报价外作业", "", "jobs of others outside offered hours, below the minimum lot, or in hours booked by others: only a schedule does that", Down, k => k.Sharing?.Market.OutsideOffers),
        P(KpiGroup.Sharing, "longest-wait", "Longest wait", "最长等待", "h", "longest time that a job waited for a machine", Down, k => k.Sharing?.LongestWaitHours),
        P(KpiGroup.Sharing, "market-turnover", "Paid for shared capacity", "共享产能交易额", "money", "Σ setup + time + material + tariff uplift + express premium + fee of jobs done for others", Up, k => k.Sharing?.Statement.Total.Total / 100.0),
        P(KpiGroup.Sharing, "platform-fee", "Platform fee", "平台服务费", "money", "part of what is paid that the platform keeps", Neutral, k => k.Sharing?.Statement.Total.Fee / 100.0),
        P(KpiGroup.Materials, "material-fill-rate", "Material fill rate", "物料满足率", "1", "jobs' material that was there when asked for / all asked for, mean over materials", Up, k => k.MaterialTotal?.FillRate),
        P(KpiGroup.Materials, "material-shortages", "Material shortages", "缺料次数", "", "jobs that had to wait for material", Down, k => k.MaterialTotal?.Shortages),
        P(KpiGroup.Materials, "material-wait", "Waiting for material", "待料时间", "h", "Σ hours that jobs waited for nothing but material", Down, k => k.MaterialTotal?.WaitingHours),
        P(KpiGroup.Materials, "stock-turns", "Stock turns", "库存周转", "1/a", "use a year / mean stock, weighted by price", Up, k => k.MaterialTotal?.Turns),
        P(KpiGroup.Materials, "stock-value", "Stock value", "库存金额", "money", "mean stock × price of the preferred source", Down, k => k.MaterialTotal?.StockValue),
        P(KpiGroup.Materials, "kits-missing", "Kits missing", "缺件套料", "", "kits of released orders that lack material now", Down, k => k.MaterialTotal?.KitsMissing),
        P(KpiGroup.Materials, "material-cover", "Shortest cover", "最短覆盖天数", "d", "least (stock + firm receipts) / daily use of a material", Up, k => k.MaterialTotal?.CoverDays),
    ];

    /// <summary>Keys of the figures that fit on one small table: what a person asks first.</summary>
    public static readonly ImmutableArray<string> Headline =
    [
        "completed", "open", "on-time-share", "late", "tardiness-total", "tardiness-weighted", "lead-time-mean", "lead-time-p90", "makespan", "wip-mean",
        "oee", "failures-per-1000", "unplanned-down-share", "planned-down-share", "failures-prevented", "maintenance-cost", "failure-cost", "effective-utilisation", "quality-ratio", "changeovers", "changeover-hours", "changeover-cost",
        "energy", "energy-cost", "demand-peak", "water", "utility-work",
        "material-fill-rate", "material-shortages", "material-wait", "stock-turns",
        "offered-hours", "booked-hours", "offer-fill-rate", "bookings", "bookings-recalled", "sharing-fairness", "market-turnover",
    ];

    /// <summary>The plant's figure with a key, or <c>null</c>.</summary>
    public static KpiDescriptor<PlantKpis>? Find(string key) => Plant.FirstOrDefault(d => d.Key == key);

    private static KpiDescriptor<OrderKpis> O(
        string key, string en, string zh, string unit, string formula, KpiDirection better, Func<OrderKpis, double?> value) => new()
    {
        Key = key, Name = new Label(en, zh), Unit = unit, Formula = formula, Better = better, Group = KpiGroup.Orders, Value = value,
    };

    private static KpiDescriptor<EquipmentKpis> E(
        KpiGroup group, string key, string en, string zh, string unit, string formula, KpiDirection better, Func<EquipmentKpis, double?> value) => new()
    {
        Key = key, Name = new Label(en, zh), Unit = unit, Formula = formula, Better = better, Group = group, Value = value,
    };

    private static KpiDescriptor<PlantKpis> P(
        KpiGroup group, string key, string en, string zh, string unit, string formula, KpiDirection better, Func<PlantKpis, double?> value) => new()
    {
        Key = key, Name = new Label(en, zh), Unit = unit, Formula = formula, Better = better, Group = group, Value = value,
    };
}
