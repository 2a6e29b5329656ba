using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Flow: orders are released, jobs become ready, ended batches make their successors ready.
public sealed partial class PlantSimulator
{
    private void ReleaseOrder(int order)
    {
        if (State.Orders[order].Status != OrderStatus.Accepted)
        {
            return; // cancelled meanwhile
        }

        Emit(PlantEventKind.OrderReleased, order: order);
        if (_lines is not null && (_plant.Materials.AtRelease || _plant.HasKits))
        {
            RequestMaterials(order);
        }

        var table = _plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[order + 1]];
        for (var job = table.LotFirstJob[table.OrderFirstLot[order]]; job < end; job++)
        {
            if (Job(job).PendingPredecessors == 0)
            {
                MakeReady(job);
            }
        }
    }

    private void MakeReady(int job)
    {
        if (Job(job).Status != JobStatus.Waiting)
        {
            return; // cancelled meanwhile
        }

        if (_lines is not null && !MaterialIsThere(job))
        {
            return; // a receipt makes it ready
        }

        Emit(PlantEventKind.JobReady, job: job);
        if (_lines is null || State.JobMaterials[job].ShortOf < 0)
        {
            _upcoming[_plant.BatchKeyOf(job)]--; // while it was short it did not count
        }

        if (!_limitsWaits || !ComesTooLate(job))
        {
            Enqueue(job);
        }
    }

    private void Enqueue(int job)
    {
        var group = _plant.GroupOf(job);
        _queues.Add(group, FloorOf(job), Job(job).ReadyAt, job);
        if (_fixtureShort.Length > 0)
        {
            TellOfFixture(job, -1);
        }

        if (_plan is not null && _plan.EquipmentOf(job) is var planned && planned >= 0)
        {
            _wokenEquipment.Add(planned);
        }
        else
        {
            _wokenGroups.Add(group);
        }

        if (_marketInUse)
        {
            NoteWaiting(job);
        }
    }

    private void Leave(int equipment, int lead)
    {
        if (_fixtureShort.Length > 0)
        {
            ExpectFixtures(lead);
        }

        Emit(PlantEventKind.BatchEnded, equipment, lead);
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            ref readonly var operation = ref _plant.CompiledOperationOf(job);
            var share = operation.CountsPieces ? State.ScrapShareOf(job) : operation.ScrapFraction;
            var scrap = share * _plant.CompiledJobOf(job).Quantity;
            if (scrap > 0)
            {
                Emit(PlantEventKind.Scrapped, equipment, job, value: scrap);
            }

            ReleaseSuccessors(job);
            if (_lines is not null)
            {
                FinishLot(equipment, job);
            }

            var order = _plant.CompiledJobOf(job).Order;
            if (State.Orders[order].JobsLeft == 0 && State.Orders[order].Status == OrderStatus.InProduction
                && !(_plant.HasDormantJobs && MakeUp(order)))
            {
                Emit(PlantEventKind.OrderCompleted, order: order);
                _openOrders--;
            }
        }

        AfterLeaving(equipment, lead);
    }

    private void ReleaseSuccessors(int job)
    {
        var wait = new Duration(_plant.CompiledOperationOf(job).MinWaitMs);
        var first = _plant.CompiledJobOf(job).First;
        foreach (var successor in _plant.SuccessorsOf(job))
        {
            var next = first + successor;
            if (Job(next).PendingPredecessors != 0)
            {
                continue;
            }

            // Where branches meet, what ended earlier may have to rest longer.
            var ready = _plant.PredecessorsOf(next).Length > 1 ? SimTime.Max(_now + wait, new SimTime(LatestPredecessorEnd(next))) : _now + wait;
            if (ready > _now)
            {
                Schedule(ready, new Pending(PendingKind.MakeReady, Job: next));
            }
            else
            {
                MakeReady(next);
            }
        }
    }

    /// <summary>A slot, its auxiliaries and perhaps a buffer place are free again: whoever waits for them is looked at.</summary>
    private void AfterLeaving(int equipment, int lead)
    {
        _wokenEquipment.Add(equipment);
        WakeThoseShortOf(_plant.NeedsOf(lead));
        if (_paced)
        {
            LetLineGo(equipment, lead);
        }
    }
}
