using System.Collections.Concurrent;
using System.Globalization;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Planning;

/// <summary>Searches for schedules from the live state: started, watched, stopped, compared and applied by people or by the API.</summary>
/// <remarks>One search per plant at a time; the latest results of each plant are kept. It knows planners only through
/// <see cref="IPlanner"/>.</remarks>
public sealed class OptimiseService(IPlanner planner, TimeProvider time, ForecastOptions futures) : IAsyncDisposable
{
    private const int RunsKept = 10;
    private readonly ConcurrentDictionary<string, List<OptimiseRun>> _runs = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>Searches of a plant, the latest first.</summary>
    public IReadOnlyList<OptimiseRun> Runs(string plantId)
    {
        var runs = _runs.GetOrAdd(plantId, _ => []);
        lock (runs)
        {
            return [.. Enumerable.Reverse(runs)];
        }
    }

    /// <summary>A search by its id, or <c>null</c>.</summary>
    public OptimiseRun? Find(string plantId, string id) => Runs(plantId).FirstOrDefault(r => r.Id == id);

    /// <summary>The search that is running, or <c>null</c>.</summary>
    public OptimiseRun? Running(string plantId) => Runs(plantId).FirstOrDefault(r => r.Status == OptimiseStatus.Running);

    /// <summary>Begins a search from the session as it stands.</summary>
    /// <exception cref="ArgumentException">The request is out of range.</exception>
    /// <exception cref="InvalidOperationException">One is running already.</exception>
    public OptimiseRun Start(TwinSession session, OptimiseRequest request)
    {
        if (request.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(request));
        }

        var view = session.View();
        var runs = _runs.GetOrAdd(session.Id, _ => []);
        OptimiseRun run;
        lock (runs)
        {
            if (runs.Find(r => r.Status == OptimiseStatus.Running) is { } other)
            {
                throw new InvalidOperationException($"search {other.Id} of plant '{session.Id}' is running. Maybe stop it first");
            }

            run = new OptimiseRun(Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture), view, session.Id, request, time.GetUtcNow());
            runs.Add(run);
            if (runs.Count > RunsKept)
            {
                runs[0].Dispose();
                runs.RemoveAt(0);
            }
        }

        _ = Task.Factory.StartNew(() => run.Search(planner, view), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return run;
    }

    /// <summary>What applying the best schedule of a search would change, from the plant as it stands now.</summary>
    /// <exception cref="InvalidOperationException">It has no schedule, or the session has started over since.</exception>
    public Task<SchedulePreview> PreviewAsync(TwinSession session, OptimiseRun run, CancellationToken cancellation = default)
    {
        var schedule = ScheduleOf(session, run);
        var view = session.View();
        return Task.Run(() => SchedulePreview.Of(view, schedule, futures, cancellation), cancellation);
    }

    /// <summary>Puts the best schedule of a search in force, if the version that the caller saw still is.</summary>
    /// <exception cref="InvalidOperationException">It has no schedule, or the session has started over since.</exception>
    public async Task<ScheduleOutcome> ApplyAsync(TwinSession session, OptimiseRun run, int expectedVersion, string user, CancellationToken cancellation = default)
    {
        var outcome = await session.ApplyScheduleAsync(ScheduleOf(session, run), expectedVersion, user, cancellation);
        if (outcome.Done)
        {
            run.AppliedVersion = outcome.InForce.Version;
        }

        return outcome;
    }

    /// <summary>Stops what runs and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Keys.SelectMany(Runs))
        {
            run.Stop();
            await run.Ended.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Schedule ScheduleOf(TwinSession session, OptimiseRun run) =>
        Find(session.Id, run.Id) != run ? throw new InvalidOperationException($"search {run.Id} is not one of plant '{session.Id}'")
        : run.PlantRun != session.Run ? throw new InvalidOperationException($"plant '{session.Id}' has started over since search {run.Id}. Maybe start another")
        : run.Best ?? throw new InvalidOperationException($"search {run.Id} has found no schedule{(run.Error is { } e ? $": {e}" : " yet")}");
}
