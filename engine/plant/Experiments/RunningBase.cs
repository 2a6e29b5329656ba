using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A running plant with patches: where its future begins, or why it cannot.</summary>
public sealed record RunningBaseResult
{
    /// <summary>The plant as it stands, living by the patched scenario from now on; <c>null</c> exactly when there is an error.</summary>
    public required PlantState? State { get; init; }

    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }
}

/// <summary>Patches for a plant that runs already: a snapshot, or the live twin.</summary>
/// <remarks>
/// What is under way stays under way, so a patch must leave the plant's things in their places. Allowed: orders more and cancelled, due dates, priorities,
/// quantities that do not change lots already begun, breakdowns and maintenance to come, calendars, tariffs, rule, schedule, numbers of any table.
/// Refused by name: machines added or removed, orders left out other than by cancelling, and whatever else would renumber machines,
/// families, operations, lots or auxiliaries.
/// </remarks>
public static class RunningBase
{
    /// <summary>Applies patches to a copy of a running plant; the given state stays as it is.</summary>
    public static RunningBaseResult Apply(PlantState state, IReadOnlyList<ScenarioPatch> patches)
    {
        // An order of a running plant is cancelled by an event like any other, not torn out of its book.
        var others = patches.Where(p => p is not CancelOrders).ToList();
        var findings = patches.Where(p => p is StopMachine).SelectMany(p => PastStop(state, (StopMachine)p)).ToList();
        var read = ScenarioPatch.Apply(state.Plant.Scenario, others);
        findings.AddRange(read.Diagnostics);
        var result = state.Fork();
        if (read.Scenario is { } patched && others.Count > 0)
        {
            var plant = CompiledScenario.Compile(patched);
            findings.AddRange(Refusals(state, plant, others));
            if (!findings.Exists(f => f.Severity == Severity.Error))
            {
                result.GrowTo(plant);
            }
        }

        foreach (var cancel in patches.OfType<CancelOrders>())
        {
            foreach (var order in cancel.Orders)
            {
                Cancel(result, order, findings);
            }
        }

        return new RunningBaseResult { State = findings.Exists(f => f.Severity == Severity.Error) ? null : result, Diagnostics = findings };
    }

    /// <summary>What of a plant's things is not in its place any more; <c>null</c> when a state of the one is a state of the other.</summary>
    public static string? Misfit(CompiledScenario before, CompiledScenario after, PlantState? state = null)
    {
        var (a, b) = (before.Plant, after.Plant);
        return Ids("machine", a.Equipment, b.Equipment, e => e.Id, exact: true)
            ?? Ids("equipment class", a.EquipmentClasses, b.EquipmentClasses, c => c.Id, exact: true)
            ?? Ids("site", a.Sites, b.Sites, s => s.Id, exact: true)
            ?? Ids("family", a.Families, b.Families, f => f.Id, exact: true)
            ?? Ids("auxiliary", a.Auxiliaries, b.Auxiliaries, x => x.Id, exact: true)
            ?? Ids("line", a.Lines, b.Lines, l => l.Id, exact: true)
            ?? Ids("routing", a.WorkMasters, b.WorkMasters, w => w.Id, exact: true)
            ?? Ids("product", a.Products, b.Products, p => p.Id, exact: true)
            ?? Ids("order", before.Scenario.Orders, after.Scenario.Orders, o => o.Id, exact: false)
            ?? Operations(a, b)
            ?? Queues(before, after)
            ?? Orders(before, after, state)
            ?? ScenarioDraft.IdMisfit(before.Scenario, after.Scenario)
            ?? (before.Scenario.Clock != after.Scenario.Clock ? "the clock is another" : null);
    }

    private static string? Ids<T>(string what, ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string> id, bool exact)
    {
        for (var i = 0; i < Math.Min(before.Length, after.Length); i++)
        {
            if (id(before[i]) != id(after[i]))
            {
                return $"{what} '{id(before[i])}' is not in its place any more";
            }
        }

        return after.Length < before.Length ? $"{what} '{id(before[after.Length])}' is gone"
            : exact && after.Length > before.Length ? $"{what} '{id(after[before.Length])}' is new"
            : null;
    }

    private static string? Operations(PlantModel before, PlantModel after)
    {
        for (var w = 0; w < before.WorkMasters.Length; w++)
        {
            var (a, b) = (before.WorkMasters[w].Operations, after.WorkMasters[w].Operations);
            if (a.Length != b.Length || !a.Zip(b).All(o => o.First.Id == o.Second.Id && o.First.Phases.Length == o.Second.Phases.Length && o.First.Predecessors.AsSpan().SequenceEqual(o.Second.Predecessors.AsSpan())
                && o.First.ReworkBy.AsSpan().SequenceEqual(o.Second.ReworkBy.AsSpan())))
            {
                return $"routing '{before.WorkMasters[w].Id}' has other operations";
            }
        }

        return null;
    }

    private static string? Queues(CompiledScenario before, CompiledScenario after) =>
        before.Groups.Length == after.Groups.Length && before.Groups.Zip(after.Groups).All(g => g.First.AsSpan().SequenceEqual(g.Second)) ? null : "operations have other machines";

    private static string? Orders(CompiledScenario before, CompiledScenario after, PlantState? state)
    {
        for (var o = 0; o < before.Jobs.OrderCount; o++)
        {
            var (a, b) = (before.Scenario.Orders[o], after.Scenario.Orders[o]);
            if (a.Product != b.Product || before.Jobs.OrderFirstLot[o + 1] != after.Jobs.OrderFirstLot[o + 1])
            {
                return $"order '{a.Id}' has another product or other lots";
            }

            if (a.Quantity != b.Quantity && state is not null && state.Orders[o].StartedAt >= 0)
            {
                return $"order '{a.Id}' is in production, and its quantity changes";
            }
        }

        return null;
    }

    /// <summary>Every patch that disturbs the order of things, told at its place.</summary>
    private static IEnumerable<Diagnostic> Refusals(PlantState state, CompiledScenario plant, List<ScenarioPatch> patches)
    {
        if (Misfit(state.Plant, plant, state) is null)
        {
            yield break;
        }

        var (scenarioBefore, before) = (state.Plant.Scenario, state.Plant);
        for (var count = 1; count <= patches.Count; count++)
        {
            if (ScenarioPatch.Apply(scenarioBefore, patches[..count]).Scenario is { } scenario)
            {
                var after = CompiledScenario.Compile(scenario);
                if (Misfit(before, after, state) is { } why)
                {
                    yield return Finding(patches[count - 1].Place, $"{patches[count - 1].Describe()} is not possible on a running plant: {why}",
                        patches[count - 1] is RemoveMachines ? "Break it for a long time instead." : "Try it from the scenario's start.");
                    before = after;
                    state = new PlantState(after);
                }
            }
        }
    }

    private static IEnumerable<Diagnostic> PastStop(PlantState state, StopMachine stop)
    {
        if (MomentText.TryParse(stop.At.Text, state.Plant.Scenario.Clock, out var at, out _) && at < state.Now)
        {
            yield return Finding(stop.At, $"at '{stop.At}' is past: the plant stands at {MomentText.Format(state.Now, state.Plant.Scenario.Clock)}", "Name a moment to come.");
        }
    }

    private static void Cancel(PlantState state, PatchText order, List<Diagnostic> findings)
    {
        var orders = state.Plant.Scenario.Orders;
        var index = orders.ToList().FindIndex(o => o.Id == order.Text);
        if (index < 0)
        {
            findings.Add(Finding(order, $"order '{order}' is not in the book", Suggestion.For(order.Text, orders.Select(o => o.Id)) ?? "Correct the name."));
            return;
        }

        var cancel = new PlantEvent(state.Now, PlantEventKind.OrderCancelled, Order: index, Source: EventSource.Commanded);
        if (!state.Permits(cancel))
        {
            findings.Add(Finding(order, $"order '{order}' cannot be cancelled: {state.Explain(cancel)}", "Leave it out of the list."));
            return;
        }

        state.Apply(cancel);
    }

    private static Diagnostic Finding(PatchText at, string what, string wayOut) => new(at.File ?? "patches", at.Line, at.Column, Severity.Error, what, wayOut);
}
