using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Behaviour;

// Buffers: a finished batch leaves where there is a place for it. One that finds none is looked at when the choices of the moment are made,
// and goes through a full buffer only to a machine that takes it at once; what then still stands is blocked.
public sealed partial class PlantSimulator
{
    private readonly List<int> _blocked = []; // leads that wait for space, in the order they were blocked
    private readonly List<int> _finished = []; // leads that ended in this moment and found no place yet, in the order they ended

    private void LeaveOrBlock(int equipment, int lead)
    {
        LeavePhase(lead);
        if (HasPlaces(lead, handOver: false))
        {
            Leave(equipment, lead);
        }
        else
        {
            _finished.Add(lead); // machines that are free may be taken by others of the same moment
        }
    }

    /// <summary>Finished batches move on as far as there are places, longest blocked first. Through a full buffer one goes at a time, so
    /// that the machine that it counts on has chosen before the next is looked at.</summary>
    private bool MoveOn()
    {
        var any = false;
        return MoveOn(_blocked, ref any) || MoveOn(_finished, ref any) || any;
    }

    /// <returns>Whether one was handed over: everybody must choose before the next.</returns>
    private bool MoveOn(List<int> standing, ref bool any)
    {
        for (var i = 0; i < standing.Count; i++)
        {
            var lead = standing[i];
            if (Job(lead).Status is not (JobStatus.Blocked or JobStatus.Running))
            {
                standing.RemoveAt(i--); // its equipment broke in the moment it ended: it ends again, or is done again
                continue;
            }

            var equipment = Job(lead).Equipment;
            if (Equipment(equipment).Status is EquipmentStatus.Down or EquipmentStatus.Repair)
            {
                continue;
            }

            var free = HasPlaces(lead, handOver: false);
            if (free || (!any && HasPlaces(lead, handOver: true)))
            {
                standing.RemoveAt(i--);
                Leave(equipment, lead);
                any = true;
                if (!free)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What ended in this moment and cannot leave blocks its equipment; true when there was any.</summary>
    private bool BlockFinished()
    {
        if (_finished.Count == 0)
        {
            return false;
        }

        foreach (var lead in _finished)
        {
            Emit(PlantEventKind.BatchBlocked, Job(lead).Equipment, lead);
            _blocked.Add(lead);
        }

        _finished.Clear();
        return true;
    }

    /// <summary>Whether every lot of a finished batch finds a place: in the buffer, or (with <paramref name="handOver"/>) in a machine that is free.</summary>
    private bool HasPlaces(int lead, bool handOver)
    {
        foreach (var successor in _plant.SuccessorsOf(lead))
        {
            var next = _plant.CompiledJobOf(lead).First + successor;
            var group = _plant.GroupOf(next);
            var buffer = _plant.BufferOf(group);
            if (buffer != int.MaxValue && !FitsBuffer(lead, group, buffer) && !(handOver && IsTakenAtOnce(next, lead, group)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Batches leave whole; one of more lots than the buffer has places needs it empty.</summary>
    private bool FitsBuffer(int lead, int group, int buffer)
    {
        var lots = 0;
        foreach (var successor in _plant.SuccessorsOf(lead))
        {
            lots += _plant.GroupOf(_plant.CompiledJobOf(lead).First + successor) == group ? Job(lead).BatchSize : 0;
        }

        var waiting = State.ReadyInGroup[group];
        return lots <= buffer - waiting || (waiting == 0 && buffer > 0);
    }

    /// <summary>Whether a free machine of the group takes the next operation of a leaving batch now, so that it needs no place in the buffer.</summary>
    private bool IsTakenAtOnce(int next, int leaving, int group)
    {
        var planned = _plan?.EquipmentOf(next) ?? -1;
        var gathers = _plant.CompiledOperationOf(next).Batches // the lots of a batch gather in the machine, however many
            || Job(next).PendingPredecessors > 1 || _plant.CompiledOperationOf(leaving).MinWaitMs > 0; // or it does not wait there yet
        var waiting = State.ReadyInGroup[group];
        var leavesFew = waiting == 0 || Job(leaving).BatchSize <= _plant.BufferOf(group) - waiting + 1;
        var place = 0;
        while (_takers.Next(group, ref place) is var equipment && equipment >= 0)
        {
            if (planned >= 0 ? equipment == planned
                : gathers ? _plant.FitsEquipment(next, equipment)
                : leavesFew && !IsKeptFree(equipment) && _plan?.Next(equipment, State) is null && IsPossible(next, equipment, out _, leaving))
            {
                return true;
            }
        }

        return false;
    }
}
