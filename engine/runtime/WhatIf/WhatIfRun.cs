using System.Collections.Immutable;
using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>One question and its answer. Safe for concurrent readers.</summary>
public sealed class WhatIfRun
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _finished;
    private volatile bool _givenUp;

    internal WhatIfRun(string id, string plantId, WhatIfQuestion question, string user, DateTimeOffset askedAt)
    {
        (Id, PlantId, Question, User, AskedAt, Name) = (id, plantId, question, user, askedAt, question.Name);
    }

    /// <summary>Unguessable and unique for ever: what a link names.</summary>
    public string Id { get; }

    public string PlantId { get; }

    public WhatIfQuestion Question { get; }

    /// <summary>Who asked.</summary>
    public string User { get; }

    public DateTimeOffset AskedAt { get; }

    /// <summary>For people; empty when nobody named it.</summary>
    public string Name { get; internal set; }

    /// <summary>Whether it stays until somebody deletes it.</summary>
    public bool IsKept => Name.Length > 0;

    /// <summary>Version of the twin that its futures start from.</summary>
    public long BaseVersion { get; internal init; }

    /// <summary>Plant time of that version.</summary>
    public SimTime From { get; internal init; }

    /// <summary>What is changed, a sentence each.</summary>
    public ImmutableArray<string> Changes { get; internal init; } = [];

    public WhatIfStatus Status { get; internal set; }

    /// <summary>Futures finished so far.</summary>
    public int Finished => Volatile.Read(ref _finished);

    /// <summary>The answer, once there is one.</summary>
    public WhatIfOutcome? Outcome { get; private set; }

    /// <summary>Whether the answer was known already when it was asked.</summary>
    public bool FromCache { get; private set; }

    /// <summary>Why it failed, or why it is not on disk; <c>null</c> when all is well.</summary>
    public string? Error { get; private set; }

    /// <summary>Completes when it has ended, in whichever way.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Plant as changed, schedule to follow, base: everything that the futures need; released when they are done.</summary>
    internal WhatIfBase? Base { get; set; }

    internal string CacheKey { get; init; } = "";

    /// <summary>Gives it up; what waits ends at once, what runs within a moment.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _givenUp = true;
            if (Status == WhatIfStatus.Waiting)
            {
                End(WhatIfStatus.Cancelled);
            }
        }
    }

    /// <param name="keep">Writes it down, before anybody who waits is told.</param>
    internal void Answer(WhatIfOutcome outcome, bool fromCache, Action<WhatIfRun>? keep = null)
    {
        (Outcome, FromCache) = (outcome, fromCache);
        Volatile.Write(ref _finished, outcome.Futures);
        try
        {
            keep?.Invoke(this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Error = $"answered, but it could not be written to disk and will be gone after a restart: {e.Message}";
        }

        End(WhatIfStatus.Done);
    }

    /// <summary>Simulates the futures on so many threads; blocks the caller.</summary>
    internal void Simulate(int threads, Action<WhatIfRun> keep)
    {
        lock (_gate)
        {
            if (Status != WhatIfStatus.Waiting)
            {
                return;
            }

            Status = WhatIfStatus.Running;
        }

        try
        {
            if (Run(threads) is { } outcome)
            {
                Answer(outcome, fromCache: false, keep);
            }
            else
            {
                End(WhatIfStatus.Cancelled);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Error = e.Message;
            End(WhatIfStatus.Failed);
        }
    }

    /// <summary><c>null</c> when it was given up meanwhile.</summary>
    private WhatIfOutcome? Run(int threads)
    {
        var start = Base ?? throw new InvalidOperationException($"question {Id} has nothing to start from");
        var began = Stopwatch.GetTimestamp();
        var scenario = start.State.Plant.Scenario;
        var plan = new RunPlan
        {
            Name = Name.Length > 0 ? Name : Id,
            Plant = start.State.Plant,
            Policy = new DispatchPolicy { Rule = scenario.Dispatch, Schedule = start.Schedule },
            From = start.State,
            Seed = Question.Seed,
            Until = From + (Question.Hours is { } h ? Duration.FromHours(h) : Duration.Max(scenario.Horizon * 3, Duration.FromDays(30))),
            StopWhenComplete = Question.Hours is null,
        };
        var results = new RunResult[Question.Futures];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, (r, loop) =>
        {
            results[r] = Experiment.Run(plan, r, watch: _ => !_givenUp);
            if (_givenUp)
            {
                loop.Stop();
            }
            else
            {
                Interlocked.Increment(ref _finished);
            }
        });
        if (_givenUp)
        {
            return null;
        }

        var (figures, orders) = WhatIfOutcome.Summarise(scenario, results);
        return new WhatIfOutcome
        {
            Plant = PlantId, PlantRun = start.View.Run, BaseVersion = BaseVersion, From = scenario.Clock.ToWallClock(From), Seed = Question.Seed, Hours = Question.Hours,
            ScheduleVersion = start.Schedule is null ? 0 : start.View.Schedule.Version, Futures = results.Length, AllComplete = results.Count(r => r.AllComplete),
            Changes = Changes, Figures = figures, Orders = orders,
            Hashes = [.. results.Select(r => r.EventHash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture))],
            TookSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
        };
    }

    private void End(WhatIfStatus status)
    {
        Base = null;
        Status = status;
        _ended.TrySetResult();
    }
}

/// <summary>Where the futures of a question begin.</summary>
/// <param name="State">With the changes made; forked per future, never changed.</param>
internal sealed record WhatIfBase(TwinView View, PlantState State, Schedule? Schedule);
