using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>Why an order cannot be made, or not in time, operation by operation, in words that name no order of anybody else.</summary>
internal sealed class QuoteReasons(PlantState expected, int order)
{
    private readonly CompiledScenario _plant = expected.Plant;

    public ImmutableArray<string> List(bool impossible, SimTime? finish, SimTime? due)
    {
        var reasons = ImmutableArray.CreateBuilder<string>();
        var lot = _plant.Jobs.OrderFirstLot[order];
        for (var job = _plant.Jobs.LotFirstJob[lot]; job < _plant.Jobs.LotFirstJob[lot + 1] && impossible; job++)
        {
            if (WhyNot(job) is { } why)
            {
                reasons.Add($"{_plant.OperationOf(job).Id}: {why}");
            }
        }

        if (impossible && reasons.Count == 0)
        {
            reasons.Add("every operation has a machine, but the plant does not come to it within three horizons");
        }

        if (finish is { } end && due is { } date && end > date)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"expected {(end - date).Hours:0.#} h after the date: {Waiting()}"));
        }

        return reasons.ToImmutable();
    }

    private string? WhyNot(int job)
    {
        var machines = _plant.Groups[_plant.GroupOf(job)];
        var (quantity, tenant) = (_plant.Jobs.QuantityOf(job), _plant.OrderOf(job).Tenant);
        if (machines.Length == 0)
        {
            return "no machine can do it";
        }

        var kept = machines.Count(e => !_plant.Plant.Equipment[e].Shared && _plant.Plant.Equipment[e].Owner != tenant);
        var small = machines.Count(e => _plant.Plant.Equipment[e].CapacityMax < quantity);
        var open = machines.Where(e => _plant.FitsEquipment(job, e)).ToList();
        if (open.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"none of {machines.Length} machines takes it: {kept} kept by their owners, {small} too small for a lot of {quantity:0.##}, the others not for its family");
        }

        if (!_plant.Capacity.InUse)
        {
            return null;
        }

        var least = double.PositiveInfinity;
        foreach (var e in open)
        {
            if (_plant.Capacity.OfferedOf(e) is null || _plant.Capacity.OwnerOf(e) == (tenant?.Index ?? -1))
            {
                return null; // no offer is needed there
            }

            var (first, end) = _plant.Capacity.OffersOf(e);
            for (var o = first; o < end; o++)
            {
                least = Math.Min(least, _plant.Capacity.TermsOf(o).MinimumLot);
            }
        }

        return least > quantity
            ? string.Create(CultureInfo.InvariantCulture, $"the smallest lot that any of {open.Count} owners' offers takes is {least:0.##}")
            : "no offered hours are free for it";
    }

    /// <summary>How much of the way is work, and how much is waiting.</summary>
    private string Waiting()
    {
        var lot = _plant.Jobs.OrderFirstLot[order];
        var (first, end) = (_plant.Jobs.LotFirstJob[lot], _plant.Jobs.LotFirstJob[lot + 1]);
        var (worst, longest, waited, worked) = (first, -1L, 0L, 0L);
        for (var job = first; job < end; job++)
        {
            ref readonly var state = ref expected.Jobs[job];
            var wait = state.StartAt - state.ReadyAt;
            (worst, longest) = wait > longest ? (job, wait) : (worst, longest);
            waited += wait;
            worked += state.EndAt - state.StartAt;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{worked / (double)Duration.MillisecondsPerHour:0.#} h of work and {waited / (double)Duration.MillisecondsPerHour:0.#} h before machines, most before {_plant.OperationOf(worst).Id}");
    }
}
