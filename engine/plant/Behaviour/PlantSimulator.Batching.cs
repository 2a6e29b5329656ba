using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Batching (配缸): a seed job takes company of its batch key until the equipment is full; a batch that is too small waits.
public sealed partial class PlantSimulator
{
    /// <summary>Fills <see cref="_members"/> from the seed; false when the batch should rather wait for more.</summary>
    private bool FormBatch(int equipment, int seed)
    {
        ref readonly var machine = ref _plant.CompiledEquipmentOf(equipment);
        var key = _plant.BatchKeyOf(seed);
        var load = _plant.CompiledJobOf(seed).Quantity;
        var company = new List<(double Score, long ReadyMs, int Job)>();
        foreach (var job in _queues.Of(_plant.GroupOf(seed)))
        {
            if (job != seed && _plant.BatchKeyOf(job) == key && IsFree(job) && _plant.FitsEquipment(job, equipment))
            {
                company.Add((ScoreOf(job, equipment, Duration.Zero), Job(job).ReadyAt, job));
            }
        }

        company.Sort();
        foreach (var (_, _, job) in company)
        {
            var quantity = _plant.CompiledJobOf(job).Quantity;
            if (load + quantity <= machine.CapacityMax * (1 + 1e-12))
            {
                load += quantity;
                _members.Add(job);
            }
        }

        return load >= machine.CapacityMin || MayStartSmall(equipment, seed, load);
    }

    /// <summary>An under-loaded batch starts when it has waited long enough, or when nothing that could join is still to come and no
    /// smaller machine would be full.</summary>
    private bool MayStartSmall(int equipment, int seed, double load)
    {
        if (_plant.Plant.EquipmentClasses[_plant.CompiledEquipmentOf(equipment).Class].BatchWait is { } limit)
        {
            var oldest = long.MaxValue;
            foreach (var job in _members)
            {
                oldest = Math.Min(oldest, Job(job).ReadyAt);
            }

            var until = new SimTime(oldest) + limit;
            if (until <= _now)
            {
                return true;
            }

            Schedule(until, new Pending(PendingKind.WakeEquipment, equipment));
        }

        return _upcoming[_plant.BatchKeyOf(seed)] == 0 && !FitsSmaller(equipment, seed, load);
    }

    private bool FitsSmaller(int equipment, int seed, double load)
    {
        var capacityMin = _plant.CompiledEquipmentOf(equipment).CapacityMin;
        foreach (var other in _plant.Groups[_plant.GroupOf(seed)])
        {
            ref readonly var machine = ref _plant.CompiledEquipmentOf(other);
            if (machine.CapacityMin < capacityMin && machine.CapacityMax >= load && _plant.FitsEquipment(seed, other))
            {
                return true;
            }
        }

        return false;
    }
}
