using System.Runtime.CompilerServices;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Live;

/// <summary>One <see cref="FrameBoard"/> per session, for all its viewers.</summary>
public sealed class FrameBoards
{
    private readonly ConditionalWeakTable<TwinSession, FrameBoard> _boards = [];

    public FrameBoard Of(TwinSession session) => _boards.GetValue(session, s => new FrameBoard(s));
}
