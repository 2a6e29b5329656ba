using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

// Materials: stock, promises to jobs, deliveries. Everything is empty in a plant that counts no materials.
public sealed partial class PlantState
{
    private MaterialState[] _materials = [];
    private MaterialMeters[] _materialMeters = [];
    private JobMaterial[] _jobMaterials = [];
    private SourceState[] _sources = [];
    private SupplyState[] _supplies = [];
    private int _freeSupply = -1;
    private int _overPromised;

    public ReadOnlySpan<MaterialState> Materials => _materials;

    public ReadOnlySpan<MaterialMeters> MaterialMeters => _materialMeters;

    /// <summary>Per job; empty in a plant without materials.</summary>
    public ReadOnlySpan<JobMaterial> JobMaterials => _jobMaterials;

    public ReadOnlySpan<SourceState> Sources => _sources;

    /// <summary>Deliveries under way, with free places between them.</summary>
    public ReadOnlySpan<SupplyState> Supplies => _supplies;

    /// <summary>Place that the next ordered delivery takes.</summary>
    public int NextSupply => _freeSupply >= 0 ? _freeSupply : _supplies.Length;

    /// <summary>Materials of which more is promised than may be used, because promised stock was put on hold or scrapped.</summary>
    public int OverPromised => _overPromised;

    private void OpenStores(CompiledScenario plant)
    {
        if (!plant.Materials.InUse)
        {
            return;
        }

        var materials = plant.Plant.Materials;
        _materials = new MaterialState[materials.Length];
        _materialMeters = new MaterialMeters[materials.Length];
        _sources = new SourceState[plant.Plant.Sources.Length];
        _lots = new LotState[materials.Length];
        _lotCount = materials.Length;
        for (var m = 0; m < materials.Length; m++)
        {
            _lots[m] = NewLot(LotStatus.Available, m, 0, 0);
            _materials[m].FirstLot = -1;
            _materials[m].OnHand = MaterialQuantity.Parts(materials[m].InitialStock);
            if (!materials[m].Tracked)
            {
                _lots[m].Quantity = _lots[m].Initial = _materials[m].OnHand;
                _materials[m].FirstLot = m;
            }
            else if (_materials[m].OnHand > 0)
            {
                AddLot(NewLot(LotStatus.Available, m, _materials[m].OnHand, 0));
            }
        }

        var receipts = plant.Scenario.Receipts;
        _supplies = new SupplyState[receipts.Length];
        for (var r = 0; r < receipts.Length; r++)
        {
            _supplies[r] = new SupplyState
            {
                Open = true, Material = receipts[r].Material, Source = receipts[r].Source?.Index ?? -1, Receipt = r,
                Quantity = MaterialQuantity.Parts(receipts[r].Quantity), OrderedAt = -1, DueAt = receipts[r].Time.Milliseconds, NextFree = -1,
            };
            _materials[receipts[r].Material].OnOrder += _supplies[r].Quantity;
        }
    }

    private void ExchangeStores(StateExchange exchange, PlantState? other)
    {
        if (!Plant.Materials.InUse)
        {
            return;
        }

        exchange.Array(ref _materials, other?._materials);
        exchange.Array(ref _materialMeters, other?._materialMeters);
        exchange.Array(ref _jobMaterials, other?._jobMaterials);
        exchange.Array(ref _sources, other?._sources);
        exchange.Array(ref _supplies, other?._supplies);
        exchange.Value(ref _freeSupply, other?._freeSupply);
        exchange.Value(ref _overPromised, other?._overPromised);
        ExchangeLots(exchange, other);
    }

    private void GrowStores(CompiledScenario plant)
    {
        if (!plant.Materials.InUse)
        {
            return;
        }

        var before = _jobMaterials.Length;
        Array.Resize(ref _jobMaterials, plant.Jobs.JobCount);
        for (var j = before; j < _jobMaterials.Length; j++)
        {
            _jobMaterials[j] = new JobMaterial { ShortOf = -1, AskedAt = -1, ShortSince = -1, AllocatedAt = -1 };
        }

        GrowLots(plant);
    }

    private void RequestMaterial(in PlantEvent e)
    {
        Ask(e.Job, e.Time.Milliseconds, filled: false);
        Move(e.Job, MaterialNeedTrigger.Request);
    }

    private void RunShort(in PlantEvent e)
    {
        ref var job = ref _jobMaterials[e.Job];
        if (job.Status == MaterialNeedStatus.None)
        {
            Ask(e.Job, e.Time.Milliseconds, filled: false);
        }

        job.ShortOf = e.Arg;
        job.ShortSince = e.Time.Milliseconds;
        Move(e.Job, MaterialNeedTrigger.RunShort);
        SettleStore(e.Arg, e.Time.Milliseconds);
        _materials[e.Arg].WaitingJobs++;
        _materialMeters[e.Arg].Shortages++;
        _orders[Plant.Jobs.OrderOf(e.Job)].Version = Version;
    }

    private void AllocateMaterial(in PlantEvent e)
    {
        ref var job = ref _jobMaterials[e.Job];
        if (job.Status == MaterialNeedStatus.None)
        {
            Ask(e.Job, e.Time.Milliseconds, filled: true);
        }
        else
        {
            LeaveLine(e.Job, e.Time.Milliseconds);
        }

        foreach (var need in Plant.MaterialNeedsOf(e.Job))
        {
            Promise(need.Material, MaterialPlan.Amount(need, Plant.Jobs.QuantityOf(e.Job)));
        }

        job.AllocatedAt = e.Time.Milliseconds;
        Move(e.Job, MaterialNeedTrigger.Allocate);
    }

    /// <summary>A cancelled job leaves the line, or gives back what was promised to it.</summary>
    private void GiveUpMaterial(int job, long now)
    {
        if (_jobMaterials.Length == 0)
        {
            return;
        }

        var status = _jobMaterials[job].Status;
        if (status is MaterialNeedStatus.Requested or MaterialNeedStatus.Short)
        {
            LeaveLine(job, now);
        }
        else if (status == MaterialNeedStatus.Allocated)
        {
            foreach (var need in Plant.MaterialNeedsOf(job))
            {
                Promise(need.Material, -MaterialPlan.Amount(need, Plant.Jobs.QuantityOf(job)));
            }
        }
        else
        {
            return;
        }

        Move(job, MaterialNeedTrigger.GiveUp);
    }

    private void Ask(int job, long now, bool filled)
    {
        _jobMaterials[job].AskedAt = now;
        foreach (var need in Plant.MaterialNeedsOf(job))
        {
            var amount = MaterialPlan.Amount(need, Plant.Jobs.QuantityOf(job));
            _materialMeters[need.Material].Demanded += amount;
            if (filled)
            {
                _materialMeters[need.Material].FilledAtOnce += amount;
            }
            else
            {
                _materials[need.Material].Backlog += amount;
            }
        }
    }

    private void LeaveLine(int job, long now)
    {
        foreach (var need in Plant.MaterialNeedsOf(job))
        {
            _materials[need.Material].Backlog -= MaterialPlan.Amount(need, Plant.Jobs.QuantityOf(job));
        }

        if (_jobMaterials[job].Status == MaterialNeedStatus.Short)
        {
            SettleStore(_jobMaterials[job].ShortOf, now);
            _materials[_jobMaterials[job].ShortOf].WaitingJobs--;
        }
    }

    private void Promise(int material, long amount)
    {
        ref var m = ref _materials[material];
        var before = m.Free < 0;
        m.Allocated += amount;
        CountOverPromised(before, m.Free < 0);
    }

    private void CountOverPromised(bool before, bool after) => _overPromised += (after ? 1 : 0) - (before ? 1 : 0);

    private void Move(int job, MaterialNeedTrigger trigger)
    {
        ref var status = ref _jobMaterials[job].Status;
        status = (MaterialNeedStatus)MaterialNeedLifecycle.Table.Next((int)status, (int)trigger);
    }

    private void OrderSupply(in PlantEvent e)
    {
        var slot = NextSupply;
        if (slot == _supplies.Length)
        {
            Array.Resize(ref _supplies, Math.Max(4, slot * 2));
            for (var s = _supplies.Length - 1; s > slot; s--)
            {
                _supplies[s].NextFree = _freeSupply;
                _freeSupply = s;
            }
        }
        else
        {
            _freeSupply = _supplies[slot].NextFree;
        }

        var source = Plant.Plant.Sources[e.Arg];
        var quantity = MaterialQuantity.Parts(e.Value);
        _supplies[slot] = new SupplyState
        {
            Open = true, Material = source.Material, Source = e.Arg, Receipt = -1, Quantity = quantity,
            OrderedAt = e.Time.Milliseconds, DueAt = -1, NextFree = -1,
        };
        _materials[source.Material].OnOrder += quantity;
        ref var state = ref _sources[e.Arg];
        state.Orders++;
        if (source.CapacityPerDay is { } perDay)
        {
            state.BusyUntil = Math.Max(state.BusyUntil, e.Time.Milliseconds) + (long)Math.Ceiling(e.Value / perDay * Simulation.Duration.MillisecondsPerDay);
        }
    }

    private void ReceiveSupply(in PlantEvent e)
    {
        ref var supply = ref _supplies[e.Arg];
        ref var material = ref _materials[supply.Material];
        var quantity = MaterialQuantity.Parts(e.Value);
        material.OnOrder -= supply.Quantity;
        material.Received += quantity;
        _materialMeters[supply.Material].Received += quantity;
        if (quantity > 0)
        {
            var now = e.Time.Milliseconds;
            Store(supply.Material, quantity, NewLot(LotStatus.Available, supply.Material, quantity, now) with { Source = supply.Source, Receipt = supply.Receipt }, now);
        }

        supply = new SupplyState { NextFree = _freeSupply, Source = -1, Receipt = -1 };
        _freeSupply = e.Arg;
    }

    /// <summary>Books stock and waiting up to a moment.</summary>
    private void SettleStore(int material, long now)
    {
        ref var m = ref _materials[material];
        double elapsed = now - Math.Max(m.MeteredUntil, StatisticsSince.Milliseconds);
        if (elapsed > 0)
        {
            _materialMeters[material].StockPartMs += m.OnHand * elapsed;
            _materialMeters[material].WaitingMs += m.WaitingJobs * elapsed;
        }

        m.MeteredUntil = Math.Max(m.MeteredUntil, now);
    }

    private void SettleStores()
    {
        for (var m = 0; m < _materials.Length; m++)
        {
            SettleStore(m, Now.Milliseconds);
        }
    }
}
