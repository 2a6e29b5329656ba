using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Flat, reference-free structs: copying the arrays copies the plant. Times are ms since the epoch, −1 when not yet.

/// <summary>What one piece of equipment is doing now.</summary>
public struct EquipmentState
{
    public EquipmentStatus Status;

    /// <summary>Outside working hours; work that may not be interrupted can still be running.</summary>
    public bool OffShift;

    /// <summary>The source is silent: everything here is the last known state.</summary>
    public bool Stale;

    /// <summary>Family it is in; −1 when clean.</summary>
    public int Family;

    /// <summary>Family it is being set up for; −1 when none.</summary>
    public int NextFamily;

    /// <summary>Residue level of a residue rule.</summary>
    public double Residue;

    public int BatchesSinceCleaning;

    /// <summary>Lead job of the batch it is being prepared for (setup, travel); −1 when free.</summary>
    public int Reserved;

    /// <summary>The setup for the reserved batch is done.</summary>
    public bool Prepared;

    /// <summary>Lead job of the first running batch, linked by <see cref="JobState.NextActive"/>; −1 when none.</summary>
    public int FirstActive;

    /// <summary>Batches in its slots.</summary>
    public int ActiveCount;

    /// <summary>When the current status began.</summary>
    public long Since;

    /// <summary>Up to when its time and energy are booked.</summary>
    public long MeteredUntil;

    /// <summary>When the current setup, cleaning, repair or maintenance is expected to end; −1 unknown.</summary>
    public long ExpectedEnd;

    /// <summary>Work left of the repair when it was begun, or would be begun now, ms; 0 unknown.</summary>
    public long RepairMs;

    /// <summary>Maintenance that a breakdown cut short: what is left of it, ms; 0 none.</summary>
    public long MaintenanceLeftMs;

    /// <summary>When it was last repaired or maintained (or the epoch).</summary>
    public long UpSince;

    /// <summary>Working time between the last repair and <see cref="UpSince"/>, ms: what has been used of the time to failure.</summary>
    public long AgeMs;

    /// <summary>Breakdowns so far: also the index of its next draw.</summary>
    public int Failures;

    /// <summary>Changeovers done.</summary>
    public int Changeovers;

    /// <summary>Power drawn now, kW.</summary>
    public double Kw;

    /// <summary>The clock of emptiness of its queues when it was last looked at, ms.</summary>
    public long EmptyMark;

    /// <summary><see cref="PlantState.Version"/> at which it last changed.</summary>
    public long Version;
}

/// <summary>Where one job stands. Fields marked (lead) count only on the lead job of a batch.</summary>
public struct JobState
{
    public JobStatus Status;
    public bool Locked;

    /// <summary><see cref="PlannedMs"/> is an expectation (the batch was observed), not the truth (it was simulated) (lead).</summary>
    public bool Estimated;

    /// <summary>What keeps it, where somebody said so (<see cref="PlantEventKind.JobWaits"/>).</summary>
    public WaitReason WaitsFor;

    /// <summary>Executions so far that ended in rework.</summary>
    public short Attempt;

    /// <summary>Current phase, −1 before the first (lead).</summary>
    public short Phase;

    /// <summary>Predecessors not done yet.</summary>
    public short PendingPredecessors;

    /// <summary>Equipment it is assigned to or was done on; −1 when none.</summary>
    public int Equipment;

    /// <summary>Lead job of its batch; −1 when in none.</summary>
    public int Lead;

    /// <summary>Next member of the batch; −1 at the end.</summary>
    public int NextInBatch;

    /// <summary>Next batch running on the same equipment; −1 at the end (lead).</summary>
    public int NextActive;

    /// <summary>Members of the batch (lead).</summary>
    public int BatchSize;

    /// <summary>Additions so far (lead).</summary>
    public int Additions;

    /// <summary>Load of the batch in the equipment's unit (lead).</summary>
    public double Load;

    public long ReadyAt;

    /// <summary>When it is at the equipment.</summary>
    public long ArriveAt;
    public long StartAt;
    public long EndAt;

    /// <summary>Processing time of the batch as known at its start plus additions, ms (lead).</summary>
    public long PlannedMs;

    /// <summary>Processing done before <see cref="RunningSince"/>, ms (lead).</summary>
    public long WorkedMs;

    /// <summary>When processing last started or resumed (lead).</summary>
    public long RunningSince;
}

/// <summary>Where one order stands.</summary>
public struct OrderState
{
    public OrderStatus Status;
    public int JobsLeft;
    public double Scrapped;

    /// <summary>The part of it that was not made again: what its lots yield less than their quantity.</summary>
    public double Missing;
    public long ReleasedAt;
    public long StartedAt;
    public long CompletedAt;

    /// <summary><see cref="PlantState.Version"/> at which it last changed.</summary>
    public long Version;
}

/// <summary>Running totals of one piece of equipment since the statistics were reset.</summary>
public struct EquipmentMeters
{
    public double EnergyKwh;
    public double EnergyCost;
    public double WaterM3;
    public double SteamKg;

    /// <summary>Natural gas, m³.</summary>
    public double GasM3;
    public double ChangeoverCost;

    /// <summary>Batches ended.</summary>
    public int Batches;

    /// <summary>Jobs ended.</summary>
    public int JobsDone;

    /// <summary>Load ended.</summary>
    public double Quantity;

    /// <summary>Load that had to be done again.</summary>
    public double ReworkQuantity;

    /// <summary>Load scrapped.</summary>
    public double ScrapQuantity;

    /// <summary>Load that passed at the first attempt and without an addition (right first time).</summary>
    public double RightFirstTimeQuantity;

    /// <summary>Processing time of the ended batches, standstills left out; slots count side by side. Hours.</summary>
    public double ProcessedHours;

    /// <summary>Expected processing time of the same batches (PRU × PQ), hours.</summary>
    public double PlannedHours;

    /// <summary>Σ over ended batches of processing hours × load ÷ nominal capacity: for the loading %.</summary>
    public double LoadedHours;

    /// <summary>Σ over ended batches of processing hours × ports in use; 0 where there are no ports.</summary>
    public double PortHours;

    /// <summary>Σ over ended batches of processing hours × load ÷ largest load of a port.</summary>
    public double PortLoadedHours;

    /// <summary>Time broken or in repair with work in the slots, ms: the part of the down time that delays an order.</summary>
    public long DownWithWorkMs;

    /// <summary>Changeovers ended.</summary>
    public int Changeovers;

    /// <summary>Breakdowns.</summary>
    public int Failures;

    /// <summary>Time in which it, or a batch on it, waited for people, ms.</summary>
    public long CrewWaitMs;

    /// <summary>Pieces that it counted, good and scrap.</summary>
    public long Pieces;

    /// <summary>Pieces that it counted and that are scrap.</summary>
    public long ScrapPieces;

    /// <summary>Time ready in working hours with nothing in any of its queues, ms.</summary>
    public long StarvedMs;

    /// <summary>Maintenance plans done.</summary>
    public int MaintenancesDone;

    /// <summary>Components renewed by maintenance after their potential failure P and before they failed; only a simulation knows P.</summary>
    public int FailuresPrevented;

    /// <summary>Readings of condition signals.</summary>
    public int Readings;

    /// <summary>Cost of maintenance and readings.</summary>
    public double MaintenanceCost;

    /// <summary>Cost of failures.</summary>
    public double FailureCost;
}
