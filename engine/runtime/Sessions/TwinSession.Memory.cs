using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <content>How a session and its journal stay in step: at the start, after faults, at the end.</content>
public sealed partial class TwinSession
{
    /// <summary>What was found damaged in the journal so far, and what that means for the state; <c>null</c> when all is sound.</summary>
    public JournalDamage? Damage
    {
        get
        {
            var (found, fold) = (_journal.Damages, _fold);
            return found.Count == 0 ? null : new JournalDamage(found[0].AfterSequence, found.Sum(d => d.Rows), string.Join("; ", found.Select(d => d.What)) + (fold.MissingRows == 0 ? ""
                : $"; the state is without {fold.MissingRows} rows, and without {fold.MisfitEvents} later events that were not possible without them"));
        }
    }

    private SessionFold Restored()
    {
        try
        {
            return _keeper.Restore();
        }
        catch (InvalidOperationException e)
        {
            throw new JournalException($"the journal of '{Id}' does not fit its scenario: {e.Message} Maybe the scenario changed since: put it back, or choose another data folder.", e);
        }
    }

    private async Task ScrubAsync()
    {
        if (_options.ScrubAfter is not { } after)
        {
            return;
        }

        try
        {
            await Task.Delay(after, _options.Time, _closing.Token);
            _journal.Scrub(_closing.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or JournalException)
        {
            // closing, or the database is away: the writer will say so
        }
    }

    /// <summary>After a failed commit the fold holds what the journal does not: it is folded anew, from memory where the database is away.</summary>
    private void GoBack(SessionStep? step)
    {
        _torn = true;
        _tornIds.AddRange(step?.Ids ?? []);
        try
        {
            _fold = _keeper.Mend(_fold, _tornIds);
            _torn = false;
            _tornIds.Clear();
        }
        catch (JournalException e)
        {
            _fault += $" The journal cannot be read either: {e.Message}"; // the next step tries again
        }
    }

    /// <summary>Before a step: after a fault nothing is taken in until the journal can be written, and what did reach it unnoticed is folded.</summary>
    private void Mend()
    {
        if (_fault is null)
        {
            return;
        }

        _journal.Probe();
        if (_torn)
        {
            GoBack(null);
        }

        foreach (var entry in _journal.Read(_fold.Row))
        {
            _fold.Step(entry);
        }
    }

    /// <summary>The last fold is saved, so that the next start is quick.</summary>
    private void SaveLast()
    {
        try
        {
            if (!_torn && (_keeper.Ready(wait: true) ?? _keeper.Last(_fold, _fold.Row)) is { } last)
            {
                _journal.Append([], last);
            }
        }
        catch (JournalException)
        {
            // derived, and made anew when the session is opened again
        }
    }

    /// <summary>An event broke half-way: keeps what came before it, and folds that anew.</summary>
    private void Recover(SessionStep step)
    {
        try
        {
            step.Commit();
            step.GoOnWith(_fold = _keeper.Mend(_fold, step.Ids));
        }
        catch (Exception e)
        {
            throw new JournalUnavailableException($"the journal of '{Id}' cannot be used: {e.Message}", e);
        }
    }
}
