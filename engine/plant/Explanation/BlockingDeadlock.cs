using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Explanation;

/// <summary>A circle of finished batches that each wait for the place of the next: none of them will ever move.</summary>
/// <param name="Links">In the order of waiting; the last waits for the equipment of the first.</param>
/// <remarks>
/// It is a property of the plant, not of the simulation: routings that lead back over the same machines (A → B → A) with buffers too small
/// for what is on its way. Where flow goes one way there is none. Worked out from a state, so an observed plant can be asked as well.
/// </remarks>
public sealed record BlockingDeadlock(ImmutableArray<BlockedLink> Links)
{
    /// <summary>The deadlock that a plant stands in, or <c>null</c>.</summary>
    public static BlockingDeadlock? Find(PlantState state)
    {
        var stuck = new HashSet<int>();
        for (var job = 0; job < state.Jobs.Length; job++)
        {
            if (state.Jobs[job].Status == JobStatus.Blocked && state.Jobs[job].Lead == job)
            {
                stuck.Add(job);
            }
        }

        while (stuck.RemoveWhere(lead => WaitsFor(state, lead, stuck) < 0) > 0)
        {
        }

        return stuck.Count == 0 ? null : new BlockingDeadlock(Circle(state, stuck));
    }

    /// <summary>The full group whose machines all stand still for good, or −1 when the batch may still get away.</summary>
    private static int WaitsFor(PlantState state, int lead, HashSet<int> stuck)
    {
        var plant = state.Plant;
        foreach (var successor in plant.SuccessorsOf(lead))
        {
            var group = plant.GroupOf(plant.CompiledJobOf(lead).First + successor);
            if (state.ReadyInGroup[group] >= plant.BufferOf(group) && Array.TrueForAll(plant.Groups[group], e => IsStuck(state, e, stuck)))
            {
                return group;
            }
        }

        return -1;
    }

    private static bool IsStuck(PlantState state, int equipment, HashSet<int> stuck)
    {
        ref readonly var machine = ref state.Equipment[equipment];
        var held = 0;
        for (var lead = machine.FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            held += stuck.Contains(lead) ? 1 : 0;
        }

        return machine.Reserved < 0 && held == state.Plant.Plant.Equipment[equipment].Slots;
    }

    private static ImmutableArray<BlockedLink> Circle(PlantState state, HashSet<int> stuck)
    {
        var links = new List<BlockedLink>();
        var places = new Dictionary<int, int>();
        for (var lead = stuck.Min(); !places.ContainsKey(lead); lead = state.Equipment[links[^1].WaitsFor].FirstActive)
        {
            places.Add(lead, links.Count);
            links.Add(new BlockedLink(state.Jobs[lead].Equipment, lead, state.Plant.Groups[WaitsFor(state, lead, stuck)][0]));
        }

        var first = places[state.Equipment[links[^1].WaitsFor].FirstActive];
        return [.. links.Skip(first)];
    }

    /// <summary>One line for people: who holds what and waits for whom.</summary>
    public string Describe(CompiledScenario plant) => string.Join("; ", Links.Select(l =>
        $"{plant.Plant.Equipment[l.Equipment].Id} holds {plant.JobName(l.Lead)}, which waits for {plant.Plant.Equipment[l.WaitsFor].Id}"));
}

/// <summary>One finished batch of a circle.</summary>
/// <param name="Equipment">Where it stands.</param>
/// <param name="Lead">Lead job of the batch.</param>
/// <param name="WaitsFor">A machine that it must go to next.</param>
public readonly record struct BlockedLink(int Equipment, int Lead, int WaitsFor);
