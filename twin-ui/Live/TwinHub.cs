using System.Runtime.CompilerServices;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace DigitalTwin.Ui.Live;

/// <summary>The live door at <c>/hubs/twin</c>, for the pages and for outside clients.</summary>
/// <remarks>The screen pulls: a viewer learns from <see cref="Changes"/> that there is something new and asks <see cref="Pull"/> for one
/// coalesced delta when it is ready to draw. A slow viewer costs only itself. A replay or an attempt is asked for like a plant, as <c>plant/replays/1</c> or
/// <c>plant/attempts/1</c>.</remarks>
[Authorize] // connecting needs a log-in or a key; every method names the permit it needs
public sealed class TwinHub(SessionRegistry sessions, PlantViews views, FrameBoards boards) : Hub
{
    /// <summary>Bytes of one invocation, at most: some thousand observations.</summary>
    public const long LargestMessage = 2 * 1024 * 1024;

    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(100);

    /// <summary>Ids of the plants served here.</summary>
    [Needs(Permit.See, firmsToo: true)]
    public IReadOnlyList<string> Plants() => [.. TenantView.All(sessions, Caller.Of(Context.User)).Select(v => v.Session.Id)];

    /// <summary>One binary frame (<see cref="FrameBoard"/>) with everything that changed since the version of the frame drawn last.</summary>
    /// <param name="sinceVersion">Version of that frame; 0 for a first, full one. After a gap the answer is full by itself.</param>
    [Needs(Permit.See, firmsToo: true)]
    public byte[] Pull(string plantId, long sinceVersion) => Seen(plantId).Board.Pull(sinceVersion);

    /// <summary>Versions as they appear, at most one per 100 ms; the present one at once.</summary>
    [Needs(Permit.See, firmsToo: true)]
    public async IAsyncEnumerable<long> Changes(string plantId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var session = Seen(plantId).View;
        var version = session.Version;
        yield return version;
        while (!cancellation.IsCancellationRequested)
        {
            version = await session.WaitForChangeAsync(version, cancellation);
            yield return version;
            await Task.Delay(Coalesce, cancellation);
        }
    }

    /// <summary>Takes observations in: the same door as HTTP. The answer comes when they are on disk; a sender that waits for it feels the back-pressure.</summary>
    [Needs(Permit.Observe)]
    public async Task<IngestReceipt> Ingest(string plantId, IReadOnlyList<Observation> observations)
    {
        try
        {
            return await Living(plantId).IngestAsync(observations, cancellation: Context.ConnectionAborted);
        }
        catch (JournalUnavailableException e)
        {
            throw new HubException($"nothing was taken, send it again: {e.Message}", e);
        }
    }

    /// <summary>Takes a stream of deliveries in, and answers each when it is on disk; no more is read of the stream meanwhile.</summary>
    [Needs(Permit.Observe)]
    public async IAsyncEnumerable<IngestReceipt> IngestStream(
        string plantId, IAsyncEnumerable<IReadOnlyList<Observation>> deliveries, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var delivery in deliveries.WithCancellation(cancellation))
        {
            yield return await Ingest(plantId, delivery);
        }
    }

    /// <summary>The live session; a replay takes nothing in.</summary>
    private TwinSession Living(string plantId) => sessions.Find(plantId) ?? throw NoPlant(plantId);

    /// <summary>What of a plant, or of a replay, the caller may see; replays are the operator's.</summary>
    private (IPlantView View, FrameBoard Board) Seen(string plantId)
    {
        var caller = Caller.Of(Context.User);
        if (sessions.Find(plantId) is { } session && TenantView.Of(session, caller) is { } seen)
        {
            return (session, boards.Of(seen));
        }

        return caller.Firm is null && views.Find(plantId) is { } other
            ? (other, boards.Of(other))
            : throw NoPlant(plantId);
    }

    private HubException NoPlant(string plantId) => new($"plant '{plantId}' is not served here. Maybe one of {string.Join(", ", Plants())}");
}
