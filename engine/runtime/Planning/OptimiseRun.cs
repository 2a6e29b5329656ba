using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Planning;

/// <summary>One search for a schedule, from the plant as it stood when it began. Safe for concurrent readers.</summary>
public sealed class OptimiseRun : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<OptimisePoint> _points = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal OptimiseRun(string id, TwinView view, string plantId, OptimiseRequest request, DateTimeOffset startedAt)
    {
        Id = id;
        PlantId = plantId;
        Request = request;
        StartedAt = startedAt;
        From = view.Now;
        PlantRun = view.Run;
        BasedOn = view.Schedule;
    }

    /// <summary>Unique in this process.</summary>
    public string Id { get; }

    public string PlantId { get; }

    public OptimiseRequest Request { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Plant time of the state that it plans from.</summary>
    public SimTime From { get; }

    /// <summary>Run of the session that it plans for: its schedule is void once the session has started over.</summary>
    public int PlantRun { get; }

    /// <summary>The schedule that was in force when it began.</summary>
    public ScheduleInForce BasedOn { get; }

    public OptimiseStatus Status { get; private set; }

    /// <summary>Best schedule so far, checked; <c>null</c> before the first.</summary>
    public Schedule? Best { get; private set; }

    /// <summary>The result once it has ended with one.</summary>
    public PlanningResult? Result { get; private set; }

    /// <summary>Why it failed, for people; <c>null</c> when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>Version that its schedule got when it was applied; <c>null</c> when it was not.</summary>
    public int? AppliedVersion { get; internal set; }

    /// <summary>Completes when the search has ended, in whichever way.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The curve so far.</summary>
    public ImmutableArray<OptimisePoint> Points
    {
        get
        {
            lock (_lock)
            {
                return _points;
            }
        }
    }

    /// <summary>Asks the search to end; it keeps what it has and ends within a second or so.</summary>
    public void Stop()
    {
        if (Status == OptimiseStatus.Running)
        {
            _stop.Cancel();
        }
    }

    /// <summary>Points as they come, from a number on; ends with the search.</summary>
    public async IAsyncEnumerable<OptimisePoint> WatchAsync(int from = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            Task moved;
            ImmutableArray<OptimisePoint> points;
            lock (_lock)
            {
                moved = _moved.Task;
                points = _points;
            }

            for (; from < points.Length; from++)
            {
                yield return points[from];
            }

            if (Ended.IsCompleted && Points.Length == points.Length)
            {
                yield break;
            }

            await Task.WhenAny(moved, Ended).WaitAsync(cancellation);
        }
    }

    /// <summary>Frees the stop signal; the search must have ended.</summary>
    public void Dispose() => _stop.Dispose();

    internal void Search(IPlanner planner, TwinView view)
    {
        try
        {
            var result = planner.Plan(
                new PlanningRequest
                {
                    Plant = view.State.Plant,
                    From = view.State,
                    Current = view.Schedule.Schedule,
                    Objective = Request.Weights,
                    TimeLimit = Duration.FromSeconds(Request.TimeLimitSeconds),
                    Workers = Request.Workers,
                    Seed = Request.Seed,
                },
                Report,
                _stop.Token);
            (Result, Best) = (result, result.Schedule);
            Status = _stop.IsCancellationRequested ? OptimiseStatus.Stopped : OptimiseStatus.Done;
        }
        catch (Exception e)
        {
            Error = e.Message;
            Status = OptimiseStatus.Failed;
        }

        _ended.SetResult();
    }

    private void Report(PlanningProgress progress)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            Best = progress.Schedule ?? Best;
            _points = _points.Add(OptimisePoint.Of(_points.Length, progress));
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.SetResult();
    }
}
