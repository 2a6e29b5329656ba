using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Kpis;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>What must hold at every moment of every plant: Little's law, conservation of what flows, and meters that close.</summary>
public class BalanceTests
{
    private const int Checkpoints = 12;

    public static TheoryData<string> Shipped => [.. Directory.GetDirectories(Path.Combine(SharedData.Repository, "scenarios")).Select(folder => new DirectoryInfo(folder).Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_balance_closes_at_every_checkpoint_of_a_shipped_scenario(string name)
    {
        var plant = CompiledScenario.Compile(ScenarioReader.Read(Path.Combine(SharedData.Repository, "scenarios", name)).Scenario!);
        Check(plant, plant.Scenario.Horizon);
    }

    [Fact]
    public void Every_balance_closes_at_every_checkpoint_of_random_plants() =>
        RandomPlants.Any.Sample(plant => Check(plant, Duration.FromHours(90)), iter: 150);

    private static void Check(CompiledScenario plant, Duration horizon)
    {
        var start = new PlantState(plant);
        var (counter, flows) = (new Counter(plant), new FlowTracker(start));
        var simulator = new PlantSimulator(
            plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(plant.Scenario.Seed, 0), sink: new PlantWatch(start, counter, flows));
        for (var checkpoint = 1; checkpoint <= Checkpoints; checkpoint++)
        {
            simulator.RunUntil(SimTime.Zero + horizon * (checkpoint / (double)Checkpoints));
            LittlesLaw(simulator.State, counter);
            OrdersAreConserved(simulator.State, counter);
            JobsAreConserved(simulator.State);
            QuantityIsConserved(simulator.State, counter);
            TimeIsConserved(simulator.State);
            EnergyIsConserved(simulator.State);
            CostIsThatOfTheWindows(simulator.State);
            NothingIsNegative(simulator.State);
            FootprintTests.AddsUp(FootprintReport.Of(simulator.State));
            Assert.All(OrderFlow.Of(flows, simulator.State), flow => Assert.Equal(flow.FlowMs, flow.Parts.Sum()));
        }
    }

    /// <summary>∫ orders in the plant dt, counted from events, is the sum of the times that the orders have been in it, read from the state.</summary>
    private static void LittlesLaw(PlantState state, Counter counter)
    {
        var (now, spent) = (state.Now.Milliseconds, 0L);
        foreach (ref readonly var order in state.Orders)
        {
            if (order.ReleasedAt >= 0 && order.Status != OrderStatus.Cancelled)
            {
                spent += (order.Status == OrderStatus.Complete ? order.CompletedAt : now) - order.ReleasedAt;
            }
        }

        Assert.Equal(counter.OrderMilliseconds(now), spent);
    }

    private static void OrdersAreConserved(PlantState state, Counter counter)
    {
        var statuses = state.Orders.ToArray().Select(o => o.Status).ToArray();
        Assert.Equal(counter.Released, statuses.Count(s => s != OrderStatus.Accepted));
        Assert.Equal(counter.Completed, statuses.Count(s => s == OrderStatus.Complete));
        for (var o = 0; o < state.Orders.Length; o++)
        {
            var (first, end) = JobsOf(state.Plant, o);
            Assert.Equal(state.Orders[o].JobsLeft, Enumerable.Range(first, end - first).Count(j => state.Jobs[j].Status is not (JobStatus.Done or JobStatus.Cancelled or JobStatus.Dormant)));
        }
    }

    private static void JobsAreConserved(PlantState state)
    {
        var plant = state.Plant;
        var (waiting, active) = (new int[plant.Groups.Length], new int[plant.Plant.Equipment.Length]);
        for (var job = 0; job < state.Jobs.Length; job++)
        {
            ref readonly var me = ref state.Jobs[job];
            waiting[plant.GroupOf(job)] += me.Status == JobStatus.Ready ? 1 : 0;
            if (me.Lead == job && me.Status is JobStatus.Running or JobStatus.Held or JobStatus.Blocked)
            {
                active[me.Equipment]++;
                var (members, load) = (0, 0.0);
                for (var member = job; member >= 0; member = state.Jobs[member].NextInBatch)
                {
                    (members, load) = (members + 1, load + plant.Jobs.QuantityOf(member));
                    Assert.Equal((me.Status, me.Equipment, job), (state.Jobs[member].Status, state.Jobs[member].Equipment, state.Jobs[member].Lead));
                }

                Assert.Equal(me.BatchSize, members);
                Assert.Equal(me.Load, load, 6);
            }

            Assert.True(me.PendingPredecessors >= 0);
        }

        Assert.Equal(waiting, state.ReadyInGroup.ToArray());
        Assert.Equal(active, state.Equipment.ToArray().Select(e => e.ActiveCount));
    }

    /// <summary>What the machines' meters say was produced is what the jobs that ended, and those to be done again, brought along.</summary>
    private static void QuantityIsConserved(PlantState state, Counter counter)
    {
        var metered = state.Meters.ToArray();
        Assert.Equal(counter.Ended, metered.Sum(m => m.Quantity), 6);
        var done = Enumerable.Range(0, state.Jobs.Length).Where(j => state.Jobs[j].Status == JobStatus.Done && !WasMended(state, j)).Sum(state.Plant.Jobs.QuantityOf);
        Assert.Equal(done, metered.Sum(m => m.Quantity - m.ReworkQuantity), 4);
        Assert.Equal(state.Orders.ToArray().Sum(o => o.Scrapped), metered.Sum(m => m.ScrapQuantity), 6);
    }

    /// <summary>What failed and is mended by child jobs counts as rework of its machine.</summary>
    private static bool WasMended(PlantState state, int job) => state.Plant.ReworkBy(job) is [var child, ..]
        && state.Jobs[job - state.Plant.Jobs.OperationIndexOf(job) + child].Status != JobStatus.Dormant;

    private static void TimeIsConserved(PlantState state)
    {
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            var sum = 0L;
            for (var s = 0; s < PlantState.StatusCount; s++)
            {
                sum += state.TimeInStatus[e * PlantState.StatusCount + s];
            }

            Assert.Equal(state.Now.Milliseconds, sum);
        }
    }

    private static void EnergyIsConserved(PlantState state)
    {
        var sites = Enumerable.Range(0, state.Plant.Plant.Sites.Length).Sum(s => Sum(state.ProfileOf(new SiteId(s)).Kwh));
        var machines = state.Meters.ToArray().Sum(m => m.EnergyKwh);
        Assert.Equal(sites, machines, Math.Max(1e-6, 1e-9 * sites));
    }

    /// <summary>What machines were charged as they drew is what the sites' quarter-hours cost by window.</summary>
    private static void CostIsThatOfTheWindows(PlantState state)
    {
        var kpis = PlantKpis.Of(state);
        var windows = kpis.TariffWindows.Sum(w => w.Cost);
        Assert.Equal(windows, kpis.Total.EnergyCost, Math.Max(1e-6, 1e-9 * Math.Abs(windows)));
        Assert.True(kpis.DemandCostProRated <= kpis.DemandCost * (1 + 1e-12));
    }

    private static void NothingIsNegative(PlantState state)
    {
        foreach (ref readonly var m in state.Meters)
        {
            Assert.True(m is { EnergyKwh: >= 0, WaterM3: >= 0, SteamKg: >= 0, GasM3: >= 0, Quantity: >= 0, ScrapQuantity: >= 0, ReworkQuantity: >= 0, CrewWaitMs: >= 0 });
            Assert.True(m.RightFirstTimeQuantity <= m.Quantity * (1 + 1e-12) && m.ScrapQuantity <= m.Quantity * (1 + 1e-12));
        }

        for (var u = 0; u < state.Utilities.Length; u++)
        {
            ref readonly var meter = ref state.Utilities[u];
            Assert.True(
                meter is { Amount: >= 0, DayAmount: >= -1e-6, Waiting: >= 0, Stretched: >= 0, Drawing: >= 0, WaitMs: >= 0, StretchMs: >= 0, Rate: >= -1e-6 }, // sums of parts
                $"amount {meter.Amount}, of the day {meter.DayAmount}, waiting {meter.Waiting}, stretched {meter.Stretched}, drawing {meter.Drawing}, rate {meter.Rate}");
        }

        Assert.All(state.AuxiliaryInUse.ToArray(), held => Assert.True(held >= 0));
        for (var j = 0; j < state.Jobs.Length; j++)
        {
            Assert.True(state.Jobs[j].WorkedMs >= 0 && state.Jobs[j].Load >= 0);
        }

        Assert.All(state.Orders.ToArray(), o => Assert.True(o.Scrapped >= 0));
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static (int First, int End) JobsOf(CompiledScenario plant, int order) =>
        (plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[order]], plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[order + 1]]);

    /// <summary>Counts what goes in and out from the events alone.</summary>
    private sealed class Counter(CompiledScenario plant) : IPlantWatcher
    {
        private long _integral;
        private long _since;

        public int Released { get; private set; }

        public int Completed { get; private set; }

        public double Ended { get; private set; }

        public long OrderMilliseconds(long now) => _integral + (Released - Completed) * (now - _since);

        public void Before(in PlantEvent e, PlantState state)
        {
            if (e.Kind is not (PlantEventKind.BatchEnded or PlantEventKind.BatchRework))
            {
                return;
            }

            for (var job = e.Job; job >= 0; job = state.Jobs[job].NextInBatch)
            {
                Ended += plant.Jobs.QuantityOf(job);
            }
        }

        public void After(in PlantEvent e, PlantState state)
        {
            if (e.Kind is PlantEventKind.OrderReleased or PlantEventKind.OrderCompleted)
            {
                _integral = OrderMilliseconds(e.Time.Milliseconds);
                _since = e.Time.Milliseconds;
                Released += e.Kind == PlantEventKind.OrderReleased ? 1 : 0;
                Completed += e.Kind == PlantEventKind.OrderCompleted ? 1 : 0;
            }
        }
    }
}
