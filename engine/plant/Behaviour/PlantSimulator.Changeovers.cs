using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Changeovers at utilities: a setup or a cleaning that uses water, steam or power draws like a phase; it waits before it begins, or goes slower.
public sealed partial class PlantSimulator
{
    private bool ChangeoversDraw => _seenRates.Length > 0 && State.Changeovers.Length > 0;

    private bool WaitsToPrepare(int equipment) => ChangeoversDraw && State.Changeovers[equipment].Utility.WaitSince >= 0;

    /// <summary>Whether the utilities have room for the changeover that comes now; otherwise the machine waits in line for them.</summary>
    private bool HasUtilitiesToPrepare(int equipment, in ChangeoverPlan plan, int setter)
    {
        if (!ChangeoversDraw || ObstacleToPrepare(equipment, plan, inTurn: false) is var utility && utility < 0)
        {
            return true;
        }

        if (setter >= 0 && State.CrewOf(equipment).Awaits != CrewTask.None)
        {
            Emit(PlantEventKind.CrewRequested, equipment, arg: (int)CrewTask.None); // nobody stands beside a machine without steam
        }

        SayForWhichUtilityItWaits(equipment, WaitReason.Utility, utility);
        _utilityQueue.Remove(~equipment); // of a batch that was taken from it, if anything
        Enqueue(~equipment, _now.Milliseconds);
        UtilitiesChanged();
        return false;
    }

    private void SayForWhichUtilityItWaits(int equipment, WaitReason reason, int utility)
    {
        for (var job = Equipment(equipment).Reserved; job >= 0; job = Job(job).NextInBatch)
        {
            Emit(PlantEventKind.JobWaits, equipment, job, arg: (int)reason, value: utility);
        }
    }

    /// <summary>A machine in the queue: its changeover begins if there is room for it.</summary>
    /// <returns>Whether it has left the queue.</returns>
    private bool LetInChangeover(int equipment, int place)
    {
        if (!WaitsToPrepare(equipment))
        {
            _utilityQueue.RemoveAt(place); // the batch was taken from it
            return true;
        }

        if (!CanGoOn(equipment) || ObstacleToPrepare(equipment, ChangeoverFor(Equipment(equipment).Reserved, equipment), inTurn: true) >= 0)
        {
            return false;
        }

        _utilityQueue.RemoveAt(place);
        SayForWhichUtilityItWaits(equipment, WaitReason.None, 0);
        Prepare(equipment, letIn: true);
        return true;
    }

    /// <summary>The first utility that has no room for the next part of a changeover; −1 when it may begin.</summary>
    private int ObstacleToPrepare(int equipment, in ChangeoverPlan plan, bool inTurn)
    {
        var lead = Equipment(equipment).Reserved;
        var use = plan.NeedsCleaning ? State.CleaningUse(equipment, plan.Cleaning)
            : State.SetupUse(equipment, Equipment(equipment).Family, _plant.FamilyOf(lead));
        var length = (plan.NeedsCleaning ? plan.CleaningTime : plan.SetupTime).Milliseconds;
        for (var utility = 0; utility < _seenRates.Length; utility++)
        {
            var waits = _plant.Utilities![utility].AtCap == AtCap.Wait;
            if (MayWaitFor(utility, equipment, waits) && ChangeoverDemand(utility, equipment, use, length) is > 0 and var demand
                && !MayDraw(~equipment, utility, demand, length, own: 0, waits, inTurn))
            {
                return utility;
            }
        }

        return -1;
    }

    /// <summary>What a changeover asks of a utility at full speed, unit/h.</summary>
    private double ChangeoverDemand(int utility, int equipment, in ResourceUse use, long lengthMs) =>
        _plant.Utilities!.Supplies(utility, _plant.Plant.Equipment[equipment].Site) ? PlantState.RateOf(_plant.Utilities[utility].Kind, use, lengthMs) : 0;

    /// <summary>How fast a changeover may go on, and the utility that says so.</summary>
    private (double Speed, int Binding) ChangeoverSpeedOf(int equipment)
    {
        var (speed, binding) = (1.0, -1);
        ref readonly var changeover = ref State.Changeovers[equipment];
        for (var utility = 0; utility < _seenRates.Length; utility++)
        {
            if (_plant.Utilities![utility].AtCap == AtCap.Stretch && ChangeoverDemand(utility, equipment, changeover.Use, changeover.PlannedMs) > 0
                && ShareOf(utility) is var share && share < speed)
            {
                (speed, binding) = (share, utility);
            }
        }

        return (speed, binding);
    }

    /// <summary>The setup or cleaning of a machine draws from now, if it uses anything.</summary>
    private void DrawForChangeover(int equipment)
    {
        if (ChangeoversDraw && State.Changeovers[equipment] is { PlannedMs: > 0, Use.IsNothing: false })
        {
            _drawing.Add(~equipment);
            UtilitiesChanged();
        }
    }

    private void ResumeChangeover(int equipment)
    {
        if (Equipment(equipment).Status is EquipmentStatus.Setup or EquipmentStatus.Cleaning)
        {
            DrawForChangeover(equipment);
        }
        else if (WaitsToPrepare(equipment))
        {
            Enqueue(~equipment, State.Changeovers[equipment].Utility.WaitSince);
        }
    }
}
