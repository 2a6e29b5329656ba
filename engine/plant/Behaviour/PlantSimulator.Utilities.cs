using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Utilities: phases and changeovers draw steam, power, water. At a rate cap they slow down or wait; at a daily cap they wait for midnight.
// Who draws or waits is a number: the lead of a batch, or ~equipment for the machine's setup or cleaning.
public sealed partial class PlantSimulator
{
    /// <summary>After the news of a moment, before any machine chooses.</summary>
    private const int UtilityPriority = 990;

    /// <summary>No phase slows down further, so that no plant stands still for ever.</summary>
    private const double SlowestSpeed = 0.01;

    private const double Tolerance = 1e-9;

    private readonly List<int> _drawing = []; // running phases and changeovers that draw
    private readonly List<int> _utilityQueue = []; // those that wait before a phase or a changeover, in their order
    private double[] _seenRates = []; // per utility: rate when it was last looked at; empty without utilities
    private EventHandle _utilityWake;
    private bool _utilitiesPending;

    private bool WaitsForUtility(int lead) => _seenRates.Length > 0 && State.UtilityJobs[lead].WaitSince >= 0;

    /// <summary>Begins a phase, or holds the batch before it until there is room for what it draws.</summary>
    private bool EnterPhase(int equipment, int lead, int phase)
    {
        if (_seenRates.Length == 0)
        {
            Emit(PlantEventKind.PhaseStarted, equipment, lead, arg: phase);
            return true;
        }

        LeavePhase(lead);
        if (Obstacle(equipment, lead, phase, inTurn: false) is var utility && utility >= 0)
        {
            Emit(PlantEventKind.BatchHeld, equipment, lead, arg: (int)HoldReason.Utility, value: utility);
            Enqueue(lead, State.UtilityJobs[lead].WaitSince);
            UtilitiesChanged();
            return false;
        }

        Emit(PlantEventKind.PhaseStarted, equipment, lead, arg: phase);
        GoOnDrawing(lead);
        return true;
    }

    /// <summary>The phase of a running batch draws from now.</summary>
    private void GoOnDrawing(int lead)
    {
        if (_seenRates.Length > 0 && Job(lead).Phase >= 0 && _plant.Utilities!.DrawsOf(_plant.OperationIndexOf(lead), Job(lead).Phase).Length > 0)
        {
            _drawing.Add(lead);
            UtilitiesChanged();
        }
    }

    /// <summary>Who drew draws nothing any more; others may go on or go faster.</summary>
    private void LeavePhase(int who)
    {
        if (_seenRates.Length > 0 && _drawing.Remove(who))
        {
            UtilitiesChanged();
        }
    }

    private void UtilitiesChanged()
    {
        if (_seenRates.Length > 0 && !_utilitiesPending)
        {
            _utilitiesPending = true;
            Schedule(_now, new Pending(PendingKind.Utilities), UtilityPriority);
        }
    }

    /// <summary>Power that no phase asked for (a machine idles, breaks, is switched off) changes what is left for the phases.</summary>
    private void WatchPower()
    {
        for (var u = 0; u < _seenRates.Length; u++)
        {
            if (_plant.Utilities![u].Kind == UtilityKind.Electricity && State.Utilities[u].Rate != _seenRates[u])
            {
                UtilitiesChanged();
            }
        }
    }

    /// <summary>Lets in those that wait, as far as there is room, and slows down or speeds up those that draw.</summary>
    private void ServeUtilities()
    {
        _utilitiesPending = false;
        LetIn();
        for (var i = 0; i < _drawing.Count; i++)
        {
            var who = _drawing[i];
            var (speed, binding) = who < 0 ? ChangeoverSpeedOf(~who) : SpeedOf(Job(who).Equipment, who);
            if (speed != UtilityOf(who).Speed && (who < 0 || !Job(who).Estimated))
            {
                _calendar.Cancel(who < 0 ? _preparationHandles[~who] : _batchHandles[who]);
                _newSpeeds.Add((who, speed, binding)); // all are worked out from the same state before any is changed
            }
        }

        foreach (var (who, speed, binding) in _newSpeeds)
        {
            Emit(PlantEventKind.UtilityRate, MachineOf(who), Math.Max(-1, who), arg: binding, value: speed);
            if (who < 0)
            {
                _preparationHandles[~who] = Schedule(new SimTime(Equipment(~who).ExpectedEnd), new Pending(PendingKind.EndPreparation, ~who));
            }
            else
            {
                ScheduleProgress(Job(who).Equipment, who);
            }
        }

        _newSpeeds.Clear();
        for (var u = 0; u < _seenRates.Length; u++)
        {
            _seenRates[u] = State.Utilities[u].Rate;
        }

        ComeBack();
    }

    [NotState("empty between two events")]
    private readonly List<(int Who, double Speed, int Binding)> _newSpeeds = [];

    private void LetIn()
    {
        for (var i = 0; i < _utilityQueue.Count; i++)
        {
            var lead = _utilityQueue[i];
            if (lead < 0)
            {
                i -= LetInChangeover(~lead, i) ? 1 : 0;
                continue;
            }

            var equipment = Job(lead).Equipment;
            if (!CanGoOn(equipment) || Obstacle(equipment, lead, Job(lead).Phase + 1, inTurn: true) >= 0)
            {
                continue;
            }

            var pool = -1;
            var crew = _plant.Crews.ForBatches ? _plant.CrewNeedOf(lead, Job(lead).Phase + 1) : SkillNeed.None;
            if (crew.Exists && !TakeNow(crew, out pool))
            {
                continue; // whoever comes back lets it try again
            }

            _utilityQueue.RemoveAt(i--);
            Emit(PlantEventKind.BatchResumed, equipment, lead);
            Emit(PlantEventKind.PhaseStarted, equipment, lead, arg: Job(lead).Phase + 1);
            if (pool >= 0)
            {
                AssignCrew(equipment, lead, pool, crew);
            }

            GoOnDrawing(lead);
            ScheduleProgress(equipment, lead);
            GoOnPreparing(equipment); // other slots waited for it to stand still no more
        }
    }

    private bool CanGoOn(int equipment) => !Equipment(equipment).OffShift
        && Equipment(equipment).Status is not (EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance or EquipmentStatus.NonScheduled);

    /// <summary>The first utility that has no room for a phase; −1 when the phase may begin.</summary>
    /// <param name="inTurn">The batch already stands in the queue: only those before it come first.</param>
    private int Obstacle(int equipment, int lead, int phase, bool inTurn)
    {
        foreach (ref readonly var draw in _plant.Utilities!.DrawsOf(_plant.OperationIndexOf(lead), phase))
        {
            if (MayWaitFor(draw.Utility, equipment, draw.Waits) && State.DemandOf(draw, equipment, lead, phase) is > 0 and var demand
                && !MayDraw(lead, draw.Utility, demand, State.PhaseEndMs(lead, phase) - State.PhaseEndMs(lead, phase - 1), OwnPower(draw.Utility, equipment), draw.Waits, inTurn))
            {
                return draw.Utility;
            }
        }

        return -1;
    }

    private bool MayWaitFor(int utility, int equipment, bool waits) => (waits || _plant.Utilities![utility].DailyCap is not null)
        && _plant.Utilities!.Supplies(utility, _plant.Plant.Equipment[equipment].Site);

    /// <summary>Whether somebody may begin to draw now.</summary>
    /// <param name="own">What its machine draws already and will not any more, unit/h.</param>
    private bool MayDraw(int who, int utility, double demand, long lengthMs, double own, bool waits, bool inTurn) =>
        !IsBehind(who, utility, inTurn) && (!waits || HasRoom(utility, demand, own))
        && (_plant.Utilities![utility].DailyCap is null || FitsDays(utility, demand, lengthMs));

    /// <summary>Whether somebody who goes first waits for the same utility.</summary>
    private bool IsBehind(int who, int utility, bool inTurn)
    {
        foreach (var other in _utilityQueue)
        {
            if (other == who)
            {
                return false;
            }

            if (UtilityOf(other).Binding == utility && CanGoOn(MachineOf(other))
                && (inTurn || PriorityOf(other) >= PriorityOf(who)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks again when a cap changes, and at midnight where somebody waits for a new day.</summary>
    private void ComeBack()
    {
        _calendar.Cancel(_utilityWake);
        _utilityWake = EventHandle.None;
        if (_drawing.Count + _utilityQueue.Count == 0)
        {
            return;
        }

        var next = _plant.Utilities!.NextCapChange(_now);
        foreach (var who in _utilityQueue)
        {
            if (UtilityOf(who).Binding is >= 0 and var binding && _plant.Utilities[binding].DailyCap is not null)
            {
                next = SimTime.Min(next, new SimTime(_plant.Utilities.NextMidnight(_now.Milliseconds)));
            }
        }

        if (next != SimTime.Never)
        {
            _utilityWake = Schedule(next, new Pending(PendingKind.Utilities), UtilityPriority);
        }
    }

    /// <summary>Enters the queue: higher priority first, then who has waited longer.</summary>
    private void Enqueue(int who, long since)
    {
        var at = _utilityQueue.Count;
        while (at > 0 && (PriorityOf(_utilityQueue[at - 1]) < PriorityOf(who)
            || (PriorityOf(_utilityQueue[at - 1]) == PriorityOf(who) && UtilityOf(_utilityQueue[at - 1]).WaitSince > since)))
        {
            at--;
        }

        _utilityQueue.Insert(at, who);
    }

    /// <summary>Highest priority among the orders of a batch, or of the batch that a machine is prepared for.</summary>
    private double PriorityOf(int who)
    {
        var priority = 0.0;
        for (var job = who < 0 ? Equipment(~who).Reserved : who; job >= 0; job = Job(job).NextInBatch)
        {
            priority = Math.Max(priority, _plant.OrderOf(job).Priority);
        }

        return priority;
    }

    private void ResumeUtilities()
    {
        if (_seenRates.Length == 0)
        {
            return;
        }

        for (var e = 0; e < _plant.Plant.Equipment.Length; e++)
        {
            ResumeChangeover(e);
            for (var lead = Equipment(e).FirstActive; lead >= 0; lead = Job(lead).NextActive)
            {
                if (Job(lead).Status == JobStatus.Running)
                {
                    GoOnDrawing(lead);
                }
                else if (WaitsForUtility(lead))
                {
                    Enqueue(lead, State.UtilityJobs[lead].WaitSince);
                }
            }
        }

        UtilitiesChanged();
    }
}
