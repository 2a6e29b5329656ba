using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>A schedule looked at from the side of its constraints: who is before whom on the equipment, and after which setup.</summary>
internal sealed class PlanView
{
    private readonly Dictionary<PlanBatch, Place> _places;

    public PlanView(SchedulingProblem problem, Schedule schedule)
    {
        Problem = problem;
        Batches = PlanConversion.FromSchedule(problem, schedule);
        BatchOf = new PlanBatch?[problem.Tasks.Length];
        OnMachine = [.. problem.Machines.Select(_ => new List<PlanBatch>())];
        _places = new Dictionary<PlanBatch, Place>(Batches.Count);
        Users = [.. problem.Plant.Plant.Auxiliaries.Select(_ => new List<PlanBatch>())];
        foreach (var batch in Batches)
        {
            Array.ForEach(batch.Tasks, t => BatchOf[t] = batch);
            OnMachine[batch.Equipment].Add(batch);
            foreach (var need in problem.Tasks[batch.Tasks[0]].Auxiliaries)
            {
                Users[need.Auxiliary].Add(batch);
            }
        }

        for (var e = 0; e < OnMachine.Length; e++)
        {
            foreach (var (batch, place) in Walk(problem.Machines[e], OnMachine[e]))
            {
                batch.Setup = place.Setup;
                _places.Add(batch, place);
            }
        }
    }

    /// <summary>What must be over on the equipment before a batch may be begun there.</summary>
    /// <param name="Setup">Setup that the sequence requires.</param>
    /// <param name="FreeAt">When the slot (or, for a setup, the whole equipment) is free.</param>
    /// <param name="After">The batch that frees it; <c>null</c> for work in progress, a repair, or an idle machine.</param>
    /// <param name="LastStart">Start of the batch before it in the sequence, which it does not overtake.</param>
    public readonly record struct Place(SetupStep Setup, long FreeAt, PlanBatch? After, long LastStart);

    public SchedulingProblem Problem { get; }

    /// <summary>All batches by start.</summary>
    public List<PlanBatch> Batches { get; }

    /// <summary>Batch of each task; <c>null</c> where the schedule does not plan it.</summary>
    public PlanBatch?[] BatchOf { get; }

    /// <summary>Per equipment, its batches by start.</summary>
    public List<PlanBatch>[] OnMachine { get; }

    /// <summary>Per auxiliary resource, the batches that hold it.</summary>
    public List<PlanBatch>[] Users { get; }

    public Place PlaceOf(PlanBatch batch) => _places[batch];

    /// <summary>The place it would have if another batch were not there.</summary>
    public Place PlaceOf(PlanBatch batch, PlanBatch without)
    {
        if (without.Equipment != batch.Equipment)
        {
            return _places[batch];
        }

        return Walk(Problem.Machines[batch.Equipment], OnMachine[batch.Equipment].Where(b => b != without)).First(p => p.Batch == batch).Place;
    }

    private IEnumerable<(PlanBatch Batch, Place Place)> Walk(ProblemMachine machine, IEnumerable<PlanBatch> sequence)
    {
        var slots = new (long End, PlanBatch? By)[machine.Slots];
        Array.Fill(slots, (machine.FreeFrom, null));
        for (var s = 0; s < machine.CommittedEnds.Length && s < slots.Length; s++)
        {
            slots[s].End = Math.Max(machine.FreeFrom, machine.CommittedEnds[^(s + 1)]);
        }

        var condition = machine.Condition;
        var lastStart = long.MinValue;
        foreach (var batch in sequence)
        {
            Array.Sort(slots, (a, b) => a.End.CompareTo(b.End));
            var lead = Problem.Tasks[batch.Tasks[0]];
            var before = condition.Family;
            var setup = Timing.Prepare(Problem, machine, ref condition, lead);
            var whole = setup.Time > 0 || (machine.Rule >= 0 && before != condition.Family);
            var (free, by) = whole ? slots[^1] : slots[0];
            yield return (batch, new Place(setup, free, by, lastStart));
            lastStart = batch.Start;
            slots[0] = (batch.End, batch);
            condition = Timing.After(Problem, machine, condition, lead.Family);
        }
    }
}
