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

    /// <summary>ft10, which a single worker does not prove optimal in seconds.</summary>
    public string HardJobShop => Write("ft10.txt", """
        10 10
        0 29 1 78 2 9 3 36 4 49 5 11 6 62 7 56 8 44 9 21
        0 43 2 90 4 75 9 11 3 69 1 28 6 46 5 46 7 72 8 30
        1 91 0 85 3 39 2 74 8 90 5 10 7 12 6 89 9 45 4 33
        1 81 2 95 0 71 4 99 6 9 8 52 7 85 3 98 9 22 5 43
        2 14 0 6 1 22 5 61 3 26 4 69 8 21 7 49 9 72 6 53
        2 84 1 2 5 52 3 95 8 48 9 72 0 47 6 65 4 6 7 25
        1 46 0 37 3 61 2 13 6 32 5 21 9 32 8 89 7 30 4 55
        2 31 0 86 1 46 5 74 4 32 6 88 8 19 9 48 7 36 3 79
        0 76 1 69 3 76 5 51 2 85 9 11 6 40 7 89 4 26 8 74
        1 85 0 13 2 61 6 7 8 64 9 76 5 47 3 52 4 90 7 45
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
