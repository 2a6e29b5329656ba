using System.Runtime.CompilerServices;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Live;

/// <summary>One <see cref="FrameBoard"/> per session or replay, for all its viewers.</summary>
public sealed class FrameBoards
{
    private readonly ConditionalWeakTable<IPlantView, FrameBoard> _boards = [];

    public FrameBoard Of(IPlantView session) => _boards.GetValue(session, s => new FrameBoard(s));
}
