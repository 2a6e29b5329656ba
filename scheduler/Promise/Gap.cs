using DigitalTwin.Scheduler.Construction;

namespace DigitalTwin.Scheduler.Promise;

/// <summary>A place for a batch.</summary>
/// <param name="Position">Index in the machine's sequence; −1 where it joins a batch or shares a machine of several slots.</param>
internal readonly record struct Gap(int Equipment, int Position, long SetupStart, long Start, long End, PlanBatch? Joins)
{
    public static readonly Gap None = new(-1, -1, 0, 0, long.MaxValue, null);
}
