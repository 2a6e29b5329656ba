using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>How questions are answered and kept.</summary>
public sealed record WhatIfOptions
{
    /// <summary>Threads that simulate, ≥ 1: the whole pool, over all plants; half of the processors, so that the plant's doors stay free.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Questions that may wait, ≥ 1; beyond that they are turned away.</summary>
    public int QueueLimit { get; init; } = 100;

    /// <summary>Answers without a name that are kept per plant, ≥ 1; the oldest go first.</summary>
    public int Unnamed { get; init; } = 50;

    /// <summary>Answers known again without simulating, and moments that later questions may start from, ≥ 1.</summary>
    public int Remembered { get; init; } = 16;

    /// <summary>Folder of a plant's answers; by default they are not kept on disk.</summary>
    public Func<string, string?> Folder { get; init; } = _ => null;
}

/// <summary>Answers questions about the running plant: fork it, change it, simulate n futures, keep what came out.</summary>
/// <remarks>Questions are answered in the order asked, each on the whole pool. They read forks, so they never hold up a session's writer.
/// The same question from the same version gets the same answer object.</remarks>
public sealed class WhatIfService : IAsyncDisposable
{
    private const string TextName = "patches"; // what findings call the text

    private readonly WhatIfOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<WhatIfRun> _queue;
    private readonly Task _pool;
    private readonly ConcurrentDictionary<string, WhatIfBook> _books = new(StringComparer.OrdinalIgnoreCase);
    private readonly Recent<string, WhatIfOutcome> _answers;
    private readonly Recent<(string Plant, long Version), TwinView> _moments;

    public WhatIfService(WhatIfOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _answers = new(options.Remembered);
        _moments = new(options.Remembered);
        _queue = Channel.CreateBounded<WhatIfRun>(new BoundedChannelOptions(options.QueueLimit) { SingleReader = true });
        _pool = Task.Factory.StartNew(AnswerAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Questions waiting for the pool.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Questions of a plant, the latest first.</summary>
    public IReadOnlyList<WhatIfRun> All(string plantId) => BookOf(plantId).All();

    /// <summary>A question by its id, or <c>null</c>.</summary>
    public WhatIfRun? Find(string plantId, string id) => BookOf(plantId).Find(id);

    /// <summary>Answers on disk that cannot be read, with the reason.</summary>
    public IReadOnlyList<string> Damaged(string plantId) => BookOf(plantId).Damaged;

    /// <summary>Asks a question; where it names a moment of the past, of the plant as it stood then.</summary>
    /// <exception cref="WhatIfException">It cannot be asked; every problem is listed.</exception>
    /// <exception cref="InvalidOperationException">Too many are waiting.</exception>
    public async Task<WhatIfRun> AskAsync(TwinSession session, WhatIfQuestion question, string user, CancellationToken cancellation = default)
    {
        var at = question.Problem() is null && question.At is { } moment
            ? (await session.Past.AtAsync(session.Original.Scenario.Clock.FromWallClock(moment), cancellation)).View : null;
        return await Task.Run(() => Ask(session, question, user, at), cancellation);
    }

    /// <summary>Asks a question about the plant as it stands, as an earlier question saw it, or at a moment that the caller rewound to.</summary>
    /// <param name="at">The moment; <c>null</c> for the question's base version, or now.</param>
    /// <exception cref="WhatIfException">It cannot be asked; every problem is listed.</exception>
    /// <exception cref="InvalidOperationException">Too many are waiting.</exception>
    public WhatIfRun Ask(TwinSession session, WhatIfQuestion question, string user, TwinView? at = null)
    {
        if (question.Problem() is { } problem)
        {
            throw new WhatIfException(problem);
        }

        var view = at ?? MomentOf(session, question);
        _moments.Add((session.Id, view.Version), view);
        var key = $"{session.Id}|{view.Run}|{view.Version}|{question.Digest()}";
        var (start, changes, named) = Change(view, question);
        var run = new WhatIfRun(NewId(), session.Id, question.Name.Length > 0 ? question : question with { Name = named }, user, _time.GetUtcNow())
        {
            BaseVersion = view.Version, From = view.Now, Changes = [.. changes], Base = start, CacheKey = key,
        };
        if (_answers.Find(key) is { } known)
        {
            BookOf(session.Id).Add(run);
            run.Answer(known, fromCache: true, Keep);
        }
        else if (Waiting < _options.QueueLimit)
        {
            BookOf(session.Id).Add(run);
            if (!_queue.Writer.TryWrite(run))
            {
                run.Cancel(); // others came in between, or the service is closing
            }
        }
        else
        {
            throw new InvalidOperationException($"{_options.QueueLimit} questions are waiting. Maybe cancel some, or ask again later");
        }

        return run;
    }

    /// <summary>Gives an answer a name, which keeps it; an empty name takes it away.</summary>
    public void Rename(WhatIfRun run, string name)
    {
        run.Name = name;
        Keep(run);
    }

    /// <summary>Gives up what is not answered, and forgets what is.</summary>
    public void Delete(WhatIfRun run)
    {
        if (run.Ended.IsCompleted)
        {
            BookOf(run.PlantId).Remove(run.Id);
        }
        else
        {
            run.Cancel();
        }
    }

    /// <summary>Gives up what runs and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        foreach (var run in _books.Values.SelectMany(b => b.All()).Where(r => !r.Ended.IsCompleted))
        {
            run.Cancel();
        }

        await _pool;
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private TwinView MomentOf(TwinSession session, WhatIfQuestion question) =>
        question.BaseVersion is not { } version ? session.View()
        : _moments.Find((session.Id, version)) is { } kept && kept.Run == session.Run ? kept
        : throw new WhatIfException($"version {version} of plant '{session.Id}' is not remembered any more: the {_options.Remembered} latest that were asked about are. Leave baseVersion out to start from now");

    private static (WhatIfBase Start, IEnumerable<string> Changes, string Name) Change(TwinView view, WhatIfQuestion question)
    {
        var schedule = question.FollowSchedule ? view.Schedule.Schedule : null;
        var state = view.State.Fork();
        IEnumerable<string> changes = [];
        var name = "";
        if (question.Patches.Trim().Length > 0)
        {
            var read = WhatIfFile.ReadText(question.Patches, TextName, state);
            if (read.State is null)
            {
                throw new WhatIfException([.. read.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.ToString())]);
            }

            (state, changes) = (read.State, read.WhatIf!.Patches.Select(p => p.Describe()));
            name = read.WhatIf.Name.In("en") is var given && given != TextName ? given[..Math.Min(given.Length, 200)] : "";
        }

        state.ResetStatistics(SimTime.Max(state.Now, view.Now)); // figures count from here
        return (new WhatIfBase(view, state, schedule), changes, name);
    }

    private void AnswerAll()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var run))
            {
                run.Simulate(_options.Threads, done =>
                {
                    _answers.Add(done.CacheKey, done.Outcome!);
                    Keep(done);
                });
            }
        }
    }

    private void Keep(WhatIfRun run) => BookOf(run.PlantId).Keep(run);

    private WhatIfBook BookOf(string plantId) => _books.GetOrAdd(plantId, id => new WhatIfBook(new WhatIfShelf(_options.Folder(id)), id, _options.Unnamed));
}

/// <summary>The latest few of something, by key; safe for concurrent callers.</summary>
internal sealed class Recent<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();

    public TValue? Find(TKey key)
    {
        lock (_order)
        {
            for (var node = _order.First; node is not null; node = node.Next)
            {
                if (EqualityComparer<TKey>.Default.Equals(node.Value.Key, key))
                {
                    _order.Remove(node);
                    _order.AddFirst(node);
                    return node.Value.Value;
                }
            }

            return null;
        }
    }

    public void Add(TKey key, TValue value)
    {
        lock (_order)
        {
            if (Find(key) is not null)
            {
                _order.RemoveFirst(); // found, so it is in front
            }

            _order.AddFirst((key, value));
            if (_order.Count > capacity)
            {
                _order.RemoveLast();
            }
        }
    }
}
