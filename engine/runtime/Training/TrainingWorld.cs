using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>A rush order waiting for its answer.</summary>
/// <param name="Until">Without an answer by then it counts as accepted.</param>
public sealed record OpenOffer(RushOffer Offer, SimTime Until);

/// <summary>The plant of an exercise as it lives on: the simulation, its script, and what was decided.</summary>
/// <remarks>Deterministic: the same exercise and the same decisions at the same moments give the same events. Not thread-safe.</remarks>
internal sealed partial class TrainingWorld
{
    /// <summary>After the end of an exercise what is unfinished goes on for so long at most.</summary>
    private static readonly Duration Afterwards = Duration.FromDays(60);

    private readonly Exercise _exercise;
    private readonly ImmutableArray<ScriptedFault> _faults; // by time
    private readonly ImmutableArray<RushOffer> _offers; // by time
    private readonly IPlantEventSink? _sink;
    private readonly List<OpenOffer> _open = [];
    private readonly DecisionBoard _board;
    private PlantSimulator _simulator;
    private int _nextFault;
    private int _nextOffer;

    /// <param name="begin">The plant at the beginning (forked, not changed).</param>
    /// <param name="extra">Faults beyond the script.</param>
    public TrainingWorld(Exercise exercise, PlantSimulator begin, IEnumerable<ScriptedFault> extra, IPlantEventSink? sink)
    {
        _exercise = exercise;
        _faults = [.. exercise.Faults.Concat(extra).OrderBy(f => f.AtMs)];
        _offers = [.. exercise.Offers.OrderBy(o => o.AtMs)];
        _sink = sink;
        _board = new DecisionBoard();
        _simulator = begin.Fork(sink);
        if (begin.Policy.Schedule is { } inForce)
        {
            _board.Take(inForce);
        }

        Rule = begin.Policy.Rule;
        Names = new PlantNames(begin.State.Plant);
    }

    private TrainingWorld(TrainingWorld other)
    {
        (_exercise, _faults, _offers, _nextFault, _nextOffer) = (other._exercise, other._faults, other._offers, other._nextFault, other._nextOffer);
        (Rule, Names, Refusals) = (other.Rule, other.Names, other.Refusals);
        _open = [.. other._open];
        _board = other._board.Fork();
        _simulator = other._simulator.Fork();
    }

    public PlantState State => _simulator.State;

    public SimTime Now => State.Now;

    public PlantNames Names { get; private set; }

    /// <summary>Rule for what is on no machine's board.</summary>
    public DispatchRule Rule { get; private set; }

    /// <summary>Points for refused orders so far.</summary>
    public double Refusals { get; private set; }

    public IReadOnlyList<OpenOffer> Open => _open;

    /// <summary>The board as a schedule.</summary>
    public Schedule? Board => _board.ToSchedule(State);

    /// <summary>When the next fault or offer comes, or an answer is due; <see cref="SimTime.Never"/> when none does.</summary>
    public SimTime NextNews
    {
        get
        {
            var next = _open.Count > 0 ? _open.Min(o => o.Until.Milliseconds) : long.MaxValue;
            next = _nextFault < _faults.Length ? Math.Min(next, _exercise.StartMs + _faults[_nextFault].AtMs) : next;
            return new SimTime(_nextOffer < _offers.Length ? Math.Min(next, _exercise.StartMs + _offers[_nextOffer].AtMs) : next);
        }
    }

    /// <summary>An independent copy that tells nobody of its events and goes on bit-identically.</summary>
    public TrainingWorld Fork() => new(this);

    /// <summary>Lives until a moment; the script happens on the way, at the end of its moments.</summary>
    public void AdvanceTo(SimTime moment)
    {
        while (NextNews is var news && news <= moment)
        {
            _simulator.RunUntil(news);
            for (; _nextFault < _faults.Length && _exercise.StartMs + _faults[_nextFault].AtMs <= news.Milliseconds; _nextFault++)
            {
                Break(_faults[_nextFault]);
            }

            for (; _nextOffer < _offers.Length && _exercise.StartMs + _offers[_nextOffer].AtMs <= news.Milliseconds; _nextOffer++)
            {
                var offer = _offers[_nextOffer];
                _open.Add(new OpenOffer(offer, new SimTime(_exercise.StartMs + offer.AtMs + Math.Max(1, offer.AnswerWithinMs))));
            }

            foreach (var late in _open.Where(o => o.Until <= news).ToList())
            {
                Answer(late, accept: true);
            }
        }

        _simulator.RunUntil(moment);
    }

    /// <summary>Lives on as it stands until all is done, and says what the whole was worth.</summary>
    public ObjectiveReport Finish()
    {
        var limit = _exercise.End + Afterwards;
        while (NextNews is var news && news <= limit)
        {
            AdvanceTo(news);
        }

        _simulator.RunToCompletion(limit);
        return ExecutedObjective.Of(PlantKpis.Of(State), State.Plant.Scenario.Objective, Refusals);
    }

    /// <summary>Follows another policy from now on; the board is cleared.</summary>
    public void Follow(DispatchRule rule, Schedule? schedule)
    {
        Rule = rule;
        _board.Take(schedule ?? Schedule.Empty);
        Follow();
    }

    /// <summary>Answers everything that is open in one way.</summary>
    public void AnswerAll(bool accept)
    {
        foreach (var offer in _open.ToList())
        {
            Answer(offer, accept);
        }
    }

    private void Follow() => _simulator.SetPolicy(new DispatchPolicy { Rule = Rule, Schedule = Board });

    /// <summary>Breaks a machine, or calls for its maintenance, now.</summary>
    public void Inject(ScriptedFault fault) => Break(fault);

    private void Break(ScriptedFault fault) => _simulator.Inject(new Disturbance
    {
        Time = Now, Equipment = new EquipmentId(Names.Equipment(fault.Equipment)), Kind = fault.Kind, Duration = new Duration(fault.LengthMs),
    });

    private void Answer(OpenOffer open, bool accept)
    {
        _open.Remove(open);
        if (!accept)
        {
            Refusals += open.Offer.RefusalCost;
            return;
        }

        var order = open.Offer.Order.Read(Names, Now, out var problem) ?? throw new TrainingException($"rush order '{open.Offer.Order.Id}': {problem}");
        var grown = State.Plant.WithOrders([order.Release < Now ? order with { Release = Now } : order]);
        var state = State.Fork();
        state.GrowTo(grown);
        var luck = _simulator.Luck;
        _simulator = new PlantSimulator(grown, new DispatchPolicy { Rule = Rule, Schedule = Board }, luck, state, _sink);
        Names = new PlantNames(grown);
    }
}
