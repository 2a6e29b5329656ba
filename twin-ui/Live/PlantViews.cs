using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.Training;

namespace DigitalTwin.Ui.Live;

/// <summary>Finds what can be looked at by its id: a live plant, a replay of one, or an attempt at an exercise.</summary>
public sealed class PlantViews(SessionRegistry sessions, ReplayService replays, TrainingService training)
{
    private const string Attempts = "/attempts/";

    /// <summary>The view of that id, or <c>null</c>.</summary>
    public IPlantView? Find(string id) =>
        sessions.Find(id) as IPlantView ?? replays.Find(id)
        ?? (id.IndexOf(Attempts, StringComparison.Ordinal) is > 0 and var at ? training.Of(id[..at])?.Find(id[(at + Attempts.Length)..]) as IPlantView : null);
}
