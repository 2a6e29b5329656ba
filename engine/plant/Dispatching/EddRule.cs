namespace DigitalTwin.Plant.Dispatching;

/// <summary>Earliest due date.</summary>
public sealed class EddRule : IDispatchRule
{
    public double Score(in DispatchCandidate candidate) => candidate.DueMs;

    public double Floor(in DispatchCandidate candidate) => candidate.DueMs;
}
