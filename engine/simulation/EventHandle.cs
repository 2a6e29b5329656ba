using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>Names one scheduled event, so that it can be cancelled. <c>default</c> names none.</summary>
/// <param name="Slot">Where the calendar keeps account of the event.</param>
/// <param name="Stamp">The event's insertion number, ≥ 1. It is never given twice, so a handle kept too long can never hit another event.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EventHandle(int Slot, long Stamp)
{
    /// <summary>Names no event; cancelling it does nothing.</summary>
    public static readonly EventHandle None;

    public bool IsNone => Stamp == 0;
}
