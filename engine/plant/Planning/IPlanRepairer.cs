using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Planning;

/// <summary>Makes a schedule fit again after something that it did not foresee. The runtime reaches a repairer only through this.</summary>
public interface IPlanRepairer
{
    /// <summary>Repairs; blocks the caller for about the time limit. A first repaired plan is always returned.</summary>
    /// <exception cref="PlanningException">No schedule keeps all rules; the message names the way out.</exception>
    RepairOffer Repair(RepairAsk ask, CancellationToken stop = default);
}

/// <summary>What is to be repaired, and how much of it should stay.</summary>
/// <param name="From">The plant now.</param>
/// <param name="Current">The schedule in force.</param>
/// <param name="Stability">Price of one moved operation in units of the objective, ≥ 0.</param>
/// <param name="Frozen">Work planned to begin so soon stays, ≥ 0.</param>
/// <param name="TimeLimit">Wall-clock budget, > 0.</param>
/// <param name="Workers">Threads, ≥ 1.</param>
public sealed record RepairAsk(PlantState From, Schedule Current, double Stability, Duration Frozen, Duration TimeLimit, int Workers = 1);

/// <summary>A repaired schedule and what it changes.</summary>
/// <param name="Schedule">It has passed the checker.</param>
/// <param name="Objective">Its worth, moves priced.</param>
/// <param name="Shifted">Worth of simply going on in the planned order; <c>null</c> when that is not possible.</param>
/// <param name="Moves">Operations that differ, the farthest moved first.</param>
/// <param name="Moved">How many of them count as moved: other equipment, or more than an hour.</param>
/// <param name="Kept">Operations that stay to the millisecond.</param>
/// <param name="NewlyLate">Orders on time before and late after.</param>
/// <param name="Rescued">Orders late before and on time after.</param>
public sealed record RepairOffer(
    Schedule Schedule, ObjectiveReport Objective, ObjectiveReport? Shifted, IReadOnlyList<OfferedMove> Moves, int Moved, int Kept,
    IReadOnlyList<OrderId> NewlyLate, IReadOnlyList<OrderId> Rescued);

/// <summary>One operation that another schedule puts elsewhere, and because of what.</summary>
/// <param name="Kind"><c>Later</c>, <c>Earlier</c>, <c>Reassigned</c>, <c>Added</c>, <c>Removed</c>.</param>
/// <param name="Because"><c>Breakdown</c>, <c>NewOrder</c>, <c>Delay</c>, <c>Displaced</c>, <c>Predecessor</c>, <c>RoomMade</c>, <c>Improvement</c>.</param>
/// <param name="CauseEquipment">The machine that is down, or was occupied.</param>
/// <param name="CauseJob">The job that displaced it, made room, or was delayed.</param>
public sealed record OfferedMove(
    string Kind, JobId Job, EquipmentId? From, EquipmentId? To, SimTime? FromStart, SimTime? ToStart, string Because, EquipmentId? CauseEquipment, JobId? CauseJob);
