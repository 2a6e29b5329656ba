using DigitalTwin.Plant.Behaviour;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Finds and opens the scenarios that a server is to serve.</summary>
public static class ServedScenarios
{
    /// <summary>The scenarios that the options name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<CompiledScenario> Open(TwinServerOptions options) =>
        options.Scenarios.Count > 0
            ? options.Scenarios
            : throw new ArgumentException("there is no scenario to serve. Maybe name a scenario folder", nameof(options));
}
