using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Behaviour;

// Rework as child jobs: a failed batch leaves its machine, and what mends its members waits in line for any machine that can do it.
public sealed partial class PlantSimulator
{
    private void MendBatch(int equipment, int lead)
    {
        _members.Clear();
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            _members.Add(job);
        }

        LeavePhase(lead);
        LeaveThePace(lead);
        if (_fixtureShort.Length > 0)
        {
            ExpectFixtures(lead);
        }

        Emit(PlantEventKind.BatchRework, equipment, lead, arg: PlantState.AsChildJobs);
        foreach (var job in _members)
        {
            var first = _plant.CompiledJobOf(job).First;
            foreach (var rework in _plant.ReworkBy(job))
            {
                ExpectIfWaiting(first + rework);
            }
        }

        foreach (var job in _members)
        {
            MakeReady(_plant.CompiledJobOf(job).First + _plant.ReworkBy(job)[0]); // nothing to do where the order was cancelled
        }

        AfterLeaving(equipment, lead);
    }

    /// <summary>A job that was just called may be waited for as company.</summary>
    private void ExpectIfWaiting(int job)
    {
        if (Job(job).Status == JobStatus.Waiting)
        {
            _upcoming[_plant.BatchKeyOf(job)]++;
        }
    }
}
