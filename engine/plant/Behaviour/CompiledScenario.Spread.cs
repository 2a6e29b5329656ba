using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <content>How far processing times scatter by the model: what an observation is judged by.</content>
public sealed partial class CompiledScenario
{
    /// <summary>Standard deviation over mean of the processing time that <see cref="MeanProcessingTime(int, int, double)"/> expects; ≥ 0.</summary>
    /// <remarks>Work W (fixed time, unit time × load) and variation V are independent: Var(WV) = E[W²]·E[V²] − (E[W]·E[V])². Where pieces are counted,
    /// each draws its own unit time and variation, so that only the sum of so many scatters.</remarks>
    public double ProcessingSpread(int lead, int equipment, double load)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var compiled = ref _compiledOperations[job.Operation];
        ref readonly var alternative = ref CompiledAlternativeOn(compiled, equipment);
        var scale = job.WorkFactor / _equipment[equipment].SpeedFactor;
        var variation = _operations[job.Operation].Variation;
        var (v, vv) = (variation.Mean, variation.Variance);
        if (compiled.CountsPieces)
        {
            var u = alternative.UnitMean * scale;
            var uu = alternative.UnitTime.Variance * scale * scale;
            var piece = (uu + u * u) * (vv + v * v) - u * u * v * v;
            var whole = alternative.FixedMean * scale + u * v * load;
            return whole > 0 ? Math.Sqrt(alternative.FixedTime.Variance * scale * scale + piece * load) / whole : 0;
        }

        var work = (alternative.FixedMean + alternative.UnitMean * load) * scale + compiled.PhaseMs;
        var workVariance = (alternative.FixedTime.Variance + load * load * alternative.UnitTime.Variance) * scale * scale;
        var variance = (workVariance + work * work) * (vv + v * v) - work * work * v * v;
        return work * v > 0 ? Math.Sqrt(Math.Max(0, variance)) / (work * v) : 0;
    }
}
