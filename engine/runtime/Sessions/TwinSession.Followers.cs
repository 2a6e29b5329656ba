using System.Collections.Immutable;

namespace DigitalTwin.Runtime.Sessions;

/// <content>Those who follow the session, and what they found.</content>
public sealed partial class TwinSession
{
    private volatile IReadOnlyList<Drift.DriftAlarm> _alarms = [];
    private ImmutableList<SessionFollower> _followers = []; // guarded by the gate

    /// <summary>Drift alarms that stand; refreshed in the background.</summary>
    public IReadOnlyList<Drift.DriftAlarm> Alarms
    {
        get => _alarms;
        internal set => _alarms = value;
    }

    /// <summary>Follows what the session takes in, from now on: nothing is left out and nothing is told twice.</summary>
    /// <param name="capacity">Steps that may wait for the follower, ≥ 1; it is let go beyond that.</param>
    public SessionFollower Follow(int capacity)
    {
        lock (_gate)
        {
            var follower = new SessionFollower(_view.Version == _version || _torn ? _view : _view = Fork(), capacity, Leave);
            _followers = _followers.Add(follower);
            return follower;
        }

        void Leave(SessionFollower follower)
        {
            lock (_gate)
            {
                _followers = _followers.Remove(follower);
                follower.End("it left");
            }
        }
    }

    private void Tell(List<FollowedChange>? committed)
    {
        if (committed is { Count: > 0 })
        {
            _followers = _followers.RemoveAll(f => f.LetGo is not null || !f.Tell(committed));
        }
    }
}
