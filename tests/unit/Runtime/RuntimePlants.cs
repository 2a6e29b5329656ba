using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Behaviour;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Plants, observations and sessions that the tests of the runtime share.</summary>
internal static class RuntimePlants
{
    /// <summary>A plant in which everything happens.</summary>
    public static CompiledScenario Lively(int orders = 40) => DeterminismTests.Lively(orders);

    /// <summary>What a plant reports up to a moment: a simulated run, by names.</summary>
    public static List<Observation> Report(CompiledScenario plant, double hours, ulong seed = 7)
    {
        var recorder = new EventRecorderOf(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, 0), sink: recorder);
        simulator.RunUntil(SimTime.FromHours(hours));
        return recorder.Observations;
    }

    /// <summary>A session whose journal can be looked into and reopened.</summary>
    public static TwinSession Open(CompiledScenario plant, IJournal? journal = null, Func<TwinSessionOptions, TwinSessionOptions>? with = null)
    {
        var options = new TwinSessionOptions { OpenJournal = _ => journal ?? new MemoryJournal(), SnapshotAge = TimeSpan.Zero };
        return new TwinSession(plant, with?.Invoke(options) ?? options);
    }

    /// <summary>Every field of a state that observations determine, as comparable text.</summary>
    public static string Picture(PlantState state)
    {
        var lines = new List<string> { $"now {state.Now} version {state.Version} schedule {state.ScheduleVersion}" };
        foreach (var e in state.Equipment)
        {
            lines.Add($"equipment {e.Status} {e.OffShift} {e.Stale} {e.Family} {e.NextFamily} {e.Residue:R} {e.BatchesSinceCleaning} {e.Reserved} {e.Prepared} {e.FirstActive} {e.ActiveCount} {e.Since} {e.UpSince} {e.Failures} {e.Changeovers} {e.Kw:R}");
        }

        foreach (var j in state.Jobs)
        {
            lines.Add($"job {j.Status} {j.Locked} {j.Attempt} {j.Phase} {j.PendingPredecessors} {j.Equipment} {j.Lead} {j.NextInBatch} {j.BatchSize} {j.Load:R} {j.ReadyAt} {j.ArriveAt} {j.StartAt} {j.EndAt} {j.WorkedMs} {j.RunningSince}");
        }

        foreach (var o in state.Orders)
        {
            lines.Add($"order {o.Status} {o.JobsLeft} {o.Scrapped:R} {o.ReleasedAt} {o.StartedAt} {o.CompletedAt}");
        }

        foreach (var m in state.Meters)
        {
            lines.Add($"meters {m.EnergyKwh + 0.000314159:F4} {m.WaterM3:R} {m.Batches} {m.JobsDone} {m.Quantity:R} {m.ReworkQuantity:R} {m.Changeovers} {m.Failures}");
        }

        lines.Add(string.Join(' ', state.ReadyInGroup.ToArray()));
        lines.Add(string.Join(' ', state.AuxiliaryInUse.ToArray()));
        return string.Join('\n', lines);
    }

    private sealed class EventRecorderOf(CompiledScenario plant) : IPlantEventSink
    {
        private readonly ObservationTranslator _translator = new(new PlantNames(plant));

        public List<Observation> Observations { get; } = [];

        public void On(in PlantEvent e) => Observations.Add(_translator.Write(e, $"e{Observations.Count}"));
    }
}
