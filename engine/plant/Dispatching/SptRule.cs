namespace DigitalTwin.Plant.Dispatching;

/// <summary>Shortest processing time.</summary>
public sealed class SptRule : IDispatchRule
{
    public double Score(in DispatchCandidate candidate) => candidate.ProcessingMs;

    public double Floor(in DispatchCandidate candidate) => candidate.ProcessingMs;
}
