using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Explanation;

public class BottleneckTests
{
    [Fact]
    public void A_two_machine_line_followed_by_hand()
    {
        var plant = new TinyPlant();
        var (a, b) = (plant.Class("a"), plant.Class("b"));
        plant.Machine(a);
        plant.Machine(b);
        var product = plant.Product((a, 10), (b, 20));
        for (var i = 0; i < 3; i++)
        {
            plant.Order(product); // a works 0–30, b 10–70
        }

        var report = Watch(plant, Duration.FromMinutes(35));

        Assert.Equal([30.0, 0, 0, 0, 5, 0, 0, 0], Minutes(report.Machines[0], 0));
        Assert.Equal([0.0, 0, 0, 0, 35, 0, 0, 0], Minutes(report.Machines[0], 1));
        Assert.Equal([25.0, 0, 0, 0, 10, 0, 0, 0], Minutes(report.Machines[1], 0));
        Assert.Equal(60 / 70.0, report.Machines[1].ShareOf(MachineUse.Working), 12);
        // In front of b: one waits 20–30, then one more until 30 = 1 × (20–30) + 1 × (30–50).
        Assert.Equal(30 / 70.0, report.Classes[1].MeanQueue(report), 12);
        Assert.Equal([new ActivePeriod(0, 0, M(10)), new ActivePeriod(1, M(10), M(70))], report.Momentary);
        Assert.Equal((10 / 70.0, 20 / 70.0), (report.Machines[0].SoleShare, report.Machines[0].ShiftingShare));
        Assert.Equal((40 / 70.0, 20 / 70.0), (report.Machines[1].SoleShare, report.Machines[1].ShiftingShare));
    }

    [Fact]
    public void Blocking_starving_and_setup_are_told_apart()
    {
        var plant = new TinyPlant();
        var (a, b) = (plant.Class("a"), plant.Class("b", buffer: 0));
        plant.Machine(a);
        plant.Machine(b);
        var product = plant.Product(TinyPlant.Step(a, 10) with { Setup = Duration.FromMinutes(5) }, TinyPlant.Step(b, 30));
        plant.Order(product); // a: setup 0–5, works 5–15; b 15–45
        plant.Order(product); // a: setup 15–20, works 20–30, blocked 30–45; b 45–75

        var report = Watch(plant, Duration.FromHours(2));

        Assert.Equal([20.0, 10, 0, 15, 30, 0, 0, 0], Minutes(report.Machines[0], 0));
        Assert.Equal([60.0, 0, 0, 0, 15, 0, 0, 0], Minutes(report.Machines[1], 0));
    }

    [Fact]
    public void A_night_suspends_an_active_period_and_ends_none()
    {
        var plant = new TinyPlant
        {
            Extra = new PlantModel
            {
                Calendars = [new WorkCalendar { Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(2, 0))] }],
            },
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Calendar = new CalendarId(0) });
        plant.Order(plant.Product(TinyPlant.Step(c, 180) with { Interruptible = true }));

        var report = Watch(plant, Duration.FromHours(30));

        Assert.Equal([new ActivePeriod(0, 0, M(25 * 60))], report.Momentary);
        Assert.Equal([180.0, 0, 0, 0, 0, 0, 0, 22 * 60], Minutes(report.Machines[0], 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_slow_machine_of_a_line_is_found(int slow)
    {
        var plant = new TinyPlant();
        var steps = new List<Operation>();
        for (var k = 0; k < 3; k++)
        {
            var c = plant.Class($"c{k}");
            plant.Machine(c);
            steps.Add(TinyPlant.Step(c, 0) with { FixedTime = Distribution.Exponential((k == slow ? 9.5 : 6) * Duration.MillisecondsPerMinute) });
        }

        var product = plant.Product([.. steps]);
        for (var i = 0; i < 600; i++)
        {
            var release = SimTime.Zero + Duration.FromMinutes(i * 10);
            plant.Order(product, o => o with { Release = release });
        }

        var report = Watch(plant, Duration.FromHours(8));

        for (var k = 0; k < 3; k++)
        {
            Assert.True(k == slow ? report.Machines[k].SoleShare > 0.6 : report.Machines[k].SoleShare < 0.2, $"{k}: {report.Machines[k].SoleShare}");
        }
    }

    [Fact]
    public void Every_moment_of_every_machine_is_booked_once_and_only_one_machine_is_the_bottleneck() =>
        RandomPlants.Any.Sample(plant =>
        {
            var start = new PlantState(plant);
            var tracker = new BottleneckTracker(start, Duration.FromHours(5));
            var simulator = new PlantSimulator(
                plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), sink: new PlantWatch(start, tracker));
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            var report = BottleneckReport.Of(tracker, simulator.Now);
            foreach (var machine in report.Machines)
            {
                for (var b = 0; b < machine.UseMs.Length; b++)
                {
                    Assert.Equal(report.BucketMs(b), machine.UseMs[b].Sum(), 3);
                }

                Assert.InRange(machine.SoleShare, 0, 1);
            }

            Assert.InRange(report.Machines.Sum(m => m.SoleShare), 0, 1 + 1e-9);
            for (var i = 1; i < report.Momentary.Length; i++)
            {
                Assert.True(report.Momentary[i].FromMs >= report.Momentary[i - 1].ToMs);
            }
        }, iter: 200);

    private static long M(double minutes) => (long)(minutes * Duration.MillisecondsPerMinute);

    private static double[] Minutes(Tightness of, int bucket) => [.. of.UseMs[bucket].Select(ms => ms / Duration.MillisecondsPerMinute)];

    private static BottleneckReport Watch(TinyPlant plant, Duration bucket)
    {
        var scenario = plant.Compile();
        var start = new PlantState(scenario);
        var tracker = new BottleneckTracker(start, bucket);
        var simulator = new PlantSimulator(
            scenario, new DispatchPolicy { Rule = plant.Dispatch }, new RandomSource(1, 0), sink: new PlantWatch(start, tracker));
        simulator.RunToCompletion(SimTime.FromHours(24 * 60));
        return BottleneckReport.Of(tracker, simulator.Now);
    }
}
