using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Waits: goods may not wait for ever between two operations. Those whose wait is about to be over go first; those whose wait is over are done
// again where the recipe says so.
public sealed partial class PlantSimulator
{
    /// <summary>However long the waits, some lots go on, so that every order ends.</summary>
    private const int MostRepetitions = 9;

    private readonly bool _limitsWaits;

    /// <summary>When the start of a job would be too late for what was done before, ms; <see cref="long.MaxValue"/> where that may wait for ever.</summary>
    private long WaitEndsAt(int job)
    {
        var first = _plant.CompiledJobOf(job).First;
        var end = long.MaxValue;
        foreach (var before in _plant.PredecessorsOf(job))
        {
            if (_plant.OperationOf(first + before).MaxWait is { } limit && Job(first + before).Status == JobStatus.Done)
            {
                end = Math.Min(end, Job(first + before).EndAt + limit.Milliseconds);
            }
        }

        return end;
    }

    /// <summary>Whether other work that began now could keep a machine until the wait is over.</summary>
    private bool IsExpiring(int job) => WaitEndsAt(job) is < long.MaxValue and var end && end - _plant.LongestWorkMs(_plant.GroupOf(job)) <= _now.Milliseconds;

    /// <summary>Before every score of a rule and before those who have only waited long: whose wait ends first.</summary>
    private double ScoreOfExpiring(int job) => double.MinValue + WaitEndsAt(job) * 1e294;

    /// <summary>A job is in the queue: it goes before others when its wait is about to be over, and back when it is over.</summary>
    private void NoteWaitLimit(int job)
    {
        var end = WaitEndsAt(job);
        if (end == long.MaxValue)
        {
            return;
        }

        var urgent = end - _plant.LongestWorkMs(_plant.GroupOf(job));
        if (urgent > _now.Milliseconds)
        {
            Schedule(new SimTime(urgent), new Pending(PendingKind.Aged, Job: job), priority: -1);
        }

        if (IsRepeatedWhenLate(job, out _))
        {
            Schedule(new SimTime(end), new Pending(PendingKind.WaitOver, Job: job), AfterDispatch); // who starts at that very moment is in time
        }
    }

    private bool IsRepeatedWhenLate(int job, out int before)
    {
        before = _plant.RepeatedBefore(job);
        return before >= 0 && Job(before).Status == JobStatus.Done && Job(before).Attempt < MostRepetitions;
    }

    /// <summary>No machine has taken a job up in time.</summary>
    private void ReviewWaitLimit(int job)
    {
        if (Job(job).Status == JobStatus.Ready && WaitEndsAt(job) <= _now.Milliseconds && IsRepeatedWhenLate(job, out var before))
        {
            _queues.Remove(_plant.GroupOf(job), job);
            SendBack(job, before);
        }
    }

    /// <summary>Whether a job that just became ready has come too late already (its material came late): then it goes back.</summary>
    private bool ComesTooLate(int job)
    {
        if (WaitEndsAt(job) >= _now.Milliseconds || !IsRepeatedWhenLate(job, out var before))
        {
            return false;
        }

        SendBack(job, before);
        return true;
    }

    private void SendBack(int job, int before)
    {
        if (_plant.OperationOf(before).AfterMaxWait == AfterMaxWait.Scrap)
        {
            ref readonly var operation = ref _plant.CompiledOperationOf(before);
            var left = 1 - (operation.CountsPieces ? State.ScrapShareOf(before) : operation.ScrapFraction); // the rest was scrapped when it ended
            Emit(PlantEventKind.Scrapped, Job(before).Equipment, before, arg: PlantState.MadeAgain, value: left * _plant.Jobs.QuantityOf(before));
        }

        Emit(PlantEventKind.WaitExceeded, job: job);
        if (_lines is null || State.JobMaterials[job].ShortOf < 0)
        {
            _upcoming[_plant.BatchKeyOf(job)]++;
        }

        if (_plant.Capacity.Books && _plant.Capacity.PlaceOf(job) is var place && State.Reservations[place].IsActive)
        {
            GiveBack(place);
        }

        _plan?.Free(before);
        Enqueue(before);
        _wokenGroups.Add(_plant.GroupOf(job)); // a place in its buffer is free
        ScheduleDispatch();
    }

    /// <summary>When a batch must be chosen for the wait of each member to end in time; <see cref="SimTime.Never"/> where none is limited.</summary>
    private SimTime LatestChoice(int equipment)
    {
        var latest = SimTime.Never;
        foreach (var job in _members)
        {
            if (WaitEndsAt(job) is < long.MaxValue and var end)
            {
                latest = SimTime.Min(latest, new SimTime(end) - Duration.Max(ChangeoverFor(job, equipment).Total, TravelTo(job, equipment)));
            }
        }

        return latest;
    }
}
