using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Rework as child jobs: what failed is done with, and the operations that mend it are called.
public sealed partial class PlantState
{
    /// <summary>Argument of <see cref="PlantEventKind.BatchRework"/>: the operations that mend the batch follow as child jobs.</summary>
    public const int AsChildJobs = 1;

    /// <summary>Argument of <see cref="PlantEventKind.Scrapped"/>: the quantity is made again in the same step, so the lot yields it after all.</summary>
    public const int MadeAgain = 1;

    /// <summary>Jobs of an order that have been, are or will be done, as far as is known now.</summary>
    public int JobCountOf(int order)
    {
        var table = Plant.Jobs;
        var (job, end) = (table.LotFirstJob[table.OrderFirstLot[order]], table.LotFirstJob[table.OrderFirstLot[order + 1]]);
        var count = end - job;
        for (; Plant.HasDormantJobs && job < end; job++)
        {
            count -= _jobs[job].Status == JobStatus.Dormant ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether a batch can be mended by child jobs.</summary>
    internal bool CanCallRework(int lead)
    {
        for (var job = lead; job >= 0; job = _jobs[job].NextInBatch)
        {
            var rework = Plant.ReworkBy(job);
            if (rework.Length == 0 || _jobs[Plant.CompiledJobOf(job).First + rework[0]].Status != JobStatus.Dormant)
            {
                return false;
            }
        }

        return true;
    }

    private void CallRework(int job, long now)
    {
        ref var failed = ref _jobs[job];
        failed.Status = Next(failed.Status, JobTrigger.End);
        failed.EndAt = now;
        if (_fixtures.Length > 0)
        {
            SendFixtureBack(job, now); // where the loop ends here, it is mended outside
        }

        ref readonly var compiled = ref Plant.CompiledJobOf(job);
        ref var order = ref _orders[compiled.Order];
        order.JobsLeft--;
        order.Version = Version;
        if (order.Status == OrderStatus.Cancelled)
        {
            return; // nobody mends it
        }

        var rework = Plant.ReworkBy(job);
        for (var k = 0; k < rework.Length; k++)
        {
            ref var child = ref _jobs[compiled.First + rework[k]];
            child.Status = Next(child.Status, JobTrigger.Call);
            child.PendingPredecessors = (short)(k == 0 ? 0 : 1);
            order.JobsLeft++;
        }
    }
}
