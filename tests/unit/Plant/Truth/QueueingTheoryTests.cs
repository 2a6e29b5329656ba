using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>The plant against closed forms: each true mean must lie in the 99 % interval of 30 replications.</summary>
public class QueueingTheoryTests
{
    private const int Replications = 30;
    private const double Minute = Duration.MillisecondsPerMinute;

    [Theory]
    [InlineData(1, 0.7)]
    [InlineData(1, 0.85)]
    [InlineData(3, 0.8)]
    public void Waiting_in_an_M_M_c_queue_is_what_Erlang_says(int servers, double load)
    {
        const double ServiceMean = 10;
        var arrivalMean = ServiceMean / servers / load;

        var interval = MeanWait(servers, Distribution.Exponential(ServiceMean * Minute), arrivalMean, orders: 4000);

        var truth = ErlangC(servers, servers * load) * ServiceMean / servers / (1 - load);
        Assert.InRange(truth, interval.Mean - interval.HalfWidth, interval.Mean + interval.HalfWidth);
    }

    [Fact]
    public void Waiting_in_an_M_G_1_queue_is_what_Pollaczek_and_Khinchine_say()
    {
        const double Load = 0.75;
        var service = Distribution.Uniform(2 * Minute, 18 * Minute);

        var interval = MeanWait(1, service, 10 / Load, orders: 4000);

        var secondMoment = (18.0 - 2) * (18 - 2) / 12 + 100; // variance + mean²
        var truth = 1 / (10 / Load) * secondMoment / 2 / (1 - Load);
        Assert.InRange(truth, interval.Mean - interval.HalfWidth, interval.Mean + interval.HalfWidth);
    }

    [Fact]
    public void Availability_of_a_failing_machine_is_MTBF_over_MTBF_plus_MTTR()
    {
        var tally = new Tally();
        for (var replication = 0; replication < Replications; replication++)
        {
            var plant = new TinyPlant();
            var c = plant.Class("c");
            plant.Machine(c, m => m with
            {
                TimeToFailure = Distribution.Exponential(300 * Minute), TimeToRepair = Distribution.Exponential(100 * Minute),
            });
            plant.Order(plant.Product((c, 1)), o => o with { Release = SimTime.FromHours(24 * 365) });
            var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(17, replication));
            simulator.RunUntil(SimTime.FromHours(24 * 200));
            var down = simulator.State.TimeInStatus[(int)DigitalTwin.Plant.Lifecycles.EquipmentStatus.Repair];
            tally.Add(1 - down / (double)simulator.Now.Milliseconds);
        }

        var interval = tally.ConfidenceInterval(0.99);
        Assert.InRange(0.75, interval.Mean - interval.HalfWidth, interval.Mean + interval.HalfWidth);
    }

    /// <summary>Mean time in queue, minutes; the first tenth of the customers warms the system up.</summary>
    private static ConfidenceInterval MeanWait(int servers, Distribution service, double arrivalMean, int orders)
    {
        var tally = new Tally();
        for (var replication = 0; replication < Replications; replication++)
        {
            var arrivals = new RandomSource(2026, replication);
            var plant = new TinyPlant();
            var c = plant.Class("c");
            for (var s = 0; s < servers; s++)
            {
                plant.Machine(c);
            }

            var product = plant.Product(TinyPlant.Step(c, 0) with { FixedTime = service });
            var interarrival = Distribution.Exponential(arrivalMean * Minute);
            var at = SimTime.Zero;
            for (var i = 0; i < orders; i++)
            {
                at += Duration.FromMilliseconds(interarrival.Sample(arrivals, RandomSource.Key("arrivals"), i));
                var release = at;
                plant.Order(product, o => o with { Release = release });
            }

            var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(5, replication));
            simulator.RunToCompletion(SimTime.Never);
            var waits = new Tally();
            for (var job = orders / 10; job < orders; job++)
            {
                ref readonly var state = ref simulator.State.Jobs[job];
                waits.Add((state.StartAt - state.ReadyAt) / Minute);
            }

            tally.Add(waits.Mean);
        }

        return tally.ConfidenceInterval(0.99);
    }

    /// <summary>Probability of waiting in M/M/c with offered load a = λ/μ (Erlang, 1917).</summary>
    private static double ErlangC(int c, double a)
    {
        double sum = 0, term = 1;
        for (var k = 0; k < c; k++)
        {
            sum += term;
            term *= a / (k + 1);
        }

        var last = term / (1 - a / c);
        return last / (sum + last);
    }
}
