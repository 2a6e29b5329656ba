using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Utilities: how much is asked for, how much is left, and whether a day's cap holds one more.
public sealed partial class PlantSimulator
{
    /// <summary>How utilities treat a batch (its lead) or a changeover (~equipment).</summary>
    private ref readonly UtilityJobState UtilityOf(int who) => ref who < 0 ? ref State.Changeovers[~who].Utility : ref State.UtilityJobs[who];

    private int MachineOf(int who) => who < 0 ? ~who : Job(who).Equipment;

    private bool HasRoom(int utility, double demand, double own)
    {
        var (drawn, count) = DrawnBy(utility, waitingOnly: false);
        var cap = _plant.Utilities!.CapAt(utility, _now);
        var others = drawn + BasePower(utility) - own;
        return count == 0 || others + demand <= cap * (1 + Tolerance);
    }

    /// <summary>What drawing phases ask for at full speed, and how many they are.</summary>
    private (double Demand, int Count) DrawnBy(int utility, bool waitingOnly)
    {
        var (sum, count) = (0.0, 0);
        foreach (var who in _drawing)
        {
            var demand = DemandOf(utility, who, out var waits);
            if (demand > 0 && (!waitingOnly || waits))
            {
                sum += demand;
                count++;
            }
        }

        return (sum, count);
    }

    /// <summary>What the current phase of a drawing batch, or a changeover, asks of a utility at full speed; <paramref name="rigid"/> when it is never slowed down.</summary>
    private double DemandOf(int utility, int lead, out bool rigid)
    {
        if (lead < 0)
        {
            rigid = _plant.Utilities![utility].AtCap == AtCap.Wait;
            return ChangeoverDemand(utility, ~lead, State.Changeovers[~lead].Use, State.Changeovers[~lead].PlannedMs);
        }

        var table = _plant.Utilities!;
        ref readonly var job = ref Job(lead);
        var demand = 0.0;
        rigid = job.Estimated;
        if (!table.Supplies(utility, _plant.Plant.Equipment[job.Equipment].Site))
        {
            return 0;
        }

        foreach (ref readonly var draw in table.DrawsOf(_plant.OperationIndexOf(lead), job.Phase))
        {
            if (draw.Utility == utility)
            {
                demand += State.DemandOf(draw, job.Equipment, lead, job.Phase);
                rigid |= draw.Waits;
            }
        }

        return demand;
    }

    /// <summary>Power that machines draw for something else than a drawing phase, kW; 0 for other utilities.</summary>
    private double BasePower(int utility)
    {
        if (_plant.Utilities![utility].Kind != UtilityKind.Electricity)
        {
            return 0;
        }

        var power = State.Utilities[utility].Rate;
        foreach (var who in _drawing)
        {
            power -= DemandOf(utility, who, out _) * UtilityOf(who).Speed;
        }

        return Math.Max(0, power);
    }

    /// <summary>Power of a machine whose phase does not draw yet: the phase will take its place.</summary>
    private double OwnPower(int utility, int equipment) =>
        _plant.Utilities![utility].Kind == UtilityKind.Electricity && _plant.Plant.Equipment[equipment].Slots == 1 ? Equipment(equipment).Kw : 0;

    /// <summary>Whether a draw from now keeps within the daily cap on every day it touches; one that alone exceeds a day's cap has it for itself.</summary>
    private bool FitsDays(int utility, double demand, long lengthMs)
    {
        var cap = _plant.Utilities![utility].DailyCap!.Value * (1 + Tolerance);
        var (from, end) = (_now.Milliseconds, _now.Milliseconds + lengthMs);
        var drawn = State.DrawnToday(utility, _now);
        while (from < end)
        {
            var midnight = _plant.Utilities.NextMidnight(from);
            var taken = drawn + CommittedUntil(utility, midnight) - CommittedUntil(utility, from);
            var own = demand * (Math.Min(end, midnight) - from) / Duration.MillisecondsPerHour;
            if (own > cap ? taken > Tolerance : taken + own > cap)
            {
                return false;
            }

            (from, drawn) = (midnight, 0);
        }

        return true;
    }

    /// <summary>What the running phases will have drawn from now to a moment, at their present speed.</summary>
    private double CommittedUntil(int utility, long until)
    {
        var sum = 0.0;
        foreach (var who in _drawing)
        {
            var demand = DemandOf(utility, who, out _);
            if (demand > 0)
            {
                var speed = UtilityOf(who).Speed;
                var left = who < 0 ? Equipment(~who).ExpectedEnd - _now.Milliseconds
                    : (State.PhaseEndMs(who, Job(who).Phase) - State.ProgressMs(who, _now)) / speed;
                sum += demand * speed * Math.Clamp(until - _now.Milliseconds, 0, Math.Max(0, left)) / Duration.MillisecondsPerHour;
            }
        }

        return sum;
    }

    /// <summary>How fast the phase of a drawing batch may go on, and the utility that says so.</summary>
    private (double Speed, int Binding) SpeedOf(int equipment, int lead)
    {
        var table = _plant.Utilities!;
        var (speed, binding) = (1.0, -1);
        foreach (ref readonly var draw in table.DrawsOf(_plant.OperationIndexOf(lead), Job(lead).Phase))
        {
            if (draw.Waits || !table.Supplies(draw.Utility, _plant.Plant.Equipment[equipment].Site)
                || State.DemandOf(draw, equipment, lead, Job(lead).Phase) <= 0)
            {
                continue;
            }

            var share = ShareOf(draw.Utility);
            if (share < speed)
            {
                (speed, binding) = (share, draw.Utility);
            }
        }

        return (speed, binding);
    }

    /// <summary>The part of their demand that a utility can give those which may be slowed down, in [<see cref="SlowestSpeed"/>, 1].</summary>
    private double ShareOf(int utility)
    {
        var (all, _) = DrawnBy(utility, waitingOnly: false);
        var (rigid, _) = DrawnBy(utility, waitingOnly: true);
        var left = _plant.Utilities!.CapAt(utility, _now) - rigid - BasePower(utility);
        return all - rigid <= left * (1 + Tolerance) ? 1 : Math.Max(SlowestSpeed, left / (all - rigid));
    }
}
