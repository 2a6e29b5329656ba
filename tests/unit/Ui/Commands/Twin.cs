using System.Text.Json;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

/// <summary>Runs command lines inside the test, as a pipe would see them, in a folder that goes away.</summary>
public sealed class Twin : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin-").FullName;

    /// <summary>A small dyehouse with luck, on disk.</summary>
    public string Dyehouse
    {
        get
        {
            var path = At("dyehouse");
            if (!Directory.Exists(path))
            {
                ScenarioWriter.Write(DyehouseGenerator.Create(12), path);
            }

            return path;
        }
    }

    /// <summary>The smallest job shop of the literature, ft06, with a best makespan of 55 minutes.</summary>
    public string JobShop => Write("ft06.txt", """
        6 6
        2 1 0 3 1 6 3 7 5 3 4 6
        1 8 2 5 4 10 5 10 0 10 3 4
        2 5 3 4 5 8 0 9 1 1 4 7
        1 5 0 5 2 5 3 3 4 8 5 9
        2 9 1 3 4 5 5 4 0 3 3 1
        1 3 3 3 5 9 0 10 4 4 2 1
        """);

    public string At(string name) => Path.Combine(_folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await TwinCommandLine.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c>, expects success, and gives the document.</summary>
    public static async Task<JsonElement> JsonAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync([.. args, "--json"]);
        Assert.True(code == ExitCode.Ok, error);
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Mean of a figure in the JSON of a verb.</summary>
    public static double Mean(JsonElement kpis, string key) =>
        kpis.EnumerateArray().Single(k => k.GetProperty("key").GetString() == key).GetProperty("mean").GetDouble();

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
