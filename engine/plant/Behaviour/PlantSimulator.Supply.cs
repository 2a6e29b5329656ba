using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Supply: reorder rules place orders, sources deliver, quality decides about lots, suppliers close.
public sealed partial class PlantSimulator
{
    private const ulong LeadTimePurpose = 0x1EAD;
    private const ulong ReliabilityPurpose = 0x4E11AB1E;

    private void ReorderFor(int job)
    {
        foreach (var need in _plant.MaterialNeedsOf(job))
        {
            Reorder(need.Material);
        }
    }

    /// <summary>Orders what the material's rule asks for now.</summary>
    private void Reorder(int material)
    {
        var model = _plant.Plant.Materials[material];
        var position = State.Materials[material].Position;
        var point = MaterialQuantity.Parts(model.ReorderPoint);
        var quantity = model.Reorder switch
        {
            ReorderRule.OrderUpTo when position <= point => MaterialQuantity.Parts(model.OrderUpTo) - position,
            ReorderRule.FixedQuantity when position <= point => MaterialQuantity.Parts(model.OrderQuantity) is var q ? ((point - position) / q + 1) * q : 0,
            ReorderRule.PerOrder => MaterialQuantity.Parts(model.SafetyStock) - position,
            _ => 0,
        };
        if (quantity > 0)
        {
            OrderSupply(material, quantity);
        }
    }

    private void Review(int material)
    {
        var model = _plant.Plant.Materials[material];
        if (model.Reorder != ReorderRule.Periodic)
        {
            Reorder(material);
            return;
        }

        if (MaterialQuantity.Parts(model.OrderUpTo) - State.Materials[material].Position is var quantity && quantity > 0)
        {
            OrderSupply(material, quantity);
        }

        Schedule(_now + model.ReviewPeriod, new Pending(PendingKind.ReviewMaterial, Job: material));
    }

    private void OrderSupply(int material, long quantity)
    {
        var source = ChooseSource(material);
        if (source < 0)
        {
            return;
        }

        var model = _plant.Plant.Sources[source];
        quantity = Math.Max(quantity, MaterialQuantity.Parts(model.MinLot));
        var draw = State.Sources[source].Orders;
        var place = State.NextSupply;
        Emit(PlantEventKind.SupplyOrdered, arg: source, value: MaterialQuantity.Units(quantity));
        var begins = _plant.Plant.Sources[source].CapacityPerDay is null ? _now : new SimTime(State.Sources[source].BusyUntil);
        var (opens, factor) = StandingOf(model.Supplier, begins);
        var due = opens + LeadTime(source, draw, factor);
        Emit(PlantEventKind.SupplyExpected, arg: place, value: due.Milliseconds);
        Schedule(due, new Pending(PendingKind.SupplyArrives, Job: place));
    }

    private Duration LeadTime(int source, int draw, double factor)
    {
        var model = _plant.Plant.Sources[source];
        var key = _plant.Materials.SourceKey(source);
        var late = model.Reliability < 1 && _random.Uniform(key ^ ReliabilityPurpose, draw) >= model.Reliability;
        return Duration.FromMilliseconds(Math.Max(0, model.LeadTime.Sample(_random, key ^ LeadTimePurpose, draw) * factor * (late ? model.LateFactor : 1)));
    }

    /// <summary>The first source that is open; where all are closed, the first.</summary>
    private int ChooseSource(int material)
    {
        var sources = _plant.Materials.SourcesOf(material);
        foreach (var source in sources)
        {
            if (StandingOf(_plant.Plant.Sources[source].Supplier, _now).Opens <= _now)
            {
                return source;
            }
        }

        return sources.Length > 0 ? sources[0] : -1;
    }

    /// <summary>When a supplier can begin on an order, and the factor on its lead time then.</summary>
    private (SimTime Opens, double Factor) StandingOf(string supplier, SimTime at)
    {
        var factor = 1.0;
        foreach (var disturbance in _plant.Scenario.SupplyDisturbances)
        {
            if (disturbance.From <= at && at < disturbance.To && disturbance.Supplier == supplier)
            {
                if (disturbance.LeadTimeFactor is { } f)
                {
                    factor *= f;
                }
                else
                {
                    at = disturbance.To;
                }
            }
        }

        return (at, factor);
    }

    /// <summary>A supplier closes: what is under way there comes later by the length of the closure.</summary>
    private void CloseSupplier(SupplyDisturbance closure)
    {
        for (var place = 0; place < State.Supplies.Length; place++)
        {
            var supply = State.Supplies[place];
            if (supply.Open && supply.Source >= 0 && supply.DueAt > _now.Milliseconds && supply.OrderedAt < _now.Milliseconds
                && _plant.Plant.Sources[supply.Source].Supplier == closure.Supplier)
            {
                var due = new SimTime(supply.DueAt) + (closure.To - closure.From);
                Emit(PlantEventKind.SupplyExpected, arg: place, value: due.Milliseconds);
                Schedule(due, new Pending(PendingKind.SupplyArrives, Job: place));
            }
        }
    }

    private void ReceiveSupply(int place)
    {
        var supply = State.Supplies[place];
        if (!supply.Open || supply.DueAt > _now.Milliseconds)
        {
            return; // it came already, or was put off
        }

        Emit(PlantEventKind.SupplyReceived, arg: place, value: MaterialQuantity.Units(supply.Quantity));
        if (_plant.Plant.Materials[supply.Material].Tracked)
        {
            var lot = State.Lots.Length - 1;
            if (supply.Source >= 0 && _plant.Plant.Sources[supply.Source].Inspection is { } inspection && inspection > Duration.Zero)
            {
                var until = _now + inspection;
                Emit(PlantEventKind.LotHeld, arg: lot, value: until.Milliseconds);
                Schedule(until, new Pending(PendingKind.InspectLot, Job: lot));
            }

            WatchExpiry(lot, lot);
        }

        Serve(supply.Material);
    }

    /// <summary>Lets a lot end with its shelf life.</summary>
    private void WatchExpiry(int newest, int lot)
    {
        if (lot >= 0 && lot <= newest && State.Lots[lot].ExpiresAt != long.MaxValue)
        {
            Schedule(new SimTime(State.Lots[lot].ExpiresAt), new Pending(PendingKind.ExpireLot, Job: lot));
        }
    }

    private void ExpireLot(int lot)
    {
        if (IsInStock(lot))
        {
            Decide(lot, LotAction.Scrap);
        }
    }

    private bool IsInStock(int lot) => State.Lots[lot].Status is LotStatus.Available or LotStatus.Released or LotStatus.Hold;

    private void InspectLot(int lot)
    {
        if (State.Lots[lot] is { Status: LotStatus.Hold } held && held.InspectedAt == _now.Milliseconds)
        {
            Decide(lot, LotAction.Release);
        }
    }

    /// <summary>Quality holds, releases or scraps a lot, now. What the lot's status does not permit is left undone.</summary>
    /// <param name="lot">Index of a tracked lot in <see cref="PlantState.Lots"/>.</param>
    /// <returns>Whether anything was done.</returns>
    public bool DecideLot(int lot, LotAction action)
    {
        _now = SimTime.Max(_now, State.Now);
        var done = lot >= State.Materials.Length && lot < State.Lots.Length && Decide(lot, action);
        ScheduleDispatch();
        return done;
    }

    private bool Decide(int lot, LotAction action)
    {
        var trigger = action switch { LotAction.Hold => LotTrigger.Hold, LotAction.Release => LotTrigger.Release, _ => LotTrigger.Scrap };
        if (LotLifecycle.Table.Next((int)State.Lots[lot].Status, (int)trigger) < 0)
        {
            return false;
        }

        var material = State.Lots[lot].Material;
        Emit(action switch { LotAction.Hold => PlantEventKind.LotHeld, LotAction.Release => PlantEventKind.LotReleased, _ => PlantEventKind.LotScrapped }, arg: lot);
        _overPromised |= State.OverPromised > 0;
        if (material >= 0)
        {
            if (action == LotAction.Release)
            {
                Serve(material);
            }
            else
            {
                Reorder(material);
            }
        }

        return true;
    }

    private void DecideAboutReceipt(LotDecision decision)
    {
        for (var lot = State.Materials.Length; lot < State.Lots.Length; lot++)
        {
            if (State.Lots[lot].Receipt == decision.Receipt)
            {
                Decide(lot, decision.Action);
                return;
            }
        }
    }

    /// <summary>Lines, deliveries, reviews and decisions to come, from the state.</summary>
    private void ResumeMaterials()
    {
        if (_lines is null)
        {
            return;
        }

        _overPromised = State.OverPromised > 0;
        for (var job = 0; job < State.JobMaterials.Length; job++)
        {
            ResumeNeed(job);
        }

        for (var place = 0; place < State.Supplies.Length; place++)
        {
            if (State.Supplies[place].Open)
            {
                Schedule(new SimTime(State.Supplies[place].DueAt), new Pending(PendingKind.SupplyArrives, Job: place));
            }
        }

        for (var lot = State.Materials.Length; lot < State.Lots.Length; lot++)
        {
            if (IsInStock(lot))
            {
                WatchExpiry(lot, lot);
                if (State.Lots[lot] is { Status: LotStatus.Hold, InspectedAt: >= 0 } held)
                {
                    Schedule(new SimTime(held.InspectedAt), new Pending(PendingKind.InspectLot, Job: lot));
                }
            }
        }

        for (var m = 0; m < State.Materials.Length; m++)
        {
            ResumeReviews(m);
            if (_lines.Count(m) > 0 && State.Materials[m].Free > 0)
            {
                Schedule(_now, new Pending(PendingKind.ServeMaterial, Job: m)); // an observed receipt or count may have served nobody yet
            }
        }

        var closures = _plant.Scenario.SupplyDisturbances;
        for (var i = 0; i < closures.Length; i++)
        {
            if (closures[i].LeadTimeFactor is null && closures[i].From >= _now)
            {
                Schedule(closures[i].From, new Pending(PendingKind.CloseSupplier, Job: i), priority: -2);
            }
        }

        var decisions = _plant.Scenario.LotDecisions;
        for (var i = 0; i < decisions.Length; i++)
        {
            if (decisions[i].Time >= _now)
            {
                Schedule(decisions[i].Time, new Pending(PendingKind.DecideLot, Job: i), priority: 1); // after receipts of the moment
            }
        }
    }

    private void ResumeNeed(int job)
    {
        ref readonly var need = ref State.JobMaterials[job];
        if (need.Status is MaterialNeedStatus.Requested or MaterialNeedStatus.Short)
        {
            var rank = RankOf(job, need.AskedAt);
            foreach (var line in _plant.MaterialNeedsOf(job))
            {
                _lines!.Add(line.Material, rank, job);
            }
        }

        if (Job(job).Status == JobStatus.Waiting && need.ShortOf >= 0)
        {
            _upcoming[_plant.BatchKeyOf(job)]--;
        }
    }

    private void ResumeReviews(int material)
    {
        var model = _plant.Plant.Materials[material];
        if (model.Reorder == ReorderRule.Periodic)
        {
            var period = model.ReviewPeriod.Milliseconds;
            var next = (_now.Milliseconds + period - 1) / period * period;
            next = next == _now.Milliseconds && _now > SimTime.Zero ? next + period : next;
            Schedule(new SimTime(next), new Pending(PendingKind.ReviewMaterial, Job: material));
        }
        else if (model.Reorder != ReorderRule.None)
        {
            Schedule(_now, new Pending(PendingKind.ReviewMaterial, Job: material));
        }
    }
}
