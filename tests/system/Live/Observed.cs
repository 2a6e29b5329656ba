using System.Net.Http.Json;
using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System.Live;

/// <summary>What the plant of a scenario would report: a simulated run by names.</summary>
internal static class Observed
{
    public static CompiledScenario Plant(string scenario) => CompiledScenario.Compile(ScenarioReader.Read(Repository.Scenario(scenario)).Scenario!);

    public static List<Observation> Run(CompiledScenario plant, double hours, ulong seed = 5)
    {
        var recorder = new Recorder(new ObservationTranslator(new PlantNames(plant)));
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, 0), sink: recorder).RunUntil(SimTime.FromHours(hours));
        return recorder.Observations;
    }

    /// <summary>Posts a delivery and reads the receipt.</summary>
    public static async Task<JsonElement> PostAsync(HttpClient http, string plant, IReadOnlyList<Observation> observations)
    {
        using var body = JsonContent.Create([.. observations], RuntimeJson.Default.ObservationArray);
        using var answer = await http.PostAsync(new Uri($"/api/v1/plants/{plant}/observations", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private sealed class Recorder(ObservationTranslator translator) : IPlantEventSink
    {
        public List<Observation> Observations { get; } = [];

        public void On(in PlantEvent e) => Observations.Add(translator.Write(e, $"o{Observations.Count}"));
    }
}
