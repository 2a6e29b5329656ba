using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Problems;

public class ObjectiveEvaluatorTests
{
    [Fact]
    public void Every_term_is_what_a_person_computes_by_hand()
    {
        var tiny = new TinyPlant();
        var one = tiny.Class("one");
        var (dark, light) = (tiny.Family("dark"), tiny.Family("light"));
        tiny.Extra = new PlantModel
        {
            Sites = [new Site { Id = "A", Name = new Label("A"), Tariff = new TariffId(0) }],
            Tariffs = [new Tariff { Id = "t", Name = new Label("t"), BasePrice = 1, Windows = [new TariffWindow("peak", Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(4, 0), 3)] }],
            ChangeoverRules =
            [
                new MatrixChangeover
                {
                    Id = "m",
                    Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty
                        .Add((dark, light), new Changeover(Duration.FromHours(1), Cost: 7) { EnergyKwh = 2 }),
                },
            ],
        };
        tiny.Machine(one, m => m with { Changeover = new ChangeoverRuleId(0), RunningKw = 10 });
        var product = tiny.Product((one, 60));
        tiny.Order(product, o => o with { Family = dark, Due = SimTime.FromHours(2) });
        tiny.Order(product, o => o with { Family = light, Due = SimTime.FromHours(2), Priority = 3 });
        var plant = tiny.Compile();
        var current = Schedule(Batch(0, 0, 0, 1, dark), Batch(1, 1, 3, 4, light));
        var schedule = Schedule(Batch(0, 0, 0, 1, dark), Batch(1, 1, 2, 3, light));
        var weights = new ObjectiveWeights { Tardiness = 1, Makespan = 0.1, ChangeoverTime = 0.5, ChangeoverCost = 2, EnergyCost = 0.25, Instability = 4 };

        var report = ObjectiveEvaluator.Evaluate(plant, schedule, weights, null, current);

        Assert.Equal(3, Amount("tardiness")); // one hour late, priority 3
        Assert.Equal(3, Amount("makespan"));
        Assert.Equal(1, Amount("changeover-time"));
        Assert.Equal(7, Amount("changeover-cost"));
        Assert.Equal(10 * 1 + 10 * 3 + 2 * 1, Amount("energy-cost"), 9); // the setup is over as the peak begins
        Assert.Equal(0, Amount("instability")); // one hour is within tolerance
        Assert.Equal(3 + 0.3 + 0.5 + 14 + 42 / 4.0, report.Total, 9);
        var elsewhen = ObjectiveEvaluator.Evaluate(plant, schedule, weights, null, Schedule(Batch(0, 0, 0, 1, dark), Batch(1, 1, 4, 5, light)));
        Assert.Equal(1, elsewhen.Terms.First(t => t.Name == "instability").Amount);

        double Amount(string name) => report.Terms.First(t => t.Name == name).Amount;
    }

    private static Schedule Schedule(params PlannedBatch[] batches) => new() { Batches = [.. batches] };

    private static PlannedBatch Batch(int job, int setup, int start, int end, FamilyId family) => new()
    {
        Equipment = new EquipmentId(0), Jobs = [new JobId(job)], SetupStart = SimTime.FromHours(setup), Start = SimTime.FromHours(start), End = SimTime.FromHours(end), Family = family,
    };
}
