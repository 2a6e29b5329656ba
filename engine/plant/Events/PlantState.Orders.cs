using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Orders and jobs: released, ready, assigned, cancelled.
public sealed partial class PlantState
{
    private void ReleaseOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Release);
        order.ReleasedAt = e.Time.Milliseconds;
        order.Version = Version;
    }

    private void CompleteOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Complete);
        order.CompletedAt = e.Time.Milliseconds;
        order.Version = Version;
    }

    private void CancelOrder(in PlantEvent e)
    {
        ref var order = ref _orders[e.Order];
        order.Status = Next(order.Status, OrderTrigger.Cancel);
        order.Version = Version;
        var table = Plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[e.Order + 1]];
        for (var j = table.LotFirstJob[table.OrderFirstLot[e.Order]]; j < end; j++)
        {
            ref var job = ref _jobs[j];
            if (job.Status is JobStatus.Waiting or JobStatus.Ready)
            {
                if (job.Status == JobStatus.Ready)
                {
                    CountWaiting(Plant.GroupOf(j), -1, e.Time.Milliseconds);
                    if (_fixtures.Length > 0)
                    {
                        AwaitFixture(j, -1, e.Time.Milliseconds);
                    }
                }

                job.Status = Next(job.Status, JobTrigger.Cancel);
                ForgetOverdue(j, e.Time.Milliseconds);
                if (_fixtures.Length > 0 && Plant.Fixtures!.LeftBy(Plant.OperationIndexOf(j)) >= 0)
                {
                    DropFixture(j, e.Time.Milliseconds); // nobody would send it back
                }

                GiveUpMaterial(j, e.Time.Milliseconds);
            }
        }
    }

    private void MakeReady(in PlantEvent e)
    {
        ref var job = ref _jobs[e.Job];
        if (job.Status == JobStatus.Assigned && job.Equipment >= 0 && _equipment[job.Equipment].Reserved == job.Lead)
        {
            SettleStarving(job.Equipment, e.Time.Milliseconds);
            _equipment[job.Equipment].Reserved = -1;
            StopWaitingToPrepare(job.Equipment, e.Time.Milliseconds);
            Touch(job.Equipment);
        }

        if (_vehicles.Length > 0 && job is { Status: JobStatus.Assigned, ArriveAt: < 0 })
        {
            AwaitVehicle(-1, e.Time.Milliseconds);
        }

        if (_fixtures.Length > 0)
        {
            if (job.Status == JobStatus.Assigned && Plant.Fixtures!.EnteredBy(Plant.OperationIndexOf(e.Job)) >= 0)
            {
                DropFixture(e.Job, e.Time.Milliseconds);
            }

            AwaitFixture(e.Job, +1, e.Time.Milliseconds);
        }

        job.Status = Next(job.Status, JobTrigger.MakeReady);
        job.ReadyAt = e.Time.Milliseconds;
        job.WaitsFor = WaitReason.None;
        LeaveBatch(ref job);
        if (_overdue.Length > 0)
        {
            AwaitLaunch(e.Job, e.Time.Milliseconds);
        }

        CountWaiting(Plant.GroupOf(e.Job), +1, e.Time.Milliseconds);
    }

    private void Assign(in PlantEvent e)
    {
        ref var job = ref _jobs[e.Job];
        job.Status = Next(job.Status, JobTrigger.Assign);
        job.WaitsFor = WaitReason.None;
        job.Equipment = e.Equipment;
        job.Lead = e.Arg;
        job.ArriveAt = (long)e.Value;
        if (_fixtures.Length > 0)
        {
            TakeFixture(e.Job, e.Time.Milliseconds);
        }

        if (_vehicles.Length > 0 && job.ArriveAt < 0)
        {
            AwaitVehicle(+1, e.Time.Milliseconds);
        }

        job.NextInBatch = -1;
        CountWaiting(Plant.GroupOf(e.Job), -1, e.Time.Milliseconds);
        ref var lead = ref _jobs[e.Arg];
        if (e.Job == e.Arg)
        {
            lead.BatchSize = 0;
            lead.Load = 0;
            lead.Additions = 0;
            lead.Phase = -1;
            lead.NextActive = -1;
            SettleStarving(e.Equipment, e.Time.Milliseconds);
            _equipment[e.Equipment].Reserved = e.Job;
            _equipment[e.Equipment].Prepared = false;
        }
        else
        {
            job.NextInBatch = lead.NextInBatch;
            lead.NextInBatch = e.Job;
        }

        lead.BatchSize++;
        lead.Load += Plant.CompiledJobOf(e.Job).Quantity;
        Touch(e.Equipment);
        if (_sharedSetupMs.Length > 0)
        {
            NoteShared(e);
        }
    }

    private void Scrap(in PlantEvent e)
    {
        ref var order = ref _orders[Plant.CompiledJobOf(e.Job).Order];
        order.Scrapped += e.Value;
        order.Version = Version;
        if (e.Arg != MadeAgain)
        {
            order.Missing += e.Value;
            ScrapOfLot(e);
        }

        if (e.Equipment >= 0)
        {
            _meters[e.Equipment].ScrapQuantity += e.Value;
        }
    }

    private static void LeaveBatch(ref JobState job)
    {
        job.Equipment = -1;
        job.Lead = -1;
        job.NextInBatch = -1;
        job.StartAt = -1;
        job.ArriveAt = -1;
        job.Phase = -1;
    }
}
