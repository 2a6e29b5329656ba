using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>The plant against closed forms of networks, finite room, bulk service and breakdowns.</summary>
public class QueueingNetworkTests
{
    private static readonly double Minute = Replicated.Minute;

    /// <summary>A source that is blocked while there is no room makes the M/M/1/K queue: lost arrivals are those it does not make.</summary>
    [Fact]
    public void Finite_room_is_full_and_empty_as_often_as_M_M_1_K_says()
    {
        const int Room = 2; // and one being served, and one held by the blocked source
        const double Load = 0.8;
        var norm = Enumerable.Range(0, Room + 3).Sum(n => Math.Pow(Load, n));
        var (empty, full) = (1 / norm, Math.Pow(Load, Room + 2) / norm);

        Replicated.Hold([empty, full], r =>
        {
            var plant = new TinyPlant();
            var (source, queue) = (plant.Class("source"), plant.Class("queue", buffer: Room));
            plant.Machine(source);
            plant.Machine(queue);
            var product = plant.Product(Exponential(source, 10 / Load), Exponential(queue, 10));
            for (var i = 0; i < 2400; i++)
            {
                var release = SimTime.Zero + Duration.FromMinutes(Math.Max(0, i - 60) * 12); // always more than the source can make
                plant.Order(product, o => o with { Release = release });
            }

            var simulator = Replicated.Simulate(plant, r);
            simulator.RunUntil(SimTime.FromHours(24));
            simulator.State.ResetStatistics(simulator.Now);
            simulator.RunUntil(SimTime.FromHours(24 + 400));
            Assert.Equal(0, ShareOf(0, EquipmentStatus.Idle), 12); // the source never ran dry
            return [ShareOf(1, EquipmentStatus.Idle), ShareOf(0, EquipmentStatus.Blocked)];

            double ShareOf(int machine, EquipmentStatus status) =>
                simulator.State.TimeInStatus[machine * DigitalTwin.Plant.Events.PlantState.StatusCount + (int)status] / (400.0 * Duration.MillisecondsPerHour);
        });
    }

    /// <summary>J. R. Jackson, 1957, with different routes (a mixture of fixed routes is product form too) and repetitions.</summary>
    [Fact]
    public void An_open_network_with_repetitions_takes_as_long_as_Jackson_says()
    {
        const double Between = 10 / 0.6, Repeat = 0.2, ViaB = 0.6;
        double[] loads = [1 / Between / (1 - Repeat) * 10, ViaB / Between * 18, 1 / Between * 12];
        var truth = loads.Sum(l => l / (1 - l)) * Between;

        Replicated.Holds(truth, r =>
        {
            var plant = new TinyPlant();
            var (a, b, c) = (plant.Class("a"), plant.Class("b"), plant.Class("c"));
            plant.Machine(a);
            plant.Machine(b);
            plant.Machine(c);
            var first = Exponential(a, 10) with { ReworkProbability = Repeat };
            var viaB = plant.Product(first, Exponential(b, 18), Exponential(c, 12));
            var direct = plant.Product(first, Exponential(c, 12));
            Replicated.Arrivals(plant, r, Between, 2000, u => u < ViaB ? viaB : direct);
            var simulator = Replicated.Simulate(plant, r);
            simulator.RunToCompletion(SimTime.Never);
            return Replicated.MeanSojourn(simulator);
        });
    }

    /// <summary>M/M^[1,B]/1: N. T. J. Bailey, 1954; r is the root in (0, 1) of μ r^(B+1) − (λ + μ) r + λ = 0.</summary>
    [Fact]
    public void A_vat_that_takes_up_to_three_keeps_as_many_waiting_as_bulk_service_says()
    {
        const int Most = 3;
        const double Between = 10, Service = 20;
        var (lambda, mu) = (1 / Between, 1 / Service);
        var r = Root(x => mu * Math.Pow(x, Most + 1) - (lambda + mu) * x + lambda);
        var busyAlone = 1 / (mu / lambda + 1 / (1 - r));
        var truth = busyAlone * r / ((1 - r) * (1 - r)) * Between + Service; // Little: time in queue, then in the vat

        Replicated.Holds(truth, replication =>
        {
            var plant = new TinyPlant();
            var vat = plant.Class("vat");
            plant.Machine(vat, m => m with { CapacityMax = Most });
            var product = plant.Product(Exponential(vat, Service) with { Batches = true });
            Replicated.Arrivals(plant, replication, Between, 2000, _ => product);
            var simulator = Replicated.Simulate(plant, replication);
            simulator.RunToCompletion(SimTime.Never);
            return Replicated.MeanSojourn(simulator);
        });

        static double Root(Func<double, double> f)
        {
            var (low, high) = (0.0, 1 - 1e-6); // 1 is a root as well
            for (var i = 0; i < 100; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = f(middle) > 0 ? (middle, high) : (low, middle);
            }

            return low;
        }
    }

    /// <summary>M/M/1 whose server breaks down at any time and goes on where it was: I. L. Mitrany and B. Avi-Itzhak, 1968, for one server.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // by a failure mode
    public void A_server_that_breaks_down_keeps_customers_as_long_as_the_generating_function_says(bool byMode)
    {
        const double Between = 20, Service = 10, Up = 200, Repair = 40;
        var (lambda, mu, f, r) = (1 / Between, 1 / Service, 1 / Up, 1 / Repair);
        var available = r / (f + r);
        var inSystem = lambda * (1 + f / r + f * lambda / (r * r)) / (mu - lambda * (1 + f / r)) + f * lambda * available / (r * r);

        Replicated.Holds(inSystem * Between, replication =>
        {
            var plant = new TinyPlant();
            var c = plant.Class("c");
            var (life, repair) = (Distribution.Exponential(Up * Minute), Distribution.Exponential(Repair * Minute));
            plant.Machine(c, m => m with { TimeToFailure = byMode ? null : life, TimeToRepair = repair });
            plant.Extra = plant.Extra with
            {
                FailureModes = byMode ? [new FailureMode { Id = "any", Class = c, Clock = UsageClock.Working, Life = life, TimeToRepair = repair, Restores = (Restoration)(replication % 2) }] : [],
            };
            var product = plant.Product(Exponential(c, Service));
            Replicated.Arrivals(plant, replication, Between, 2000, _ => product);
            var simulator = Replicated.Simulate(plant, replication);
            simulator.RunToCompletion(SimTime.Never);
            return Replicated.MeanSojourn(simulator);
        });
    }

    private static Operation Exponential(EquipmentClassId on, double meanMinutes) =>
        TinyPlant.Step(on, 0) with { FixedTime = Distribution.Exponential(meanMinutes * Minute) };
}
