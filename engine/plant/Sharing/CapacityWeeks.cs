using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>Every machine's hours, week by week: measured before now, expected after.</summary>
internal static class CapacityWeeks
{
    public static List<MachineWeek> Of(PlantState state, BottleneckReport past, TenantId? viewer, int weeksAhead)
    {
        var weeks = new List<MachineWeek>();
        var last = (int)((state.Now - SimTime.Zero).Milliseconds / CapacityMap.Week.Milliseconds) + weeksAhead;
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            var ahead = new Ahead(state, e, viewer);
            for (var week = 0; week < last; week++)
            {
                var (from, to) = (SimTime.Zero + CapacityMap.Week * week, SimTime.Zero + CapacityMap.Week * (week + 1));
                var hours = week < past.Machines[e].UseMs.Length ? Past(past.Machines[e].UseMs[week].AsSpan()) : default;
                if (to > state.Now)
                {
                    hours += ahead.Between(SimTime.Max(from, state.Now), to);
                }

                var offered = OfferedBetween(state.Plant, e, from, to);
                weeks.Add(new MachineWeek(new EquipmentId(e), from, hours with { Offered = offered.Hours }));
            }
        }

        return weeks;
    }

    private static CapacityHours Past(ReadOnlySpan<double> useMs)
    {
        double Hours(double ms) => ms / Duration.MillisecondsPerHour;
        return new CapacityHours(
            Used: Hours(useMs[(int)MachineUse.Working] + useMs[(int)MachineUse.Setup] + useMs[(int)MachineUse.Waiting] + useMs[(int)MachineUse.Blocked]),
            Unused: Hours(useMs[(int)MachineUse.Starved]),
            Committed: 0, Available: 0,
            Unattainable: Hours(useMs[(int)MachineUse.Down] + useMs[(int)MachineUse.Maintenance]),
            Offered: 0);
    }

    private static Duration OfferedBetween(CompiledScenario plant, int equipment, SimTime from, SimTime to)
    {
        if (plant.Capacity.OfferedOf(equipment) is not { } offered)
        {
            return Duration.Zero;
        }

        var sum = Duration.Zero;
        for (var at = offered.NextWorking(from); at < to;)
        {
            var end = SimTime.Min(to, offered.NextChange(at));
            sum += Working(plant, equipment, at, end);
            at = offered.NextWorking(end);
        }

        return sum;
    }

    private static Duration Working(CompiledScenario plant, int equipment, SimTime from, SimTime to) =>
        to <= from ? Duration.Zero : plant.CalendarOf(equipment)?.WorkBetween(from, to) ?? to - from;

    /// <summary>What lies ahead of one machine: hours in which it stands still, those that are taken, and who may have the rest.</summary>
    private sealed class Ahead
    {
        private readonly CompiledScenario _plant;
        private readonly int _equipment;
        private readonly SimTime _up;
        private readonly CalendarTimeline _taken;
        private readonly double _share; // of the machine that a taken hour takes: less than one where several slots are taken one by one
        private readonly bool _open; // to the viewer at any time

        public Ahead(PlantState state, int equipment, TenantId? viewer)
        {
            (_plant, _equipment) = (state.Plant, equipment);
            var machine = _plant.Plant.Equipment[equipment];
            _up = MachineOutlook.UpAt(state, equipment, state.Now);
            _open = machine.Owner is null || machine.Owner == viewer || (machine.Shared && _plant.Capacity.OfferedOf(equipment) is null);
            ref readonly var now = ref state.Equipment[equipment];
            _share = machine.Slots == 1 ? 1 : Math.Min(1, Math.Max(1, now.ActiveCount) / (double)machine.Slots);
            var taken = new List<(long, long)> { (_up.Milliseconds, MachineOutlook.FreeAt(state, equipment, _up).Milliseconds) };
            for (var place = state.FirstReservation(equipment); place >= 0; place = state.Reservations[place].Next)
            {
                taken.Add((Math.Max(_up.Milliseconds, state.Reservations[place].Start), state.Reservations[place].End));
            }

            _taken = CalendarTimeline.FromSpans(taken);
        }

        public CapacityHours Between(SimTime from, SimTime to)
        {
            var total = Working(_plant, _equipment, from, to).Hours;
            var standing = Working(_plant, _equipment, from, SimTime.Min(to, SimTime.Max(from, _up))).Hours;
            from = SimTime.Max(from, _up);
            var taken = Taken(from, to) * _share;
            var free = _open ? total - standing - taken : FreeOffered(from, to);
            return new CapacityHours(0, 0, taken, free, total - standing - taken - free, 0);
        }

        private double FreeOffered(SimTime from, SimTime to)
        {
            if (_plant.Capacity.OfferedOf(_equipment) is not { } offered)
            {
                return 0;
            }

            var free = 0.0;
            for (var at = offered.NextWorking(from); at < to;)
            {
                var end = SimTime.Min(to, offered.NextChange(at));
                free += Working(_plant, _equipment, at, end).Hours - Taken(at, end) * _share;
                at = offered.NextWorking(end);
            }

            return free;
        }

        private double Taken(SimTime from, SimTime to)
        {
            var taken = Duration.Zero;
            for (var at = _taken.NextWorking(from); at < to;)
            {
                var end = SimTime.Min(to, _taken.NextChange(at));
                taken += Working(_plant, _equipment, at, end);
                at = _taken.NextWorking(end);
            }

            return taken.Hours;
        }
    }
}
