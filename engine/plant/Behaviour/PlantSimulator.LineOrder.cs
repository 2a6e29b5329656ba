using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Behaviour;

// The order on paced lines: nobody overtakes but who passes a unit that has left the pace. Else a station could be kept by one that has to wait
// for the unit behind it.
public sealed partial class PlantSimulator
{
    private bool[] _leftThePace = []; // per lot: the line does not wait for it, and others may overtake it; empty where no line is paced
    private int[] _launchedBefore = []; // per lot on a paced line: the lot launched before it, −1 none
    private int[] _launchedLast = []; // per line

    /// <summary>The unit of a job is no longer where the line would have carried it: it is done again, mended, or its kit came too late. The line
    /// does not wait for it, or the two would wait for each other.</summary>
    private void LeaveThePace(int job)
    {
        var lot = _plant.Jobs.JobLot[job];
        if (_paced && !_leftThePace[lot] && State.EntryOf(lot) >= 0)
        {
            _leftThePace[lot] = true;
            foreach (var other in _plant.Lines!.PacedJobsOf(lot))
            {
                var station = _plant.Groups[_plant.GroupOf(other)][0];
                _wokenEquipment.Add(station);
                LetLineGo(station, other);
            }
        }
    }

    /// <summary>Whether a unit that was launched earlier, and is still in the pace, has yet to come to a station.</summary>
    private bool WouldOvertake(int job, int equipment)
    {
        var lines = _plant.Lines!;
        var lot = _plant.Jobs.JobLot[job];
        if (lines.PacedLineOf(equipment) < 0 || lines.StationOf(equipment) == 0 || _leftThePace[lot])
        {
            return false;
        }

        for (var before = _launchedBefore[lot]; before >= 0; before = _launchedBefore[before])
        {
            if (!_leftThePace[before] && StatusAt(equipment, before) is var status && status is not (JobStatus.Dormant or JobStatus.Cancelled))
            {
                return status is JobStatus.Waiting or JobStatus.Ready;
            }
        }

        return false;
    }

    /// <summary>At a station of a paced line nothing is promised to what is only prepared: it may have to wait for the line, and the line for somebody
    /// who needs the same.</summary>
    private bool KeepsPace(int equipment) => _paced && _plant.Lines!.PacedLineOf(equipment) >= 0;

    /// <summary>How far a lot is at a station; dormant where it has nothing to be done there.</summary>
    private JobStatus StatusAt(int equipment, int lot)
    {
        foreach (var job in _plant.Lines!.PacedJobsOf(lot))
        {
            if (_plant.Groups[_plant.GroupOf(job)][0] == equipment && Job(job).Status != JobStatus.Dormant)
            {
                return Job(job).Status;
            }
        }

        return JobStatus.Dormant;
    }

    /// <summary>Where a line carries fixtures, what is ahead of the unit that it stands for goes on, so that they come back.</summary>
    private bool IsAheadOfStop(int line, int lot)
    {
        ref readonly var compiled = ref _plant.Lines!.Lines[line];
        if (!compiled.CarriesFixtures || State.Lines[line].Paused)
        {
            return false;
        }

        foreach (var station in compiled.Stations)
        {
            if (State.OverdueAt(station) is var overdue && overdue >= 0 && State.EntryOf(_plant.Jobs.JobLot[overdue]) <= State.EntryOf(lot))
            {
                return false;
            }
        }

        return true;
    }

    private void SetUpLineOrder()
    {
        _leftThePace = new bool[_plant.Jobs.LotCount];
        _launchedBefore = new int[_plant.Jobs.LotCount];
        Array.Fill(_launchedBefore, -1);
        _launchedLast = new int[_plant.Plant.Lines.Length];
        Array.Fill(_launchedLast, -1);
    }

    private void ResumeLines()
    {
        SetUpLineOrder();
        var entered = Enumerable.Range(0, _plant.Jobs.LotCount).Where(lot => State.EntryOf(lot) >= 0 && _plant.Lines!.PacedJobsOf(lot).Length > 0).ToArray();
        Array.Sort(entered, (a, b) => State.EntryOf(a) != State.EntryOf(b) ? State.EntryOf(a).CompareTo(State.EntryOf(b)) : a.CompareTo(b));
        foreach (var lot in entered)
        {
            var line = LineOfJob(_plant.Lines!.PacedJobsOf(lot)[0]);
            (_launchedBefore[lot], _launchedLast[line]) = (_launchedLast[line], lot);
            foreach (var job in _plant.Lines.PacedJobsOf(lot))
            {
                _leftThePace[lot] |= HasLeftThePace(job);
            }

            foreach (var job in _plant.Lines.PacedJobsOf(lot))
            {
                if (Job(job).Status is not (JobStatus.Done or JobStatus.Cancelled or JobStatus.Dormant))
                {
                    ScheduleBorder(job);
                }
            }
        }
    }

    /// <summary>Whether a state tells that the unit of a job has left the pace: it is done again, mended, or undone behind its border.</summary>
    private bool HasLeftThePace(int job)
    {
        ref readonly var state = ref Job(job);
        return state.Attempt > 0 || (_plant.ReworkOf(job) >= 0 && state.Status != JobStatus.Dormant)
            || (state.Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned && BorderOf(job) < State.LineTimeMs(LineOfJob(job), _now.Milliseconds));
    }
}
