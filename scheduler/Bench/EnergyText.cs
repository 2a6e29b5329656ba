using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Energy;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Reads the public format of one machine under hourly prices (JSON): jobs, prices, and powers and times between on, idle and low-power states.</summary>
public static class EnergyText
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <exception cref="PlanningException">The text is not such a problem; names the file and what is wrong.</exception>
    public static EnergyProblem Parse(SourceText source)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            var file = JsonSerializer.Deserialize<Document>(source.Text, Options) ?? throw new PlanningException("the file is empty");
            if (file.MachinesCount != 1 || file.LengthInterval != 1)
            {
                throw new PlanningException($"it is for {file.MachinesCount} machines with intervals of {file.LengthInterval}; only one machine with intervals of 1 can be read");
            }

            int[][] perMode = [file.OffOnTime, file.OnOffTime, file.OffOnPowerConsumption, file.OnOffPowerConsumption];
            if (Array.Exists(perMode, values => values.Length != file.OffPowerConsumption.Length))
            {
                throw new PlanningException($"OffPowerConsumption lists {file.OffPowerConsumption.Length} low-power states, the times and powers to and from them another number");
            }

            return EnergyProblem.Create(
                [.. file.Jobs.Select(j => j.ProcessingTime)], file.EnergyCosts, file.OnPowerConsumption, file.IdlePowerConsumption,
                [.. file.OffPowerConsumption.Select((power, m) => new LowPowerMode(
                    power, file.OnOffTime[m], file.OnOffPowerConsumption[m], file.OffOnTime[m], file.OffOnPowerConsumption[m]))]);
        }
        catch (JsonException wrong)
        {
            throw new PlanningException($"{source.Name}:{wrong.LineNumber + 1}: {wrong.Message}", wrong);
        }
        catch (PlanningException wrong)
        {
            throw new PlanningException($"{source.Name}: {wrong.Message}", wrong);
        }
    }

    private sealed record Document
    {
        public int MachinesCount { get; init; } = 1;

        [JsonRequired]
        public Job[] Jobs { get; init; } = [];

        [JsonRequired]
        public int[] EnergyCosts { get; init; } = [];

        public int LengthInterval { get; init; } = 1;

        [JsonRequired]
        public int[] OffOnTime { get; init; } = [];

        [JsonRequired]
        public int[] OnOffTime { get; init; } = [];

        [JsonRequired]
        public int[] OffOnPowerConsumption { get; init; } = [];

        [JsonRequired]
        public int[] OnOffPowerConsumption { get; init; } = [];

        [JsonRequired]
        public int OnPowerConsumption { get; init; }

        [JsonRequired]
        public int IdlePowerConsumption { get; init; }

        [JsonRequired]
        public int[] OffPowerConsumption { get; init; } = [];
    }

    private sealed record Job([property: JsonRequired] int ProcessingTime);
}
