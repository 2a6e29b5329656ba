using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

// Selection within a budget: whoever is hard to tell from the best gets the next replications.
public sealed partial class ExperimentProcedure
{
    private SelectionReport SelectWithin(KpiDescriptor<PlantKpis> kpi)
    {
        RequireDirection(kpi);
        if (_design.Budget < 2 * _plans.Length)
        {
            throw new ExperimentException(
                $"a budget of {_design.Budget} runs is less than two for each of {_plans.Length} alternatives. Maybe --budget {FirstStage * _plans.Length}?");
        }

        Extend(All(), Math.Min(FirstStage, _design.Budget / _plans.Length));
        var indifference = IndifferenceFor(kpi);
        if (_stopped)
        {
            return Unfinished(kpi, indifference) with { Procedure = SelectionProcedure.OptimalBudget, Budget = _design.Budget };
        }

        var budget = new OptimalBudget(_plans.Length, indifference);
        Observe();
        while (budget.Spent < _design.Budget && !budget.IsKnown(_design.Level))
        {
            var more = budget.Next(Math.Min(BatchOfReplications, _design.Budget - budget.Spent));
            Extend([.. more.Select((n, a) => budget.Count(a) + n)]);
            Observe();
            if (_stopped)
            {
                break;
            }
        }

        return new SelectionReport(kpi, indifference, _design.Level, budget.Best, budget.Probability >= _design.Level,
            [.. _plans.Select((_, a) => Effort(kpi, a, budget.Count(a), null) with { BeatsBest = budget.ProbabilityOfBeating(a) })])
        {
            Procedure = SelectionProcedure.OptimalBudget, Budget = _design.Budget, Probability = budget.Probability,
        };

        void Observe()
        {
            for (var a = 0; a < _plans.Length; a++)
            {
                while (budget.Count(a) < _results[a].Count)
                {
                    budget.Observe(a, Signed(kpi, _results[a][budget.Count(a)]));
                }
            }
        }
    }
}
