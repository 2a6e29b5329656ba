using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Materials: jobs are promised their material or wait in line for it; what starts uses it up; what is finished goes into stock.
public sealed partial class PlantSimulator
{
    private const long MostHeadStart = 30 * Duration.MillisecondsPerDay;

    /// <summary>Whether a job has its material; otherwise it waits in line and comes back when it is there.</summary>
    private bool MaterialIsThere(int job)
    {
        var status = State.JobMaterials[job].Status;
        if (status is MaterialNeedStatus.Allocated or MaterialNeedStatus.Consumed || _plant.MaterialNeedsOf(job).Length == 0)
        {
            return !_plant.HasKits || KitIsStaged(job);
        }

        if (status == MaterialNeedStatus.None && CanPromise(job, RankOf(job, _now.Milliseconds), out _))
        {
            Promise(job);
            return !_plant.HasKits || KitIsStaged(job);
        }

        if (status != MaterialNeedStatus.Short)
        {
            CanPromise(job, RankOf(job, status == MaterialNeedStatus.None ? _now.Milliseconds : State.JobMaterials[job].AskedAt), out var lacking);
            Emit(PlantEventKind.MaterialShort, job: job, arg: Math.Max(0, lacking));
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.Material);
            _upcoming[_plant.BatchKeyOf(job)]--; // nobody should wait for its company
            _wokenGroups.Add(_plant.GroupOf(job));
            if (status == MaterialNeedStatus.None)
            {
                JoinLines(job);
            }
        }

        return false;
    }

    /// <summary>The jobs of a released order ask for their material at once: all of them, or those that want a kit.</summary>
    private void RequestMaterials(int order)
    {
        var table = _plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[order + 1]];
        for (var job = table.LotFirstJob[table.OrderFirstLot[order]]; job < end; job++)
        {
            if (Job(job).Status != JobStatus.Waiting || !(_plant.Materials.AtRelease || _plant.CompiledOperationOf(job).KitLeadMs >= 0)
                || State.JobMaterials[job].Status != MaterialNeedStatus.None || _plant.MaterialNeedsOf(job).Length == 0)
            {
                continue;
            }

            if (CanPromise(job, RankOf(job, _now.Milliseconds), out _))
            {
                Promise(job);
            }
            else
            {
                Emit(PlantEventKind.MaterialRequested, job: job);
                JoinLines(job);
            }
        }
    }

    private void Promise(int job)
    {
        Emit(PlantEventKind.MaterialAllocated, job: job);
        ReorderFor(job);
    }

    private void JoinLines(int job)
    {
        var rank = RankOf(job, State.JobMaterials[job].AskedAt);
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            _lines!.Add(need.Material, rank, job);
        }

        ReorderFor(job);
    }

    private long RankOf(int job, long asked)
    {
        var headStart = (_plant.OrderOf(job).Priority - 1) * Duration.MillisecondsPerDay;
        return asked - (long)Math.Clamp(headStart, -MostHeadStart, MostHeadStart);
    }

    /// <summary>Whether all of a job's material is there and claimed by nobody before it in line.</summary>
    private bool CanPromise(int job, long rank, out int lacking)
    {
        lacking = -1;
        var quantity = _plant.Jobs.QuantityOf(job);
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            var free = State.Materials[need.Material].Free - MaterialPlan.Amount(need, quantity);
            var before = _lines!.PlaceOf(need.Material, rank, job);
            for (var i = 0; i < before && free >= 0; i++)
            {
                free -= ClaimOf(_lines.At(need.Material, i).Job, need.Material);
            }

            if (free < 0)
            {
                lacking = need.Material;
                return false;
            }
        }

        return true;
    }

    private long ClaimOf(int job, int material)
    {
        if (State.JobMaterials[job].Status is not (MaterialNeedStatus.Requested or MaterialNeedStatus.Short))
        {
            return 0; // cancelled meanwhile
        }

        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            if (need.Material == material)
            {
                return MaterialPlan.Amount(need, _plant.Jobs.QuantityOf(job));
            }
        }

        return 0;
    }

    /// <summary>More of a material may be used: those in line for it are served as far as it goes.</summary>
    private void Serve(int material)
    {
        for (var place = 0; place < _lines!.Count(material);)
        {
            var (rank, job) = _lines.At(material, place);
            if (State.JobMaterials[job].Status is not (MaterialNeedStatus.Requested or MaterialNeedStatus.Short))
            {
                LeaveLines(job, rank);
            }
            else if (CanPromise(job, rank, out var lacking))
            {
                LeaveLines(job, rank);
                var wasShort = State.JobMaterials[job].Status == MaterialNeedStatus.Short;
                Emit(PlantEventKind.MaterialAllocated, job: job);
                if (wasShort)
                {
                    MakeReady(job);
                }
            }
            else if (lacking == material)
            {
                break; // those behind find even less
            }
            else
            {
                place++; // lacks another material and keeps its claim on this one
            }
        }

        if (_overPromised)
        {
            // What stood still because promised stock was held may go on.
            _overPromised = State.OverPromised > 0;
            WakeEverything();
            RetryPrepared();
        }
    }

    private void LeaveLines(int job, long rank)
    {
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            _lines!.Remove(need.Material, rank, job);
        }
    }

    private void RetryPrepared()
    {
        for (var e = 0; e < _mayStart.Length; e++)
        {
            if (_mayStart[e])
            {
                Schedule(_now, new Pending(PendingKind.StartBatch, e));
            }
        }
    }

    /// <summary>Whether what was promised to a job may still be used: a lot on hold may not.</summary>
    private bool MaterialUsable(int job)
    {
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            ref readonly var material = ref State.Materials[need.Material];
            if (State.JobMaterials[job].Status == MaterialNeedStatus.Allocated
                && material.OnHand - material.OnHold < MaterialPlan.Amount(need, _plant.Jobs.QuantityOf(job)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same for all members of a batch together.</summary>
    private bool BatchMaterialUsable(int lead)
    {
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            foreach (var need in _plant.MaterialNeedsOf(job))
            {
                var all = 0L;
                for (var other = lead; other >= 0; other = Job(other).NextInBatch)
                {
                    all += State.JobMaterials[other].Status == MaterialNeedStatus.Allocated ? NeedOf(other, need.Material) : 0;
                }

                if (State.Materials[need.Material].OnHand - State.Materials[need.Material].OnHold < all)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private long NeedOf(int job, int material)
    {
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            if (need.Material == material)
            {
                return MaterialPlan.Amount(need, _plant.Jobs.QuantityOf(job));
            }
        }

        return 0;
    }

    /// <summary>A batch has begun: its members use up what was promised to them, lot by lot.</summary>
    private void ConsumeMaterials(int equipment, int lead)
    {
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            if (State.JobMaterials[job].Status != MaterialNeedStatus.Allocated)
            {
                continue; // uses nothing, or is done again
            }

            foreach (var need in _plant.MaterialNeedsOf(job))
            {
                var left = MaterialPlan.Amount(need, _plant.Jobs.QuantityOf(job));
                while (left > 0)
                {
                    var lot = State.UsableFrom(State.Materials[need.Material].FirstLot);
                    var taken = Math.Min(left, State.Lots[lot].Quantity);
                    Emit(PlantEventKind.MaterialConsumed, equipment, job, arg: lot, value: MaterialQuantity.Units(taken));
                    left -= taken;
                }
            }
        }
    }

    /// <summary>A job has ended: if it was the last of its lot, the lot is made.</summary>
    private void FinishLot(int equipment, int job)
    {
        var table = _plant.Jobs;
        var lot = table.JobLot[job];
        for (var j = table.LotFirstJob[lot]; j < table.LotFirstJob[lot + 1]; j++)
        {
            if (Job(j).Status is not (JobStatus.Done or JobStatus.Dormant))
            {
                return;
            }
        }

        var stocked = _plant.ProductOf(job).StockedAs;
        if (stocked is null && !_plant.Materials.TracksLots)
        {
            return;
        }

        Emit(PlantEventKind.LotProduced, equipment, job, value: Math.Max(0, table.LotQuantity[lot] - State.ScrapOf(lot)));
        if (stocked is { } material)
        {
            WatchExpiry(State.Lots.Length - 1, State.LotOf(lot));
            Serve(material);
        }
    }
}
