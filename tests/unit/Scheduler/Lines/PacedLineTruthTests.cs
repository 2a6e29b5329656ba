using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

/// <summary>What the sequencer counts on and what the simulated line does are the same.</summary>
public class PacedLineTruthTests
{
    private static readonly Gen<CompiledScenario> Line =
        from stations in Gen.Int[1, 4]
        from models in Gen.Select(Gen.Int[20, 100].Array[stations], Gen.Int[0, 7]).Array[1, 5]
        from sequence in Gen.Int[0, models.Length - 1].Array[1, 40]
        from window in Gen.Int[0, 50]
        from overload in Gen.Int[0, 1]
        select Build(stations, models, sequence, window, (LineOverload)overload);

    private static CompiledScenario Build(int stations, (int[] Work, int Options)[] models, int[] sequence, int window, LineOverload overload)
    {
        string[] names = ["a", "b", "c"];
        var classes = Enumerable.Range(0, stations).Select(s => $"s{s}").ToArray();
        return CompiledScenario.Compile(new Scenario
        {
            Id = "line", Name = "line", Clock = new PlantClock(new DateTime(2026, 3, 2), "Asia/Shanghai"), Horizon = Duration.FromDays(1), Dispatch = DispatchRule.Fifo,
            Plant = new PlantModel
            {
                Sites = [new Site { Id = "S", Name = "S" }],
                EquipmentClasses = [.. classes.Select(c => new EquipmentClass { Id = c, Name = c })],
                Equipment = [.. classes.Select((c, s) => new Equipment { Id = c, Name = c, Class = new EquipmentClassId(s), Site = new SiteId(0) })],
                WorkMasters =
                [
                    .. models.Select((m, i) => new WorkMaster
                    {
                        Id = $"w{i}", Name = "w",
                        Operations =
                        [
                            .. m.Work.Select((seconds, s) => new Operation
                            {
                                Id = $"o{s}", Name = "o", Alternatives = [new Alternative { Class = new EquipmentClassId(s) }],
                                FixedTime = Distribution.Constant(seconds * 1000), Predecessors = s == 0 ? [] : [s - 1],
                            }),
                        ],
                    }),
                ],
                Products = [.. models.Select((m, i) => new Product { Id = $"p{i}", Name = "p", WorkMaster = new WorkMasterId(i), Options = [.. names.Where((_, o) => (m.Options >> o & 1) == 1)] })],
                Lines =
                [
                    new ProductionLine
                    {
                        Id = "L", Name = "L", Takt = Duration.FromSeconds(60), StationWindow = Duration.FromSeconds(window), Overload = overload,
                        Stations = [.. Enumerable.Range(0, stations).Select(s => new EquipmentClassId(s))], OptionRules = [new OptionRule("a", 1, 3), new OptionRule("b", 2, 4)],
                    },
                ],
            },
            Orders = [.. sequence.Select((m, i) => new Order { Id = $"O{i}", Product = new ProductId(m), Quantity = 1 })],
        });
    }

    [Fact]
    public void The_simulated_line_has_the_utility_work_violations_and_levelling_that_the_sequencer_counts() =>
        Line.Sample(plant =>
        {
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0));
            simulator.RunToCompletion(SimTime.FromHours(1000));
            Assert.Equal(0, simulator.OpenOrders);
            var problem = LineProblemBuilder.Build(plant, 0);
            int[] sequence = [.. Enumerable.Range(0, plant.Jobs.LotCount).Select(lot => Enumerable.Range(0, problem.Units.Length).Single(u => problem.Units[u].Lot == lot))];
            var meters = simulator.State.LineMeters[0];

            Assert.True(LineEvaluator.UtilityMs(problem, sequence) == meters.UtilityMs, $"{plant.Plant.Lines[0].Overload} window {plant.Plant.Lines[0].StationWindow} {LineEvaluator.UtilityMs(problem, sequence)} {meters.UtilityMs} stops {meters.Stops} units " + string.Join(" | ", sequence.Select(u => string.Join(",", problem.Models[problem.Units[u].Model].Work.Select(w => w.Milliseconds / 1000)))));
            Assert.Equal(LineEvaluator.Violations(problem, sequence), meters.Violations);
            Assert.Equal(LineEvaluator.Deviation(problem, sequence) / Math.Pow(sequence.Length, 2), meters.Deviation, 6);
        }, iter: 300);
}
