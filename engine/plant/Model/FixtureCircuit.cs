using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>A loop of fixtures (foaming moulds, pallets, jigs): a unit goes through part of its routing in a fixture of its family.</summary>
/// <remarks>A unit takes a fixture when it is assigned to the first operation and gives it back when the last one ends; the fixture then
/// travels back. Where a family lacks fixtures, ones that others do not need are changed off the loop.</remarks>
public sealed record FixtureCircuit
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Units take their fixture for the operation on equipment of this class.</summary>
    public required EquipmentClassId Enter { get; init; }

    /// <summary>Units give it back after the operation on equipment of this class; may be <see cref="Enter"/>.</summary>
    public required EquipmentClassId Leave { get; init; }

    /// <summary>Time to fit a fixture to another family, ≥ 0.</summary>
    public Duration Change { get; init; }

    /// <summary>Fixtures that can be changed side by side, ≥ 1; <c>null</c> any number.</summary>
    public int? ChangePlaces { get; init; }

    /// <summary>Time that an empty fixture takes from the end of the loop to its beginning, ≥ 0.</summary>
    public Duration Return { get; init; }

    /// <summary>Fixtures by the family that they hold at the epoch.</summary>
    public required ImmutableArray<FixtureCount> Fixtures { get; init; }
}

/// <summary>So many fixtures of one family.</summary>
public readonly record struct FixtureCount(FamilyId Family, int Count);
