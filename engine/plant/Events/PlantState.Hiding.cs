using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// The state as one firm may see it: what others do there is that a machine is busy, and until when.
public sealed partial class PlantState
{
    /// <summary>A copy in which the work of everybody but one firm is nothing but the status of machines. Its orders look cancelled, its jobs
    /// are gone from machines and queues, and what machines have used is not told.</summary>
    /// <param name="seen">The scenario as that firm sees it (<see cref="CompiledScenario.SeenBy"/>).</param>
    /// <param name="firm">Index of the firm that looks.</param>
    public PlantState SeenBy(CompiledScenario seen, int firm)
    {
        var copy = Fork();
        copy.Hide(Plant, firm);
        copy.Plant = seen;
        return copy;
    }

    private void Hide(CompiledScenario plant, int firm)
    {
        for (var e = 0; e < _equipment.Length; e++)
        {
            HideOn(ref _equipment[e], plant, firm);
        }

        Array.Clear(_meters);
        Array.Clear(_readyInGroup);
        for (var j = 0; j < _jobs.Length; j++)
        {
            if (!IsOf(plant, j, firm))
            {
                _jobs[j] = new JobState
                {
                    Status = JobStatus.Cancelled, Equipment = -1, Lead = -1, NextInBatch = -1, NextActive = -1, Phase = -1, ReadyAt = -1, ArriveAt = -1, StartAt = -1, EndAt = -1,
                };
            }
            else if (_jobs[j].Status == JobStatus.Ready)
            {
                _readyInGroup[plant.GroupOf(j)]++;
            }
        }

        for (var o = 0; o < _orders.Length; o++)
        {
            if (plant.Scenario.Orders[o].Tenant?.Index != firm)
            {
                _orders[o] = new OrderState { Status = OrderStatus.Cancelled, ReleasedAt = -1, StartedAt = -1, CompletedAt = -1 };
                _orderUse[o] = default;
            }
        }
    }

    /// <summary>Batches of others leave the machine; of a shared one, the others' part does. Its shade is told only where own work is in it.</summary>
    private void HideOn(ref EquipmentState machine, CompiledScenario plant, int firm)
    {
        var (first, last) = (-1, -1);
        for (int lead = machine.FirstActive, next; lead >= 0; lead = next)
        {
            next = _jobs[lead].NextActive;
            var own = OwnPart(lead, plant, firm);
            if (own < 0)
            {
                machine.ActiveCount--;
                continue;
            }

            _jobs[own].NextActive = -1;
            if (last < 0)
            {
                first = own;
            }
            else
            {
                _jobs[last].NextActive = own;
            }

            last = own;
        }

        machine.FirstActive = first;
        machine.Reserved = machine.Reserved < 0 ? -1 : OwnPart(machine.Reserved, plant, firm);
        machine.NextFamily = machine.Reserved < 0 ? -1 : machine.NextFamily;
        if (first < 0)
        {
            machine.Family = -1;
            machine.Residue = 0;
            machine.BatchesSinceCleaning = 0;
            machine.Kw = 0;
        }
    }

    /// <summary>Makes the firm's jobs of a batch a batch by themselves.</summary>
    /// <returns>Its lead; −1 when none of them is the firm's.</returns>
    private int OwnPart(int lead, CompiledScenario plant, int firm)
    {
        var batch = _jobs[lead];
        var (own, last, count, load) = (-1, -1, 0, 0.0);
        for (int j = lead, next; j >= 0; j = next)
        {
            next = _jobs[j].NextInBatch;
            if (!IsOf(plant, j, firm))
            {
                continue;
            }

            if (own < 0)
            {
                own = j;
                _jobs[j].Phase = batch.Phase;
                _jobs[j].Additions = batch.Additions;
                _jobs[j].Estimated = batch.Estimated;
                _jobs[j].PlannedMs = batch.PlannedMs;
                _jobs[j].WorkedMs = batch.WorkedMs;
                _jobs[j].RunningSince = batch.RunningSince;
            }
            else
            {
                _jobs[last].NextInBatch = j;
            }

            _jobs[j].Lead = own;
            _jobs[j].NextInBatch = -1;
            (last, count, load) = (j, count + 1, load + plant.Jobs.QuantityOf(j));
        }

        if (own >= 0)
        {
            _jobs[own].BatchSize = count;
            _jobs[own].Load = load;
        }

        return own;
    }

    private static bool IsOf(CompiledScenario plant, int job, int firm) => plant.OrderOf(job).Tenant?.Index == firm;
}
