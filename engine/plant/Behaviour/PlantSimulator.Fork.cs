using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Forks: everything that a run remembers, in one list that copies and snapshots go through.
public sealed partial class PlantSimulator : IExchanged<PlantSimulator>
{
    /// <summary>An independent copy that goes on bit-identically.</summary>
    public PlantSimulator Fork(IPlantEventSink? sink = null) => Fork(_random, sink);

    /// <summary>An independent copy with other luck from now on; what has been drawn already stays.</summary>
    public PlantSimulator Fork(RandomSource random, IPlantEventSink? sink = null)
    {
        var fork = new PlantSimulator(_plant, State.Fork(), _policy, random, sink);
        fork.TakeOver(this);
        return fork;
    }

    /// <summary>Becomes a copy of another run of the same scenario, luck included, in the memory held already: for many futures of one moment.</summary>
    /// <remarks>The sink stays. Once it has held as much as the other, nothing is allocated.</remarks>
    /// <exception cref="ArgumentException">The other simulates another scenario.</exception>
    public void CopyFrom(PlantSimulator other) => CopyFrom(other, other._random);

    /// <summary>The same with other luck from now on.</summary>
    /// <exception cref="ArgumentException">The other simulates another scenario.</exception>
    public void CopyFrom(PlantSimulator other, RandomSource random)
    {
        if (other._plant != _plant)
        {
            throw new ArgumentException($"A run of '{_plant.Scenario.Id}' can only become a copy of another run of the same compiled scenario.", nameof(other));
        }

        _random = random;
        if (other != this)
        {
            State.CopyFrom(other.State);
            TakeOver(other);
        }
    }

    /// <summary>How machines choose.</summary>
    public DispatchPolicy Policy => _policy;

    /// <summary>The luck of this run.</summary>
    public RandomSource Luck => _random;

    internal static PlantSimulator Load(StateLoad load, CompiledScenario plant, DispatchPolicy policy, RandomSource random, IPlantEventSink? sink)
    {
        var simulator = new PlantSimulator(plant, new PlantState(plant), policy, random, sink);
        simulator._plan = policy.Schedule is { } schedule ? new PlanCursor(schedule, plant) : null;
        simulator._turns = policy.Schedule is { } plan ? new AuxiliaryTurns(plan, plant) : null;
        ((IExchanged<PlantSimulator>)simulator).Exchange(load, null);
        return simulator;
    }

    private void TakeOver(PlantSimulator other)
    {
        (_policy, _rule) = (other._policy, other._rule);
        _plan = other._plan?.Sibling(_plan);
        _turns = other._turns?.Sibling(_turns);
        Exchange(StateCopy.Instance, other);
    }

    void IExchanged<PlantSimulator>.Exchange(StateExchange exchange, PlantSimulator? other)
    {
        exchange.Part(State, other?.State);
        Exchange(exchange, other);
    }

    /// <summary>Everything but the plant's state: one line per field.</summary>
    private void Exchange(StateExchange exchange, PlantSimulator? other)
    {
        exchange.Value(ref _now, other?._now);
        exchange.Calendar(_calendar, other?._calendar);
        exchange.Part(_queues, other?._queues);
        exchange.Part(_wokenEquipment, other?._wokenEquipment);
        exchange.Part(_wokenGroups, other?._wokenGroups);
        exchange.Part(_takers, other?._takers);
        exchange.Array(ref _failureHandles, other?._failureHandles);
        exchange.Array(ref _preparationHandles, other?._preparationHandles);
        exchange.Array(ref _batchHandles, other?._batchHandles);
        exchange.Array(ref _upcoming, other?._upcoming);
        exchange.Array(ref _auxiliaryReserved, other?._auxiliaryReserved);
        exchange.Array(ref _auxiliaryPromised, other?._auxiliaryPromised);
        exchange.Array(ref _auxiliaryShort, other?._auxiliaryShort);
        exchange.Array(ref _mayStart, other?._mayStart);
        exchange.Array(ref _lastLaunch, other?._lastLaunch);
        exchange.Array(ref _maintenanceDue, other?._maintenanceDue);
        exchange.List(_blocked, other?._blocked);
        exchange.List(_finished, other?._finished);
        exchange.List(_heldBorders, other?._heldBorders);
        exchange.Array(ref _leftThePace, other?._leftThePace);
        exchange.Array(ref _launchedBefore, other?._launchedBefore);
        exchange.Array(ref _launchedLast, other?._launchedLast);
        exchange.Array(ref _fixtureShort, other?._fixtureShort);
        exchange.Value(ref _fixturesMoved, other?._fixturesMoved);
        exchange.List(_forVehicles, other?._forVehicles);
        exchange.Value(ref _fleetWake, other?._fleetWake);
        exchange.Part(_plan, other?._plan);
        exchange.Part(_turns, other?._turns);
        exchange.Value(ref _hadPlan, other?._hadPlan);
        exchange.Value(ref _openOrders, other?._openOrders);
        exchange.Value(ref _dispatchPending, other?._dispatchPending);
        exchange.Array(ref _dyeLotMachines, other?._dyeLotMachines);
        exchange.Part(_lines, other?._lines);
        exchange.Value(ref _overPromised, other?._overPromised);
        exchange.List(_drawing, other?._drawing);
        exchange.List(_utilityQueue, other?._utilityQueue);
        exchange.Array(ref _seenRates, other?._seenRates);
        exchange.Value(ref _utilityWake, other?._utilityWake);
        exchange.Value(ref _utilitiesPending, other?._utilitiesPending);
        exchange.List(_refusedForOwner, other?._refusedForOwner);
        exchange.Value(ref _refusedVersion, other?._refusedVersion);
        exchange.Part(_crews, other?._crews);
        exchange.Part(_sideDesk, other?._sideDesk);
        exchange.Array(ref _sideHandles, other?._sideHandles);
        exchange.Array(ref _repairHandles, other?._repairHandles);
        exchange.Array(ref _upkeepHandles, other?._upkeepHandles);
        exchange.Array(ref _seenUsage, other?._seenUsage);
        exchange.Array(ref _seenReturns, other?._seenReturns);
        exchange.Value(ref _allReturns, other?._allReturns);
    }
}
