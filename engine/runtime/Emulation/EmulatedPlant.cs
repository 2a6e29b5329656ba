using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Emulation;

/// <summary>A simulation that plays the real plant: its luck is hidden, and it tells only what a plant can know.</summary>
/// <remarks>It does not tell how long a batch or a repair will take: the simulator has drawn that already, a plant
/// learns it by waiting.</remarks>
internal sealed class EmulatedPlant : IPlantEventSink
{
    private readonly RandomSource _luck;
    private readonly string _idPrefix;
    private List<Observation> _untold = [];
    private ObservationTranslator _translator;
    private DispatchPolicy _policy;
    private PlantSimulator _simulator;
    private long _told;

    /// <param name="state">Where it goes on from; <c>null</c> for the epoch.</param>
    /// <param name="idPrefix">Begins every observation's id; unique among all emulators of the plant.</param>
    public EmulatedPlant(CompiledScenario plant, DispatchPolicy policy, RandomSource luck, PlantState? state, string idPrefix)
    {
        Plant = plant;
        _policy = policy;
        _luck = luck;
        _idPrefix = idPrefix;
        _translator = new ObservationTranslator(new PlantNames(plant));
        _simulator = new PlantSimulator(plant, policy, luck, state, this);
    }

    public CompiledScenario Plant { get; private set; }

    public PlantState State => _simulator.State;

    /// <summary>Nothing is left to do, or nothing can happen any more.</summary>
    public bool IsAtRest => _simulator.OpenOrders == 0 || _simulator.NextTime == SimTime.Never;

    /// <summary>Whether every order is made.</summary>
    public bool IsComplete => _simulator.OpenOrders == 0;

    public void RunUntil(SimTime time) => _simulator.RunUntil(time);

    public void Follow(DispatchPolicy policy)
    {
        _policy = policy;
        _simulator.SetPolicy(policy);
    }

    /// <summary>Orders arrive.</summary>
    public void Add(IEnumerable<Order> orders)
    {
        Plant = Plant.WithOrders(orders);
        var state = _simulator.State.Fork();
        state.GrowTo(Plant);
        _translator = new ObservationTranslator(new PlantNames(Plant));
        _simulator = new PlantSimulator(Plant, _policy, _luck, state, this);
    }

    /// <summary>What happened since the last call, in order.</summary>
    public List<Observation> TakeUntold()
    {
        var untold = _untold;
        _untold = [];
        return untold;
    }

    public void On(in PlantEvent e)
    {
        if (ObservationTranslator.IsHidden(e.Kind))
        {
            return; // nobody in the plant sees it
        }

        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_idPrefix}{++_told}");
        var observation = _translator.Write(e, id);
        _untold.Add(e.Kind is PlantEventKind.BatchStarted or PlantEventKind.EquipmentDown
            ? observation with { Value = null }
            : observation);
    }
}
