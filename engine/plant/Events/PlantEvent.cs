using System.Runtime.InteropServices;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

/// <summary>Where an event came from.</summary>
public enum EventSource : byte
{
    /// <summary>Computed by the simulation.</summary>
    Simulated,

    /// <summary>Seen on the shop floor.</summary>
    Observed,

    /// <summary>Deduced by the twin because the lifecycle forces it.</summary>
    Inferred,

    /// <summary>Ordered by a person.</summary>
    Commanded,
}

/// <summary>Everything that can happen. The comment says which fields of <see cref="PlantEvent"/> count.</summary>
public enum PlantEventKind : byte
{
    None,

    /// <summary>Order: may be worked on from now.</summary>
    OrderReleased,

    /// <summary>Order: all its jobs are done.</summary>
    OrderCompleted,

    /// <summary>Order: will not be made; its waiting jobs leave the queues.</summary>
    OrderCancelled,

    /// <summary>Job: its predecessors are done, it waits for equipment.</summary>
    JobReady,

    /// <summary>Equipment, Job, Arg = lead job of the batch it joins: it leaves the queue and travels; Value = ms at which it arrives.</summary>
    JobAssigned,

    /// <summary>Equipment, Job = lead, Arg = family to set up for (−1 none), Value = planned ms.</summary>
    SetupStarted,

    /// <summary>Equipment, Job = lead: equipment is in the family of <see cref="SetupStarted"/>.</summary>
    SetupEnded,

    /// <summary>Equipment, Arg = index of the cleaning in its rule (−1 for a matrix rule's cleaning), Value = planned ms.</summary>
    CleaningStarted,

    /// <summary>Equipment: clean, or less soiled.</summary>
    CleaningEnded,

    /// <summary>Equipment, Job = lead, Arg = family (−1 none), Value = planned ms of processing.</summary>
    BatchStarted,

    /// <summary>Equipment, Job = lead, Arg = phase index.</summary>
    PhaseStarted,

    /// <summary>Equipment, Job = lead, Arg = <see cref="HoldReason"/>, Value = index of the utility where that is the reason: processing
    /// stands still.</summary>
    BatchHeld,

    /// <summary>Equipment, Job = lead: processing goes on.</summary>
    BatchResumed,

    /// <summary>Equipment, Job = lead: more processing is needed (a shade correction); Value = ms.</summary>
    AdditionStarted,

    /// <summary>Equipment, Job = lead: processing is over but the next place is full.</summary>
    BatchBlocked,

    /// <summary>Equipment, Job = lead: every member is done and leaves.</summary>
    BatchEnded,

    /// <summary>Equipment, Job = lead: every member must be done again. Arg = 1: it leaves, and the operations that mend it follow as child jobs;
    /// otherwise it waits anew.</summary>
    BatchRework,

    /// <summary>Job, Value = quantity lost, Arg = 1 where it is made again in the same step.</summary>
    Scrapped,

    /// <summary>Equipment: broken; Arg = failure mode (−1 unknown), Value = expected ms until repaired (0 unknown).</summary>
    EquipmentDown,

    /// <summary>Equipment: somebody works on it; Arg = pool they come from (−1 unknown), Value = how many.</summary>
    RepairStarted,

    /// <summary>Equipment: works again.</summary>
    RepairEnded,

    /// <summary>Equipment: planned maintenance; Value = planned ms.</summary>
    MaintenanceStarted,

    /// <summary>Equipment: maintenance is over.</summary>
    MaintenanceEnded,

    /// <summary>Equipment: outside working hours.</summary>
    ShiftEnded,

    /// <summary>Equipment: inside working hours.</summary>
    ShiftStarted,

    /// <summary>Equipment: its source is silent (STALE); the state shown is the last one known.</summary>
    SourceLost,

    /// <summary>Equipment: its source speaks again.</summary>
    SourceRecovered,

    /// <summary>Job, Equipment: pinned to this equipment and place by a person.</summary>
    JobLocked,

    /// <summary>Job: free again.</summary>
    JobUnlocked,

    /// <summary>Arg = version of the schedule now in force.</summary>
    ScheduleApplied,

    /// <summary>Arg = version that was in force: no schedule is any more.</summary>
    ScheduleRevoked,

    /// <summary>Job, Arg = <see cref="WaitReason"/>: what keeps a job that has not started yet, from now until another reason is given, or it
    /// becomes ready, is assigned or starts. With the equipment that it is assigned to and <see cref="WaitReason.Utility"/>: its changeover
    /// cannot begin for want of the utility Value.</summary>
    JobWaits,

    /// <summary>Equipment, Job = lead (−1: the equipment's setup or cleaning), Arg = utility at its cap (−1 none), Value = progress per unit of time from now on, in (0, 1].</summary>
    UtilityRate,

    /// <summary>Job: asks for its material and waits in line for it, while other things are missing too.</summary>
    MaterialRequested,

    /// <summary>Job, Arg = material it lacks: waits for nothing but material.</summary>
    MaterialShort,

    /// <summary>Job: all its material is in stock and promised to it.</summary>
    MaterialAllocated,

    /// <summary>Equipment, Job, Arg = lot, Value = units of material used.</summary>
    MaterialConsumed,

    /// <summary>Arg = source, Value = units ordered; it takes the free place <see cref="PlantState.NextSupply"/>.</summary>
    SupplyOrdered,

    /// <summary>Arg = place of a delivery under way, Value = ms at which it is expected now.</summary>
    SupplyExpected,

    /// <summary>Arg = place of a delivery under way, Value = units that came; its place is free again.</summary>
    SupplyReceived,

    /// <summary>Arg = lot: nobody may use it; Value = ms at which its inspection ends (0 open).</summary>
    LotHeld,

    /// <summary>Arg = lot: may be used again.</summary>
    LotReleased,

    /// <summary>Arg = lot: what is left of it is thrown away.</summary>
    LotScrapped,

    /// <summary>Equipment, Job = one of a lot whose jobs are all done, Value = good units: into stock, or shipped.</summary>
    LotProduced,

    /// <summary>Equipment, Job = lead (−1 for the machine itself), Arg = <see cref="CrewTask"/> that people are waited for; <c>None</c> when no longer.</summary>
    CrewRequested,

    /// <summary>Equipment, Job = lead (−1 for the machine itself), Arg = pool, Value = how many: they work there until what they do ends or stands still.</summary>
    CrewAssigned,

    /// <summary>Arg = pool, Value = heads on duty from now.</summary>
    CrewShiftChanged,

    /// <summary>Equipment: those who repaired it had to go; it is broken still, and what is left of the repair waits.</summary>
    RepairInterrupted,

    /// <summary>Arg = side job, Value = ms of work left: somebody begins it or goes on with it.</summary>
    SideJobStarted,

    /// <summary>Arg = side job: a call took its worker away.</summary>
    SideJobInterrupted,

    /// <summary>Arg = side job: done.</summary>
    SideJobEnded,

    /// <summary>Equipment, Job = lead, Value = planned ms of processing (0 as before): what was done of a batch that stands still is lost; it begins anew when it
    /// goes on. Where pieces are counted, only the piece in work is lost.</summary>
    BatchRestarted,

    /// <summary>Equipment, Job = lead, Value = 1 when it is scrap, 0 when it is good: one more piece of the lot is done.</summary>
    PieceCompleted,

    /// <summary>Equipment, Job that asks (−1 for a row of the scenario), Arg = place of the booking, Value = ms asked for: an offer fits.</summary>
    ReservationOffered,

    /// <summary>Equipment, Job, Arg = place, Value = ms at which the hours begin: they are kept for the firm.</summary>
    ReservationHeld,

    /// <summary>Equipment, Job, Arg = place: the firm comes.</summary>
    ReservationConfirmed,

    /// <summary>Equipment, Job that begins, Arg = place: the machine is prepared for the firm's work.</summary>
    ReservationUsed,

    /// <summary>Equipment, Job = the owner's job that takes the hours, Arg = place.</summary>
    ReservationRecalled,

    /// <summary>Equipment, Job, Arg = place: nobody confirmed in time, or the hours passed by.</summary>
    ReservationExpired,

    /// <summary>Equipment, Job, Arg = place: given back.</summary>
    ReservationReleased,

    /// <summary>Order, Arg = a make-up lot of the order book, Value = quantity that the order lacks: the lot is to be made.</summary>
    MakeUpReleased,

    /// <summary>Arg = lot, or a material that is not tracked; Value = units that somebody counted: the stock is that, whatever was booked.</summary>
    LotCounted,

    /// <summary>Equipment, Arg = failure mode, Value = age on its clock at which it will fail: only a simulation knows.</summary>
    WearBegun,

    /// <summary>Equipment, Arg = failure mode, Value = age on its clock from which its signal rises (P): only a simulation knows.</summary>
    PotentialFailure,

    /// <summary>Equipment, Arg = failure mode, Value = vibration, mm/s RMS.</summary>
    ConditionMeasured,

    /// <summary>Equipment, Arg = maintenance plan, Value = ms from which it may begin; below 0 it is ordered no more.</summary>
    MaintenanceOrdered,

    /// <summary>Equipment, Arg = maintenance plan: it is part of the maintenance that begins now.</summary>
    MaintenanceTakenUp,

    /// <summary>Equipment = station, Job = lead, Arg = line, Value = ms of its work that a utility worker has done.</summary>
    UtilityWorked,

    /// <summary>Equipment = station, Job, Arg = line: the line stands until this station is done with the job.</summary>
    LineStopped,

    /// <summary>Equipment = station, Job, Arg = line: this station holds up its line no longer.</summary>
    LineResumed,

    /// <summary>Arg = pool of fixtures (loop × families + family) that one is taken from, Value = pool of the same loop that it is fitted for.</summary>
    FixtureChangeStarted,

    /// <summary>Arg = pool: a fixture that was on its way or being changed is ready at the beginning of the loop.</summary>
    FixtureReady,

    /// <summary>Equipment = where the work is, Job, Arg = vehicle, Value = ms at which it is unloaded at its machine's site: the vehicle sets out for
    /// it; further jobs before it arrives go along.</summary>
    TransportStarted,

    /// <summary>Arg = vehicle: it is free where it brought its work.</summary>
    VehicleArrived,

    /// <summary>Job: its goods have waited longer than the operation before allows and go back; that operation is done again
    /// (<see cref="Model.AfterMaxWait"/>).</summary>
    WaitExceeded,
}

/// <summary>What keeps a job from going on, beyond what the state of its machines says.</summary>
/// <remarks>
/// How to book a wait, so that "why is this order late" names it: emit <see cref="PlantEventKind.JobWaits"/> for the waiting job (for every
/// member of a batch) when the wait begins or its reason changes, and again with <see cref="None"/> where it ends without the job becoming ready,
/// being assigned or starting. Work that stands still after its start says so with <see cref="HoldReason"/> instead. Waits that can be read
/// from the state need no event: a queue, a batch without company, a broken machine, the end of a shift, auxiliaries that are all in use.
/// </remarks>
public enum WaitReason : byte
{
    /// <summary>Nothing special: what the state of its machines says.</summary>
    None,

    /// <summary>Material, components or a kit are not there.</summary>
    Material,

    /// <summary>An operator, a crew, a frame or another counted resource is missing.</summary>
    Auxiliary,

    /// <summary>Steam, power, water or drain is at its limit.</summary>
    Utility,

    /// <summary>No vehicle to take it to the machine.</summary>
    Vehicle,

    /// <summary>It is on its way.</summary>
    Travel,

    /// <summary>Other lots of its batch are not there.</summary>
    Company,

    /// <summary>A sample or an approval is awaited.</summary>
    Quality,

    /// <summary>The plan or a release rule keeps it back.</summary>
    Plan,

    /// <summary>It has booked hours that have not begun, or waits for a firm to offer some.</summary>
    Reservation,
}

/// <summary>Why a batch stands still.</summary>
public enum HoldReason : byte
{
    Breakdown,
    ShiftEnd,
    Maintenance,
    Operator,

    /// <summary>The next phase waits for room in a utility.</summary>
    Utility,
}

/// <summary>One thing that happened: the only way the state of a plant changes.</summary>
/// <remarks>40 bytes, no references: time 8, value 8, four indices 16, kind and source 2, padding 6. Unused indices are −1.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PlantEvent(
    SimTime Time,
    PlantEventKind Kind,
    int Equipment = -1,
    int Job = -1,
    int Order = -1,
    int Arg = -1,
    double Value = 0,
    EventSource Source = EventSource.Simulated);

/// <summary>Receives events in the order they happen.</summary>
public interface IPlantEventSink
{
    void On(in PlantEvent e);
}
