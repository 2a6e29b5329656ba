using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>The questions of one plant: those of this process, and those that lie on disk.</summary>
internal sealed class WhatIfBook
{
    private readonly Lock _gate = new();
    private readonly List<WhatIfRun> _runs = [];
    private readonly WhatIfShelf _shelf;
    private readonly int _unnamed;

    public WhatIfBook(WhatIfShelf shelf, string plantId, int unnamed)
    {
        (_shelf, _unnamed) = (shelf, unnamed);
        var (records, damaged) = shelf.Load();
        Damaged = damaged;
        foreach (var r in records)
        {
            var run = new WhatIfRun(r.Id, plantId, r.Question, r.User, r.AskedAt)
            {
                Name = r.Name, BaseVersion = r.Outcome.BaseVersion, From = new SimTime(r.FromMs), Changes = r.Outcome.Changes,
            };
            run.Answer(r.Outcome, fromCache: true);
            _runs.Add(run);
        }
    }

    public IReadOnlyList<string> Damaged { get; }

    public IReadOnlyList<WhatIfRun> All()
    {
        lock (_gate)
        {
            return [.. Enumerable.Reverse(_runs)];
        }
    }

    public WhatIfRun? Find(string id)
    {
        lock (_gate)
        {
            return _runs.Find(r => r.Id == id);
        }
    }

    public void Add(WhatIfRun run)
    {
        lock (_gate)
        {
            _runs.Add(run);
            while (_runs.Count(r => !r.IsKept && r.Ended.IsCompleted) > _unnamed)
            {
                Drop(_runs.Find(r => !r.IsKept && r.Ended.IsCompleted)!);
            }
        }
    }

    /// <summary>Writes an answered question to disk.</summary>
    public void Keep(WhatIfRun run)
    {
        lock (_gate)
        {
            if (run.Outcome is { } outcome)
            {
                _shelf.Save(new WhatIfRecord
                {
                    Id = run.Id, Name = run.Name, User = run.User, AskedAt = run.AskedAt, FromMs = run.From.Milliseconds, Question = run.Question, Outcome = outcome,
                });
            }
        }
    }

    public void Remove(string id)
    {
        lock (_gate)
        {
            if (_runs.Find(r => r.Id == id) is { } run)
            {
                Drop(run);
            }
        }
    }

    private void Drop(WhatIfRun run)
    {
        _runs.Remove(run);
        _shelf.Delete(run.Id);
    }
}
