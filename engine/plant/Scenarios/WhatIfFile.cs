using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>What reading a what-if gave.</summary>
public sealed record WhatIfResult
{
    /// <summary>What the file asks; <c>null</c> when it cannot be used.</summary>
    public required WhatIf? WhatIf { get; init; }

    /// <summary>The patched plant, ready to run; <c>null</c> exactly when there is an error.</summary>
    public required CompiledScenario? Plant { get; init; }

    /// <summary>Where the future of a running plant begins; <c>null</c> from the scenario's start.</summary>
    public PlantState? State { get; init; }

    /// <summary>The schedule that it follows, for the patched plant; <c>null</c> when it names none.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>All findings, by line.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }
}

/// <summary>What-if files: a scenario and changes to it.</summary>
/// <remarks>The format is documented in <c>scenarios/what-if.md</c>, generated from the descriptors that read it.</remarks>
public static class WhatIfFile
{
    /// <summary>Whether a file looks like a what-if rather than a scenario: YAML that is not <c>scenario.yaml</c>.</summary>
    public static bool IsOne(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" && Path.GetFileName(path) != "scenario.yaml" && File.Exists(path);

    /// <summary>The scenario that a what-if names as its base, as a path; <c>null</c> where it names none or cannot be read.</summary>
    public static string? BaseOf(string path)
    {
        var bag = new DiagnosticBag();
        return Head(path, bag, default) is { } head && head.GetOrNothing(WhatIfFormat.Base) is { } given
            ? Path.Combine(Path.GetDirectoryName(path) ?? "", given)
            : null;
    }

    /// <summary>Reads a what-if and applies it; whatever is wrong with it is a finding at its place.</summary>
    /// <param name="scenario">The base.</param>
    public static WhatIfResult Read(string path, Scenario scenario) => Read(path, scenario, null);

    /// <summary>Reads a what-if and applies it to a plant that runs already (which stays as it is); see <see cref="RunningBase"/> for what it may change.</summary>
    public static WhatIfResult Read(string path, PlantState running) => Read(path, running.Plant.Scenario, running);

    /// <summary>Reads a what-if that came as text, not as a file: whoever sent it may not name files of this machine.</summary>
    /// <param name="name">What findings call it.</param>
    public static WhatIfResult ReadText(string text, string name, PlantState running)
    {
        var bag = new DiagnosticBag();
        var head = YamlText.Read(text, name, bag) is { } yaml
            ? YamlText.Record(yaml, WhatIfFormat.Shape, name, bag, new ParseContext(running.Plant.Scenario.Clock)) : null;
        return Read(head, name, bag, running.Plant.Scenario, running, mayNameFiles: false);
    }

    private static WhatIfResult Read(string path, Scenario scenario, PlantState? running)
    {
        var bag = new DiagnosticBag();
        return Read(Head(path, bag, new ParseContext(scenario.Clock)), path, bag, scenario, running, mayNameFiles: true);
    }

    private static WhatIfResult Read(SourceRecord? head, string path, DiagnosticBag bag, Scenario scenario, PlantState? running, bool mayNameFiles)
    {
        if (head is null)
        {
            return new WhatIfResult { WhatIf = null, Plant = null, Diagnostics = [.. bag.All] };
        }

        var stem = Path.GetFileNameWithoutExtension(path);
        var whatIf = new WhatIf
        {
            Id = stem,
            Name = new Label(head.Get(WhatIfFormat.Name) is { Length: > 0 } name ? name : stem, head.GetOrNothing(WhatIfFormat.NameZh)),
            Description = head.Get(WhatIfFormat.Description),
            Patches = [.. new PatchReader(path).Read(head)],
        };

        // The patches that could be read are applied even when others could not, so that all mistakes are told at once.
        var (plant, state, wrong) = Apply(scenario, running, whatIf);
        List<Diagnostic> findings = [.. bag.All, .. wrong];
        plant = bag.HasErrors ? null : plant;
        if (!mayNameFiles && whatIf.Patches.OfType<FollowSchedule>().LastOrDefault() is { } named)
        {
            findings.Add(new Diagnostic(path, named.File.Line, named.File.Column, Severity.Error, $"schedule '{named.File}' is a file, and only a what-if on disk may name files",
                "Leave it out: the schedule in force is followed unless the dispatch rule is asked for."));
            plant = null;
        }

        var schedule = plant is null ? null : ReadSchedule(path, whatIf, plant, findings);
        return new WhatIfResult
        {
            WhatIf = whatIf,
            Plant = findings.Exists(d => d.Severity == Severity.Error) ? null : plant,
            State = findings.Exists(d => d.Severity == Severity.Error) ? null : state,
            Schedule = schedule,
            Diagnostics = [.. findings.Distinct().OrderBy(d => d.Line).ThenBy(d => d.Column)],
        };
    }

    private static (CompiledScenario? Plant, PlantState? State, IReadOnlyList<Diagnostic> Findings) Apply(Scenario scenario, PlantState? running, WhatIf whatIf)
    {
        if (running is not null)
        {
            var result = RunningBase.Apply(running, whatIf.Patches);
            return (result.State?.Plant, result.State, result.Diagnostics);
        }

        var applied = ScenarioPatch.Apply(scenario, whatIf.Patches);
        return (applied.Scenario is { } patched ? CompiledScenario.Compile(patched) : null, null, applied.Diagnostics);
    }

    private static SourceRecord? Head(string path, DiagnosticBag bag, ParseContext context)
    {
        var files = new FolderReader(Path.GetDirectoryName(path) ?? "", bag);
        return files.Text(Path.GetFileName(path)) is { } text && YamlText.Read(text, path, bag) is { } yaml
            ? YamlText.Record(yaml, WhatIfFormat.Shape, path, bag, context)
            : null;
    }

    private static Schedule? ReadSchedule(string path, WhatIf whatIf, CompiledScenario plant, List<Diagnostic> findings)
    {
        if (whatIf.Patches.OfType<FollowSchedule>().LastOrDefault() is not { } follow)
        {
            return null;
        }

        var file = Path.Combine(Path.GetDirectoryName(path) ?? "", follow.File.Text);
        try
        {
            var (schedule, wrong) = ScheduleFile.Read(file, plant);
            findings.AddRange(wrong);
            return schedule;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            findings.Add(new Diagnostic(path, follow.File.Line, follow.File.Column, Severity.Error, $"schedule '{follow.File}' cannot be read: {unreadable.Message}", "The path is relative to this file."));
            return null;
        }
    }
}
