using System.Reflection;

namespace DigitalTwin.Tests.Unit.Architecture;

/// <summary>One floor of the house: a project, what it may stand on, and which packages it may use.</summary>
internal sealed record Floor(int Level, string Assembly, string Folder, string RootNamespace, string[] MayUse, string[] Packages)
{
    public static readonly Floor Simulation = new(1, "DigitalTwin.Simulation", "engine/simulation", "DigitalTwin.Simulation", [], []);

    public static readonly Floor Plant = new(2, "DigitalTwin.Plant", "engine/plant", "DigitalTwin.Plant",
        ["DigitalTwin.Simulation"], ["Stateless", "YamlDotNet", "MiniExcel"]);

    public static readonly Floor Scheduler = new(3, "DigitalTwin.Scheduler", "scheduler", "DigitalTwin.Scheduler",
        ["DigitalTwin.Simulation", "DigitalTwin.Plant"], ["Google.OrTools", "Google.Protobuf"]);

    public static readonly Floor Runtime = new(3, "DigitalTwin.Runtime", "engine/runtime", "DigitalTwin.Runtime",
        ["DigitalTwin.Simulation", "DigitalTwin.Plant"], ["Microsoft.Extensions", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "Npgsql", "MQTTnet", "Stateless"]);

    public static readonly Floor Ui = new(4, "twin", "twin-ui", "DigitalTwin.Ui",
        ["DigitalTwin.Simulation", "DigitalTwin.Plant", "DigitalTwin.Scheduler", "DigitalTwin.Runtime"],
        ["Microsoft.AspNetCore", "Microsoft.Data.Sqlite", "Microsoft.IdentityModel", "Microsoft.Extensions", "Microsoft.JSInterop", "Microsoft.Net.Http.Headers", "Microsoft.OpenApi", "MiniExcel", "MudBlazor", "System.CommandLine", "Spectre.Console", "OpenTelemetry"]);

    public static readonly Floor[] All = [Simulation, Plant, Scheduler, Runtime, Ui];

    public Assembly Load() => System.Reflection.Assembly.Load(Assembly);

    /// <summary>Source files, without what the build generates.</summary>
    public static IEnumerable<string> Sources(string folder, string pattern = "*.cs") =>
        Directory.EnumerateFiles(Path.Combine(SharedData.Repository, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj" or "node_modules"));

    /// <summary>Fails with the whole list, uncut, when there is anything in it.</summary>
    public static void None<T>(IEnumerable<T> violations)
    {
        var all = violations.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    /// <summary>Path from the repository's root, with slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(SharedData.Repository, file).Replace('\\', '/');
}
