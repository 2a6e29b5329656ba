using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Behaviour;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>Failure modes and maintenance against renewal theory: each true mean must lie in the 99 % interval of 30 replications.</summary>
public class UpkeepTheoryTests
{
    private const double Hour = Duration.MillisecondsPerHour;
    private const double WarmUp = 5000;

    /// <summary>Machines that have nothing to do but to wear and to be maintained.</summary>
    private static PlantSimulator Idle(int machines, FailureMode mode, MaintenancePlan[] plans, int replication, double hours, int repairers = 0)
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with
        {
            FailureModes = [mode], MaintenancePlans = [.. plans], Auxiliaries = repairers > 0 ? [new AuxiliaryResource { Id = "fitter", Name = "fitter", Count = repairers }] : [],
        };
        var c = plant.Class("c");
        for (var m = 0; m < machines; m++)
        {
            plant.Machine(c, e => e with { RepairCrew = repairers > 0 ? new CrewNeed("fitter") : null });
        }

        plant.Order(plant.Product((c, 1)), o => o with { Release = SimTime.FromHours(WarmUp + hours * 2) });
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(23, replication));
        simulator.RunUntil(SimTime.FromHours(WarmUp));
        simulator.State.ResetStatistics(simulator.Now); // all were new at the start
        simulator.RunUntil(SimTime.FromHours(WarmUp + hours));
        return simulator;
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(8, 1)]
    public void Machines_that_share_repairers_are_up_as_often_as_the_machine_repair_model_says(int machines, int repairers)
    {
        var mode = UpkeepTests.Mode(1, 1, UsageClock.Working) with { Life = Distribution.Exponential(30 * Hour), TimeToRepair = Distribution.Exponential(10 * Hour) };

        // Birth and death: with n broken, machines break at (M − n)/30 and are mended at min(n, R)/10 an hour.
        var (weight, all, broken) = (1.0, 1.0, 0.0);
        for (var n = 1; n <= machines; n++)
        {
            weight *= (machines - n + 1) / 30.0 / (Math.Min(n, repairers) / 10.0);
            all += weight;
            broken += n * weight;
        }

        Replicated.Holds(1 - broken / all / machines, replication =>
        {
            var simulator = Idle(machines, mode, [], replication, 6000, repairers);
            var down = 0L;
            for (var e = 0; e < machines; e++)
            {
                down += simulator.State.TimeInStatus[e * PlantState.StatusCount + (int)EquipmentStatus.Down]
                    + simulator.State.TimeInStatus[e * PlantState.StatusCount + (int)EquipmentStatus.Repair];
            }

            return 1 - down / (double)machines / (simulator.Now - simulator.State.StatisticsSince).Milliseconds;
        });
    }

    [Theory]
    [InlineData(500)]
    [InlineData(900)]
    [InlineData(2000)]
    public void Age_replacement_costs_what_Barlow_and_Proschan_say(double age)
    {
        const double Scale = 1000, Planned = 5, Repair = 20, PlannedCost = 1, FailureCost = 6;
        var mode = UpkeepTests.Mode(1, Repair * 60, UsageClock.Working) with { Life = Distribution.Weibull(2, Scale * Hour), Cost = FailureCost };
        var plan = UpkeepTests.Plan(age * 60, Planned * 60, UsageClock.Working) with { Renews = [0], Cost = PlannedCost };

        // Cost of a cycle over its length: (cp R(T) + cf F(T)) / (∫₀ᵀ R + planned R(T) + repair F(T)); R(t) = exp(−(t/η)²), ∫₀ᵀ R by Simpson's rule.
        var survival = Math.Exp(-Math.Pow(age / Scale, 2));
        var integral = Simpson(t => Math.Exp(-Math.Pow(t / Scale, 2)), age);
        var truth = 1000 * (PlannedCost * survival + FailureCost * (1 - survival)) / (integral + Planned * survival + Repair * (1 - survival));

        Replicated.Holds(truth, replication =>
        {
            var simulator = Idle(20, mode, [plan], replication, 40_000);
            var cost = simulator.State.Meters.ToArray().Sum(m => m.MaintenanceCost + m.FailureCost);
            return 1000 * cost / 20 / 40_000;
        });
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(160)]
    public void Inspections_catch_the_share_of_defects_that_the_delay_time_model_says(double every)
    {
        const double Delay = 80;
        var mode = UpkeepTests.Mode(1, 1) with
        {
            // The machine runs all the time, so that the inspections are regular; P comes at random in the interval between them.
            Life = Distribution.Uniform(2000 * Hour, 2800 * Hour), TimeToRepair = Distribution.Constant(1),
            Signal = new ConditionSignal { Baseline = 1, Limit = 10, PfInterval = Distribution.Constant(Delay * Hour), InspectionEvery = Duration.FromHours(every) },
        };
        var plan = UpkeepTests.Plan(null, 0.001) with { Watches = 0, AtLevel = 1.000001, Renews = [0] };

        // A defect that shows for a time D is seen at inspections every T with probability min(1, D/T) (Christer and Waller, 1984).
        var truth = Math.Min(1, Delay / every);
        double Caught(int replication)
        {
            var plant = new TinyPlant();
            plant.Extra = plant.Extra with { FailureModes = [mode], MaintenancePlans = [plan] };
            var c = plant.Class("c");
            for (var m = 0; m < 10; m++)
            {
                plant.Machine(c);
            }

            var product = plant.Product((c, 100 * 60));
            for (var m = 0; m < 10 * 110; m++)
            {
                plant.Order(product);
            }

            var seen = new Seen();
            var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(29, replication), sink: seen);
            simulator.RunUntil(SimTime.FromHours(10_000));
            return seen.Caught / (double)(seen.Caught + seen.Missed);
        }

        if (truth == 1)
        {
            Assert.Equal(1, Caught(0));
        }
        else
        {
            Replicated.Holds(truth, Caught);
        }
    }

    /// <summary>Counts the lives that ended after an alarm, and those that ended without one.</summary>
    private sealed class Seen : IPlantEventSink
    {
        private readonly bool[] _alarmed = new bool[10];
        private readonly int[] _lives = new int[10];

        public int Caught { get; private set; }

        public int Missed { get; private set; }

        public void On(in PlantEvent e)
        {
            if (e.Kind == PlantEventKind.MaintenanceOrdered)
            {
                _alarmed[e.Equipment] = true;
            }
            else if (e.Kind is PlantEventKind.MaintenanceEnded or PlantEventKind.EquipmentDown)
            {
                if (_lives[e.Equipment]++ < 3) // all of which end in the time: the longest lives must not be left out
                {
                    Caught += _alarmed[e.Equipment] ? 1 : 0;
                    Missed += _alarmed[e.Equipment] ? 0 : 1;
                }

                _alarmed[e.Equipment] = false;
            }
        }
    }

    private static double Simpson(Func<double, double> f, double to)
    {
        const int Steps = 1000;
        var (h, sum) = (to / Steps, f(0) + f(to));
        for (var i = 1; i < Steps; i++)
        {
            sum += f(i * h) * (i % 2 == 1 ? 4 : 2);
        }

        return sum * h / 3;
    }
}
