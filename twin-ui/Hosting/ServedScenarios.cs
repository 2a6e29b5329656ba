using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Finds and opens the scenarios that a server is to serve.</summary>
public static class ServedScenarios
{
    /// <summary>The scenarios that the options name; when they name none, the dyehouse of the repository, or else one from its generator.</summary>
    /// <exception cref="ArgumentException">One of them has errors: the message lists them.</exception>
    public static IReadOnlyList<ServedScenario> Open(TwinServerOptions options)
    {
        var opened = options.ScenarioPaths.Select(Read).Concat(options.Scenarios.Select(s => new ServedScenario(s, []))).ToList();
        if (opened.Count == 0)
        {
            opened.Add(Find("scenarios/dyehouse") is { } folder ? Read(folder) : new ServedScenario(CompiledScenario.Compile(DyehouseGenerator.Create()), []));
        }

        if (opened.GroupBy(s => s.Plant.Scenario.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"two scenarios have the id '{twice.Key}'. Maybe one of them was copied: give it an id of its own", nameof(options));
        }

        return opened;
    }

    private static ServedScenario Read(string path)
    {
        var result = ScenarioInput.Source(path);
        return result.Scenario is { } scenario
            ? new ServedScenario(CompiledScenario.Compile(scenario), result.History)
            : throw new ArgumentException($"{path} cannot be served:\n{string.Join('\n', result.Diagnostics.Where(d => d.Severity == Severity.Error).Take(20))}", nameof(path));
    }

    /// <summary>A folder of the repository or beside the application, looked for upwards from both places.</summary>
    private static string? Find(string relative)
    {
        foreach (var start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, relative);
                if (File.Exists(Path.Combine(candidate, "scenario.yaml")))
                {
                    return candidate;
                }
            }
        }

        return null;
    }
}
