using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Drift;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Calibration;

/// <summary>What a plant did, as far as numbers of the model can be learned from it. Shown every event before it is folded.</summary>
public sealed class PlantRecord
{
    private readonly WorkMeter _meter = new();
    private readonly Dictionary<int, long> _down = []; // machine → when its repair began

    /// <summary>Net processing times over the mean work without the variation, undisturbed first executions only; by operation.</summary>
    public List<(int Operation, int Equipment, double Factor, double WorkSpread)> Factors { get; } = [];

    /// <summary>Observed over expected setups; by machine.</summary>
    public List<(int Equipment, double Ratio)> Setups { get; } = [];

    /// <summary>Working time from repair to failure, ms; by machine.</summary>
    public List<(int Equipment, double Ms)> Lives { get; } = [];

    /// <summary>Repair times, ms; by machine.</summary>
    public List<(int Equipment, double Ms)> Repairs { get; } = [];

    /// <summary>Judged batches by operation: how often, weighted by the risk that machine and family bring, and what came out.</summary>
    public Dictionary<int, Judged> Quality { get; } = [];

    /// <summary>Events taken up.</summary>
    public long Events { get; private set; }

    /// <summary>Takes one event up.</summary>
    public void On(in PlantEvent e, PlantState state)
    {
        Events++;
        if (_meter.On(e, state) is { } sample)
        {
            Take(sample, state);
        }

        switch (e.Kind)
        {
            case PlantEventKind.EquipmentDown:
                Lives.Add((e.Equipment, AgeOf(state, e.Equipment, e.Time)));
                _down[e.Equipment] = e.Time.Milliseconds;
                break;
            case PlantEventKind.RepairStarted: _down[e.Equipment] = e.Time.Milliseconds; break;
            case PlantEventKind.RepairEnded:
                if (_down.Remove(e.Equipment, out var since))
                {
                    Repairs.Add((e.Equipment, e.Time.Milliseconds - since));
                }

                break;
            case PlantEventKind.AdditionStarted when state.Jobs[e.Job].Additions == 0: Of(state, e.Job).Additions++; break;
            case PlantEventKind.BatchRework: JudgedAt(state, e).Reworked++; break;
            case PlantEventKind.BatchEnded: JudgedAt(state, e); break;
            case PlantEventKind.Scrapped when e.Arg != PlantState.MadeAgain: Of(state, e.Job).Scrap += e.Value; break;
        }
    }

    /// <summary>Lives that have not ended: what every machine has worked since its last repair, ms.</summary>
    public static IEnumerable<(int Equipment, double Ms)> OpenLives(PlantState state)
    {
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            if (state.Equipment[e].Status is not (EquipmentStatus.Down or EquipmentStatus.Repair))
            {
                yield return (e, AgeOf(state, e, state.Now));
            }
        }
    }

    private static double AgeOf(PlantState state, int equipment, SimTime now)
    {
        ref readonly var e = ref state.Equipment[equipment];
        var since = new SimTime(e.UpSince);
        return e.AgeMs + (state.Plant.CalendarOf(equipment)?.WorkBetween(since, now).Milliseconds ?? (now - since).Milliseconds);
    }

    private void Take(in WorkSample sample, PlantState state)
    {
        if (sample.Kind == WorkKind.Setup)
        {
            Setups.Add((sample.Equipment, sample.Ratio));
            return;
        }

        var operation = state.Plant.OperationOf(sample.Job);
        if (sample.Additions == 0 && state.Jobs[sample.Job].Attempt == 0 && !operation.CountPieces && sample.ObservedMs > 0)
        {
            var v = operation.Variation;
            var own = v.Mean > 0 ? v.StandardDeviation / v.Mean : 0;
            Factors.Add((state.Plant.OperationIndexOf(sample.Job), sample.Equipment, sample.Ratio * v.Mean, Math.Sqrt(Math.Max(0, sample.Spread * sample.Spread - own * own))));
        }
    }

    private Judged JudgedAt(PlantState state, in PlantEvent e)
    {
        var judged = Of(state, e.Job);
        var family = state.Plant.FamilyOf(e.Job);
        judged.Batches++;
        judged.Risk += state.Plant.Plant.Equipment[e.Equipment].QualityRisk * (family < 0 ? 1 : state.Plant.Plant.Families[family].QualityRisk);
        judged.Quantity += state.Jobs[e.Job].Load;
        return judged;
    }

    private Judged Of(PlantState state, int job)
    {
        var operation = state.Plant.OperationIndexOf(job);
        if (!Quality.TryGetValue(operation, out var judged))
        {
            Quality[operation] = judged = new Judged();
        }

        return judged;
    }

    /// <summary>What became of the batches of one operation.</summary>
    public sealed class Judged
    {
        public int Batches { get; internal set; }

        /// <summary>Sum of the risk factors: the number of ordinary batches that they are worth.</summary>
        public double Risk { get; internal set; }

        /// <summary>Batches that needed an addition.</summary>
        public int Additions { get; internal set; }

        public int Reworked { get; internal set; }

        /// <summary>Quantity processed, and scrapped of it for good.</summary>
        public double Quantity { get; internal set; }

        public double Scrap { get; internal set; }
    }
}
