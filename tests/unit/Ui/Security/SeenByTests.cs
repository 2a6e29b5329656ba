using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Views;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Tests.Unit.Ui.Security;

/// <summary>The plant as a firm sees it, at random moments.</summary>
public sealed class SeenByTests
{
    private static readonly CompiledScenario Plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(firms: 4, machines: 30, orders: 200));

    [Fact]
    public void A_firm_sees_its_own_jobs_as_they_are_and_of_others_only_that_machines_are_busy() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 120], Gen.ULong[1, 50]).Sample(
            (firm, hours, seed) =>
            {
                var whole = At(hours, seed);
                var seen = whole.SeenBy(Plant.SeenBy(firm), firm);
                for (var j = 0; j < whole.Jobs.Length; j++)
                {
                    var own = Plant.OrderOf(j).Tenant?.Index == firm;
                    Assert.Equal(own ? whole.Jobs[j].Status : JobStatus.Cancelled, seen.Jobs[j].Status);
                    Assert.Equal(own, seen.Plant.JobName(j) == Plant.JobName(j));
                }

                for (var e = 0; e < whole.Equipment.Length; e++)
                {
                    Assert.Equal(whole.Equipment[e].Status, seen.Equipment[e].Status);
                    Assert.Equal(OwnOn(whole, e, firm), Members(seen, e));
                    Assert.True(seen.Equipment[e].FirstActive >= 0 || seen.Equipment[e].Family < 0);
                }

                Assert.Equal(Enumerable.Range(0, whole.Jobs.Length).Count(j => seen.Jobs[j].Status == JobStatus.Ready), seen.ReadyInGroup.ToArray().Sum());
                Assert.All(Enumerable.Range(0, Plant.Scenario.Orders.Length).Where(o => Plant.Scenario.Orders[o].Tenant?.Index != firm), o =>
                {
                    var order = seen.Plant.Scenario.Orders[o];
                    Assert.Equal(("", null, 0.0, null), (order.Id, order.Due, order.Quantity, order.Tenant));
                });
            },
            iter: 40);

    [Fact]
    public void The_whole_state_is_not_touched_by_looking()
    {
        var whole = At(20, 3);
        var before = whole.Jobs.ToArray();
        var view = new TwinView(whole.SeenBy(Plant.SeenBy(1), 1), 1, 1, whole.Now, ScheduleInForce.None, DateTimeOffset.UnixEpoch);

        Assert.Equal(before, whole.Jobs.ToArray());
        Assert.All(GanttFrame.Collect(view, []), bar => Assert.Equal(1, Plant.Scenario.Orders[bar.Order].Tenant?.Index));
    }

    private static PlantState At(double hours, ulong seed)
    {
        var simulator = new PlantSimulator(Plant, new DispatchPolicy { Rule = Plant.Scenario.Dispatch }, new RandomSource(seed, 0));
        simulator.RunUntil(SimTime.FromHours(hours));
        return simulator.State;
    }

    private static List<int> OwnOn(PlantState state, int e, int firm) => [.. Members(state, e).Where(j => Plant.OrderOf(j).Tenant?.Index == firm)];

    private static List<int> Members(PlantState state, int e)
    {
        var members = new List<int>();
        for (var lead = state.Equipment[e].FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            for (var j = lead; j >= 0; j = state.Jobs[j].NextInBatch)
            {
                members.Add(j);
            }
        }

        return members;
    }
}
