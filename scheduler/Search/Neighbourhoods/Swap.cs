namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>Two batches change places, machines included.</summary>
internal sealed class Swap : INeighbourhood
{
    public bool Propose(ClusterState state, SearchRandom random)
    {
        if (Picking.Batch(state, random) is not { } one || Picking.Batch(state, random) is not { } other || ReferenceEquals(one, other))
        {
            return false;
        }

        if (one.Machine != other.Machine && (!state.Fits(one.Tasks, one.Load, other.Machine) || !state.Fits(other.Tasks, other.Load, one.Machine)))
        {
            return false;
        }

        state.Edit(one.Machine).Replace(one.Position, one.Machine == other.Machine ? other : state.Make(other.Tasks, one.Machine));
        state.Edit(other.Machine).Replace(other.Position, one.Machine == other.Machine ? one : state.Make(one.Tasks, other.Machine));
        return true;
    }
}
