using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Live;

/// <summary>Finds what can be looked at by its id: a live plant, or a replay of one.</summary>
public sealed class PlantViews(SessionRegistry sessions, ReplayService replays)
{
    /// <summary>The view of that id, or <c>null</c>.</summary>
    public IPlantView? Find(string id) => sessions.Find(id) as IPlantView ?? replays.Find(id);
}
