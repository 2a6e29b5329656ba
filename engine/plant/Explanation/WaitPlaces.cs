using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Why nothing is taken from a queue, as far as the machines that serve it can tell.</summary>
internal enum PlaceReason : byte
{
    /// <summary>All are at work, being prepared, or their slots are full.</summary>
    Busy,

    /// <summary>One could take work.</summary>
    Free,

    /// <summary>One could take work, but auxiliaries that the work needs are all in use or promised.</summary>
    ShortOfAuxiliaries,

    /// <summary>One stands free with maintenance ordered: what waits would not be over before it, or its people have not come.</summary>
    KeptForMaintenance,

    /// <summary>None is at work; at least one is broken.</summary>
    Broken,

    /// <summary>None is at work or broken; at least one is in maintenance.</summary>
    InMaintenance,

    /// <summary>All are outside working hours.</summary>
    OffShift,
}

/// <summary>Places where jobs wait: a set of machines that can do a job, with the auxiliaries it needs. Each keeps clocks of why nothing was taken.</summary>
/// <remarks>A job notes the clocks when it begins to wait and reads the differences when it stops, so an event costs as much as its machine
/// has places and not as much as jobs wait.</remarks>
internal sealed class WaitPlaces
{
    public const int Reasons = (int)PlaceReason.OffShift + 1;

    private readonly CompiledScenario _plant;
    private readonly int[] _placeOfJob;
    private readonly int[][] _placesOfEquipment;
    private readonly int[][] _placesOfAuxiliary;
    private readonly (int Auxiliary, int Count)[][] _needs; // per place
    private readonly byte[] _condition; // per equipment: a PlaceReason
    private readonly int[] _machines; // per place × reason: machines in that condition
    private readonly byte[] _reason; // per place
    private readonly long[] _since; // per place
    private readonly long[] _clocks; // per place × reason, ms
    private readonly int[] _auxiliaryTaken; // in use or promised

    public WaitPlaces(PlantState state, Schedule? schedule)
    {
        _plant = state.Plant;
        var machines = new List<int[]>();
        var needs = new List<(int, int)[]>();
        _placeOfJob = Number(schedule, machines, needs);
        _needs = [.. needs];
        _placesOfEquipment = Invert(machines, _plant.Plant.Equipment.Length);
        _placesOfAuxiliary = Invert([.. needs.Select(n => n.Select(x => x.Item1).ToArray())], _plant.Plant.Auxiliaries.Length);
        _machines = new int[machines.Count * Reasons];
        _reason = new byte[machines.Count];
        _since = new long[machines.Count];
        _clocks = new long[_machines.Length];
        _condition = new byte[_plant.Plant.Equipment.Length];
        _auxiliaryTaken = state.AuxiliaryInUse.ToArray();
        Array.Fill(_since, state.Now.Milliseconds);
        for (var e = 0; e < _condition.Length; e++)
        {
            _condition[e] = (byte)ConditionOf(state, e);
            foreach (var place in _placesOfEquipment[e])
            {
                _machines[place * Reasons + _condition[e]]++;
            }

            if (state.Equipment[e].Reserved is var lead && lead >= 0)
            {
                Promise(lead, +1);
            }
        }

        for (var place = 0; place < _reason.Length; place++)
        {
            _reason[place] = (byte)ReasonOf(place);
        }
    }

    /// <summary>Looks at a machine again after something happened to it.</summary>
    public void Look(PlantState state, int equipment, long now)
    {
        var condition = (byte)ConditionOf(state, equipment);
        var before = _condition[equipment];
        if (condition == before)
        {
            return;
        }

        _condition[equipment] = condition;
        foreach (var place in _placesOfEquipment[equipment])
        {
            _machines[place * Reasons + before]--;
            _machines[place * Reasons + condition]++;
            Settle(place, now);
        }
    }

    /// <summary>A batch takes auxiliaries (+1) or gives them back (−1).</summary>
    public void TakeAuxiliaries(int lead, int sign, long now)
    {
        Promise(lead, sign);
        foreach (var need in _plant.OperationOf(lead).Auxiliaries)
        {
            foreach (var place in _placesOfAuxiliary[need.Auxiliary])
            {
                Settle(place, now);
            }
        }
    }

    /// <summary>Clock of a reason at the place where a job waits, ms.</summary>
    public long ClockOf(int job, int reason, long now)
    {
        var place = _placeOfJob[job];
        return _clocks[place * Reasons + reason] + (_reason[place] == reason ? now - _since[place] : 0);
    }

    private void Promise(int lead, int sign)
    {
        foreach (var need in _plant.OperationOf(lead).Auxiliaries)
        {
            _auxiliaryTaken[need.Auxiliary] += sign * need.Count;
        }
    }

    private void Settle(int place, long now)
    {
        var reason = (byte)ReasonOf(place);
        if (reason != _reason[place])
        {
            _clocks[place * Reasons + _reason[place]] += now - _since[place];
            _since[place] = now;
            _reason[place] = reason;
        }
    }

    private PlaceReason ReasonOf(int place)
    {
        var machines = _machines.AsSpan(place * Reasons, Reasons);
        if (machines[(int)PlaceReason.Free] > 0)
        {
            foreach (var (auxiliary, count) in _needs[place])
            {
                if (_auxiliaryTaken[auxiliary] + count > _plant.Plant.Auxiliaries[auxiliary].Count)
                {
                    return PlaceReason.ShortOfAuxiliaries;
                }
            }

            return PlaceReason.Free;
        }

        return machines[(int)PlaceReason.KeptForMaintenance] > 0 ? PlaceReason.KeptForMaintenance
            : machines[(int)PlaceReason.Busy] > 0 ? PlaceReason.Busy
            : machines[(int)PlaceReason.Broken] > 0 ? PlaceReason.Broken
            : machines[(int)PlaceReason.InMaintenance] > 0 ? PlaceReason.InMaintenance
            : machines[(int)PlaceReason.OffShift] > 0 ? PlaceReason.OffShift
            : PlaceReason.Busy; // nobody can do it at all
    }

    private static PlaceReason ConditionOf(PlantState state, int equipment)
    {
        ref readonly var machine = ref state.Equipment[equipment];
        return machine.Status switch
        {
            EquipmentStatus.Down or EquipmentStatus.Repair => PlaceReason.Broken,
            EquipmentStatus.Maintenance => PlaceReason.InMaintenance,
            _ when machine.OffShift => PlaceReason.OffShift,
            EquipmentStatus.Setup or EquipmentStatus.Cleaning or EquipmentStatus.Held => PlaceReason.Busy,
            _ when machine.Reserved >= 0 || machine.ActiveCount >= state.Plant.Plant.Equipment[equipment].Slots => PlaceReason.Busy,
            _ => IsMaintenanceAhead(state, equipment) ? PlaceReason.KeptForMaintenance : PlaceReason.Free,
        };
    }

    private static bool IsMaintenanceAhead(PlantState state, int equipment) =>
        (state.Usage.Length > 0 && state.Usage[equipment].Ordered > 0) || state.CrewOf(equipment).Awaits == CrewTask.Maintenance;

    /// <summary>Gives every job its place: the planned machine where a schedule names one, else all that may do it.</summary>
    private int[] Number(Schedule? schedule, List<int[]> machines, List<(int, int)[]> needs)
    {
        var planned = new int[_plant.Jobs.JobCount];
        Array.Fill(planned, -1);
        foreach (var batch in schedule?.Batches ?? [])
        {
            foreach (var job in batch.Jobs)
            {
                planned[job] = batch.Equipment;
            }
        }

        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var alike = new Dictionary<(int Routing, int Operation, int Family, int Tenant, double Quantity, int Planned), int>();
        var places = new int[_plant.Jobs.JobCount];
        for (var job = 0; job < places.Length; job++)
        {
            var likeness = (_plant.ProductOf(job).WorkMaster.Index, _plant.Jobs.OperationIndexOf(job), _plant.FamilyOf(job),
                _plant.OrderOf(job).Tenant?.Index ?? -1, _plant.Jobs.QuantityOf(job), planned[job]);
            if (alike.TryGetValue(likeness, out places[job]))
            {
                continue;
            }

            int[] able = planned[job] >= 0 ? [planned[job]] : [.. _plant.EligibleEquipment(job)];
            (int Auxiliary, int Count)[] need = [.. _plant.OperationOf(job).Auxiliaries.Select(a => (a.Auxiliary.Index, a.Count))];
            var key = string.Join(',', able) + '|' + string.Join(',', need);
            if (!known.TryGetValue(key, out places[job]))
            {
                known.Add(key, places[job] = machines.Count);
                machines.Add(able);
                needs.Add(need);
            }

            alike.Add(likeness, places[job]);
        }

        return places;
    }

    private static int[][] Invert(List<int[]> places, int count)
    {
        var inverse = new List<int>[count];
        for (var i = 0; i < count; i++)
        {
            inverse[i] = [];
        }

        for (var place = 0; place < places.Count; place++)
        {
            foreach (var member in places[place].Distinct())
            {
                inverse[member].Add(place);
            }
        }

        return [.. inverse.Select(i => i.ToArray())];
    }
}
