using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Waits: goods that have waited too long go back, and what was done before is done again.
public sealed partial class PlantState
{
    private int _waitsExceeded;

    /// <summary>Lots that went back because they had waited too long, since the statistics were reset.</summary>
    public int WaitsExceeded => _waitsExceeded;

    internal bool MayGoBack(in PlantEvent e) =>
        e.Job >= 0 && JobLifecycle.Table.Next((int)_jobs[e.Job].Status, (int)JobTrigger.Return) >= 0
        && Plant.RepeatedBefore(e.Job) is >= 0 and var before && _jobs[before].Status == JobStatus.Done;

    private void SendBack(in PlantEvent e)
    {
        var now = e.Time.Milliseconds;
        ref var job = ref _jobs[e.Job];
        CountWaiting(Plant.GroupOf(e.Job), -1, now);
        job.Status = Next(job.Status, JobTrigger.Return);
        job.WaitsFor = WaitReason.None;
        job.ReadyAt = -1;
        job.PendingPredecessors = 1;
        var before = Plant.RepeatedBefore(e.Job);
        ref var again = ref _jobs[before];
        again.Status = Next(again.Status, JobTrigger.Repeat);
        again.Attempt++;
        if (again.Equipment >= 0)
        {
            _meters[again.Equipment].ReworkQuantity += Plant.Jobs.QuantityOf(before);
        }

        again.ReadyAt = now;
        again.EndAt = -1;
        ForgetPieces(before);
        LeaveBatch(ref again);
        CountWaiting(Plant.GroupOf(before), +1, now);
        ref var order = ref _orders[Plant.CompiledJobOf(e.Job).Order];
        order.JobsLeft++;
        order.Version = Version;
        _waitsExceeded++;
    }
}
