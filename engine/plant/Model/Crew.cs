using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>People that a piece of work needs for as long as it lasts: one skill, some heads of one pool.</summary>
/// <param name="Skill">Id of an <see cref="AuxiliaryResource"/>, or one of its <see cref="AuxiliaryResource.Skills"/>. Where several pools
/// have it, the first of the model that has enough people free sends them.</param>
/// <param name="Count">How many at once, ≥ 1.</param>
public sealed record CrewNeed(string Skill, int Count = 1);

/// <summary>How many of a pool are on duty while a calendar works; shifts that overlap add up.</summary>
/// <param name="Count">Heads, ≥ 0.</param>
public sealed record CrewShift(CalendarId Calendar, int Count);

/// <summary>What happens at the end of a shift to work that people have in hand. Work is never lost.</summary>
public enum ShiftEndRule
{
    /// <summary>They finish it and then go.</summary>
    Finish,

    /// <summary>It stands still until people of the skill are there again; a setup, a cleaning or maintenance is still finished.</summary>
    Hold,
}
