using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;
using Google.OrTools.Sat;
using Google.OrTools.Util;

namespace DigitalTwin.Scheduler.CpSat;

/// <content>Rules on one machine: no overlap, slots, changeovers, residue.</content>
internal sealed partial class Constraints
{
    private void MachineTime(int e)
    {
        var machine = _problem.Machines[e];
        var table = machine.Rule >= 0 ? _problem.Changeovers[machine.Rule] : null;
        SetupInWorkingHours(e);
        if (machine.Unlimited)
        {
            NoOverlap(e, overlaps: true);
            ConstantSetups(e, table);
        }
        else if (machine.Slots > 1)
        {
            Slots(e, table);
        }
        else
        {
            NoOverlap(e);
            if (table is { DependsOnSequence: true })
            {
                SequenceDependentChangeovers(e, table);
            }
            else
            {
                ConstantSetups(e, table);
            }
        }
    }

    /// <summary>A setup begins inside working hours.</summary>
    private void SetupInWorkingHours(int e)
    {
        if (_problem.Machines[e].Calendar is not { } calendar)
        {
            return;
        }

        var windows = new List<long[]>();
        for (var i = 0; i < calendar.Count; i++)
        {
            var (start, end) = calendar.Window(i);
            AddInterval(windows, start.Milliseconds, end.Milliseconds - 1);
        }

        foreach (var (t, k) in _onMachine[e])
        {
            var batch = _variables.Batches[t];
            _model.AddLinearExpressionInDomain(batch.SetupStart, Domain.FromIntervals([.. windows])).OnlyEnforceIf(batch.Uses[k]);
        }
    }

    /// <summary>One batch at a time, setup included, inside the machine's piece of time.</summary>
    private void NoOverlap(int e, bool overlaps = false)
    {
        var intervals = new List<IntervalVar>();
        var from = _ticks.Of(Math.Max(0, _scope.Borders[e].FreeFrom - _ticks.Origin));
        foreach (var (t, k) in _onMachine[e])
        {
            var batch = _variables.Batches[t];
            intervals.Add(Occupation(batch, k, e));
            if (from > 0)
            {
                _model.Add(batch.SetupStart >= from).OnlyEnforceIf(batch.Uses[k]);
            }
        }

        if (!overlaps)
        {
            _model.AddNoOverlap(intervals);
        }
    }

    /// <summary>The time a batch takes of a machine, setup included; of known length where nothing can stretch it.</summary>
    private IntervalVar Occupation(BatchVariables batch, int option, int e)
    {
        if (!batch.HasSetup && batch.Task.BatchKey < 0 && _problem.Machines[e].Calendar is null)
        {
            return _model.NewOptionalFixedSizeIntervalVar(batch.Start, _ticks.Of(batch.Task.Options[option].Time), batch.Uses[option], $"on {batch.Task.Index} {e}");
        }

        var length = _model.NewIntVar(0, _variables.Horizon, $"length {batch.Task.Index} {e}");
        return _model.NewOptionalIntervalVar(batch.SetupStart, length, batch.End, batch.Uses[option], $"on {batch.Task.Index} {e}");
    }

    /// <summary>Setups that do not depend on what ran before.</summary>
    private void ConstantSetups(int e, ChangeoverTable? table)
    {
        foreach (var (t, k) in _onMachine[e])
        {
            var batch = _variables.Batches[t];
            var condition = _scope.Borders[e].Condition;
            var step = table?.Prepare(ref condition, batch.Task.Family, batch.Task.Setup) ?? new SetupStep(batch.Task.Setup, 0, 0, Possible: true);
            var setup = _ticks.Of(step.Time);
            if (setup > 0)
            {
                _model.Add(batch.Start >= batch.SetupStart + setup).OnlyEnforceIf(batch.Uses[k]);
            }

            Setups.Add((batch.Uses[k], step.Time, step.Cost));
            if (!_scope.Follows(t) && FirstFollower(e) is { } next)
            {
                _model.Add(next.SetupStart >= batch.End).OnlyEnforceIf(batch.Uses[k]);
            }
        }
    }

    private BatchVariables? FirstFollower(int e) =>
        _scope.Followers[e] is [var first, ..] ? _variables.Batches[first.Tasks.Min()] : null;

    /// <summary>The batches of a machine form a path; each step costs the changeover between two families, and a forbidden step does not exist.</summary>
    private void SequenceDependentChangeovers(int e, ChangeoverTable table)
    {
        var nodes = _onMachine[e].FindAll(n => !_scope.Follows(n.Task));
        FollowersSetups(e, table, nodes.Count == 0);
        if (nodes.Count == 0)
        {
            return;
        }

        var circuit = _model.AddCircuit();
        var idle = _model.NewBoolVar($"idle {e}");
        circuit.AddArc(0, 0, idle);
        for (var j = 0; j < nodes.Count; j++)
        {
            var (t, k) = nodes[j];
            var batch = _variables.Batches[t];
            circuit.AddArc(j + 1, j + 1, batch.Uses[k].Not());
            _model.AddImplication(batch.Uses[k], idle.Not());
            FirstOnMachine(circuit, e, table, batch, j);
            LastOnMachine(circuit, e, table, batch, j);
            for (var i = 0; i < nodes.Count; i++)
            {
                if (i != j && Step(table, _problem.Tasks[nodes[i].Task], batch.Task) is { Possible: true } step)
                {
                    var literal = _model.NewBoolVar($"{nodes[i].Task} then {t} on {e}");
                    circuit.AddArc(i + 1, j + 1, literal);
                    _model.Add(batch.SetupStart >= _variables.Batches[nodes[i].Task].End).OnlyEnforceIf(literal);
                    Charge(literal, batch, step);
                }
            }
        }

        if (table.Residue is { } rule)
        {
            Residue(e, rule, table);
        }
    }

    private void FirstOnMachine(CircuitConstraint circuit, int e, ChangeoverTable table, BatchVariables batch, int j)
    {
        var condition = _scope.Borders[e].Condition;
        var step = table.Residue is null
            ? table.Prepare(ref condition, batch.Task.Family, batch.Task.Setup)
            : new SetupStep(table.EveryBatch + batch.Task.Setup, 0, 0, Possible: true);
        if (step.Possible)
        {
            var literal = _model.NewBoolVar($"{batch.Task.Index} first on {e}");
            circuit.AddArc(0, j + 1, literal);
            Charge(literal, batch, step);
        }
    }

    private void LastOnMachine(CircuitConstraint circuit, int e, ChangeoverTable table, BatchVariables batch, int j)
    {
        var next = FirstFollower(e);
        var step = next is null ? new SetupStep(0, 0, 0, Possible: true) : Step(table, batch.Task, next.Task);
        if (!step.Possible)
        {
            return;
        }

        var literal = _model.NewBoolVar($"{batch.Task.Index} last on {e}");
        circuit.AddArc(j + 1, 0, literal);
        if (next is not null)
        {
            _model.Add(next.SetupStart >= batch.End).OnlyEnforceIf(literal);
            Charge(literal, next, step);
        }
    }

    /// <summary>Setups between batches that keep their order.</summary>
    private void FollowersSetups(int e, ChangeoverTable table, bool nothingFree)
    {
        var sequence = _scope.Followers[e];
        for (var i = nothingFree ? 0 : 1; i < sequence.Count; i++)
        {
            var batch = _variables.Batches[sequence[i].Tasks.Min()];
            var condition = _scope.Borders[e].Condition;
            var step = i > 0 ? Step(table, _problem.Tasks[sequence[i - 1].Tasks[0]], batch.Task)
                : table.Residue is null ? table.Prepare(ref condition, batch.Task.Family, batch.Task.Setup)
                : new SetupStep(table.EveryBatch + batch.Task.Setup, 0, 0, Possible: true);
            if (step.Time > 0)
            {
                _model.Add(batch.Start >= batch.SetupStart + _ticks.Of(step.Time));
            }
        }
    }

    private void Charge(ILiteral literal, BatchVariables batch, SetupStep step)
    {
        if (step.Time > 0)
        {
            _model.Add(batch.Start >= batch.SetupStart + _ticks.Of(step.Time)).OnlyEnforceIf(literal);
        }

        Setups.Add((literal, step.Time, step.Cost));
    }

    /// <summary>Setup from one task to the next, without what residue adds.</summary>
    private static SetupStep Step(ChangeoverTable table, ProblemTask from, ProblemTask to)
    {
        var direct = from.Family < 0 || to.Family < 0 ? new SetupStep(0, 0, 0, Possible: true) : table.Between(from.Family, to.Family);
        return direct with { Time = direct.Time + table.EveryBatch + to.Setup };
    }

    /// <summary>Residue never exceeds what the family bears: cleanings are chosen where the sequence needs them (relaxed: any time, any strength).</summary>
    private void Residue(int e, ResidueChangeover rule, ChangeoverTable table)
    {
        // The exact levels follow from the sequence when the plan is laid out; here only the weakest cleaning's time is demanded between
        // a soiling family and one that bears less than a single batch leaves behind.
        var shortest = rule.Cleanings.Min(c => c.Duration.Milliseconds);
        var families = _problem.Plant.Plant.Families;
        foreach (var (i, _) in _onMachine[e])
        {
            foreach (var (j, option) in _onMachine[e])
            {
                var (a, b) = (_problem.Tasks[i], _problem.Tasks[j]);
                if (i != j && a.Family >= 0 && b.Family >= 0 && families[a.Family].Soil >= families[b.Family].ResidueLimit)
                {
                    var uses = _variables.Batches[j].Uses[option];
                    var before = _model.NewBoolVar($"{i} soils {j}");
                    var usesBefore = _variables.Batches[i].Uses[OptionIndex(a, e)];
                    var gap = _ticks.At(_ticks.Origin + shortest + table.EveryBatch + b.Setup);
                    _model.Add(_variables.Batches[j].Start >= _variables.Batches[i].End + gap).OnlyEnforceIf([before, uses, usesBefore]);
                    _model.Add(_variables.Batches[j].End <= _variables.Batches[i].SetupStart).OnlyEnforceIf([before.Not(), uses, usesBefore]);
                }
            }
        }
    }

    /// <summary>Several batches side by side; different families (or a setup) need the machine one after the other.</summary>
    private void Slots(int e, ChangeoverTable? table)
    {
        var machine = _problem.Machines[e];
        var cumulative = _model.AddCumulative((long)machine.Slots);
        var from = _ticks.Of(Math.Max(0, machine.FreeFrom - _ticks.Origin));
        foreach (var end in machine.CommittedEnds.Where(end => end > _ticks.Origin))
        {
            cumulative.AddDemand(_model.NewFixedSizeIntervalVar(0L, _ticks.Of(end - _ticks.Origin), "committed"), 1L);
        }

        foreach (var batch in _scope.Fixed.Where(b => b.Equipment == e))
        {
            cumulative.AddDemand(_model.NewFixedSizeIntervalVar(_ticks.At(batch.SetupStart), _ticks.At(batch.End) - _ticks.At(batch.SetupStart), "fixed"), 1L);
        }

        foreach (var (t, k) in _onMachine[e])
        {
            var batch = _variables.Batches[t];
            cumulative.AddDemand(Occupation(batch, k, e), 1L);
            _model.Add(batch.SetupStart >= from).OnlyEnforceIf(batch.Uses[k]);
            var always = (table?.EveryBatch ?? 0) + batch.Task.Setup;
            if (always > 0)
            {
                _model.Add(batch.Start >= batch.SetupStart + _ticks.Of(always)).OnlyEnforceIf(batch.Uses[k]);
                Setups.Add((batch.Uses[k], always, 0));
            }
        }

        if (table is not null)
        {
            OneFamilyAtATime(e, table);
        }
    }

    private void OneFamilyAtATime(int e, ChangeoverTable table)
    {
        var nodes = _onMachine[e];
        for (var i = 0; i < nodes.Count; i++)
        {
            for (var j = i + 1; j < nodes.Count; j++)
            {
                var (a, b) = (_variables.Batches[nodes[i].Task], _variables.Batches[nodes[j].Task]);
                if (a.Task.Family >= 0 && b.Task.Family >= 0 && a.Task.Family != b.Task.Family)
                {
                    var first = _model.NewBoolVar($"{nodes[i].Task} before {nodes[j].Task}");
                    ILiteral[] both = [a.Uses[nodes[i].Option], b.Uses[nodes[j].Option]];
                    _model.Add(b.SetupStart >= a.End).OnlyEnforceIf([first, .. both]);
                    _model.Add(a.SetupStart >= b.End).OnlyEnforceIf([first.Not(), .. both]);
                }
            }
        }
    }
}
