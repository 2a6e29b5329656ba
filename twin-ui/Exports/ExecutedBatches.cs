using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Exports;

/// <summary>One occupation of equipment as it really happened.</summary>
/// <param name="Jobs">Members, the lead first.</param>
/// <param name="Family">Index, −1 for none.</param>
/// <param name="SetupStart">Equals <paramref name="Start"/> where there was no setup.</param>
/// <param name="End"><c>null</c> while it runs.</param>
public sealed record ExecutedBatch(int Equipment, IReadOnlyList<int> Jobs, int Family, SimTime SetupStart, SimTime Start, SimTime? End);

/// <summary>Collects executed batches from an event stream.</summary>
public sealed class ExecutedBatches(CompiledScenario plant) : IPlantEventSink
{
    private readonly Dictionary<int, List<int>> _members = [];
    private readonly Dictionary<int, int> _running = []; // lead → place in Bars
    private readonly SimTime?[] _setupStart = new SimTime?[plant.Plant.Equipment.Length];
    private readonly List<ExecutedBatch> _bars = [];

    /// <summary>In the order in which they started.</summary>
    public IReadOnlyList<ExecutedBatch> Bars => _bars;

    public void On(in PlantEvent e)
    {
        switch (e.Kind)
        {
            case PlantEventKind.JobAssigned when e.Job == e.Arg:
                _members[e.Job] = [e.Job];
                _setupStart[e.Equipment] = null;
                break;
            case PlantEventKind.JobAssigned:
                _members[e.Arg].Add(e.Job);
                break;
            case PlantEventKind.SetupStarted or PlantEventKind.CleaningStarted:
                _setupStart[e.Equipment] ??= e.Time;
                break;
            case PlantEventKind.BatchStarted:
                _running[e.Job] = _bars.Count;
                _bars.Add(new ExecutedBatch(e.Equipment, _members[e.Job], e.Arg, _setupStart[e.Equipment] ?? e.Time, e.Time, null));
                _setupStart[e.Equipment] = null;
                break;
            case PlantEventKind.BatchEnded or PlantEventKind.BatchRework when _running.Remove(e.Job, out var bar):
                _bars[bar] = _bars[bar] with { End = e.Time };
                break;
        }
    }
}
