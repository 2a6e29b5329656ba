using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

// Dye lots: where the operation asks for it, all lots of one dye lot are done on the machine that took the first.
public sealed partial class PlantSimulator
{
    private int[] _dyeLotMachines = []; // per batch key: machine that took its first lot, −1 none yet; empty where no operation asks for it

    [NotState(Scratch)]
    private readonly List<(double Score, long ReadyMs, int Job)> _begunLots = [];

    private static int[] NoDyeLotMachines(CompiledScenario plant)
    {
        if (!plant.Plant.WorkMasters.Any(w => w.Operations.Any(o => o.SameEquipment)))
        {
            return [];
        }

        var machines = new int[plant.BatchKeyCount];
        Array.Fill(machines, -1);
        return machines;
    }

    private bool KeepsMachine(int job) =>
        _dyeLotMachines.Length > 0 && _plant.CompiledOperationOf(job).SameEquipment && _plant.OrderOf(job).DyeLot.Length > 0;

    /// <summary>The machine that a job's dye lot keeps to; −1 when it is free to go anywhere.</summary>
    private int MachineOfDyeLot(int job)
    {
        if (!KeepsMachine(job) || _dyeLotMachines[_plant.BatchKeyOf(job)] is not (>= 0 and var machine))
        {
            return -1;
        }

        return _plant.CanRun(job, machine) && IsEverOpenTo(job, machine) && ChangeoverFor(job, machine).Possible ? machine : -1;
    }

    private bool BelongsElsewhere(int job, int equipment) => MachineOfDyeLot(job) is >= 0 and var machine && machine != equipment;

    private void RememberMachine(int job, int equipment)
    {
        if (KeepsMachine(job) && _dyeLotMachines[_plant.BatchKeyOf(job)] < 0)
        {
            _dyeLotMachines[_plant.BatchKeyOf(job)] = equipment;
        }
    }

    /// <summary>Lists the waiting jobs of dye lots that this machine has begun: they go before anything else.</summary>
    private bool FindBegunDyeLots(int equipment)
    {
        _begunLots.Clear();
        foreach (var group in _plant.EquipmentGroups[equipment])
        {
            foreach (var job in _queues.Of(group))
            {
                if (MachineOfDyeLot(job) == equipment && IsFree(job) && IsPossible(job, equipment, out var changeover))
                {
                    _begunLots.Add((ScoreOf(job, equipment, changeover.Total), Job(job).ReadyAt, job));
                }
            }
        }

        return _begunLots.Count > 0;
    }

    private bool TakeBegunDyeLot(int equipment)
    {
        _begunLots.Sort();
        foreach (var (_, _, job) in _begunLots)
        {
            if (Take(equipment, job))
            {
                return true;
            }
        }

        return false;
    }

    private void ResumeDyeLots()
    {
        if (_dyeLotMachines.Length == 0)
        {
            return;
        }

        foreach (var job in Enumerable.Range(0, _plant.Jobs.JobCount).Where(KeepsMachine)
            .Where(j => Job(j).Equipment >= 0 && Job(j).Status is not (JobStatus.Waiting or JobStatus.Ready or JobStatus.Cancelled))
            .OrderBy(j => Job(j).StartAt < 0 ? long.MaxValue : Job(j).StartAt))
        {
            RememberMachine(job, Job(job).Equipment);
        }
    }
}
