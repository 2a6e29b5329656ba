using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Views;

/// <summary>The plant in a few numbers: the strip above the floor map and its legend.</summary>
/// <param name="ByStatus">Machines per status, by <see cref="EquipmentStatus"/>.</param>
/// <param name="Working">Share of machines in working hours that load, run, sample or unload.</param>
/// <param name="JobsWaiting">Jobs ready and waiting for equipment.</param>
/// <param name="Late">Open orders past their due date.</param>
/// <param name="DueSoon">Open orders due within a day.</param>
/// <param name="OnTime">Share of the completed orders with due date that were in time; NaN while there is none.</param>
/// <param name="Kw">Electric power drawn now.</param>
public sealed record FloorSummary(
    IReadOnlyList<int> ByStatus, int Stale, double Working, int JobsWaiting, int OrdersOpen, int OrdersDone, int Late, int DueSoon, double OnTime, double Kw)
{
    public static FloorSummary Of(TwinView view)
    {
        var state = view.State;
        var byStatus = new int[PlantState.StatusCount];
        var (stale, kw) = (0, 0.0);
        foreach (ref readonly var machine in state.Equipment)
        {
            byStatus[(int)machine.Status]++;
            stale += machine.Stale ? 1 : 0;
            kw += machine.Kw;
        }

        var waiting = 0;
        foreach (var count in state.ReadyInGroup)
        {
            waiting += count;
        }

        var (open, done, late, soon, dated, inTime) = (0, 0, 0, 0, 0, 0);
        for (var o = 0; o < state.Orders.Length; o++)
        {
            ref readonly var order = ref state.Orders[o];
            var due = state.Plant.Scenario.Orders[o].Due;
            if (order.Status == OrderStatus.Complete)
            {
                done++;
                dated += due is null ? 0 : 1;
                inTime += due is { } d && order.CompletedAt <= d.Milliseconds ? 1 : 0;
            }
            else if (order.Status != OrderStatus.Cancelled)
            {
                open++;
                late += due < view.Now ? 1 : 0;
                soon += due >= view.Now && due < view.Now + Duration.FromDays(1) ? 1 : 0;
            }
        }

        var manned = byStatus.Sum() - byStatus[(int)EquipmentStatus.NonScheduled];
        var working = byStatus[(int)EquipmentStatus.Running] + byStatus[(int)EquipmentStatus.Loading]
            + byStatus[(int)EquipmentStatus.Sampling] + byStatus[(int)EquipmentStatus.Unloading];
        return new FloorSummary(
            byStatus, stale, manned == 0 ? 0 : (double)working / manned, waiting, open, done, late, soon,
            dated == 0 ? double.NaN : (double)inTime / dated, kw);
    }
}
