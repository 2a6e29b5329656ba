namespace DigitalTwin.Scheduler.Search.Neighbourhoods;

/// <summary>A batch goes to another place, on its own machine or on another that can take it.</summary>
internal sealed class Relocate : INeighbourhood
{
    public bool Propose(ClusterState state, SearchRandom random)
    {
        if (Picking.Batch(state, random) is not { } batch)
        {
            return false;
        }

        var options = state.Task(batch.Tasks[0]).Options;
        var machine = random.Below(3) == 0 ? batch.Machine : options[random.Below(options.Length)].Equipment;
        if (machine != batch.Machine && !state.Fits(batch.Tasks, batch.Load, machine))
        {
            return false;
        }

        var position = Place(state, random, batch, machine);
        if (machine == batch.Machine && (position == batch.Position || position == batch.Position + 1))
        {
            return false;
        }

        Picking.Move(state, batch, machine == batch.Machine ? batch : state.Make(batch.Tasks, machine), position);
        return true;
    }

    /// <summary>Near the present place as a rule, anywhere now and then.</summary>
    private static int Place(ClusterState state, SearchRandom random, ClusterBatch batch, int machine)
    {
        var count = state.LaneOf(machine).Count;
        if (!state.SameLane(machine, batch.Machine) || random.Below(3) == 0)
        {
            return random.Below(count + 1);
        }

        var reach = Math.Max(3, count / 4);
        return Math.Clamp(batch.Position - reach + random.Below(2 * reach + 1), 0, count);
    }
}
