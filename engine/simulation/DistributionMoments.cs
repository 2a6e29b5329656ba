namespace DigitalTwin.Simulation;

internal static class DistributionMoments
{
    public static double Mean(Distribution d) => d.A;
}
internal static class StubSampling { }
