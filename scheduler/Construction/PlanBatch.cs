using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>A batch of a plan under construction: the decisions (members, equipment, earliest begin) and the times they lead to.</summary>
internal sealed class PlanBatch(int[] tasks, int equipment)
{
    /// <summary>Members, task indices.</summary>
    public int[] Tasks { get; set; } = tasks;

    public int Equipment { get; set; } = equipment;

    /// <summary>Setup may not begin earlier: a wait chosen on purpose (tariff, longest wait of a successor).</summary>
    public long NotBefore { get; set; }

    public long SetupStart { get; set; }

    public long Start { get; set; }

    public long End { get; set; }

    /// <summary>The setup its place in the sequence requires.</summary>
    public SetupStep Setup { get; set; }

    public PlanBatch Copy() => (PlanBatch)MemberwiseClone();
}

/// <summary>Turns plans into schedules and back.</summary>
internal static class PlanConversion
{
    public static Schedule ToSchedule(SchedulingProblem problem, IEnumerable<PlanBatch> plan, string origin) => new()
    {
        Batches = [.. plan.OrderBy(b => b.Start).ThenBy(b => b.Equipment).Select(b => ToPlanned(problem, b))],
        MadeAt = problem.Now,
        Origin = origin,
    };

    /// <summary>The batches of a schedule in an order in which they can be timed again.</summary>
    public static List<PlanBatch> FromSchedule(SchedulingProblem problem, Schedule schedule) =>
        [.. schedule.Batches
            .OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index)
            .Select(b => new PlanBatch([.. b.Jobs.Select(j => problem.TaskOfJob[j])], b.Equipment)
            {
                SetupStart = b.SetupStart.Milliseconds, Start = b.Start.Milliseconds, End = b.End.Milliseconds,
                NotBefore = b.HoldUntilStart ? b.SetupStart.Milliseconds : 0,
            })];

    private static PlannedBatch ToPlanned(SchedulingProblem problem, PlanBatch batch)
    {
        var lead = problem.LeadOf(batch.Tasks, batch.Equipment);
        var task = problem.Tasks[lead];
        return new PlannedBatch
        {
            Equipment = new EquipmentId(batch.Equipment),
            Jobs = [.. batch.Tasks.OrderBy(t => t == lead ? -1 : t).Select(t => new JobId(problem.Tasks[t].Job))],
            SetupStart = new SimTime(batch.SetupStart),
            Start = new SimTime(batch.Start),
            End = new SimTime(batch.End),
            Family = task.Family >= 0 ? new FamilyId(task.Family) : null,
            // A lock is kept per batch: company of a locked job is locked with it.
            Lock = batch.Tasks.Max(t => problem.Tasks[t].LockKind) is var kind and not LockKind.None ? kind : task.Lock >= 0 ? LockKind.Place : LockKind.None,
            HoldUntilStart = batch.NotBefore > 0 && batch.NotBefore >= batch.SetupStart,
        };
    }
}
