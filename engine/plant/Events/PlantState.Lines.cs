using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

// Lines: units are launched at the takt; workers drift and utility work is counted; a line stands while a station holds it up.
public sealed partial class PlantState
{
    private LineState[] _lineStates = [];
    private LineMeters[] _lineMeters = [];
    private long[] _workers = []; // per equipment: how far the worker has drifted beyond the takt, ms; none in a plant without lines
    private int[] _overdue = []; // per equipment: the job for which it holds up its line, −1 none; only where a line is paced
    private long[] _entries = []; // per lot: line time at which it entered its paced line; before, −1 − line time at which it was ready to
    private long[] _launchRing = []; // lines side by side: options of the last units launched
    private int[] _carried = []; // lines side by side: units launched that carry each option

    /// <summary>Where each line stands; empty in a plant without lines.</summary>
    public ReadOnlySpan<LineState> Lines => _lineStates;

    /// <summary>Running totals of each line; empty in a plant without lines.</summary>
    public ReadOnlySpan<LineMeters> LineMeters => _lineMeters;

    /// <summary>The job for which a machine holds up its line; −1 none.</summary>
    public int OverdueAt(int equipment) => _overdue.Length > 0 ? _overdue[equipment] : -1;

    /// <summary>Line time at which a lot entered a paced line; negative before.</summary>
    internal long EntryOf(int lot) => _entries[lot];

    /// <summary>Time that a line has moved.</summary>
    internal long LineTimeMs(int line, long now)
    {
        ref readonly var state = ref _lineStates[line];
        return state.MovedMs + (state.Stands ? 0 : Math.Max(0, now - state.Since));
    }

    private void SetUpLines()
    {
        if (Plant.Lines is not { } lines)
        {
            return;
        }

        _lineStates = new LineState[lines.Lines.Length];
        _lineMeters = new LineMeters[lines.Lines.Length];
        _workers = new long[_equipment.Length];
        _launchRing = new long[lines.Lines.Sum(l => l.Ring)];
        _carried = new int[lines.Lines.Sum(l => l.Options.Length)];
        foreach (ref var line in _lineStates.AsSpan())
        {
            line.LaunchedAt = -1;
        }

        if (lines.AnyPaced)
        {
            _overdue = new int[_equipment.Length];
            Array.Fill(_overdue, -1);
        }
    }

    private void GrowLines()
    {
        if (Plant.Lines is { AnyPaced: true })
        {
            var before = _entries.Length;
            Array.Resize(ref _entries, Plant.Jobs.LotCount);
            Array.Fill(_entries, -1, before, _entries.Length - before);
        }
    }

    private void ExchangeLines(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _lineStates, other?._lineStates);
        exchange.Array(ref _lineMeters, other?._lineMeters);
        exchange.Array(ref _workers, other?._workers);
        exchange.Array(ref _overdue, other?._overdue);
        exchange.Array(ref _entries, other?._entries);
        exchange.Array(ref _launchRing, other?._launchRing);
        exchange.Array(ref _carried, other?._carried);
    }

    /// <summary>A unit is ready to enter a paced line.</summary>
    private void AwaitLaunch(int job, long now)
    {
        var first = Plant.Groups[Plant.GroupOf(job)];
        if (first.Length == 1 && Plant.Lines!.PacedLineOf(first[0]) is var line && line >= 0 && Plant.Lines.StationOf(first[0]) == 0)
        {
            _entries[Plant.Jobs.JobLot[job]] = -1 - LineTimeMs(line, now);
        }
    }

    private void StartAtStation(in PlantEvent e)
    {
        var lines = Plant.Lines!;
        if (lines.LineOf(e.Equipment) is var index && index < 0)
        {
            return;
        }

        ref readonly var line = ref lines.Lines[index];
        var station = lines.StationOf(e.Equipment);
        if (station == 0)
        {
            Launch(e, index, line);
        }

        if (!line.IsPaced)
        {
            // A station of n machines takes every n-th unit, one with n slots works on n units at once.
            var work = (long)e.Value / Plant.CompiledEquipmentOf(e.Equipment).Slots;
            var reached = _workers[e.Equipment] + work - line.TaktMs * line.Parallel[station];
            CountUtilityWork(index, Math.Max(0, reached - line.WindowMs));
            _workers[e.Equipment] = Math.Clamp(reached, 0, line.WindowMs);
        }
    }

    private void Launch(in PlantEvent e, int index, in CompiledLine line)
    {
        ref var state = ref _lineStates[index];
        state.LaunchedAt = line.IsPaced ? EntersAt(e, index, line.TaktMs) : e.Time.Milliseconds;
        if (line.IsPaced)
        {
            _entries[Plant.Jobs.JobLot[e.Job]] = state.LaunchedAt;
        }

        var options = Plant.Lines!.OptionsOf(index, Plant.OrderOf(e.Job).Product.Index);
        ref var meters = ref _lineMeters[index];
        state.Launched++;
        meters.Launches++;
        CountViolations(index, line, options, state.Launched, ref meters);
        var first = FirstOption(index);
        for (var bit = 0; bit < line.Options.Length; bit++)
        {
            _carried[first + bit] += (int)(options >> bit & 1);
            var off = _carried[first + bit] - state.Launched * (line.OptionTotals[bit] / (double)Math.Max(1, line.Planned));
            meters.Deviation += off * off;
        }
    }

    /// <summary>A unit enters one takt after the one before it, or when it is ready: the first worker may still be busy with another.</summary>
    private long EntersAt(in PlantEvent e, int index, long takt)
    {
        ref readonly var state = ref _lineStates[index];
        var now = LineTimeMs(index, e.Time.Milliseconds);
        var ready = -1 - _entries[Plant.Jobs.JobLot[e.Job]];
        var next = state.Launched > 0 ? state.LaunchedAt + takt : 0;
        return Math.Min(now, Math.Max(ready, next));
    }

    private void CountViolations(int index, in CompiledLine line, long options, int launched, ref LineMeters meters)
    {
        if (line.Ring == 0)
        {
            return;
        }

        var ring = _launchRing.AsSpan(FirstInRing(index), line.Ring);
        ring[(launched - 1) % line.Ring] = options;
        foreach (var (bit, max, window) in line.Rules)
        {
            var carriers = 0L;
            for (var back = 0; back < window && launched >= window; back++)
            {
                carriers += ring[(launched - 1 - back) % line.Ring] >> bit & 1;
            }

            meters.Violations += carriers > max ? 1 : 0;
        }
    }

    private int FirstInRing(int index)
    {
        var first = 0;
        for (var l = 0; l < index; l++)
        {
            first += Plant.Lines!.Lines[l].Ring;
        }

        return first;
    }

    private int FirstOption(int index)
    {
        var first = 0;
        for (var l = 0; l < index; l++)
        {
            first += Plant.Lines!.Lines[l].Options.Length;
        }

        return first;
    }

    private void LeaveStation(in PlantEvent e)
    {
        var lines = Plant.Lines!;
        if (lines.LineOf(e.Equipment) is var index && index >= 0 && lines.StationOf(e.Equipment) == lines.Lines[index].LastStation)
        {
            _lineMeters[index].Units++;
        }
    }

    private void CountUtilityWork(int index, long ms)
    {
        if (ms > 0)
        {
            _lineMeters[index].UtilityMs += ms;
            _lineMeters[index].Overloads++;
        }
    }

    private void TakeOverWork(in PlantEvent e)
    {
        CountUtilityWork(e.Arg, (long)e.Value);
        Draw(e.Equipment, e.Job, -1, e.Time.Milliseconds); // at the rate of the work as it was planned
        DrawTheRest(e.Equipment, e.Job, e.Time);
        _jobs[e.Job].PlannedMs -= (long)e.Value; // the station's own worker is done
        Draw(e.Equipment, e.Job, +1, e.Time.Milliseconds);
        Touch(e.Equipment);
    }

    private void StopLine(in PlantEvent e)
    {
        _lineMeters[e.Arg].Stops += _lineStates[e.Arg].Overdue == 0 ? 1 : 0;
        ChangeLine(e.Arg, +1, _lineStates[e.Arg].Paused, e.Time.Milliseconds);
        _overdue[e.Equipment] = e.Job;
        Touch(e.Equipment);
    }

    private void ResumeLine(in PlantEvent e)
    {
        ChangeLine(e.Arg, -1, _lineStates[e.Arg].Paused, e.Time.Milliseconds);
        _overdue[e.Equipment] = -1;
        Touch(e.Equipment);
    }

    private void ChangeLine(int line, int overdue, bool paused, long now)
    {
        SettleLine(line, now);
        ref var state = ref _lineStates[line];
        (state.MovedMs, state.Since) = (LineTimeMs(line, now), now);
        state.Overdue += overdue;
        state.Paused = paused;
    }

    /// <summary>A cancelled unit holds up nothing.</summary>
    private void ForgetOverdue(int job, long now)
    {
        for (var e = 0; e < _overdue.Length; e++)
        {
            if (_overdue[e] == job)
            {
                var line = Plant.Lines!.LineOf(e);
                ChangeLine(line, -1, _lineStates[line].Paused, now);
                _overdue[e] = -1;
            }
        }
    }

    /// <summary>The shift of its first station is the shift of a paced line.</summary>
    private void PauseLine(int equipment, bool paused, long now)
    {
        if (Plant.Lines!.PacedLineOf(equipment) is var line && line >= 0 && Plant.Lines.Lines[line].Launcher == equipment)
        {
            ChangeLine(line, 0, paused, now);
        }
    }

    private void SettleLine(int line, long now)
    {
        ref var state = ref _lineStates[line];
        _lineMeters[line].StoppedMs += state is { Overdue: > 0, Paused: false } ? Math.Max(0, now - state.SettledAt) : 0;
        state.SettledAt = Math.Max(now, state.SettledAt);
    }

    private void SettleLines(long now)
    {
        for (var line = 0; line < _lineStates.Length; line++)
        {
            SettleLine(line, now);
        }
    }
}
