using System.Collections.Concurrent;
using System.Globalization;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>The replays of a process: opened, found, forked and closed by people or by the API.</summary>
/// <param name="folder">Where bookmarks are kept, one folder per plant; <c>null</c> keeps them in memory.</param>
public sealed class ReplayService(TimeProvider time, string? folder = null)
{
    /// <summary>Replays that may be open of one plant; each holds a state of its own. When there are more, the one that nobody has looked at for longest
    /// is closed, if that is longer than <see cref="Forgotten"/>.</summary>
    public const int MostPerPlant = 32;

    /// <summary>A replay that nobody has looked at for so long may be closed to make room.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, ReplaySession> _replays = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, BookmarkBook> _bookmarks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _opening = new();
    private int _count;

    /// <summary>Opens a replay of a recording.</summary>
    /// <param name="plantId">Plant under whose name it is served.</param>
    /// <param name="at">Where it begins; <c>null</c> at the start of the recording.</param>
    /// <exception cref="InvalidOperationException">Too many are open.</exception>
    public async Task<ReplaySession> OpenAsync(string plantId, Recording recording, SimTime? at = null, CancellationToken cancellation = default) =>
        Keep(plantId, recording, await recording.AtAsync(at ?? recording.Start, cancellation));

    /// <summary>Opens another replay of the same recording at the same moment, for somebody who wants to go on alone.</summary>
    /// <exception cref="InvalidOperationException">Too many are open.</exception>
    public ReplaySession Fork(ReplaySession replay) => Keep(PlantOf(replay.Id), replay.Recording, replay.ForkCursor());

    /// <summary>Replays of a plant, the oldest first.</summary>
    public IReadOnlyList<ReplaySession> Of(string plantId) =>
        [.. _replays.Values.Where(r => string.Equals(PlantOf(r.Id), plantId, StringComparison.OrdinalIgnoreCase)).OrderBy(r => r.Id.Length).ThenBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>A replay by its whole id, <c>plant/replays/1</c>, or <c>null</c>.</summary>
    public ReplaySession? Find(string id) => _replays.GetValueOrDefault(id);

    /// <summary>Closes a replay; false when there is none of this id.</summary>
    public bool Close(string id)
    {
        if (!_replays.TryRemove(id, out var replay))
        {
            return false;
        }

        replay.LeaveStep();
        return true;
    }

    /// <summary>The bookmarks of a plant.</summary>
    public BookmarkBook Bookmarks(string plantId) => _bookmarks.GetOrAdd(plantId, id => new BookmarkBook(folder is null ? null : Path.Combine(folder, id, "bookmarks.json")));

    private ReplaySession Keep(string plantId, Recording recording, ReplayCursor cursor)
    {
        lock (_opening)
        {
            var open = Of(plantId);
            if (open.Count >= MostPerPlant && open.MaxBy(r => r.Idle) is { } forgotten && forgotten.Idle > Forgotten)
            {
                Close(forgotten.Id);
            }
            else if (open.Count >= MostPerPlant)
            {
                throw new InvalidOperationException($"{MostPerPlant} replays of plant '{plantId}' are open already. Maybe close one");
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"{plantId}/replays/{++_count}");
            return _replays[id] = new ReplaySession(id, recording, cursor, time);
        }
    }

    private static string PlantOf(string id) => id[..id.IndexOf("/replays/", StringComparison.Ordinal)];
}
