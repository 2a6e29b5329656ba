using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>The weighted objective of a laid-out plan, as a search sees it; the reported one comes from <see cref="ObjectiveEvaluator"/>.</summary>
internal sealed class PlanObjective
{
    private readonly SchedulingProblem _problem;
    private readonly long[] _orderEnd;
    private readonly bool _instability;
    private readonly bool _energy;

    public PlanObjective(SchedulingProblem problem)
    {
        _problem = problem;
        _orderEnd = new long[problem.Orders.Length];
        _instability = problem.Weights.Instability > 0 && problem.Current is not null;
        _energy = problem.Weights.EnergyCost > 0;
    }

    /// <summary>What a batch below its machine's minimum load costs a search on top: as much as an ordinary order a day late.</summary>
    public static double UnderloadPenalty(SchedulingProblem problem) => 1 + 24 * problem.Weights.Tardiness;

    /// <summary>Whether a batch is below the minimum load of its machine.</summary>
    public static bool IsUnderloaded(SchedulingProblem problem, PlanBatch batch) =>
        problem.Machines[batch.Equipment].CapacityMin is var least and > 0
        && problem.Tasks[batch.Tasks[0]].BatchKey >= 0 && problem.LoadOf(batch.Tasks) < least * (1 - 1e-9);

    /// <summary>The objective, plus the penalty of under-loaded batches.</summary>
    public double Of(IReadOnlyList<PlanBatch> plan)
    {
        var weights = _problem.Weights;
        var (setup, cost, energy, moved, underloaded) = (0L, 0.0, 0.0, 0, 0);
        var last = _problem.Now.Milliseconds;
        for (var o = 0; o < _orderEnd.Length; o++)
        {
            _orderEnd[o] = _problem.Orders[o].CommittedEnd;
        }

        foreach (var machine in _problem.Machines)
        {
            last = machine.CommittedEnds.IsEmpty ? last : Math.Max(last, machine.CommittedEnds[^1]);
        }

        foreach (var batch in plan)
        {
            setup += batch.Setup.Time;
            cost += batch.Setup.Cost;
            last = Math.Max(last, batch.End);
            underloaded += IsUnderloaded(_problem, batch) ? 1 : 0;
            energy += _energy ? EnergyCost(batch) : 0;
            foreach (var task in batch.Tasks)
            {
                ref var end = ref _orderEnd[_problem.Tasks[task].Order];
                end = Math.Max(end, batch.End);
                moved += _instability && Moved(task, batch) ? 1 : 0;
            }
        }

        return weights.Tardiness * Tardiness()
            + weights.Makespan * Hours(last - _problem.Now.Milliseconds)
            + weights.ChangeoverTime * Hours(setup)
            + weights.ChangeoverCost * cost
            + weights.EnergyCost * energy
            + weights.Instability * moved
            + UnderloadPenalty(_problem) * underloaded;
    }

    /// <summary>Electricity of a batch and its setup at its place in time, currency.</summary>
    public double EnergyCost(PlanBatch batch)
    {
        if (_problem.Plant.TariffOf(batch.Equipment) is not { } tariff)
        {
            return 0;
        }

        var lead = _problem.LeadOf(batch.Tasks, batch.Equipment);
        var planned = new PlannedBatch
        {
            Equipment = new EquipmentId(batch.Equipment), Jobs = [new JobId(_problem.Tasks[lead].Job)],
            SetupStart = new SimTime(batch.SetupStart), Start = new SimTime(batch.Start), End = new SimTime(batch.End),
        };
        var cost = EnergyProfile.Of(_problem.Plant, planned).Sum(p => p.Kw * tariff.CostPerKw(p.Start, p.End));
        return cost + tariff.CostOf(batch.Setup.EnergyKwh, new SimTime(batch.SetupStart), new SimTime(batch.SetupStart + batch.Setup.Time));
    }

    private bool Moved(int task, PlanBatch batch)
    {
        var (equipment, start) = _problem.Placed[task];
        return equipment >= 0 && (equipment != batch.Equipment || Math.Abs(start - batch.Start) > ObjectiveEvaluator.MovedBeyond.Milliseconds);
    }

    private double Tardiness()
    {
        var sum = 0.0;
        for (var o = 0; o < _orderEnd.Length; o++)
        {
            if (_problem.Orders[o] is { Counts: true, Due: { } due, Weight: var weight })
            {
                sum += weight * Hours(Math.Max(0, _orderEnd[o] - due));
            }
        }

        return sum;
    }

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;
}
