using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Drafts;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A value of a patch as it would stand in a scenario file, with the place it was read from.</summary>
/// <param name="Text">The value: <c>2026-03-02 18:00</c>, <c>8 h</c>, <c>V07</c>.</param>
/// <param name="File">File that it stands in; <c>null</c> where a program made it.</param>
public readonly record struct PatchText(string Text, string? File = null, int Line = 0, int Column = 0)
{
    public static implicit operator PatchText(string text) => new(text);

    public override string ToString() => Text;
}

/// <summary>A column of a table and the value it is given.</summary>
public readonly record struct PatchColumn(string Column, PatchText Value);

/// <summary>One change to a scenario: what a what-if is made of. Immutable.</summary>
/// <remarks>
/// A patch says what it changes by the names and values of the scenario files. Applying it gives a new scenario that went through every check of
/// a scenario on disk, so a patched plant is as sound as a written one. What a patch does not name keeps its luck: draws are addressed by ids.
/// </remarks>
public abstract record ScenarioPatch
{
    /// <summary>Where it stands, for messages; its text is its kind.</summary>
    public PatchText Place { get; init; }

    /// <summary>What it changes, in a short clause: <c>breakdown of V71 at 2026-03-02 10:00 for 8 h</c>.</summary>
    public abstract string Describe();

    /// <summary>Makes the change; what is wrong with it is reported at its place.</summary>
    internal abstract void Apply(PatchTarget target);

    /// <summary>Applies patches one after the other.</summary>
    /// <returns>The patched scenario, or everything that is wrong. Findings about things that no patch names are told at the first
    /// patch that brings them about.</returns>
    public static ReadResult Apply(Scenario scenario, IReadOnlyList<ScenarioPatch> patches) => Patching.Apply(scenario, patches);

    /// <summary><c>a, b and 3 more</c>.</summary>
    private protected static string Names(IReadOnlyList<PatchText> names) =>
        names.Count <= 3 ? string.Join(", ", names) : $"{names[0]}, {names[1]} and {names.Count - 2} more";

    private protected static string InWords(IEnumerable<PatchColumn> columns) => string.Join(", ", columns.Select(c => $"{c.Column} {c.Value}"));
}
