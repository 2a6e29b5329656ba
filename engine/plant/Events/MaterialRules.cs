using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Events;

/// <summary>Which events about materials a state permits.</summary>
internal static class MaterialRules
{
    public static bool Permits(PlantState state, in PlantEvent e) => state.Materials.Length > 0 && e.Kind switch
    {
        PlantEventKind.MaterialRequested => JobCan(state, e.Job, MaterialNeedTrigger.Request),
        PlantEventKind.MaterialShort => JobCan(state, e.Job, MaterialNeedTrigger.RunShort) && (uint)e.Arg < (uint)state.Materials.Length,
        PlantEventKind.MaterialAllocated => JobCan(state, e.Job, MaterialNeedTrigger.Allocate),
        PlantEventKind.MaterialConsumed => CanConsume(state, e),
        PlantEventKind.SupplyOrdered => (uint)e.Arg < (uint)state.Sources.Length && IsQuantity(e.Value) && e.Value > 0,
        PlantEventKind.SupplyExpected => IsOpen(state, e.Arg) && Math.Abs(e.Value) < 1e15,
        PlantEventKind.SupplyReceived => IsOpen(state, e.Arg) && IsQuantity(e.Value),
        PlantEventKind.LotHeld => LotCan(state, e.Arg, LotTrigger.Hold) && Math.Abs(e.Value) < 1e15,
        PlantEventKind.LotReleased => LotCan(state, e.Arg, LotTrigger.Release),
        PlantEventKind.LotScrapped => LotCan(state, e.Arg, LotTrigger.Scrap),
        PlantEventKind.LotProduced => CanProduce(state, e),
        PlantEventKind.LotCounted => CanCount(state, e),
        _ => false,
    };

    private static bool JobCan(PlantState state, int job, MaterialNeedTrigger trigger) =>
        job >= 0 && state.Jobs[job].Status != JobStatus.Cancelled && state.Plant.MaterialNeedsOf(job).Length > 0
        && MaterialNeedLifecycle.Table.Next((int)state.JobMaterials[job].Status, (int)trigger) >= 0;

    private static bool CanConsume(PlantState state, in PlantEvent e) =>
        e.Job >= 0 && state.Jobs[e.Job].Status != JobStatus.Cancelled && (uint)e.Arg < (uint)state.Lots.Length
        && MaterialNeedLifecycle.Table.Next((int)state.JobMaterials[e.Job].Status, (int)MaterialNeedTrigger.Consume) >= 0
        && state.Lots[e.Arg] is { Material: >= 0, IsUsable: true } lot && IsQuantity(e.Value) && e.Value > 0
        && MaterialQuantity.Parts(e.Value) <= lot.Quantity;

    /// <summary>Quality decides about tracked lots; the anonymous stock of a material is no lot of its own.</summary>
    private static bool LotCan(PlantState state, int lot, LotTrigger trigger) =>
        lot >= state.Materials.Length && lot < state.Lots.Length && LotLifecycle.Table.Next((int)state.Lots[lot].Status, (int)trigger) >= 0;

    /// <summary>What is in stock can be counted; a tracked lot of which nothing is found is scrapped instead.</summary>
    private static bool CanCount(PlantState state, in PlantEvent e) =>
        (uint)e.Arg < (uint)state.Lots.Length && IsQuantity(e.Value) && state.Lots[e.Arg].Material >= 0
        && (e.Arg < state.Materials.Length
            ? !state.Plant.Plant.Materials[e.Arg].Tracked
            : e.Value > 0 && state.Lots[e.Arg].Status is LotStatus.Available or LotStatus.Released or LotStatus.Hold);

    private static bool CanProduce(PlantState state, in PlantEvent e)
    {
        if (e.Job < 0 || !IsQuantity(e.Value))
        {
            return false;
        }

        var table = state.Plant.Jobs;
        var jobLot = table.JobLot[e.Job];
        if (state.IsMade(jobLot))
        {
            return false;
        }

        for (var j = table.LotFirstJob[jobLot]; j < table.LotFirstJob[jobLot + 1]; j++)
        {
            if (state.Jobs[j].Status is not (JobStatus.Done or JobStatus.Dormant))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOpen(PlantState state, int supply) => (uint)supply < (uint)state.Supplies.Length && state.Supplies[supply].Open;

    private static bool IsQuantity(double units) => units is >= 0 and <= MaterialQuantity.Max;
}
