namespace DigitalTwin.Plant.Snapshots;

/// <summary>A snapshot that cannot be used: damaged, cut short, of another scenario or of another version. The message says which, and what to do.</summary>
public sealed class SnapshotException : Exception
{
    public SnapshotException()
    {
    }

    public SnapshotException(string message)
        : base(message)
    {
    }

    public SnapshotException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
