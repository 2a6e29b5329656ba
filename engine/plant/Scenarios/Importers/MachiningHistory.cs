using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Writes a machining log as plant events at their true times.</summary>
internal static class MachiningHistory
{
    // Order of events at one moment: what ends comes before what begins.
    private const int Pause = 0, End = 1, Complete = 2, Break = 3, Release = 4, Ready = 5, Begin = 6, GoOn = 7;

    public static List<PlantEvent> Write(MachiningOperations operations, MachiningOrderBook book, Scenario scenario, long epoch)
    {
        var events = new List<(PlantEvent Event, int Rank)>();
        var machines = operations.Slots.Keys.ToDictionary(m => m, m => IndexOf(scenario.Plant, MachiningNames.MachineId(m)), StringComparer.Ordinal);
        var firstJob = 0;
        for (var o = 0; o < book.Orders.Count; o++)
        {
            var order = book.Orders[o];
            Add(order.Start, Release, PlantEventKind.OrderReleased, order: o);
            for (var k = 0; k < order.Operations.Count; k++)
            {
                var operation = order.Operations[k];
                var ready = order.PredecessorsOf(k).Select(p => order.Operations[p].End).DefaultIfEmpty(order.Start).Max();
                Add(ready, Ready, PlantEventKind.JobReady, job: firstJob + k);
                WriteOperation(operation, machines[operation.Machine], firstJob + k);
            }

            Add(order.End, Complete, PlantEventKind.OrderCompleted, order: o);
            firstJob += order.Operations.Count;
        }

        foreach (var (machine, breakdowns) in operations.Breakdowns)
        {
            foreach (var (start, end) in breakdowns)
            {
                Add(start, Break, PlantEventKind.EquipmentDown, machines[machine], value: end - start);
                Add(start, Break, PlantEventKind.RepairStarted, machines[machine]);
                Add(end, Pause, PlantEventKind.RepairEnded, machines[machine]);
            }
        }

        return [.. events.OrderBy(e => e.Event.Time.Milliseconds).ThenBy(e => e.Rank).Select(e => e.Event)]; // a stable sort

        void WriteOperation(LoggedOperation operation, int machine, int job)
        {
            Add(operation.Start, Begin, PlantEventKind.JobAssigned, machine, job, arg: job, value: operation.Start - epoch);
            foreach (var setup in operation.Work.TakeWhile(w => w.Setup))
            {
                Add(setup.Start, Begin, PlantEventKind.SetupStarted, machine, job, value: setup.End - setup.Start);
                Add(setup.End, Pause, PlantEventKind.SetupEnded, machine, job);
            }

            var work = operation.Work.SkipWhile(w => w.Setup).ToList();
            // Where there is nothing but setup, the batch begins and ends with it: right after it, before anything else of that moment.
            Add(work.Count > 0 ? work[0].Start : operation.End, work.Count > 0 ? Begin : Pause, PlantEventKind.BatchStarted, machine, job, value: work.Sum(w => w.End - w.Start));
            for (var i = 1; i < work.Count; i++)
            {
                if (work[i].Start > work[i - 1].End)
                {
                    var broken = operations.Breakdowns[operation.Machine].Exists(b => b.Start == work[i - 1].End);
                    Add(work[i - 1].End, Pause, PlantEventKind.BatchHeld, machine, job, arg: (int)(broken ? HoldReason.Breakdown : HoldReason.Operator));
                    Add(work[i].Start, GoOn, PlantEventKind.BatchResumed, machine, job);
                }
            }

            if (operation.Rejected > 0)
            {
                Add(operation.End, End, PlantEventKind.Scrapped, machine, job, value: operation.Rejected);
            }

            Add(operation.End, End, PlantEventKind.BatchEnded, machine, job);
        }

        void Add(long at, int rank, PlantEventKind kind, int equipment = -1, int job = -1, int order = -1, int arg = -1, double value = 0) =>
            events.Add((new PlantEvent(new SimTime(at - epoch), kind, equipment, job, order, arg, value, EventSource.Observed), rank));
    }

    private static int IndexOf(PlantModel plant, string id)
    {
        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            if (plant.Equipment[e].Id == id)
            {
                return e;
            }
        }

        throw new KeyNotFoundException($"The scenario has no machine {id}.");
    }
}
