using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>What a trainee has put before the machines, as a schedule that the plant follows: an order of batches per machine.</summary>
/// <remarks>Only the order counts, so the times are those of a row of batches without length; a batch is in its place (locked) and nobody
/// overtakes it. What is on no machine's board is dispatched by the rule.</remarks>
internal sealed class DecisionBoard
{
    private readonly SortedDictionary<int, List<PlannedBatch>> _rows = [];

    public DecisionBoard()
    {
    }

    private DecisionBoard(DecisionBoard other)
    {
        foreach (var (equipment, row) in other._rows)
        {
            _rows[equipment] = [.. row];
        }
    }

    /// <summary>A schedule that was applied as a whole keeps its own times; <c>null</c> once it was changed by hand.</summary>
    public Schedule? Whole { get; private set; }

    public DecisionBoard Fork() => new(this) { Whole = Whole };

    /// <summary>Takes a whole schedule: its order per machine.</summary>
    public void Take(Schedule schedule)
    {
        _rows.Clear();
        foreach (var machine in schedule.Batches.GroupBy(b => b.Equipment.Index))
        {
            _rows[machine.Key] = [.. machine.OrderBy(b => b.Start).ThenBy(b => b.End).ThenBy(b => b.Jobs[0].Index)];
        }

        Whole = schedule.Batches.IsEmpty ? null : schedule;
    }

    /// <summary>Puts a batch on a machine's row.</summary>
    /// <param name="before">Job before whose batch it goes; below 0 for the front or the end.</param>
    /// <param name="atFront">Whether it goes to the front where there is no <paramref name="before"/>.</param>
    /// <param name="notBefore">Moment before which it does not begin.</param>
    /// <returns>Whether <paramref name="before"/> was found.</returns>
    public bool Put(int equipment, IReadOnlyList<int> jobs, int before, bool atFront, SimTime? notBefore = null)
    {
        foreach (var job in jobs)
        {
            Remove(job);
        }

        var row = _rows.TryGetValue(equipment, out var there) ? there : _rows[equipment] = [];
        var place = before >= 0 ? row.FindIndex(b => b.Jobs.Any(j => j.Index == before)) : atFront ? 0 : row.Count;
        if (place < 0)
        {
            return false;
        }

        row.Insert(place, new PlannedBatch
        {
            Equipment = new EquipmentId(equipment), Jobs = [.. jobs.Select(j => new JobId(j))], SetupStart = notBefore ?? SimTime.Zero, Start = notBefore ?? SimTime.Zero,
            End = notBefore ?? SimTime.Zero, Lock = LockKind.Place, HoldUntilStart = notBefore is not null,
        });
        Whole = null;
        return true;
    }

    /// <summary>Whether a job is on a machine's row.</summary>
    public bool Has(int equipment, int job) => _rows.TryGetValue(equipment, out var row) && row.Exists(b => b.Jobs.Any(j => j.Index == job));

    /// <summary>Takes a job off the board; false when it is not there.</summary>
    public bool Remove(int job)
    {
        foreach (var row in _rows.Values)
        {
            var place = row.FindIndex(b => b.Jobs.Any(j => j.Index == job));
            if (place >= 0)
            {
                var left = row[place].Jobs.RemoveAll(j => j.Index == job);
                if (left.IsEmpty)
                {
                    row.RemoveAt(place);
                }
                else
                {
                    row[place] = row[place] with { Jobs = left };
                }

                Whole = null;
                return true;
            }
        }

        return false;
    }

    /// <summary>The board as a schedule; <c>null</c> when nothing is on it.</summary>
    public Schedule? ToSchedule(PlantState state)
    {
        if (Whole is not null)
        {
            return Whole;
        }

        var batches = ImmutableArray.CreateBuilder<PlannedBatch>();
        foreach (var (_, row) in _rows)
        {
            row.RemoveAll(b => !b.Jobs.Any(j => state.Jobs[j].Status is JobStatus.Waiting or JobStatus.Ready)); // begun: no decision any more
            var at = SimTime.Zero;
            foreach (var batch in row)
            {
                // One ms apart keeps the order; one that is held keeps its moment, and those behind it follow.
                at = SimTime.Max(at + Duration.FromMilliseconds(1), batch.HoldUntilStart ? batch.Start : at);
                batches.Add(batch with { SetupStart = batch.HoldUntilStart ? batch.Start : at, Start = at, End = at });
            }
        }

        return batches.Count == 0 ? null : new Schedule { Batches = batches.ToImmutable(), MadeAt = state.Now, Origin = "trainee" };
    }
}
