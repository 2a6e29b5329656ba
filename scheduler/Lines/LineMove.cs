using System.Runtime.InteropServices;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>How a <see cref="LineMove"/> changes a sequence.</summary>
public enum LineMoveKind : byte
{
    /// <summary>The units at the two positions change places.</summary>
    Swap,

    /// <summary>The unit at the first position goes to the last; those between move up.</summary>
    InsertLater,

    /// <summary>The unit at the last position goes to the first; those between move back.</summary>
    InsertEarlier,

    /// <summary>The units from the first to the last position turn round.</summary>
    Reverse,
}

/// <summary>A small change of a launch order. Positions outside [<paramref name="First"/>, <paramref name="Last"/>] stay as they are.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LineMove(LineMoveKind Kind, int First, int Last)
{
    /// <summary>Where the unit that is at <paramref name="position"/> after the move was before it.</summary>
    public int Source(int position) =>
        position < First || position > Last ? position
        : Kind switch
        {
            LineMoveKind.Swap => position == First ? Last : position == Last ? First : position,
            LineMoveKind.InsertLater => position == Last ? First : position + 1,
            LineMoveKind.InsertEarlier => position == First ? Last : position - 1,
            _ => First + Last - position,
        };

    /// <summary>Where the unit that is at <paramref name="position"/> before the move goes: the inverse of <see cref="Source"/>.</summary>
    public int Target(int position) =>
        position < First || position > Last ? position
        : Kind switch
        {
            LineMoveKind.InsertLater => position == First ? Last : position - 1,
            LineMoveKind.InsertEarlier => position == Last ? First : position + 1,
            _ => Source(position),
        };
}
