using DigitalTwin.Plant.Behaviour;

namespace DigitalTwin.Ui.Hosting;

/// <summary>What <c>twin serve</c> serves, and where.</summary>
public sealed record TwinServerOptions
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>Address to listen on. Any but a loopback one needs an administrator first (<c>twin user add</c>). Port 0 takes a free one.</summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>Folder of the journals, made when missing.</summary>
    public string DataFolder { get; init; } = "twin-data";

    /// <summary>PostgreSQL instead of files: a connection string as Npgsql reads it; empty for files in <see cref="DataFolder"/>.</summary>
    public string Database { get; init; } = "";

    /// <summary>How long the journals remember what.</summary>
    public DigitalTwin.Runtime.Journal.JournalPolicy Retention { get; init; } = new();

    /// <summary>Scenarios to open: folders or importable files. Empty opens the demo dyehouse that comes with the product.</summary>
    public IReadOnlyList<string> ScenarioPaths { get; init; } = [];

    /// <summary>Scenarios already in memory, opened beside <see cref="ScenarioPaths"/>.</summary>
    public IReadOnlyList<CompiledScenario> Scenarios { get; init; } = [];

    /// <summary>Whether an emulated plant feeds each session through the server's own HTTP door.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>Plant seconds per wall-clock second of the emulated plant, > 0.</summary>
    public double Speed { get; init; } = 60;
}
