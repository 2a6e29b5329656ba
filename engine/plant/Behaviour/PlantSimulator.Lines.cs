using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Paced lines: units move at the takt. A unit is in reach of a station for takt + window of line time, which passes while the line moves;
// work that is not done by then is finished by a utility worker, or the line stands until it is.
public sealed partial class PlantSimulator
{
    private const int LinePriority = LastPriority + 1; // what ends at the border of its station has ended in time

    private readonly bool _paced; // units of some line move at its takt
    private readonly List<int> _heldBorders = []; // jobs whose border would have been reached while their line stood

    /// <summary>When a unit is in reach of a station of a paced line; for the first station, when it may be launched.</summary>
    private SimTime InReachAt(int line, int equipment, int lead)
    {
        ref readonly var compiled = ref _plant.Lines!.Lines[line];
        ref readonly var state = ref State.Lines[line];
        var station = _plant.Lines.StationOf(equipment);
        if (station > 0 && _leftThePace[_plant.Jobs.JobLot[lead]])
        {
            return _now; // it goes on as it can
        }

        var due = station > 0 ? State.EntryOf(_plant.Jobs.JobLot[lead]) + station * (compiled.TaktMs + compiled.WindowMs)
            : state.LaunchedAt < 0 ? 0 : state.LaunchedAt + compiled.TaktMs;
        var moved = State.LineTimeMs(line, _now.Milliseconds);
        if (state.Stands)
        {
            var goes = station > 0 && (due <= moved || IsAheadOfStop(line, _plant.Jobs.JobLot[lead]));
            return goes ? _now : SimTime.Never; // whatever lets the line move tries again
        }

        return due <= moved ? _now : _now + new Duration(due - moved);
    }

    /// <summary>Nobody overtakes on a paced line: when a unit entered it; −1 when the job is at none or at its first station.</summary>
    private long PlaceOnLine(int job)
    {
        var group = _plant.Groups[_plant.GroupOf(job)];
        return group.Length == 1 && _plant.Lines!.PacedLineOf(group[0]) >= 0 && _plant.Lines.StationOf(group[0]) > 0
            ? State.EntryOf(_plant.Jobs.JobLot[job])
            : -1;
    }

    /// <summary>A unit was launched: every station of the line has until then.</summary>
    private void ScheduleBorders(int line, int lead)
    {
        var lot = _plant.Jobs.JobLot[lead];
        if (_leftThePace[lot] || _launchedLast[line] == lot)
        {
            return; // it begins anew, and the line does not wait for it
        }

        (_launchedBefore[lot], _launchedLast[line]) = (_launchedLast[line], lot);
        foreach (var job in _plant.Lines!.PacedJobsOf(lot))
        {
            if (LineOfJob(job) == line && Job(job).Status != JobStatus.Dormant)
            {
                ScheduleBorder(job);
            }
        }
    }

    private int LineOfJob(int job) => _plant.Lines!.PacedLineOf(_plant.Groups[_plant.GroupOf(job)][0]);

    private long BorderOf(int job)
    {
        var equipment = _plant.Groups[_plant.GroupOf(job)][0];
        ref readonly var line = ref _plant.Lines!.Lines[_plant.Lines.PacedLineOf(equipment)];
        return State.EntryOf(_plant.Jobs.JobLot[job]) + (_plant.Lines.StationOf(equipment) + 1) * (line.TaktMs + line.WindowMs);
    }

    private void ScheduleBorder(int job)
    {
        var left = BorderOf(job) - State.LineTimeMs(LineOfJob(job), _now.Milliseconds);
        Schedule(_now + new Duration(Math.Max(0, left)), new Pending(PendingKind.LineBorder, Job: job), LinePriority);
    }

    private void ReachBorder(int job)
    {
        var status = Job(job).Status;
        var equipment = _plant.Groups[_plant.GroupOf(job)][0];
        if (status is JobStatus.Done or JobStatus.Cancelled or JobStatus.Dormant || _leftThePace[_plant.Jobs.JobLot[job]])
        {
            _wokenEquipment.Add(equipment); // somebody may have kept behind it
            return;
        }

        var line = _plant.Lines!.PacedLineOf(equipment);
        if (BorderOf(job) > State.LineTimeMs(line, _now.Milliseconds))
        {
            if (State.Lines[line].Stands)
            {
                _heldBorders.Add(job);
            }
            else
            {
                ScheduleBorder(job); // it stood meanwhile
            }
        }
        else if (status == JobStatus.Waiting && Job(job).WaitsFor == WaitReason.Material)
        {
            LeaveThePace(job); // its place on the line stays empty until the kit is there
        }
        else if (State.OverdueAt(equipment) < 0)
        {
            PassBorder(line, equipment, job, status);
        }
    }

    private void PassBorder(int line, int equipment, int job, JobStatus status)
    {
        var left = status == JobStatus.Running ? Job(job).PlannedMs - State.ProgressMs(job, _now) : 0;
        if (status == JobStatus.Running && left > 0 && !_plant.Lines!.Lines[line].Stops)
        {
            _calendar.Cancel(_batchHandles[job]);
            Emit(PlantEventKind.UtilityWorked, equipment, job, arg: line, value: left);
            FinishProcessing(equipment, job);
            if (Job(job).Status != JobStatus.Done)
            {
                Schedule(_now, new Pending(PendingKind.LineBorder, Job: job), LinePriority); // no place for it, or its sample was bad
            }
        }
        else if (status != JobStatus.Running || left > 0)
        {
            Emit(PlantEventKind.LineStopped, equipment, job, arg: line);
            if (_plant.Lines!.Lines[line].CarriesFixtures)
            {
                StartWhatIsPrepared(line); // what is ahead goes on
            }
        }
    }

    /// <summary>A station is done: if it held up its line, the line may go on.</summary>
    private void LetLineGo(int equipment, int lead)
    {
        if (State.OverdueAt(equipment) == lead)
        {
            var line = _plant.Lines!.PacedLineOf(equipment);
            Emit(PlantEventKind.LineResumed, equipment, lead, arg: line);
            MoveLine(line);
        }
    }

    /// <summary>If the line moves: what waited for that is looked at again.</summary>
    private void MoveLine(int line)
    {
        if (line < 0 || State.Lines[line].Stands)
        {
            return;
        }

        StartWhatIsPrepared(line);
        for (var i = 0; i < _heldBorders.Count; i++)
        {
            if (LineOfJob(_heldBorders[i]) == line)
            {
                ScheduleBorder(_heldBorders[i]);
                _heldBorders.RemoveAt(i--);
            }
        }
    }

    private void StartWhatIsPrepared(int line)
    {
        foreach (var station in _plant.Lines!.Lines[line].Stations)
        {
            if (_mayStart[station])
            {
                Schedule(_now, new Pending(PendingKind.StartBatch, station));
            }
        }
    }
}
