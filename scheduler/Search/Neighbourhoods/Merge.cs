namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>Two batches of one key become one, on the machine of either or on a larger one.</summary>
internal sealed class Merge : INeighbourhood
{
    private const int Tries = 8;

    public bool Propose(ClusterState state, SearchRandom random)
    {
        if (Picking.Batch(state, random) is not { } batch || state.Task(batch.Tasks[0]) is not { BatchKey: >= 0 and var key, Lock: < 0 } lead)
        {
            return false;
        }

        var mates = state.TasksWithKey(key);
        for (var n = 0; n < Tries && mates.Count > batch.Tasks.Length; n++)
        {
            var other = state.BatchOf(mates[random.Below(mates.Count)]);
            if (ReferenceEquals(other, batch) || other.Pinned)
            {
                continue;
            }

            var machine = random.Below(3) switch { 0 => batch.Machine, 1 => other.Machine, _ => lead.Options[random.Below(lead.Options.Length)].Equipment };
            int[] tasks = [.. batch.Tasks, .. other.Tasks];
            if (!state.SameLane(machine, batch.Machine) && !state.SameLane(machine, other.Machine) && !state.SameLane(batch.Machine, other.Machine))
            {
                continue; // three lanes
            }

            if (state.Fits(tasks, batch.Load + other.Load, machine))
            {
                Join(state, random, batch, other, state.Make(tasks, machine));
                return true;
            }
        }

        return false;
    }

    private static void Join(ClusterState state, SearchRandom random, ClusterBatch batch, ClusterBatch other, ClusterBatch joined)
    {
        var target = random.Below(2) == 0 ? batch : other;
        var position = state.SameLane(target.Machine, joined.Machine) ? target.Position : random.Below(state.LaneOf(joined.Machine).Count + 1);
        var (first, second) = batch.Position > other.Position ? (batch, other) : (other, batch);
        state.Edit(first.Machine).RemoveAt(first.Position);
        state.Edit(second.Machine).RemoveAt(second.Position);
        var lane = state.Edit(joined.Machine);
        foreach (var gone in (ClusterBatch[])[batch, other])
        {
            position -= state.SameLane(gone.Machine, joined.Machine) && gone.Position < position ? 1 : 0;
        }

        lane.Insert(Math.Clamp(position, 0, lane.Count), joined);
    }
}
