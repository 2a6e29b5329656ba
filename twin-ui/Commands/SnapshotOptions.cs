using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>Options that save a run and go on with one that was saved.</summary>
internal sealed class SnapshotOptions
{
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Go on with a saved run instead of starting anew: with its own luck, rule and schedule, unless others are given.", HelpName = "snapshot",
    };

    private readonly Option<string?> _save = new("--save-snapshot")
    {
        Description = "Save the run as it stands at its end, to go on with later (a single run).", HelpName = "file",
    };

    private readonly Option<string?> _at = new("--at")
    {
        Description = "End the run at this moment: a time since the start (12h) or a date (2026-03-02 08:00).", HelpName = "time",
    };

    public void AddTo(Command verb)
    {
        verb.Add(_from);
        verb.Add(_save);
        verb.Add(_at);
    }

    /// <summary>Whether the run is to be saved, which only a single run can be.</summary>
    public bool Saves(System.CommandLine.Parsing.SymbolResult result) => result.GetValue(_save) is not null;

    /// <summary>Whether a saved run is gone on with.</summary>
    public bool GoesOn(System.CommandLine.Parsing.SymbolResult result) => result.GetValue(_from) is not null;

    /// <summary>The saved run to go on with; <c>null</c> when none is named.</summary>
    /// <exception cref="SnapshotException">It is damaged, or not of this scenario.</exception>
    public RunInProgress? Open(ParseResult parse, CompiledScenario plant) =>
        parse.GetValue(_from) is { } path ? SnapshotFile.Read(path, plant) : null;

    /// <summary>The plan with its end, and going on from where the saved run stands.</summary>
    /// <exception cref="CommandException">It would end before it begins.</exception>
    public RunPlan Apply(ParseResult parse, RunPlan plan, RunInProgress? saved)
    {
        if (parse.GetValue(_at) is { } at)
        {
            plan = plan with { Until = Moment("--at", at, plan.Plant.Scenario.Clock), StopWhenComplete = false };
        }

        if (saved is null)
        {
            return plan;
        }

        var clock = plan.Plant.Scenario.Clock;
        return plan.Until > saved.Simulator.Now
            ? plan with { GoOnFrom = saved }
            : throw new CommandException($"the run would end on {MomentText.Format(plan.Until, clock)}, but {parse.GetValue(_from)} stands at {MomentText.Format(saved.Simulator.Now, clock)}. Name a later end with --until or --at; both count from the start of the scenario.");
    }

    /// <summary>Saves the run where that was asked for.</summary>
    public void Save(ParseResult parse, Shell shell, RunInProgress run)
    {
        if (parse.GetValue(_save) is { } path)
        {
            SnapshotFile.Write(path, run);
            shell.Note($"{path}: saved at {MomentText.Format(run.Simulator.Now, run.Simulator.State.Plant.Scenario.Clock)}; twin run … --from {path} goes on.");
        }
    }

    /// <summary>A time since the start, or a date.</summary>
    /// <exception cref="CommandException">It is neither, or before the start.</exception>
    public static SimTime Moment(string option, string text, PlantClock clock)
    {
        if (DurationText.TryParse(text, out var span) && span >= Duration.Zero)
        {
            return SimTime.Zero + span;
        }

        return MomentText.TryParse(text, clock, out var moment, out _)
            ? moment >= SimTime.Zero ? moment : throw new CommandException($"{option} '{text}' is before the scenario starts, {MomentText.Format(SimTime.Zero, clock)}. Name a later moment.")
            : throw new CommandException($"{option} '{text}' is neither a time since the start nor a date. Maybe 12h, 3d or {MomentText.Format(SimTime.FromHours(12), clock)}?");
    }
}
