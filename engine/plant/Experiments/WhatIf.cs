using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Experiments;

/// <summary>A question: what would happen to a plant if some things were otherwise?</summary>
public sealed record WhatIf
{
    /// <summary>Short name for tables: of the file, without its ending.</summary>
    public required string Id { get; init; }

    public required Label Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Made one after the other.</summary>
    public required ImmutableArray<ScenarioPatch> Patches { get; init; }
}
