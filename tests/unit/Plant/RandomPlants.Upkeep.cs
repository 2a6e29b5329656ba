using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

// Failure modes and maintenance plans.
internal static partial class RandomPlants
{
    /// <summary>The plant with up to three failure modes and up to three plans for each class.</summary>
    internal static Scenario WithUpkeep(Scenario plant, RandomSource random)
    {
        var draw = 0;
        double U() => random.Uniform(2, draw++);
        int N(int below) => (int)(U() * below);
        var (modes, plans) = (new List<FailureMode>(), new List<MaintenancePlan>());
        for (var c = 0; c < plant.Plant.EquipmentClasses.Length; c++)
        {
            var first = modes.Count;
            for (var k = N(4); k > 0; k--)
            {
                var (clock, restores) = ((UsageClock)N(4), (Restoration)N(2));
                var shape = restores == Restoration.Minimal ? 1 : 1.8; // else repairs would come ever more often
                modes.Add(new FailureMode
                {
                    Id = $"mode-{modes.Count}", Class = new EquipmentClassId(c), Clock = clock,
                    Life = clock == UsageClock.Batches ? Distribution.Weibull(shape, 12) : Distribution.Weibull(shape, (10 + 30 * U()) * 3.6e6),
                    TimeToRepair = Distribution.Lognormal(1.2e6, 0.9), Restores = restores, Cost = 3,
                    RepairCrew = N(2) == 0 ? new CrewNeed("fitter") : null, AfterBreakdown = (AfterBreakdown)N(3),
                    Signal = clock == UsageClock.Batches || N(3) == 0 ? null : new ConditionSignal
                    {
                        Baseline = 1, Limit = 9, PfInterval = Distribution.Exponential(4 * 3.6e6), InspectionEvery = N(2) == 0 ? Duration.FromMinutes(30 + N(300)) : null,
                        Noise = N(2) * 0.1,
                    },
                });
            }

            for (var k = N(4); k > 0; k--)
            {
                var mode = modes.Count > first ? first + N(modes.Count - first) : -1;
                var clock = (UsageClock)N(5);
                plans.Add(new MaintenancePlan
                {
                    Id = $"plan-{plans.Count}", Class = new EquipmentClassId(c), Clock = clock,
                    Every = N(4) == 0 ? null : clock is UsageClock.Batches or UsageClock.Quantity ? 3 + N(9) * (clock == UsageClock.Quantity ? 10 : 1) : (2 + 20 * U()) * 3.6e6,
                    Watches = mode >= 0 && modes[mode].Signal is not null ? mode : null, AtLevel = mode >= 0 && modes[mode].Signal is not null ? 2 + N(5) : null,
                    Renews = mode >= 0 && N(3) > 0 ? [mode] : [], CountedFrom = (IntervalStart)N(2), LeadTime = Duration.FromMinutes(N(3) * 40), Defer = Duration.FromMinutes(N(3) * 200),
                    Window = N(4) == 0 ? new CalendarId(1) : null, Duration = Distribution.Lognormal(1.8e6, 0.3),
                    Crew = N(2) == 0 ? new CrewNeed(N(2) == 0 ? "fitter" : "hands") : null, TogetherWithin = N(2) == 0 ? U() * 0.6 : null, Cost = 1,
                });
            }
        }

        return plant with { Plant = plant.Plant with { FailureModes = [.. modes], MaintenancePlans = [.. plans] } };
    }
}
