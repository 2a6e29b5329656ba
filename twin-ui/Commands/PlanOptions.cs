using System.CommandLine;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>Options that say what is simulated: rule, schedule, seed, window.</summary>
internal sealed class PlanOptions
{
    private readonly Option<string?> _rule = new("--rule")
    {
        Description = "Dispatch rule instead of the scenario's own.",
        HelpName = string.Join('|', ScenarioInput.Rules.Keys),
        CompletionSources = { ScenarioInput.Rules.Keys.ToArray() },
    };

    private readonly Option<string?> _schedule = new("--schedule")
    {
        Description = "Follow a schedule file; jobs it does not name go by the rule.", HelpName = "file",
    };

    private readonly WindowOptions _window = new();

    public void AddTo(Command verb)
    {
        verb.Add(_rule);
        verb.Add(_schedule);
        _window.AddTo(verb);
    }

    /// <param name="saved">A saved run to go on with: its policy and seed are kept where none are given; <c>null</c> for none.</param>
    public RunPlan Read(ParseResult parse, CompiledScenario plant, RunInProgress? saved = null)
    {
        var rule = parse.GetValue(_rule) is { } name ? ScenarioInput.Rule(name) : saved?.Simulator.Policy.Rule ?? plant.Scenario.Dispatch;
        var plan = _window.Read(parse, plant, saved);
        if (saved is not null && parse.GetValue(_rule) is null && parse.GetValue(_schedule) is null)
        {
            var policy = saved.Simulator.Policy;
            return plan with { Name = policy.Schedule is { Origin.Length: > 0 } followed ? followed.Origin : ScenarioInput.NameOf(policy.Rule), Policy = policy };
        }

        return parse.GetValue(_schedule) is { } file
            ? plan with { Name = Path.GetFileName(file), Policy = new DispatchPolicy { Rule = rule, Schedule = ScheduleFiles.Read(file, plant) } }
            : plan with { Name = ScenarioInput.NameOf(rule), Policy = new DispatchPolicy { Rule = rule } };
    }
}

/// <summary>Options that say with which luck and over which window.</summary>
internal sealed class WindowOptions
{
    private const string Auto = "auto";

    // As far as calendars and tariffs are laid out: beyond it a run would not mean much.
    private const int LongestInHorizons = 3;

    private readonly Option<ulong?> _seed = CommonOptions.Seed();
    private readonly Option<Duration?> _until = CommonOptions.Span("--until", "How far to simulate, e.g. 12h, 14d. When not given, until all orders are complete, but no more than three times the scenario's horizon.");
    private readonly Option<string?> _warmUp;

    private readonly Option<bool> _wholeWindow = new("--whole-window")
    {
        Description = "Run to the very end of the window, the horizon or --until, even when all orders are complete before.",
    };

    /// <param name="findsWarmUp">Whether <c>--warm-up auto</c> is understood.</param>
    public WindowOptions(bool findsWarmUp = false)
    {
        _warmUp = new Option<string?>("--warm-up")
        {
            Description = "Throw away the statistics of the first part; the scenario's when not given." + (findsWarmUp ? " auto finds it (MSER-5)." : ""),
            HelpName = findsWarmUp ? "auto|time" : "time",
        };
        _warmUp.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && !(findsWarmUp && text == Auto) && !(DurationText.TryParse(text, out var span) && span >= Duration.Zero))
            {
                result.AddError($"--warm-up '{text}' is not a length of time. Maybe 30s, 15min, 8h or 7d{(findsWarmUp ? ", or auto" : "")}?");
            }
        });
    }

    /// <summary>Whether the warm-up is to be found rather than given.</summary>
    public bool FindsWarmUp(ParseResult parse) => parse.GetValue(_warmUp) == Auto;

    public void AddTo(Command verb)
    {
        verb.Add(_seed);
        verb.Add(_until);
        verb.Add(_warmUp);
        verb.Add(_wholeWindow);
    }

    public RunPlan Read(ParseResult parse, CompiledScenario plant, RunInProgress? saved = null)
    {
        var plan = RunPlan.Of(plant);
        var whole = parse.GetValue(_wholeWindow);
        var end = whole ? plan.Until : SimTime.Zero + plant.Scenario.Horizon * LongestInHorizons;
        return plan with
        {
            Seed = parse.GetValue(_seed) ?? saved?.Simulator.Luck.Seed ?? plan.Seed,
            WarmUp = parse.GetValue(_warmUp) is { } text && DurationText.TryParse(text, out var warmUp) ? warmUp : plan.WarmUp,
            Until = parse.GetValue(_until) is { } until ? SimTime.Zero + until : end,
            StopWhenComplete = !whole,
        };
    }
}
