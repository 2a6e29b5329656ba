using System.Globalization;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Importers;

/// <summary>However tangled a log is, its history is one that could have happened.</summary>
public sealed class MachiningLogPropertyTests
{
    private sealed record Row(int Order, int Machine, int Start, int Minutes, char Kind);

    // Few orders and machines in a short time: overlaps, interruptions and breakdowns in the middle of everything.
    private static readonly Gen<Row[]> s_rows =
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[0, 600], Gen.Int[1, 200], Gen.Int[0, 11],
            (order, machine, start, minutes, kind) => new Row(order, machine, start, minutes, kind switch { 0 => 'B', 1 or 2 => 'S', _ => 'D' })).Array[1, 40];

    [Fact]
    public void Every_log_folds_into_finished_orders() => s_rows.Sample(rows =>
    {
        if (Read(rows) is not { } import)
        {
            return;
        }

        var state = new PlantState(CompiledScenario.Compile(import.Scenario));
        var last = SimTime.Zero;
        foreach (var e in import.History)
        {
            Assert.True(e.Time >= last);
            last = e.Time;
            state.Apply(e);
        }

        Assert.All(state.Orders.ToArray(), o => Assert.Equal(OrderStatus.Complete, o.Status));
        Assert.All(state.Equipment.ToArray(), e => Assert.Equal(EquipmentStatus.Idle, e.Status));
        Assert.All(import.Scenario.Plant.WorkMasters, w => Assert.NotEmpty(w.Operations));
    }, iter: 2000);

    [Fact]
    public void No_machine_with_one_place_works_longer_than_the_union_of_its_records() => s_rows.Sample(rows =>
    {
        if (Read(rows) is not { } import)
        {
            return;
        }

        for (var e = 0; e < import.Scenario.Plant.Equipment.Length; e++)
        {
            var machine = import.Scenario.Plant.Equipment[e];
            if (machine.Slots > 1)
            {
                continue;
            }

            var number = int.Parse(machine.Id[1..], CultureInfo.InvariantCulture);
            var covered = Enumerable.Range(0, 900).Count(m => rows.Any(r => r.Machine == number && r.Kind != 'B' && r.Start <= m && m < r.Start + r.Minutes));
            var worked = import.History.Where(h => h.Equipment == e && h.Kind is PlantEventKind.BatchStarted or PlantEventKind.SetupStarted).Where(h => h.Equipment == e).Sum(h => h.Value);
            Assert.True(worked <= covered * (double)Duration.MillisecondsPerMinute + 1, $"{machine.Id}: {worked / Duration.MillisecondsPerMinute} of {covered} min");
        }
    }, iter: 500);

    private static MachiningImport? Read(Row[] rows)
    {
        var start = new DateTime(2012, 1, 2, 6, 0, 0, DateTimeKind.Unspecified);
        var text = "case,activity,machine,start,end,order_qty,part,report_type,qty_rejected,rework\n" + string.Concat(rows.Select(r =>
            string.Create(CultureInfo.InvariantCulture, $"C{r.Order},Turning - Machine {r.Machine},Machine {r.Machine} - Turning,{start.AddMinutes(r.Start):s},{start.AddMinutes(r.Start + r.Minutes):s},10,Shaft,{r.Kind},{r.Minutes % 3},\n")));
        try
        {
            return MachiningLog.Parse(new SourceText("random.csv", text));
        }
        catch (ImportException nothing) when (nothing.Message.Contains("breakdowns only", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
