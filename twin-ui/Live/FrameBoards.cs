using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Live;

/// <summary>One <see cref="FrameBoard"/> per session and firm, or per replay, for all viewers who see the same.</summary>
public sealed class FrameBoards
{
    private readonly ConditionalWeakTable<IPlantView, ConcurrentDictionary<string, FrameBoard>> _boards = [];

    /// <summary>The board of what a caller may see.</summary>
    public FrameBoard Of(TenantView seen) =>
        _boards.GetOrCreateValue(seen.Session).GetOrAdd(seen.Caller.Firm?.ToUpperInvariant() ?? "", _ => new FrameBoard(seen.Session, seen.Of));

    /// <summary>The board of everything, for the operator.</summary>
    public FrameBoard Of(IPlantView whole) => _boards.GetOrCreateValue(whole).GetOrAdd("", _ => new FrameBoard(whole));
}
