using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Dispatching;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Queues are ordered so that few waiting jobs must be priced; the choice is the one that pricing all of them gives.</summary>
public class IndexedChoiceTests
{
    [Fact]
    public void The_choice_from_ordered_queues_is_the_choice_of_a_plain_scan() =>
        Gen.Select(RandomPlants.Any, Gen.Enum<DispatchRule>()).Sample((plant, rule) =>
            Assert.Equal(
                Run(plant, new DispatchPolicy { OwnRule = new Scan(DispatchRules.Create(rule)) }),
                Run(plant, new DispatchPolicy { Rule = rule })), iter: 400);

    [Fact]
    public void It_is_so_in_a_shared_factory_with_long_queues_under_every_rule()
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(3, 30, 150));
        foreach (var rule in Enum.GetValues<DispatchRule>())
        {
            Assert.Equal(
                Run(plant, new DispatchPolicy { OwnRule = new Scan(DispatchRules.Create(rule)) }),
                Run(plant, new DispatchPolicy { Rule = rule }));
        }
    }

    [Fact]
    public void No_score_falls_below_its_floor() =>
        Gen.Select(Gen.Enum<DispatchRule>(), Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000_000], Gen.Double[0.1, 9], Gen.Long[0, 10_000_000], Gen.Long[0, 10_000_000])
            .Select(Gen.Double[1, 5], Gen.Long[0, 10_000_000])
            .Sample((job, slower, later) =>
            {
                var (rule, now, due, weight, processing, setup) = job;
                var priced = DispatchRules.Create(rule);
                var best = new DispatchCandidate(now, now, due, weight, processing, 0);
                Assert.True(priced.Floor(best) <= priced.Score(best));
                Assert.True(priced.Floor(best) <= priced.Score(best with { NowMs = now + later, ProcessingMs = processing * slower, SetupMs = setup }));
            });

    [Fact]
    public void Another_rule_in_mid_run_chooses_as_if_the_queues_had_always_been_ordered_by_it() =>
        Gen.Select(RandomPlants.Any, Gen.Enum<DispatchRule>(), Gen.Double[0, 30]).Sample((plant, rule, hours) =>
        {
            Assert.Equal(Switched(new DispatchPolicy { OwnRule = new Scan(DispatchRules.Create(rule)) }), Switched(new DispatchPolicy { Rule = rule }));

            (ulong, long) Switched(DispatchPolicy to)
            {
                var hash = new EventHash();
                var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(3, 0), sink: hash);
                simulator.RunUntil(SimTime.FromHours(hours));
                simulator.SetPolicy(to);
                simulator.RunToCompletion(SimTime.FromHours(24 * 90));
                return (hash.Value, hash.Count);
            }
        }, iter: 100);

    private static (ulong Hash, long Count) Run(CompiledScenario plant, DispatchPolicy policy)
    {
        var hash = new EventHash();
        var simulator = new PlantSimulator(plant, policy, new RandomSource(9, 0), sink: hash);
        simulator.RunToCompletion(SimTime.FromHours(24 * 60));
        return (hash.Value, hash.Count);
    }

    /// <summary>A rule of which nothing is known beforehand: every waiting job is priced.</summary>
    private sealed class Scan(IDispatchRule rule) : IDispatchRule
    {
        public double Score(in DispatchCandidate candidate) => rule.Score(candidate);
    }
}
