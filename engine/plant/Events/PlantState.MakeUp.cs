using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Make-up lots: what an order yields, and the lots that are called when that is too little.
public sealed partial class PlantState
{
    /// <summary>Good quantity of the lots of an order that are made or being made, in the order's unit: their quantity less what was scrapped of
    /// them and not made again.</summary>
    public double YieldOf(int order)
    {
        var table = Plant.Jobs;
        var quantity = -_orders[order].Missing;
        for (var lot = table.OrderFirstLot[order]; lot < table.OrderFirstLot[order + 1]; lot++)
        {
            if (!IsDormantLot(lot))
            {
                quantity += table.LotQuantity[lot];
            }
        }

        return quantity;
    }

    /// <summary>The next make-up lot of an order that nobody called yet; −1 when there is none.</summary>
    public int NextMakeUpLot(int order)
    {
        var table = Plant.Jobs;
        for (var lot = table.FirstMakeUpLot(order); lot < table.OrderFirstLot[order + 1]; lot++)
        {
            if (IsDormantLot(lot))
            {
                return lot;
            }
        }

        return -1;
    }

    internal bool CanRelease(in PlantEvent e) =>
        e.Order >= 0 && _orders[e.Order].Status == OrderStatus.InProduction && e.Arg >= Plant.Jobs.FirstMakeUpLot(e.Order)
        && e.Arg < Plant.Jobs.OrderFirstLot[e.Order + 1] && IsDormantLot(e.Arg);

    private bool IsDormantLot(int lot) => Plant.Jobs.IsMakeUp(lot) && _jobs[Plant.Jobs.LotFirstJob[lot]].Status == JobStatus.Dormant;

    private void ReleaseMakeUp(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Version = Version;
        for (var j = Plant.Jobs.LotFirstJob[e.Arg]; j < Plant.Jobs.LotFirstJob[e.Arg + 1]; j++)
        {
            if (Plant.ReworkOf(j) < 0)
            {
                _jobs[j].Status = Next(_jobs[j].Status, JobTrigger.Call);
                order.JobsLeft++;
            }
        }
    }
}
