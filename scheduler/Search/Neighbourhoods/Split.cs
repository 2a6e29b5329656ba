namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>A member leaves its batch: for one of its own, or into another batch of its key.</summary>
internal sealed class Split : INeighbourhood
{
    public bool Propose(ClusterState state, SearchRandom random)
    {
        if (Picking.Batch(state, random) is not { Tasks.Length: > 1 } batch || state.Task(batch.Tasks[0]).Lock >= 0)
        {
            return false;
        }

        var leaving = batch.Tasks[random.Below(batch.Tasks.Length)];
        int[] staying = [.. batch.Tasks.Where(t => t != leaving)];
        var load = state.Task(leaving).Load;
        var mates = state.TasksWithKey(state.Task(leaving).BatchKey);
        var other = state.BatchOf(mates[random.Below(mates.Count)]);
        if (!ReferenceEquals(other, batch) && !other.Pinned && state.Fits([.. other.Tasks, leaving], other.Load + load, other.Machine))
        {
            state.Edit(batch.Machine).Replace(batch.Position, state.Make(staying, batch.Machine));
            state.Edit(other.Machine).Replace(other.Position, state.Make([.. other.Tasks, leaving], other.Machine));
            return true;
        }

        var options = state.Task(leaving).Options;
        var machine = options[random.Below(options.Length)].Equipment;
        if (!state.Fits([leaving], load, machine))
        {
            return false;
        }

        state.Edit(batch.Machine).Replace(batch.Position, state.Make(staying, batch.Machine));
        var lane = state.Edit(machine);
        lane.Insert(state.SameLane(machine, batch.Machine) ? batch.Position + random.Below(2) : random.Below(lane.Count + 1), state.Make([leaving], machine));
        return true;
    }
}
