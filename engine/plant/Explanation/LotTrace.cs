using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>A quantity of a lot that went into another, by names.</summary>
/// <param name="Unit">Unit of the parent's material.</param>
/// <param name="Operation">Operation that used it.</param>
public sealed record TracedUse(SimTime Time, string Parent, string Child, double Quantity, string Unit, string Material, string Equipment, string Operation, string Order);

/// <summary>A lot that a trace reached.</summary>
/// <param name="What">Its material, or the product that it is.</param>
/// <param name="Supplier">Who delivered it; empty for one made here.</param>
/// <param name="Order">Order that it is; empty for a bought one.</param>
/// <param name="Steps">Operations that made it, in the order of their starts.</param>
public sealed record TracedLot(
    int Index, string Name, string What, Lifecycles.LotStatus Status, double Quantity, string Unit, SimTime Created, string Supplier, string Order, ImmutableArray<TracedStep> Steps);

/// <summary>One operation of a lot that was made here.</summary>
/// <param name="ReworkOf">Operation that failed and that this one mends; empty for an ordinary one.</param>
public sealed record TracedStep(string Operation, string Equipment, SimTime Start, SimTime End, string ReworkOf = "");

/// <summary>A trace of a lot as people and other systems read it.</summary>
/// <remarks>Backward: what it was made of, and of what that was made. Forward: what became of it. Quantities are those that were used, exactly.</remarks>
public sealed record LotTrace(ImmutableArray<TracedLot> Lots, ImmutableArray<TracedUse> Uses)
{
    /// <summary>Walks from a lot.</summary>
    public static LotTrace Of(PlantState state, int lot, TraceDirection direction)
    {
        var trace = state.Genealogy.Walk(lot, direction);
        return new LotTrace(
            [.. trace.Lots.Select(l => Lot(state, l))],
            [.. trace.Edges.OrderBy(e => e.Time).ThenBy(e => e.Parent).ThenBy(e => e.Child).Select(e => Use(state, e))]);
    }

    private static TracedUse Use(PlantState state, in LotEdge edge)
    {
        var plant = state.Plant;
        var material = plant.Plant.Materials[state.Lots[edge.Parent].Material];
        return new TracedUse(
            new SimTime(edge.Time), LotNames.Of(state, edge.Parent), LotNames.Of(state, edge.Child), MaterialQuantity.Units(edge.Quantity), material.Unit, material.Id,
            edge.Equipment >= 0 ? plant.Plant.Equipment[edge.Equipment].Id : "", plant.OperationOf(edge.Job).Id, plant.OrderOf(edge.Job).Id);
    }

    private static TracedLot Lot(PlantState state, int index)
    {
        var lot = state.Lots[index];
        var plant = state.Plant.Plant;
        var order = lot.JobLot >= 0 ? state.Plant.Scenario.Orders[state.Plant.Jobs.LotOrder[lot.JobLot]] : null;
        var what = lot.Material >= 0 ? plant.Materials[lot.Material].Id : order is not null ? plant.Products[order.Product].Id : "";
        return new TracedLot(
            index, LotNames.Of(state, index), what, lot.Status, MaterialQuantity.Units(lot.Initial), lot.Material >= 0 ? plant.Materials[lot.Material].Unit : order?.Unit ?? "",
            new SimTime(lot.CreatedAt), lot.Source >= 0 ? plant.Sources[lot.Source].Supplier : "", order?.Id ?? "", lot.JobLot >= 0 ? Steps(state, lot.JobLot) : []);
    }

    private static ImmutableArray<TracedStep> Steps(PlantState state, int jobLot)
    {
        var steps = new List<TracedStep>();
        for (var j = state.Plant.Jobs.LotFirstJob[jobLot]; j < state.Plant.Jobs.LotFirstJob[jobLot + 1]; j++)
        {
            ref readonly var job = ref state.Jobs[j];
            if (job.Status == Lifecycles.JobStatus.Done && job.Equipment >= 0)
            {
                var mended = state.Plant.ReworkOf(j) is >= 0 and var k ? state.Plant.OperationOf(state.Plant.Jobs.LotFirstJob[jobLot] + k).Id : "";
                steps.Add(new TracedStep(state.Plant.OperationOf(j).Id, state.Plant.Plant.Equipment[job.Equipment].Id, new SimTime(job.StartAt), new SimTime(job.EndAt), mended));
            }
        }

        return [.. steps.OrderBy(s => s.Start)];
    }
}
