namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>A kind of small change to a cluster's decisions.</summary>
internal interface INeighbourhood
{
    /// <summary>Edits the state by one random change of the kind; false when it found none.</summary>
    bool Propose(ClusterState state, SearchRandom random);
}

/// <summary>What neighbourhoods share: which batch to look at.</summary>
internal static class Picking
{
    /// <summary>A random batch that may move; every other time the costlier of two.</summary>
    public static ClusterBatch? Batch(ClusterState state, SearchRandom random)
    {
        var batch = state.BatchOf(state.Tasks[random.Below(state.Tasks.Length)]);
        if (random.Below(2) == 0)
        {
            var other = state.BatchOf(state.Tasks[random.Below(state.Tasks.Length)]);
            batch = other.Cost > batch.Cost ? other : batch;
        }

        return batch.Pinned ? null : batch;
    }

    /// <summary>Moves a batch in the edit: out of its lane and into another place, counted before it is taken out.</summary>
    public static void Move(ClusterState state, ClusterBatch batch, ClusterBatch moved, int position)
    {
        var from = state.Edit(batch.Machine);
        from.RemoveAt(batch.Position);
        var to = state.Edit(moved.Machine);
        to.Insert(Math.Clamp(ReferenceEquals(from, to) && position > batch.Position ? position - 1 : position, 0, to.Count), moved);
    }
}
