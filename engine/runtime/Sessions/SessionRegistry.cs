using System.Collections.Concurrent;
using DigitalTwin.Plant.Behaviour;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>The sessions of this process, by plant id.</summary>
public sealed class SessionRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TwinSession> _sessions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All open sessions, by id.</summary>
    public IReadOnlyList<TwinSession> All => [.. _sessions.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];

    /// <summary>The session of a plant, or <c>null</c>.</summary>
    public TwinSession? Find(string plantId) => _sessions.GetValueOrDefault(plantId);

    /// <summary>Opens a session and keeps it until <see cref="CloseAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">A session of this plant is open already.</exception>
    public async Task<TwinSession> OpenAsync(CompiledScenario plant, TwinSessionOptions? options = null)
    {
        var session = new TwinSession(plant, options);
        if (_sessions.TryAdd(session.Id, session))
        {
            return session;
        }

        await session.DisposeAsync();
        throw new InvalidOperationException($"plant '{session.Id}' is open already");
    }

    /// <summary>Closes a session; what waits in its queue is still taken in.</summary>
    public async Task CloseAsync(string plantId)
    {
        if (_sessions.TryRemove(plantId, out var session))
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>Closes all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var id in _sessions.Keys)
        {
            await CloseAsync(id);
        }
    }
}
