using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Flattens a scenario, the state of its plant and the schedule in force into a <see cref="SchedulingProblem"/>.</summary>
internal sealed class ProblemBuilder
{
    private readonly CompiledScenario _plant;
    private readonly PlantState? _state;
    private readonly ObjectiveWeights _weights;
    private readonly CommittedWork _committed;
    private readonly MaterialDates _materials;
    private readonly Schedule? _current;
    private readonly long _now;
    private readonly int[] _taskOfJob;
    private readonly Dictionary<int, PlannedBatch> _lockedPlaces = []; // of jobs locked to a machine or a time

    public ProblemBuilder(CompiledScenario plant, PlantState? from, Schedule? current, ObjectiveWeights? weights)
    {
        _plant = plant;
        _state = from;
        _weights = weights ?? plant.Scenario.Objective;
        _now = (from?.Now ?? SimTime.Zero).Milliseconds;
        _committed = new CommittedWork(plant, from);
        _materials = new MaterialDates(plant, from);
        _taskOfJob = new int[plant.Jobs.JobCount];
        Array.Fill(_taskOfJob, -1);
        ProblemRules.CheckWeights(_weights);
        if (current is not null)
        {
            ProblemRules.CheckCurrent(plant, current);
            _current = Open(current);
            foreach (var batch in _current.Batches.Where(b => b.Lock is LockKind.Machine or LockKind.Time))
            {
                foreach (var job in batch.Jobs)
                {
                    _lockedPlaces[job] = batch;
                }
            }
        }
    }

    public SchedulingProblem Build()
    {
        var tasks = BuildTasks();
        var (placed, locks) = Place(tasks);
        var machines = BuildMachines(tasks);
        for (var k = 0; k < locks.Count; k++)
        {
            machines[locks[k].Equipment].Locks = machines[locks[k].Equipment].Locks.Add(k);
            foreach (var t in locks[k].Tasks)
            {
                tasks[t].Lock = k;
            }
        }

        foreach (var task in tasks)
        {
            ProblemRules.CheckTask(_plant, task, locks);
        }

        return new SchedulingProblem(_plant, _weights, new SimTime(_now))
        {
            Tasks = [.. tasks],
            TaskOfJob = [.. _taskOfJob],
            Machines = [.. machines],
            Orders = BuildOrders(),
            CommittedUses = [.. _committed.Uses],
            Changeovers = [.. _plant.Plant.ChangeoverRules.Select(r => new ChangeoverTable(r, _plant.Plant.Families))],
            Current = _current,
            Placed = placed,
            LockedBatches = [.. locks],
            Travel = BuildTravel(),
            SiteCount = Math.Max(1, _plant.Plant.Sites.Length),
            HasAuxiliaries = tasks.Exists(t => !t.Auxiliaries.IsEmpty),
        };
    }

    private Schedule Open(Schedule current) => current with
    {
        Batches = [.. current.Batches
            .Select(b => b.Jobs.All(j => _committed.Open[j]) ? b : b with { Jobs = [.. b.Jobs.Where(j => _committed.Open[j])] })
            .Where(b => !b.Jobs.IsEmpty)
            .OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index)],
    };

    private List<ProblemTask> BuildTasks()
    {
        var tasks = new List<ProblemTask>();
        var keys = new Dictionary<(Operation, int, string), int>();
        for (var j = 0; j < _taskOfJob.Length; j++)
        {
            if (_committed.Open[j])
            {
                _taskOfJob[j] = tasks.Count;
                tasks.Add(BuildTask(j, tasks.Count, keys));
            }
        }

        var successors = tasks.ConvertAll(_ => ImmutableArray.CreateBuilder<int>());
        foreach (var task in tasks)
        {
            foreach (var before in task.Predecessors)
            {
                successors[before].Add(task.Index);
            }
        }

        for (var t = 0; t < tasks.Count; t++)
        {
            tasks[t].Successors = successors[t].ToImmutable();
        }

        return tasks;
    }

    private ProblemTask BuildTask(int job, int index, Dictionary<(Operation, int, string), int> keys)
    {
        var operation = _plant.OperationOf(job);
        var family = _plant.FamilyOf(job);
        var key = -1;
        if (operation.Batches && !keys.TryGetValue((operation, family, _plant.OrderOf(job).DyeLot), out key))
        {
            key = keys.Count;
            keys.Add((operation, family, _plant.OrderOf(job).DyeLot), key);
        }

        var ready = Math.Max(_now, _plant.OrderOf(job).Release.Milliseconds);
        var predecessors = ImmutableArray.CreateBuilder<int>();
        var committed = ImmutableArray.CreateBuilder<CommittedPredecessor>();
        var first = job - _plant.Jobs.OperationIndexOf(job);
        foreach (var p in _plant.PredecessorsOf(job))
        {
            var before = first + p;
            if (_committed.Cancelled[before])
            {
                continue; // nothing was or will be mended
            }

            if (_taskOfJob[before] >= 0)
            {
                predecessors.Add(_taskOfJob[before]);
                continue;
            }

            var rule = _plant.OperationOf(before);
            committed.Add(new CommittedPredecessor(_committed.JobEnd[before], _committed.SiteOfJob[before], rule.MinWait.Milliseconds, Longest(rule)));
            ready = Math.Max(ready, _committed.JobEnd[before] + rule.MinWait.Milliseconds);
        }

        var place = _lockedPlaces.GetValueOrDefault(job);
        ready = place is { Lock: LockKind.Time } ? ready : Math.Max(ready, _materials.EarliestOf(job)); // who fixed a time knows better
        var eligible = _plant.EligibleEquipment(job);
        if (place is { Lock: LockKind.Machine })
        {
            eligible = ProblemRules.LockedTo(_plant, job, place.Equipment, eligible);
        }
        else if (place is { Lock: LockKind.Time })
        {
            committed.Add(new CommittedPredecessor(place.Start.Milliseconds, -1, 0, long.MaxValue, IsLock: true));
        }

        return new ProblemTask
        {
            Index = index, Job = job, Order = _plant.Jobs.OrderOf(job), Family = family, Load = _plant.Jobs.QuantityOf(job),
            BatchKey = key, Ready = ready, Setup = operation.Setup.Milliseconds, Interruptible = operation.Interruptible,
            MinWait = operation.MinWait.Milliseconds, MaxWait = Longest(operation),
            Predecessors = predecessors.ToImmutable(), CommittedPredecessors = committed.ToImmutable(),
            Options = [.. eligible.Select(e => OptionOn(job, operation, e))],
            Auxiliaries = operation.Auxiliaries, LockKind = place?.Lock ?? LockKind.None,
        };
    }

    private EquipmentOption OptionOn(int job, Operation operation, int equipment) => new(
        equipment,
        _plant.MeanProcessingTime(job, equipment).Milliseconds,
        (_plant.AlternativeOn(operation, equipment).UnitTime ?? operation.UnitTime).Mean > 0);

    private static long Longest(Operation operation) => operation.MaxWait?.Milliseconds ?? long.MaxValue;

    private (ImmutableArray<(int, long)>, List<LockedBatch>) Place(List<ProblemTask> tasks)
    {
        var placed = new (int Equipment, long Start)[tasks.Count];
        Array.Fill(placed, (-1, 0));
        var locks = new List<LockedBatch>();
        var sequence = new Dictionary<int, ImmutableHashSet<int>>();
        foreach (var batch in _current?.Batches ?? [])
        {
            ImmutableArray<int> members = [.. batch.Jobs.Select(j => _taskOfJob[j])];
            var before = sequence.GetValueOrDefault(batch.Equipment, []);
            foreach (var t in members)
            {
                placed[t] = (batch.Equipment, batch.Start.Milliseconds);
            }

            if (batch.Locked || batch.Jobs.Any(j => _state is not null && _state.Jobs[j].Locked))
            {
                locks.Add(new LockedBatch(batch.Equipment, members, before, batch.Lock == LockKind.Time ? batch.Start.Milliseconds : null));
            }

            sequence[batch.Equipment] = before.Union(members);
        }

        return ([.. placed], locks);
    }

    private ProblemMachine[] BuildMachines(List<ProblemTask> tasks)
    {
        var plant = _plant.Plant;
        var stops = MaintenanceKnown.Of(_plant, _state, e => Math.Max(_committed.FreeFrom[e], _committed.SlotEnds[e].DefaultIfEmpty().Max()));
        LeaveOutWhatCannotStop(stops, tasks);
        var until = Duration.Max(_plant.Scenario.Horizon * 3, Duration.FromDays(400)).Milliseconds;
        var machines = new ProblemMachine[plant.Equipment.Length];
        for (var e = 0; e < machines.Length; e++)
        {
            var equipment = plant.Equipment[e];
            machines[e] = new ProblemMachine
            {
                Index = e, Site = equipment.Site, Slots = equipment.Slots,
                CapacityMin = equipment.CapacityMin, CapacityMax = equipment.CapacityMax,
                Rule = equipment.Changeover?.Index ?? -1, Calendar = MaintenanceKnown.Without(_plant.CalendarOf(e), stops[e], until),
                CommittedEnds = [.. _committed.SlotEnds[e].Order()], FreeFrom = _committed.FreeFrom[e], Condition = _committed.Conditions[e],
            };
        }

        return machines;
    }

    /// <summary>Work that pauses would pause for maintenance too, which the plant does not do; a time that a person fixed stays.</summary>
    private void LeaveOutWhatCannotStop(List<(long Start, long End)>[] stops, List<ProblemTask> tasks)
    {
        foreach (var option in tasks.Where(t => t.Interruptible).SelectMany(t => t.Options))
        {
            stops[option.Equipment].Clear();
        }

        foreach (var batch in (_current?.Batches ?? []).Where(b => b.Lock == LockKind.Time))
        {
            stops[batch.Equipment].Clear();
        }
    }

    private ImmutableArray<ProblemOrder> BuildOrders()
    {
        var table = _plant.Jobs;
        var orders = ImmutableArray.CreateBuilder<ProblemOrder>(table.OrderCount);
        for (var o = 0; o < table.OrderCount; o++)
        {
            var order = _plant.Scenario.Orders[o];
            var (first, end) = (table.LotFirstJob[table.OrderFirstLot[o]], table.LotFirstJob[table.OrderFirstLot[o + 1]]);
            var tasks = ImmutableArray.CreateBuilder<int>();
            var committedEnd = 0L;
            for (var j = first; j < end; j++)
            {
                committedEnd = Math.Max(committedEnd, _committed.JobEnd[j]);
                if (_taskOfJob[j] >= 0)
                {
                    tasks.Add(_taskOfJob[j]);
                }
            }

            var over = _state is not null && o < _state.Orders.Length && _state.Orders[o].Status is OrderStatus.Complete or OrderStatus.Cancelled;
            orders.Add(new ProblemOrder(order.Due?.Milliseconds, order.Priority, committedEnd, tasks.ToImmutable(), !over));
        }

        return orders.MoveToImmutable();
    }

    private long[] BuildTravel()
    {
        var sites = Math.Max(1, _plant.Plant.Sites.Length);
        var travel = new long[sites * sites];
        for (var i = 0; i < _plant.Plant.Sites.Length; i++)
        {
            for (var j = 0; j < _plant.Plant.Sites.Length; j++)
            {
                travel[i * sites + j] = _plant.Plant.TravelTime(new SiteId(i), new SiteId(j)).Milliseconds;
            }
        }

        return travel;
    }
}
