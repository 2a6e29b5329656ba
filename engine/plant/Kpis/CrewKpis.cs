using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one pool of people over the window of the statistics. Hours are head-hours.</summary>
public sealed record CrewKpis
{
    /// <summary>Index of the pool among the auxiliaries.</summary>
    public required int Pool { get; init; }

    /// <summary>Hours on duty.</summary>
    public required double OnDutyHours { get; init; }

    /// <summary>Hours at work where they were called; those who finish after their shift count, so it may exceed the hours on duty.</summary>
    public required double BusyHours { get; init; }

    /// <summary>Hours on side jobs.</summary>
    public required double SideJobHours { get; init; }

    /// <summary>Side jobs done.</summary>
    public required int SideJobsDone { get; init; }

    /// <summary>How often a call interrupted a side job.</summary>
    public required int Interruptions { get; init; }

    /// <summary>Share of the hours on duty at work, side jobs left out; <c>null</c> when nobody was on duty.</summary>
    public double? Utilisation => EquipmentKpis.Ratio(BusyHours, OnDutyHours);

    /// <summary>The pools of people, in the order of the auxiliaries; frames and moulds are left out.</summary>
    public static ImmutableArray<CrewKpis> Of(PlantState state)
    {
        var crews = ImmutableArray.CreateBuilder<CrewKpis>();
        for (var p = 0; p < state.CrewMeters.Length; p++)
        {
            if (state.Plant.Crews.IsCrew[p])
            {
                ref readonly var m = ref state.CrewMeters[p];
                crews.Add(new CrewKpis
                {
                    Pool = p,
                    OnDutyHours = m.OnDutyMs / (double)Duration.MillisecondsPerHour,
                    BusyHours = m.BusyMs / (double)Duration.MillisecondsPerHour,
                    SideJobHours = m.SideMs / (double)Duration.MillisecondsPerHour,
                    SideJobsDone = m.SideJobsDone,
                    Interruptions = m.Interruptions,
                });
            }
        }

        return crews.ToImmutable();
    }
}
