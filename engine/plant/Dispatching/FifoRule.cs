namespace DigitalTwin.Plant.Dispatching;

/// <summary>First in, first out: the job that became ready first.</summary>
public sealed class FifoRule : IDispatchRule
{
    public double Score(in DispatchCandidate candidate) => candidate.ReadyMs;

    public double Floor(in DispatchCandidate candidate) => candidate.ReadyMs;
}
