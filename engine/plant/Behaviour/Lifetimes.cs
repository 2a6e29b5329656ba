using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>The cumulative hazard H(a) = −ln P(life > a) of a life, and its inverse.</summary>
/// <remarks>H of the age at failure is a unit exponential whatever the law, so that the life of a component that has reached an age, or was minimally
/// repaired at it, is the inverse of H(age) + E (Barlow and Proschan, Mathematical Theory of Reliability, 1965).</remarks>
public static class Lifetimes
{
    private const double LargestHazard = 34; // beyond it 1 − e^−H is 1

    /// <summary>H(age); 0 at age 0. Where no life reaches the age it is the largest hazard that can be told.</summary>
    public static double HazardAt(Distribution law, double age)
    {
        if (age <= 0)
        {
            return 0;
        }

        switch (law.Kind)
        {
            case DistributionKind.Exponential: return age / law.A;
            case DistributionKind.Weibull: return Math.Pow(age / law.B, law.A);
        }

        var (low, high) = (0.0, LargestHazard);
        if (AgeAt(law, high) <= age)
        {
            return high;
        }

        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = AgeAt(law, middle) <= age ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The age at which the cumulative hazard reaches a value.</summary>
    public static double AgeAt(Distribution law, double hazard) => law.Kind switch
    {
        DistributionKind.Exponential => law.A * hazard,
        DistributionKind.Weibull => law.B * Math.Pow(hazard, 1 / law.A),
        _ => law.Quantile(1 - Math.Exp(-Math.Min(hazard, LargestHazard))),
    };
}
