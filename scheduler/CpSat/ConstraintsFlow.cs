using DigitalTwin.Scheduler.Problems;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <content>Rules between tasks: precedence, waits, transport, auxiliaries, locks.</content>
internal sealed partial class Constraints
{
    /// <summary>A task's setup begins after its predecessors and their shortest wait, its work after the journey too and before the longest wait.</summary>
    private void PrecedenceWaitsAndTransport()
    {
        foreach (var t in _scope.Tasks)
        {
            foreach (var p in _problem.Tasks[t].Predecessors.Where(p => _scope.Inside[p]))
            {
                After(t, p);
            }

            Journeys(t);
        }
    }

    private void After(int t, int p)
    {
        var (task, before) = (_problem.Tasks[t], _problem.Tasks[p]);
        var (own, earlier) = (_variables.Batches[t], _variables.Batches[p]);
        var wait = _ticks.Of(before.MinWait);
        if (task.BatchKey < 0)
        {
            _model.Add(own.SetupStart >= earlier.JobEnd + wait);
        }
        else
        {
            _model.Add(own.JobStart >= earlier.JobEnd + wait);
            foreach (var (leader, join) in _variables.LeadersOf(t))
            {
                _model.Add(_variables.Batches[leader].SetupStart >= earlier.JobEnd + wait).OnlyEnforceIf(join);
            }
        }

        if (before.MaxWait < long.MaxValue)
        {
            _model.Add(own.JobStart <= earlier.JobEnd + _ticks.Of(before.MaxWait));
        }
    }

    /// <summary>Travel between the sites of a task and its predecessors, where sites differ.</summary>
    private void Journeys(int t)
    {
        var here = SitesOf(t);
        foreach (var p in _problem.Tasks[t].Predecessors.Where(p => _scope.Inside[p]))
        {
            foreach (var (fromSite, from) in SitesOf(p))
            {
                foreach (var (toSite, to) in here)
                {
                    var travel = _problem.TravelTime(fromSite, toSite);
                    if (travel > 0)
                    {
                        var earliest = _variables.Batches[p].JobEnd + _ticks.Of(_problem.Tasks[p].MinWait) + _ticks.Of(travel);
                        foreach (var a in from)
                        {
                            foreach (var b in to)
                            {
                                _model.Add(_variables.Batches[t].JobStart >= earliest).OnlyEnforceIf([.. a, .. b]);
                            }
                        }
                    }
                }
            }
        }

        foreach (var before in _problem.Tasks[t].CommittedPredecessors.Where(b => b.Site >= 0))
        {
            ArriveFrom(t, here, before.End + before.MinWait, before.Site);
        }

        foreach (var (from, site) in _scope.Departures.GetValueOrDefault(t, []))
        {
            ArriveFrom(t, here, from, site);
        }
    }

    private void ArriveFrom(int t, Dictionary<int, List<ILiteral[]>> here, long departure, int from)
    {
        foreach (var (site, where) in here)
        {
            var arrival = _ticks.Of(departure + _problem.TravelTime(from, site) - _ticks.Origin);
            foreach (var at in arrival > 0 ? where : [])
            {
                _model.Add(_variables.Batches[t].JobStart >= arrival).OnlyEnforceIf(at);
            }
        }
    }

    /// <summary>For each site a task can be at, the sets of literals that put it there.</summary>
    private Dictionary<int, List<ILiteral[]>> SitesOf(int t)
    {
        var sites = new Dictionary<int, List<ILiteral[]>>();
        if (_problem.Tasks[t].BatchKey < 0)
        {
            Collect(_variables.Batches[t], null);
        }
        else
        {
            foreach (var (leader, join) in _variables.LeadersOf(t))
            {
                Collect(_variables.Batches[leader], join);
            }
        }

        return sites;

        void Collect(BatchVariables batch, ILiteral? join)
        {
            for (var k = 0; k < batch.Uses.Length; k++)
            {
                if (!_scope.Allows(batch.Task.Index, batch.Task.Options[k].Equipment))
                {
                    continue;
                }

                var site = _problem.Machines[batch.Task.Options[k].Equipment].Site;
                if (!sites.TryGetValue(site, out var there))
                {
                    sites.Add(site, there = []);
                }

                there.Add(join is null ? [batch.Uses[k]] : [join, batch.Uses[k]]);
            }
        }
    }

    /// <summary>Auxiliaries are held from the beginning of the setup to the end of the work.</summary>
    private void Auxiliaries()
    {
        for (var a = 0; a < _problem.Plant.Plant.Auxiliaries.Length; a++)
        {
            var needing = _scope.Tasks.Where(t => CountOf(_problem.Tasks[t], a) > 0).ToArray();
            if (needing.Length == 0)
            {
                continue;
            }

            var cumulative = _model.AddCumulative((long)_problem.Plant.Plant.Auxiliaries[a].Count);
            foreach (var t in needing)
            {
                var batch = _variables.Batches[t];
                var length = _model.NewIntVar(0, _variables.Horizon, $"held {t}");
                cumulative.AddDemand(_model.NewOptionalIntervalVar(batch.SetupStart, length, batch.End, batch.Open, $"hold {t}"), (long)CountOf(batch.Task, a));
            }

            foreach (var use in _problem.CommittedUses.Where(u => u.Auxiliary == a && u.End > _ticks.Origin))
            {
                cumulative.AddDemand(_model.NewFixedSizeIntervalVar(0L, _ticks.Of(use.End - _ticks.Origin), "committed"), (long)use.Count);
            }

            foreach (var batch in _scope.Fixed.Where(b => CountOf(_problem.Tasks[b.Tasks[0]], a) > 0))
            {
                var (from, to) = (_ticks.At(batch.SetupStart), _ticks.Of(batch.End - _ticks.Origin));
                cumulative.AddDemand(_model.NewFixedSizeIntervalVar(from, to - from, "fixed"), (long)CountOf(_problem.Tasks[batch.Tasks[0]], a));
            }
        }
    }

    private static int CountOf(ProblemTask task, int auxiliary)
    {
        var count = 0;
        foreach (var need in task.Auxiliaries)
        {
            count += need.Auxiliary == auxiliary ? need.Count : 0;
        }

        return count;
    }

    /// <summary>A locked batch keeps its machine and members; only what was before it may stay before it.</summary>
    private void Locks()
    {
        foreach (var locked in _problem.LockedBatches)
        {
            int[] inside = [.. locked.Tasks.Where(t => _scope.Inside[t])];
            if (inside.Length != locked.Tasks.Length)
            {
                continue; // outside the window: it does not move
            }

            var leader = inside.Min();
            var batch = _variables.Batches[leader];
            _model.AddBoolOr([batch.Uses[OptionIndex(batch.Task, locked.Equipment)]]);
            if (locked.StartAt is { } moment)
            {
                _model.Add(batch.Start == _ticks.At(moment));
            }

            foreach (var ((task, at), join) in _variables.Joins)
            {
                if (inside.Contains(task) && at == leader)
                {
                    _model.AddBoolOr([join]);
                }
                else if (at == leader)
                {
                    _model.AddBoolOr([join.Not()]);
                }
            }

            foreach (var (other, option) in _onMachine[locked.Equipment])
            {
                if (!inside.Contains(other) && !locked.Before.Contains(other))
                {
                    _model.Add(_variables.Batches[other].SetupStart >= batch.Start).OnlyEnforceIf(_variables.Batches[other].Uses[option]);
                }
            }
        }
    }

    private static int OptionIndex(ProblemTask task, int equipment)
    {
        for (var k = 0; k < task.Options.Length; k++)
        {
            if (task.Options[k].Equipment == equipment)
            {
                return k;
            }
        }

        throw new InvalidOperationException($"Task {task.Index} cannot run on equipment {equipment}.");
    }
}
