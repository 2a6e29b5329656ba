using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Plans a plant with mixed-model lines: orders the launches of each line, then times every unit through its stations.</summary>
/// <remarks>
/// Lots that pass no line are placed behind those that do, by due date. Each reported schedule has been timed and valued as a whole;
/// the search between two reports works on the launch order alone.
/// </remarks>
public sealed class LinePlanner : IPlanner
{
    /// <summary>Timing a launch order may take this share of the budget.</summary>
    private const double TimingShare = 0.2;

    /// <summary>Each price is tried for this share of the budget.</summary>
    private const double TrialShare = 0.12;

    private static readonly double[] EarlyPrices = [100, 40, 15];

    /// <summary>Whether this planner is the right one: the plant has a line with something left to launch.</summary>
    public static bool Suits(PlanningRequest request) =>
        Enumerable.Range(0, request.Plant.Plant.Lines.Length).Any(line => LineProblemBuilder.Build(request.Plant, line, request.From).Open > 0);

    /// <inheritdoc/>
    public PlanningResult Plan(PlanningRequest request, Action<PlanningProgress>? report = null, CancellationToken stop = default) =>
        new Run(request, report, stop).ToTheEnd();

    private sealed class Run
    {
        private readonly PlanningRequest _request;
        private readonly CompiledScenario _plant;
        private readonly Action<PlanningProgress>? _report;
        private readonly CancellationToken _stop;
        private readonly long _began = Stopwatch.GetTimestamp();
        private readonly SchedulingProblem _problem;
        private readonly LineProblem[] _lines;
        private readonly int[][] _orders; // best launch order so far, by line
        private readonly double _bound;
        private Duration _timing;
        private (Schedule Schedule, ObjectiveReport Objective)? _best;

        public Run(PlanningRequest request, Action<PlanningProgress>? report, CancellationToken stop)
        {
            (_request, _plant, _report, _stop) = (request, request.Plant, report, stop);
            _problem = SchedulingProblem.Build(_plant, request.From, request.Current, request.Objective);
            _lines = [.. Enumerable.Range(0, _plant.Plant.Lines.Length).Select(line =>
                LineProblemBuilder.Build(_plant, line, request.From, request.Objective, request.Current))];
            _orders = [.. _lines.Select(LineConstruction.ByDueDate)];
            _bound = _lines.Sum(LineBound.Of);
        }

        private Duration Elapsed => Duration.FromMilliseconds(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);

        public PlanningResult ToTheEnd()
        {
            var first = Time("order book by due date").Objective;
            if (_request.Current is { } current)
            {
                Time("schedule in force", [.. _lines.Select((l, i) => LaunchOrder.Of(l, _plant, i, current))]);
            }

            for (var line = 0; line < _lines.Length; line++)
            {
                Sequence(line, (_request.TimeLimit - Elapsed) / (_lines.Length - line));
            }

            var (schedule, objective) = _best!.Value;
            var outcome = objective.Total <= _bound + 1e-9 ? PlanningOutcome.Optimal
                : _stop.IsCancellationRequested ? PlanningOutcome.Stopped : PlanningOutcome.Feasible;
            return new PlanningResult
            {
                Schedule = schedule, Outcome = outcome, Objective = objective, Bound = Math.Min(_bound, objective.Total), Elapsed = Elapsed, First = first,
            };
        }

        /// <summary>Searches the launch order of one line; where releases matter, at several prices of launching too early, of which the timed
        /// schedules say which is right.</summary>
        private void Sequence(int line, Duration budget)
        {
            var began = Elapsed;
            var (best, order) = (_lines[line], _orders[line]);
            if (best.HasReleases)
            {
                var least = double.PositiveInfinity;
                foreach (var price in EarlyPrices.TakeWhile(_ => !_stop.IsCancellationRequested))
                {
                    var problem = _lines[line].WithEarlyPrice(price);
                    var found = Search(line, problem, order, budget * TrialShare);
                    var total = Time(problem.Name, With(line, found)).Objective.Total;
                    if (total < least)
                    {
                        (least, best, order) = (total, problem, found);
                    }
                }
            }

            if (!_stop.IsCancellationRequested || !best.HasReleases)
            {
                Time(best.Name, With(line, Search(line, best, order, began + budget - Elapsed)));
            }
        }

        private int[] Search(int line, LineProblem problem, int[] start, Duration budget)
        {
            var options = new LineSequencerOptions
            {
                TimeLimit = Duration.Max(budget, new Duration(1)), Workers = _request.Workers, Seed = _request.Seed, Start = [.. start],
            };
            var timedAt = Elapsed;
            return [.. LineSequencer.Solve(problem, options, OnProgress, _stop).Sequence];

            void OnProgress(LineProgress progress)
            {
                if (progress.Sequence is { } sequence && (Elapsed - timedAt) * TimingShare >= _timing)
                {
                    Time(progress.Phase, With(line, [.. sequence]));
                    timedAt = Elapsed;
                }
                else
                {
                    Report(progress.Phase, null);
                }
            }
        }

        private int[][] With(int line, int[] order)
        {
            var orders = (int[][])_orders.Clone();
            orders[line] = order;
            return orders;
        }

        /// <summary>Makes a schedule of launch orders; the best so far is kept and reported.</summary>
        private (Schedule Schedule, ObjectiveReport Objective) Time(string phase, int[][]? orders = null)
        {
            orders ??= _orders;
            var began = Elapsed;
            var schedule = LineFlow.Time(_problem, Lots(orders), [.. Enumerable.Range(0, _lines.Length).Select(LastLaunch)], "line sequence");
            var objective = ObjectiveEvaluator.Evaluate(_plant, schedule, _problem.Weights, _request.From, _request.Current);
            _timing = Elapsed - began;
            if (_best is not { } best || objective.Total < best.Objective.Total)
            {
                MustBeExecutable(schedule);
                _best = (schedule, objective);
                orders.CopyTo(_orders, 0);
                Report(phase, schedule);
            }

            return (schedule, objective);
        }

        private void MustBeExecutable(Schedule schedule)
        {
            if (ScheduleChecker.Check(_plant, schedule, _request.From, _request.Current).FirstOrDefault(v => v.Severity == ViolationSeverity.Error) is { } violation)
            {
                throw new PlanningException($"No schedule of the line passes the checker: {violation.Message} Maybe unlock batches that cannot stay where they are?");
            }
        }

        private void Report(string phase, Schedule? schedule) => _report?.Invoke(new PlanningProgress
        {
            Elapsed = Elapsed, Incumbent = _best?.Objective.Total, Bound = _best is { } b ? Math.Min(_bound, b.Objective.Total) : _bound, Phase = phase, Schedule = schedule,
        });

        /// <summary>All lots in the order in which they are timed: those on a line already, those to be launched, and behind them by due date
        /// those that pass no line.</summary>
        private IEnumerable<int> Lots(int[][] orders)
        {
            var launches = _lines
                .SelectMany((l, line) => orders[line].Select((unit, position) => (Time: l.LaunchAt(position), Line: line, Position: position, l.Units[unit].Lot)))
                .OrderBy(x => x.Time).ThenBy(x => x.Line).ThenBy(x => x.Position).Select(x => x.Lot).ToList();
            var others = Enumerable.Range(0, _plant.Jobs.LotCount).Except(launches).ToLookup(lot => LineProblemBuilder.LineOf(_plant, lot) >= 0);
            return
            [
                .. others[true].OrderBy(LaunchOf).ThenBy(lot => lot),
                .. launches,
                .. others[false].OrderBy(lot => _plant.Scenario.Orders[_plant.Jobs.LotOrder[lot]].Due ?? SimTime.Never).ThenBy(lot => lot),
            ];
        }

        private long LaunchOf(int lot)
        {
            var starts = Enumerable.Range(_plant.Jobs.LotFirstJob[lot], _plant.Jobs.LotFirstJob[lot + 1] - _plant.Jobs.LotFirstJob[lot])
                .Select(job => _request.From?.Jobs[job].StartAt ?? -1).Where(t => t >= 0);
            return starts.DefaultIfEmpty(long.MaxValue).Min();
        }

        /// <summary>When a unit last entered the line.</summary>
        private SimTime? LastLaunch(int line)
        {
            SimTime? last = null;
            for (var job = 0; _request.From is { } from && job < from.Jobs.Length; job++)
            {
                ref readonly var state = ref from.Jobs[job];
                if (state.StartAt >= 0 && state.Equipment >= 0 && _plant.LaunchLineOf(state.Equipment) == line)
                {
                    last = SimTime.Max(last ?? SimTime.Zero, new SimTime(state.StartAt));
                }
            }

            return last;
        }
    }
}
