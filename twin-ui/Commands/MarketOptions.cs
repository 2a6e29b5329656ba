using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>Options of the verbs about shared capacity.</summary>
internal static class MarketOptions
{
    public static Option<string?> Firm(string description) => new("--firm") { Description = description, HelpName = "firm" };

    /// <exception cref="CommandException">There is no such firm.</exception>
    public static TenantId? FirmOf(CompiledScenario plant, string? id)
    {
        if (id is null)
        {
            return null;
        }

        var index = plant.Plant.Tenants.Select(t => t.Id).ToList().IndexOf(id);
        return index >= 0 ? new TenantId(index) : throw new CommandException(
            $"--firm '{id}' is not in tenants.csv. {Suggestion.For(id, plant.Plant.Tenants.Select(t => t.Id)) ?? (plant.Plant.Tenants.IsEmpty ? "The scenario has no firms." : $"Maybe {plant.Plant.Tenants[0].Id}?")}");
    }

    /// <summary>A length of time from now, or a moment of the plant's clock.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static SimTime? MomentOf(CompiledScenario plant, string option, string? text, SimTime now)
    {
        if (text is null)
        {
            return null;
        }

        if (DurationText.TryParse(text, out var span) && span > Duration.Zero)
        {
            return now + span;
        }

        return MomentText.TryParse(text, plant.Scenario.Clock, out var moment, out _)
            ? moment
            : throw new CommandException($"{option} '{text}' is neither a date nor a length of time. Maybe 2026-03-06 17:00, or 3d?");
    }
}
