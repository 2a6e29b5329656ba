namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>A batch goes right behind, or right before, another batch of its family, wherever that is: changeovers vanish.</summary>
internal sealed class FollowFamily : INeighbourhood
{
    private const int Tries = 6;

    public bool Propose(ClusterState state, SearchRandom random)
    {
        if (Picking.Batch(state, random) is not { } batch)
        {
            return false;
        }

        var family = state.Task(batch.Tasks[0]).Family;
        for (var n = 0; n < Tries; n++)
        {
            var other = state.BatchOf(state.Tasks[random.Below(state.Tasks.Length)]);
            if (ReferenceEquals(other, batch) || state.Task(other.Tasks[0]).Family != family || !state.Fits(batch.Tasks, batch.Load, other.Machine))
            {
                continue;
            }

            Picking.Move(state, batch, other.Machine == batch.Machine ? batch : state.Make(batch.Tasks, other.Machine), other.Position + random.Below(2));
            return true;
        }

        return false;
    }
}
