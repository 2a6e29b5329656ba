using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using Google.OrTools.Sat;
using Google.OrTools.Util;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>The rules of a schedule as CP-SAT constraints, one method per rule.</summary>
/// <remarks>
/// Where a rule has a corner that is costly to model (which cleaning a residue rule picks, several slots), the model is a relaxation:
/// plans are laid out exactly afterwards, so what leaves the solver is always executable and the bound stays a bound.
/// </remarks>
internal sealed partial class Constraints
{
    private readonly CpModel _model;
    private readonly Variables _variables;
    private readonly Scope _scope;
    private readonly SchedulingProblem _problem;
    private readonly Ticks _ticks;
    private readonly List<(int Task, int Option)>[] _onMachine;

    public Constraints(CpModel model, Variables variables, Ticks ticks)
    {
        _model = model;
        _variables = variables;
        _scope = variables.Scope;
        _problem = _scope.Problem;
        _ticks = ticks;
        _onMachine = [.. _problem.Machines.Select(_ => new List<(int, int)>())];
        foreach (var t in _scope.Tasks)
        {
            for (var k = 0; k < _problem.Tasks[t].Options.Length; k++)
            {
                if (_scope.Allows(t, _problem.Tasks[t].Options[k].Equipment))
                {
                    _onMachine[_problem.Tasks[t].Options[k].Equipment].Add((t, k));
                }
            }
        }
    }

    /// <summary>Setup work on each machine, for the objective: literal, ticks, cost.</summary>
    public List<(ILiteral Literal, long Time, double Cost)> Setups { get; } = [];

    public void AddAll()
    {
        BatchesHaveMembers();
        OneEquipmentPerBatch();
        FollowersKeepCompany();
        LoadWithinCapacity();
        ProcessingTime();
        Release();
        PrecedenceWaitsAndTransport();
        for (var e = 0; e < _onMachine.Length; e++)
        {
            if (_onMachine[e].Count > 0)
            {
                MachineTime(e);
            }
        }

        Auxiliaries();
        Locks();
    }

    /// <summary>Every task is in exactly one batch; a batch exists when its leader is in it.</summary>
    private void BatchesHaveMembers()
    {
        foreach (var t in _scope.Tasks.Where(t => _problem.Tasks[t].BatchKey >= 0))
        {
            var own = _variables.Batches[t];
            _model.AddExactlyOne(_variables.LeadersOf(t).Select(l => (ILiteral)l.Join));
            _model.AddImplication(own.Open, _variables.Joins[(t, t)]);
            _model.AddImplication(_variables.Joins[(t, t)], own.Open);
            foreach (var (leader, join) in _variables.LeadersOf(t))
            {
                var batch = _variables.Batches[leader];
                _model.AddImplication(join, batch.Open);
                _model.Add(own.JobStart == batch.Start).OnlyEnforceIf(join);
                _model.Add(own.JobEnd == batch.End).OnlyEnforceIf(join);
            }
        }
    }

    /// <summary>An existing batch runs on one of its leader's machines.</summary>
    private void OneEquipmentPerBatch()
    {
        foreach (var t in _scope.Tasks)
        {
            var batch = _variables.Batches[t];
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                if (!_scope.Allows(t, batch.Task.Options[k].Equipment))
                {
                    _model.AddBoolOr([batch.Uses[k].Not()]);
                }
            }

            if (_problem.Tasks[t].BatchKey < 0)
            {
                _model.AddExactlyOne(batch.Uses);
            }
            else
            {
                _model.AddExactlyOne(batch.Uses.Append(batch.Open.Not()));
            }
        }
    }

    /// <summary>In a window, batches behind the free ones keep their members and their order on each machine.</summary>
    private void FollowersKeepCompany()
    {
        foreach (var sequence in _scope.Followers)
        {
            for (var i = 0; i < sequence.Count; i++)
            {
                var leader = sequence[i].Tasks.Min();
                foreach (var t in sequence[i].Tasks.Where(t => _problem.Tasks[t].BatchKey >= 0))
                {
                    _model.AddBoolOr([_variables.Joins[(t, leader)]]);
                }

                if (i > 0 && _problem.Machines[sequence[i].Equipment].Slots == 1)
                {
                    _model.Add(_variables.Batches[leader].SetupStart >= _variables.Batches[sequence[i - 1].Tasks.Min()].End);
                }
            }
        }
    }

    /// <summary>Members can run on the batch's machine, and their loads together fit it. The minimum load is a matter of the objective.</summary>
    private void LoadWithinCapacity()
    {
        const double Scale = 1000;
        foreach (var t in _scope.Tasks.Where(t => _problem.Tasks[t].BatchKey >= 0))
        {
            var members = _variables.Joins.Where(j => j.Key.Leader == t).Select(j => (j.Key.Task, Join: j.Value)).ToArray();
            var batch = _variables.Batches[t];
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                var machine = _problem.Machines[batch.Task.Options[k].Equipment];
                foreach (var (other, join) in members)
                {
                    if (!_problem.Tasks[other].CanRunOn(machine.Index))
                    {
                        _model.AddBoolOr([join.Not(), batch.Uses[k].Not()]);
                    }
                }

                if (double.IsFinite(machine.CapacityMax) && members.Length > 1)
                {
                    var load = LinearExpr.WeightedSum(members.Select(m => m.Join), members.Select(m => (long)Math.Ceiling(_problem.Tasks[m.Task].Load * Scale - 1e-6)));
                    _model.Add(load <= (long)Math.Floor(machine.CapacityMax * Scale + 1e-6)).OnlyEnforceIf(batch.Uses[k]);
                }
            }
        }
    }

    /// <summary>A batch lasts as long as its slowest member needs on its machine, pausing outside working hours where it may.</summary>
    private void ProcessingTime()
    {
        foreach (var t in _scope.Tasks)
        {
            var batch = _variables.Batches[t];
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                var option = batch.Task.Options[k];
                if (!_scope.Allows(t, option.Equipment))
                {
                    continue;
                }

                var calendar = _problem.Machines[option.Equipment].Calendar;
                if (calendar is null)
                {
                    _model.Add(batch.End >= batch.Start + _ticks.Of(option.Time)).OnlyEnforceIf(batch.Uses[k]);
                    if (batch.Task.BatchKey < 0)
                    {
                        _model.Add(batch.End == batch.Start + _ticks.Of(option.Time)).OnlyEnforceIf(batch.Uses[k]);
                    }
                }
                else if (batch.Task.Interruptible)
                {
                    InterruptibleWork(batch, batch.Uses[k], calendar, option.Time);
                }
                else
                {
                    UninterruptedWork(batch, batch.Uses[k], calendar, option.Time);
                }
            }

            SlowerMembers(t, batch);
        }
    }

    private void SlowerMembers(int leader, BatchVariables batch)
    {
        foreach (var ((task, at), join) in _variables.Joins)
        {
            if (at != leader || task == leader)
            {
                continue;
            }

            for (var k = 0; k < batch.Uses.Length; k++)
            {
                var equipment = batch.Task.Options[k].Equipment;
                if (_problem.Tasks[task].CanRunOn(equipment) && _problem.Tasks[task].OptionOn(equipment).Time > batch.Task.Options[k].Time)
                {
                    _model.Add(batch.End >= batch.Start + _ticks.Of(_problem.Tasks[task].OptionOn(equipment).Time)).OnlyEnforceIf([join, batch.Uses[k]]);
                }
            }
        }
    }

    /// <summary>Uninterrupted work begins where it fits into a working window (or at the start of one, where none is long enough).</summary>
    private void UninterruptedWork(BatchVariables batch, BoolVar uses, Plant.Behaviour.CalendarTimeline calendar, long work)
    {
        var starts = new List<long[]>();
        var fits = work <= calendar.LongestWindow.Milliseconds;
        for (var i = 0; i < calendar.Count; i++)
        {
            var (start, end) = calendar.Window(i);
            if (fits && end.Milliseconds - start.Milliseconds >= work)
            {
                AddInterval(starts, start.Milliseconds, end.Milliseconds - work);
            }
            else if (!fits)
            {
                AddInterval(starts, start.Milliseconds, end.Milliseconds - start.Milliseconds >= work ? end.Milliseconds - work : start.Milliseconds);
            }
        }

        _model.AddLinearExpressionInDomain(batch.Start, Domain.FromIntervals([.. starts])).OnlyEnforceIf(uses);
        _model.Add(batch.End >= batch.Start + _ticks.Of(work)).OnlyEnforceIf(uses);
    }

    /// <summary>Interruptible work lasts as long as the pauses it meets add to it: starts are grouped by the length that follows from them.</summary>
    private void InterruptibleWork(BatchVariables batch, BoolVar uses, Plant.Behaviour.CalendarTimeline calendar, long work)
    {
        var byLength = new SortedDictionary<long, List<long[]>>();
        foreach (var (from, to, length) in LengthsOf(calendar, work))
        {
            if (!byLength.TryGetValue(length, out var starts))
            {
                byLength.Add(length, starts = []);
            }

            AddInterval(starts, from, to);
        }

        var chosen = new List<ILiteral> { uses.Not() };
        foreach (var (length, starts) in byLength.Where(l => l.Value.Count > 0))
        {
            var literal = _model.NewBoolVar($"length {batch.Task.Index} {length}");
            chosen.Add(literal);
            _model.AddLinearExpressionInDomain(batch.Start, Domain.FromIntervals([.. starts])).OnlyEnforceIf(literal);
            _model.Add(batch.End >= batch.Start + _ticks.Of(length)).OnlyEnforceIf(literal);
        }

        _model.AddExactlyOne(chosen);
    }

    /// <summary>Pieces [from, to] of start times that all lead to the same length of interruptible work.</summary>
    private IEnumerable<(long From, long To, long Length)> LengthsOf(Plant.Behaviour.CalendarTimeline calendar, long work)
    {
        var last = _ticks.ToTime(_variables.Horizon);
        var at = calendar.NextWorking(new SimTime(_ticks.Origin));
        while (at.Milliseconds <= last)
        {
            var end = calendar.EndOfInterruptible(at, new Duration(work));
            // The length stays while the start stays in its window and the end in its window; a start at the window's very end is in the next.
            var startRoom = calendar.NextChange(at).Milliseconds - 1 - at.Milliseconds;
            var endWindow = calendar.IsWorking(end) ? calendar.NextChange(end) : end;
            var room = Math.Min(startRoom, endWindow.Milliseconds - end.Milliseconds);
            yield return (at.Milliseconds, at.Milliseconds + room, (end - at).Milliseconds);
            at = calendar.NextWorking(new SimTime(at.Milliseconds + room + 1));
        }
    }

    private void AddInterval(List<long[]> intervals, long from, long to)
    {
        var first = Math.Max(0, _ticks.Of(Math.Max(0, from - _ticks.Origin)));
        var last = Math.Min(_variables.Horizon, to >= long.MaxValue / 8 ? _variables.Horizon : _ticks.At(to));
        if (first <= last)
        {
            intervals.Add([first, last]);
        }
    }

    /// <summary>Setup begins after release and after what is decided outside.</summary>
    private void Release()
    {
        foreach (var t in _scope.Tasks)
        {
            var ready = _ticks.Of(_scope.Ready[t] - _ticks.Origin);
            if (_problem.Tasks[t].BatchKey < 0)
            {
                _model.Add(_variables.Batches[t].SetupStart >= ready);
            }
            else
            {
                foreach (var (leader, join) in _variables.LeadersOf(t))
                {
                    _model.Add(_variables.Batches[leader].SetupStart >= ready).OnlyEnforceIf(join);
                }
            }

            if (_variables.Batches[t].HasSetup)
            {
                _model.Add(_variables.Batches[t].SetupStart <= _variables.Batches[t].Start);
            }

            _model.Add(_variables.Batches[t].Start <= _variables.Batches[t].End);
        }
    }
}
