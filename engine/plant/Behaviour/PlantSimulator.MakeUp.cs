using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Behaviour;

// Make-up: an order that scrap leaves short is made up by lots that slept until then.
public sealed partial class PlantSimulator
{
    /// <summary>All lots of an order are done: releases make-up lots where it is short and may be made up.</summary>
    /// <returns>Whether there is more to do.</returns>
    private bool MakeUp(int order)
    {
        var lot = State.NextMakeUpLot(order);
        if (lot < 0)
        {
            return false;
        }

        var asked = _plant.Scenario.Orders[order];
        var (yield, size) = (State.YieldOf(order), _plant.Jobs.LotQuantity[lot]);
        var most = asked.Quantity * (1 + (asked.OverAllowance ?? double.PositiveInfinity)) * (1 + Slack);
        if (yield >= asked.Quantity * (1 - asked.ShortTolerance) * (1 - Slack) || yield + size > most)
        {
            return false;
        }

        var first = lot;
        for (; lot >= 0 && yield < asked.Quantity * (1 - Slack) && yield + size <= most; lot = State.NextMakeUpLot(order))
        {
            Emit(PlantEventKind.MakeUpReleased, order: order, arg: lot, value: asked.Quantity - yield);
            yield += size;
        }

        BeginMakeUp(order, first, lot >= 0 ? lot : _plant.Jobs.OrderFirstLot[order + 1]);
        return true;
    }

    private const double Slack = 1e-9;

    private void BeginMakeUp(int order, int firstLot, int endLot)
    {
        var (first, end) = (_plant.Jobs.LotFirstJob[firstLot], _plant.Jobs.LotFirstJob[endLot]);
        for (var job = first; job < end; job++)
        {
            ExpectIfWaiting(job);
        }

        if (_lines is not null && (_plant.Materials.AtRelease || _plant.HasKits))
        {
            RequestMaterials(order);
        }

        for (var job = first; job < end; job++)
        {
            if (Job(job).PendingPredecessors == 0)
            {
                MakeReady(job);
            }
        }
    }
}
