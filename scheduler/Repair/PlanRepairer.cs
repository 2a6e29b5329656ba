using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Repair;

/// <summary><see cref="PlanRepair"/> for those who may not know the scheduler.</summary>
public sealed class PlanRepairer : IPlanRepairer
{
    public RepairOffer Repair(RepairAsk ask, CancellationToken stop = default)
    {
        var result = PlanRepair.Run(
            new RepairRequest
            {
                Plant = ask.From.Plant, From = ask.From, Current = ask.Current, Stability = ask.Stability, Frozen = ask.Frozen, TimeLimit = ask.TimeLimit, Workers = ask.Workers,
            },
            null, stop);
        var diff = result.Diff;
        return new RepairOffer(
            result.Schedule, result.Objective, result.Shifted,
            [.. diff.Moves.Select(m => new OfferedMove(m.Kind.ToString(), m.Job, m.From, m.To, m.FromStart, m.ToStart, m.Cause.Reason.ToString(), m.Cause.Equipment, m.Cause.Job))],
            diff.Moved, diff.Kept, [.. diff.NewlyLate.Select(o => o.Order)], [.. diff.Rescued.Select(o => o.Order)]);
    }
}
