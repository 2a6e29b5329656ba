using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>A batch in a cluster search. Decisions never change: a move puts another batch in its place.</summary>
internal sealed class ClusterBatch(int[] tasks, int machine)
{
    public int[] Tasks { get; } = tasks;

    public int Machine { get; } = machine;

    /// <summary>Never moved: locked, or on a machine with locks.</summary>
    public bool Pinned { get; init; }

    public double Load { get; init; }

    public long Work { get; init; }

    public bool Underloaded { get; init; }

    // What follows from its place; written when a move is accepted.
    public int Position { get; set; }
    public long SetupStart { get; set; }
    public long Start { get; set; }
    public long End { get; set; }
    public MachineCondition After { get; set; }
    public double Cost { get; set; }
}

/// <summary>A list of batches that are timed together, in order of precedence for machines and auxiliaries.</summary>
internal sealed class Lane
{
    public ClusterBatch[] Items { get; private set; } = new ClusterBatch[16];

    public int Count { get; private set; }

    /// <summary>First place that an edit changed.</summary>
    public int Changed { get; private set; }

    public double Cost { get; set; }

    /// <summary>Latest end of a lot with a task in it.</summary>
    public long Last { get; set; }

    public void CopyFrom(Lane other)
    {
        if (Items.Length < other.Count + 2)
        {
            Items = new ClusterBatch[other.Count * 2 + 2];
        }

        Array.Copy(other.Items, Items, other.Count);
        (Count, Changed, Cost, Last) = (other.Count, other.Count, other.Cost, other.Last);
    }

    /// <summary>Has everything from a place on timed anew.</summary>
    public void ChangeFrom(int position) => Changed = position;

    public void Add(ClusterBatch batch) => Insert(Count, batch);

    public void Insert(int position, ClusterBatch batch)
    {
        if (Count == Items.Length)
        {
            var larger = new ClusterBatch[Count * 2];
            Array.Copy(Items, larger, Count);
            Items = larger;
        }

        Array.Copy(Items, position, Items, position + 1, Count - position);
        Items[position] = batch;
        Count++;
        Changed = Math.Min(Changed, position);
    }

    public void RemoveAt(int position)
    {
        Array.Copy(Items, position + 1, Items, position, Count - position - 1);
        Items[--Count] = null!;
        Changed = Math.Min(Changed, position);
    }

    public void Replace(int position, ClusterBatch batch)
    {
        Items[position] = batch;
        Changed = Math.Min(Changed, position);
    }
}
