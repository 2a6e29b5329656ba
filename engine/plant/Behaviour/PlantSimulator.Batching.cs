using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Batching (配缸): a seed job takes company of its batch key until the equipment is full; a batch that is too small waits.
public sealed partial class PlantSimulator
{
    [NotState(Scratch)]
    private readonly List<(double Score, long ReadyMs, int Job)> _company = [];

    /// <summary>Fills <see cref="_members"/> from the seed; false when the batch should rather wait for more.</summary>
    private bool FormBatch(int equipment, int seed)
    {
        ref readonly var machine = ref _plant.CompiledEquipmentOf(equipment);
        var key = _plant.BatchKeyOf(seed);
        var load = _plant.CompiledJobOf(seed).Quantity;
        var isFull = false;
        _company.Clear();
        for (var job = _queues.FirstOfKey(key); job >= 0; job = _queues.NextOfKey(job))
        {
            if (job != seed && IsFree(job) && _plant.FitsEquipment(job, equipment))
            {
                _company.Add((ScoreOf(job, equipment, Duration.Zero), Job(job).ReadyAt, job));
            }
        }

        _company.Sort();
        foreach (var (_, _, job) in _company)
        {
            var quantity = _plant.CompiledJobOf(job).Quantity;
            if (load + quantity <= machine.CapacityMax * (1 + 1e-12))
            {
                load += quantity;
                _members.Add(job);
            }
            else
            {
                isFull = true; // somebody had to stay behind
            }
        }

        isFull |= load >= Math.Min(machine.CapacityNominal, machine.CapacityMax) * (1 - 1e-12);
        var wantsMore = _plant.Plant.EquipmentClasses[machine.Class].Forming == BatchForming.Full && !isFull && CompanyMayCome(seed);
        if (machine.Ports > 1 && !wantsMore && !PortLoad.Fills(machine, load))
        {
            load = LeaveOutForPorts(machine, load);
        }

        return (load >= machine.CapacityMin && PortLoad.Fills(machine, load) && !wantsMore) || MayStartSmall(equipment, seed, load);
    }

    /// <summary>A load between two numbers of ports would leave each too empty: those who came last stay behind, if that helps.</summary>
    /// <returns>The load of those who are left; as before, with all of them, where nothing helps.</returns>
    private double LeaveOutForPorts(in CompiledEquipment machine, double load)
    {
        var less = load;
        for (var count = _members.Count - 1; count >= 1; count--)
        {
            less -= _plant.CompiledJobOf(_members[count]).Quantity;
            if (less >= machine.CapacityMin && PortLoad.Fills(machine, less))
            {
                _members.RemoveRange(count, _members.Count - count);
                return less;
            }
        }

        return load;
    }

    /// <summary>When a batch must start for its most urgent member to be in time; <see cref="SimTime.Never"/> when none is promised.</summary>
    private SimTime LatestStart(int equipment, double load)
    {
        var latest = SimTime.Never;
        foreach (var job in _members)
        {
            if (_plant.OrderOf(job).Due is { } due)
            {
                var ahead = _plant.MeanProcessingTime(job, equipment, load) + TimeAfter(job);
                latest = SimTime.Min(latest, due - ahead);
            }
        }

        return latest;
    }

    /// <summary>Expected time of the longest chain of operations after a job, waits included, queues left out.</summary>
    private Duration TimeAfter(int job)
    {
        var longest = Duration.Zero;
        var first = _plant.CompiledJobOf(job).First;
        foreach (var successor in _plant.SuccessorsOf(job))
        {
            var next = first + successor;
            var own = _plant.Groups[_plant.GroupOf(next)] is [var any, ..] ? _plant.MeanProcessingTime(next, any) : Duration.Zero;
            longest = Duration.Max(longest, own + TimeAfter(next));
        }

        return longest + _plant.OperationOf(job).MinWait;
    }

    /// <summary>An under-loaded batch starts when it has waited long enough, or when nothing that could join is still to come and no
    /// smaller machine would be full.</summary>
    private bool MayStartSmall(int equipment, int seed, double load)
    {
        var kind = _plant.Plant.EquipmentClasses[_plant.CompiledEquipmentOf(equipment).Class];
        if (kind.Forming == BatchForming.DuePressed && LatestStart(equipment, load) is var latest && latest != SimTime.Never)
        {
            if (latest <= _now)
            {
                return true;
            }

            Schedule(latest, new Pending(PendingKind.WakeEquipment, equipment));
        }

        if (_limitsWaits && LatestChoice(equipment) is var last && last != SimTime.Never)
        {
            if (last <= _now)
            {
                return true;
            }

            Schedule(last, new Pending(PendingKind.WakeEquipment, equipment));
        }

        if (kind.BatchWait is { } limit)
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

        return !CompanyMayCome(seed) && !FitsSmaller(equipment, seed, load);
    }

    private bool FitsSmaller(int equipment, int seed, double load)
    {
        if (MachineOfDyeLot(seed) == equipment)
        {
            return false; // no other will have it
        }

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
