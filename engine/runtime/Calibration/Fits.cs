using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Runtime.Calibration;

/// <summary>Maximum-likelihood fits of what a plant shows, and how well a distribution explains it.</summary>
public static class Fits
{
    private const int Draws = 4000;

    /// <summary>Lognormal of positive values, at least two: mean and unbiased deviation of the logarithms.</summary>
    public static Distribution Lognormal(IReadOnlyList<double> values)
    {
        var logs = values.Select(x => Math.Log(x)).ToArray();
        var mean = logs.Average();
        return Distribution.Lognormal(Math.Exp(mean), Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1)));
    }

    /// <summary>Exponential of lives of which some have not ended: all time under risk over the failures seen.</summary>
    public static Distribution Exponential(IReadOnlyList<double> ended, IReadOnlyList<double> censored) =>
        Distribution.Exponential((ended.Sum() + censored.Sum()) / ended.Count);

    /// <summary>Weibull of lives of which some have not ended (Lawless, Statistical Models and Methods for Lifetime Data, §5.2): the shape solves
    /// Σ tᵏ ln t / Σ tᵏ − 1/k − mean of ln t over the failures = 0, sums over all lives; the scale is (Σ tᵏ / failures)^(1/k).</summary>
    public static Distribution Weibull(IReadOnlyList<double> ended, IReadOnlyList<double> censored)
    {
        var largest = ended.Concat(censored).Max();
        var all = ended.Concat(censored).Where(t => t > 0).Select(t => t / largest).ToArray(); // powers of shares of the largest cannot overflow
        var meanLog = ended.Average(t => Math.Log(Math.Max(t, 1) / largest));
        var (low, high) = (0.05, 50.0);
        for (var i = 0; i < 80; i++)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = Score(middle) < 0 ? (middle, high) : (low, middle);
        }

        var shape = Math.Sqrt(low * high);
        return Distribution.Weibull(shape, largest * Math.Pow(all.Sum(t => Math.Pow(t, shape)) / ended.Count, 1 / shape));

        double Score(double k) => all.Sum(t => Math.Pow(t, k) * Math.Log(t)) / all.Sum(t => Math.Pow(t, k)) - 1 / k - meanLog;
    }

    /// <summary>Log-likelihood of values, and of lives that lasted at least so long; <c>null</c> where the distribution has no density in closed form here.</summary>
    public static double? LogLikelihood(Distribution d, IReadOnlyList<double> values, IReadOnlyList<double>? censored = null)
    {
        var sum = 0.0;
        foreach (var x in values)
        {
            if (LogDensity(d, x) is not { } density)
            {
                return null;
            }

            sum += density;
        }

        foreach (var x in censored ?? [])
        {
            if (LogSurvival(d, x) is not { } survival)
            {
                return null;
            }

            sum += survival;
        }

        return double.IsFinite(sum) ? sum : null;
    }

    /// <summary>Largest distance between the empirical distribution of the values and the distribution, in [0, 1]; the distribution is drawn from
    /// so often that its own luck is below a hundredth.</summary>
    public static double Distance(Distribution d, IReadOnlyList<double> values)
    {
        var random = new RandomSource(1, 0);
        var draws = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            draws[i] = d.Sample(random, 17, i);
        }

        return KolmogorovSmirnov.Distance([.. values], draws);
    }

    private static double? LogDensity(Distribution d, double x) => d.Kind switch
    {
        DistributionKind.Exponential => -Math.Log(d.A) - x / d.A,
        DistributionKind.Weibull => Math.Log(d.A / d.B) + (d.A - 1) * Math.Log(x / d.B) - Math.Pow(x / d.B, d.A),
        DistributionKind.Lognormal when d.B > 0 => -Math.Log(x * d.B * Math.Sqrt(2 * Math.PI)) - Math.Pow(Math.Log(x / d.A) / d.B, 2) / 2,
        DistributionKind.Uniform when d.B > d.A => x >= d.A && x <= d.B ? -Math.Log(d.B - d.A) : double.NegativeInfinity,
        DistributionKind.TruncatedNormal => x < d.C ? double.NegativeInfinity
            : Math.Log(NormalDistribution.Density((x - d.A) / d.B) / d.B) - Math.Log(NormalDistribution.Cumulative((d.A - d.C) / d.B)),
        _ => null,
    };

    private static double? LogSurvival(Distribution d, double x) => d.Kind switch
    {
        DistributionKind.Exponential => -x / d.A,
        DistributionKind.Weibull => -Math.Pow(x / d.B, d.A),
        DistributionKind.Lognormal when d.B > 0 => Math.Log(NormalDistribution.Cumulative(-Math.Log(x / d.A) / d.B)),
        _ => null,
    };
}
