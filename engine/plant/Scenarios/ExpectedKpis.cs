using System.Globalization;
using System.Text;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>What a scenario gives when it runs by its own rule and seed: the text of <c>expected.yaml</c>.</summary>
/// <remarks>Written and checked by this one path. A difference means that the behaviour of the engine, or the scenario, has changed.</remarks>
public static class ExpectedKpis
{
    public const string FileName = "expected.yaml";

    /// <summary>Runs the scenario once, to its end or ten times its horizon, and writes what came out.</summary>
    public static string Of(Scenario scenario)
    {
        var plant = CompiledScenario.Compile(scenario);
        var hash = new EventHash();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = scenario.Dispatch }, new RandomSource(scenario.Seed, 0), sink: hash);
        simulator.RunToCompletion(SimTime.Zero + scenario.Horizon * 10);
        var kpis = PlantKpis.Of(simulator.State);
        var text = new StringBuilder();
        text.Append("# What one run by the scenario's own dispatch rule and seed gives, until every order is complete.\n");
        text.Append("# A test runs it again and compares; TWIN_WRITE_SCENARIOS=1 makes the test write this file anew.\n");
        text.Append(CultureInfo.InvariantCulture, $"rule: {scenario.Dispatch}\n");
        text.Append(CultureInfo.InvariantCulture, $"seed: {scenario.Seed}\n");
        text.Append(CultureInfo.InvariantCulture, $"events: {hash.Count}\n");
        text.Append(CultureInfo.InvariantCulture, $"event_hash: {hash.Value:x16}\n");
        text.Append("kpis:\n");
        foreach (var key in KpiCatalogue.Headline)
        {
            var figure = KpiCatalogue.Find(key)!;
            if (figure.Value(kpis) is { } value)
            {
                var unit = figure.Unit is "" or "1" ? "" : $", {(figure.Unit == "money" ? scenario.Currency : figure.Unit)}";
                text.Append(CultureInfo.InvariantCulture, $"  {key}: {value:G6} # {figure.Name.En}{unit}\n");
            }
        }

        text.Append("time_share: # processing slot-hours / (slots × working hours) until the end, by equipment class\n");
        for (var c = 0; c < plant.Plant.EquipmentClasses.Length; c++)
        {
            var shares = kpis.Equipment.Where(e => plant.Plant.Equipment[e.Equipment].Class.Index == c).Select(e => e.TimeShare).OfType<double>().ToList();
            if (shares.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {plant.Plant.EquipmentClasses[c].Id}: {shares.Average():F3}\n");
            }
        }

        return text.ToString();
    }
}
