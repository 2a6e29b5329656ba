using System.Collections.Concurrent;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Planning;

/// <summary>Repairs schedules in force when something happens that they did not foresee: proposes, and applies only what a policy allows.</summary>
/// <param name="file">Of a plant's policy; <c>null</c> keeps it for this process only.</param>
public sealed class ReplanService(SessionRegistry sessions, IPlanRepairer repairer, Func<string, string?> file, TimeProvider time, ILogger<ReplanService> log) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_editLasts = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<string, ReplanBook> _books = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Plant, string User), PendingEdit> _edits = new();

    /// <summary>Policy and proposals of a plant.</summary>
    public ReplanBook Of(string plantId) => _books.GetOrAdd(plantId, id => new ReplanBook(repairer, time, file(id)));

    /// <summary>People who are changing the plan at the moment: others see them before they decide.</summary>
    public IReadOnlyList<PendingEdit> Edits(string plantId) =>
        [.. _edits.Where(e => e.Key.Plant.Equals(plantId, StringComparison.OrdinalIgnoreCase) && time.GetUtcNow() - e.Value.At < s_editLasts).Select(e => e.Value).OrderBy(e => e.At)];

    /// <summary>Says that somebody is changing the plan; said again at least every two minutes, or it lapses.</summary>
    public void Edit(string plantId, string user, string what, int basedOn) => _edits[(plantId, user)] = new PendingEdit(user, what, basedOn, time.GetUtcNow());

    /// <summary>Somebody is done, or gave it up.</summary>
    public void EndEdit(string plantId, string user) => _edits.TryRemove((plantId, user), out _);

    /// <summary>Looks at every session once.</summary>
    public async Task LookAsync(CancellationToken cancellation = default)
    {
        foreach (var session in sessions.All)
        {
            try
            {
                await Of(session.Id).LookAsync(session, cancellation);
            }
            catch (Exception e) when (e is JournalUnavailableException or InvalidOperationException or IOException)
            {
                log.LogWarning(e, "The schedule of {Plant} could not be repaired; it is tried again", session.Id);
            }
        }
    }

    public override void Dispose()
    {
        foreach (var book in _books.Values)
        {
            book.Dispose();
        }

        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping is not a failure
        }
    }
}

/// <summary>Somebody is changing the plan.</summary>
/// <param name="What">In their words.</param>
/// <param name="BasedOn">Version of the schedule that they look at.</param>
public sealed record PendingEdit(string User, string What, int BasedOn, DateTimeOffset At);
