using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;

namespace DigitalTwin.Ui.Hosting;

/// <summary>A scenario to serve, and what is known of its past.</summary>
/// <param name="History">Events that a new session takes in first (an imported machine log); empty for a plant that begins at its epoch.</param>
public sealed record ServedScenario(CompiledScenario Plant, IReadOnlyList<PlantEvent> History);
