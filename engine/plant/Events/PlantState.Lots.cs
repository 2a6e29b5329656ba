using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

// Lots: created by receipts and production, used up by jobs, held and released by quality; who was made of what.
public sealed partial class PlantState
{
    private LotState[] _lots = [];
    private int _lotCount;
    private int[] _lotOfJobLot = []; // per lot of the order book; −1 none yet
    private double[] _scrapOfJobLot = [];
    private bool[] _madeJobLots = [];
    private readonly Genealogy _genealogy = new();

    /// <summary>Lots: first the anonymous stock of each material, by index, then tracked lots in the order of their creation.</summary>
    public ReadOnlySpan<LotState> Lots => _lots.AsSpan(0, _lotCount);

    /// <summary>Which lots were made of which.</summary>
    public Genealogy Genealogy => _genealogy;

    /// <summary>The lot that a lot of the order book became, or −1.</summary>
    public int LotOf(int jobLot) => jobLot < _lotOfJobLot.Length ? _lotOfJobLot[jobLot] : -1;

    /// <summary>What was scrapped of a lot of the order book so far, units; 0 in a plant without materials.</summary>
    public double ScrapOf(int jobLot) => jobLot < _scrapOfJobLot.Length ? _scrapOfJobLot[jobLot] : 0;

    /// <summary>Whether a lot of the order book is finished and booked.</summary>
    public bool IsMade(int jobLot) => jobLot < _madeJobLots.Length && _madeJobLots[jobLot];

    /// <summary>First lot in the order of use that may be used, from <paramref name="lot"/> on; −1 when none.</summary>
    public int UsableFrom(int lot)
    {
        while (lot >= 0 && !_lots[lot].IsUsable)
        {
            lot = _lots[lot].Next;
        }

        return lot;
    }

    private void ExchangeLots(StateExchange exchange, PlantState? other)
    {
        exchange.Used(ref _lots, ref _lotCount, other?._lots, other?._lotCount);
        exchange.Array(ref _lotOfJobLot, other?._lotOfJobLot);
        exchange.Array(ref _scrapOfJobLot, other?._scrapOfJobLot);
        exchange.Array(ref _madeJobLots, other?._madeJobLots);
        exchange.Part(_genealogy, other?._genealogy);
    }

    private void GrowLots(CompiledScenario plant)
    {
        Array.Resize(ref _scrapOfJobLot, plant.Jobs.LotCount);
        Array.Resize(ref _madeJobLots, plant.Jobs.LotCount);
        if (plant.Materials.TracksLots)
        {
            var before = _lotOfJobLot.Length;
            Array.Resize(ref _lotOfJobLot, plant.Jobs.LotCount);
            Array.Fill(_lotOfJobLot, -1, before, _lotOfJobLot.Length - before);
        }
    }

    private static LotState NewLot(LotStatus status, int material, long quantity, long now) => new()
    {
        Status = status, Material = material, Quantity = quantity, Initial = quantity, CreatedAt = now, ExpiresAt = long.MaxValue, InspectedAt = -1,
        Source = -1, Receipt = -1, JobLot = -1, Next = -1,
    };

    /// <summary>Appends a lot; one that is stock takes its place in the order of use.</summary>
    private int AddLot(in LotState lot)
    {
        if (_lotCount == _lots.Length)
        {
            Array.Resize(ref _lots, Math.Max(16, _lotCount * 2));
        }

        _lots[_lotCount] = lot;
        if (lot.Status == LotStatus.Available)
        {
            Link(_lotCount);
        }

        return _lotCount++;
    }

    private void Link(int index)
    {
        ref var lot = ref _lots[index];
        ref var material = ref _materials[lot.Material];
        var model = Plant.Plant.Materials[lot.Material];
        lot.Number = ++material.Lots;
        lot.ExpiresAt = model.ShelfLife is { } life ? lot.CreatedAt + life.Milliseconds : long.MaxValue;
        ref var place = ref material.FirstLot;
        while (place >= 0 && (model.Picking == LotPicking.Fifo || _lots[place].ExpiresAt <= lot.ExpiresAt))
        {
            place = ref _lots[place].Next;
        }

        lot.Next = place;
        place = index;
    }

    private void Unlink(int index)
    {
        ref var place = ref _materials[_lots[index].Material].FirstLot;
        while (place != index)
        {
            place = ref _lots[place].Next;
        }

        place = _lots[index].Next;
    }

    /// <summary>Stock grows, by a lot of its own where the material is tracked.</summary>
    private void Store(int material, long quantity, in LotState lot, long now)
    {
        ChangeStock(material, quantity, now);
        if (Plant.Plant.Materials[material].Tracked)
        {
            AddLot(lot);
        }
        else
        {
            _lots[material].Quantity += quantity;
            _lots[material].Initial += quantity;
        }
    }

    private void ChangeStock(int material, long quantity, long now, long onHold = 0)
    {
        SettleStore(material, now);
        ref var m = ref _materials[material];
        var before = m.Free < 0;
        m.OnHand += quantity;
        m.OnHold += onHold;
        CountOverPromised(before, m.Free < 0);
    }

    private void ConsumeMaterial(in PlantEvent e)
    {
        var quantity = MaterialQuantity.Parts(e.Value);
        var material = _lots[e.Arg].Material;
        if (_jobMaterials[e.Job].Status == MaterialNeedStatus.None)
        {
            Ask(e.Job, e.Time.Milliseconds, filled: true);
        }
        else if (_jobMaterials[e.Job].Status is MaterialNeedStatus.Requested or MaterialNeedStatus.Short)
        {
            LeaveLine(e.Job, e.Time.Milliseconds);
        }
        else if (_jobMaterials[e.Job].Status == MaterialNeedStatus.Allocated)
        {
            // What was promised is taken now, all of it: the jobs' other lots are used in the same breath.
            foreach (var need in Plant.MaterialNeedsOf(e.Job))
            {
                Promise(need.Material, -MaterialPlan.Amount(need, Plant.Jobs.QuantityOf(e.Job)));
            }
        }

        Move(e.Job, MaterialNeedTrigger.Consume);
        ChangeStock(material, -quantity, e.Time.Milliseconds);
        _materials[material].Consumed += quantity;
        _materialMeters[material].Consumed += quantity;
        if (Plant.Plant.Materials[material].Tracked)
        {
            _genealogy.Add(new LotEdge(e.Arg, LotBeingMade(e.Job, e.Time.Milliseconds), quantity, e.Time.Milliseconds, e.Equipment, e.Job));
        }

        ref var lot = ref _lots[e.Arg];
        lot.Quantity -= quantity;
        if (lot.Quantity == 0 && e.Arg >= _materials.Length)
        {
            lot.Status = Next(lot.Status, LotTrigger.Empty);
            Unlink(e.Arg);
        }
    }

    private int LotBeingMade(int job, long now)
    {
        ref var lot = ref _lotOfJobLot[Plant.Jobs.JobLot[job]];
        if (lot < 0)
        {
            lot = AddLot(NewLot(LotStatus.InProcess, -1, 0, now) with { JobLot = Plant.Jobs.JobLot[job] });
        }

        return lot;
    }

    private void ProduceLot(in PlantEvent e)
    {
        var quantity = MaterialQuantity.Parts(e.Value);
        var now = e.Time.Milliseconds;
        var stocked = Plant.ProductOf(e.Job).StockedAs?.Index ?? -1;
        _madeJobLots[Plant.Jobs.JobLot[e.Job]] = true;
        if (stocked >= 0)
        {
            _materials[stocked].Produced += quantity;
            ChangeStock(stocked, quantity, now);
            if (!Plant.Plant.Materials[stocked].Tracked)
            {
                _lots[stocked].Quantity += quantity;
                _lots[stocked].Initial += quantity;
            }
        }

        if (!Plant.Materials.TracksLots)
        {
            return;
        }

        var index = LotBeingMade(e.Job, now);
        ref var lot = ref _lots[index];
        lot.CreatedAt = now;
        lot.Initial = quantity;
        if (stocked >= 0 && Plant.Plant.Materials[stocked].Tracked && quantity > 0)
        {
            lot.Status = Next(lot.Status, LotTrigger.Store);
            lot.Material = stocked;
            lot.Quantity = quantity;
            Link(index);
        }
        else
        {
            lot.Status = Next(lot.Status, LotTrigger.Ship);
        }
    }

    private void HoldLot(in PlantEvent e)
    {
        ref var lot = ref _lots[e.Arg];
        lot.Status = Next(lot.Status, LotTrigger.Hold);
        lot.InspectedAt = e.Value > 0 ? (long)e.Value : -1;
        ChangeStock(lot.Material, 0, e.Time.Milliseconds, onHold: lot.Quantity);
    }

    private void ReleaseLot(in PlantEvent e)
    {
        ref var lot = ref _lots[e.Arg];
        lot.Status = Next(lot.Status, LotTrigger.Release);
        lot.InspectedAt = -1;
        ChangeStock(lot.Material, 0, e.Time.Milliseconds, onHold: -lot.Quantity);
    }

    private void ScrapLot(in PlantEvent e)
    {
        ref var lot = ref _lots[e.Arg];
        if (lot.Material >= 0)
        {
            ChangeStock(lot.Material, -lot.Quantity, e.Time.Milliseconds, onHold: lot.Status == LotStatus.Hold ? -lot.Quantity : 0);
            _materials[lot.Material].Scrapped += lot.Quantity;
            Unlink(e.Arg);
        }

        lot.Status = Next(lot.Status, LotTrigger.Scrap);
        lot.InspectedAt = -1;
        lot.Quantity = 0;
    }

    private void CountLot(in PlantEvent e)
    {
        ref var lot = ref _lots[e.Arg];
        var found = MaterialQuantity.Parts(e.Value) - lot.Quantity;
        ChangeStock(lot.Material, found, e.Time.Milliseconds, onHold: lot.Status == LotStatus.Hold ? found : 0);
        _materials[lot.Material].Adjusted += found;
        lot.Quantity += found;
    }

    private void ScrapOfLot(in PlantEvent e)
    {
        if (_scrapOfJobLot.Length > 0)
        {
            _scrapOfJobLot[Plant.Jobs.JobLot[e.Job]] += e.Value;
        }
    }

    private static LotStatus Next(LotStatus status, LotTrigger trigger) => (LotStatus)LotLifecycle.Table.Next((int)status, (int)trigger);
}
