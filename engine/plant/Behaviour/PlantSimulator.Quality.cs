using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Quality: the sample at the end of processing decides between an addition, a loss, a repetition and release.
public sealed partial class PlantSimulator
{
    private const ulong AdditionPurpose = 0xADD1710;
    private const ulong AdditionTimePurpose = 0xADD71E;
    private const ulong ReworkPurpose = 0x4E404;
    private const ulong LossPurpose = 0x105535;

    /// <summary>Processing is over: what does the sample say?</summary>
    private void FinishProcessing(int equipment, int lead)
    {
        if (!_plant.CompiledOperationOf(lead).Sampled)
        {
            LeaveOrBlock(equipment, lead);
            return;
        }

        var operation = _plant.OperationOf(lead);
        ref readonly var job = ref Job(lead);
        var draw = job.Attempt * (Math.Max(operation.MaxAdditions, Operation.UsualMaxAdditions) + 1L) + job.Additions;
        var key = _plant.JobKey(lead);
        var risk = RiskOf(equipment, lead);
        var addition = operation.AdditionProbability * risk * Math.Pow(operation.AdditionFalloff, job.Additions);
        if (job.Additions < operation.MaxAdditions && Happens(AdditionPurpose, draw, addition))
        {
            var extra = Duration.FromMilliseconds(Math.Max(0, operation.AdditionTime.Sample(_random, key ^ AdditionTimePurpose, draw)));
            Emit(PlantEventKind.AdditionStarted, equipment, lead, value: extra.Milliseconds);
            UtilitiesChanged();
            ScheduleProgress(equipment, lead);
        }
        else if (Happens(LossPurpose, job.Attempt, operation.LossProbability * risk))
        {
            for (var member = lead; member >= 0; member = Job(member).NextInBatch)
            {
                Emit(PlantEventKind.Scrapped, equipment, member, arg: PlantState.MadeAgain, value: _plant.Jobs.QuantityOf(member));
            }

            RepeatBatch(equipment, lead); // the make-up lot
        }
        else if (Happens(ReworkPurpose, job.Attempt, operation.ReworkProbability * risk))
        {
            if (State.CanCallRework(lead)) // a batch of which something cannot be mended is done again as a whole
            {
                MendBatch(equipment, lead);
            }
            else
            {
                RepeatBatch(equipment, lead);
            }
        }
        else
        {
            LeaveOrBlock(equipment, lead);
        }

        bool Happens(ulong purpose, long index, double probability) => probability > 0 && _random.Uniform(key ^ purpose, index) < Math.Min(probability, MostLikely);
    }

    /// <summary>However risky, some batches pass, so that every order ends.</summary>
    private const double MostLikely = 0.99;

    private double RiskOf(int equipment, int lead)
    {
        var family = _plant.FamilyOf(lead);
        return _plant.Plant.Equipment[equipment].QualityRisk * (family < 0 ? 1 : _plant.Plant.Families[family].QualityRisk);
    }

    private void RepeatBatch(int equipment, int lead)
    {
        _members.Clear();
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            _members.Add(job);
        }

        LeavePhase(lead);
        LeaveThePace(lead);
        Emit(PlantEventKind.BatchRework, equipment, lead);
        foreach (var job in _members)
        {
            _plan?.Free(job);
            Enqueue(job);
        }

        AfterLeaving(equipment, lead);
    }
}
