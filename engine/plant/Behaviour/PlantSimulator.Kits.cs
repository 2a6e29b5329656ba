using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Kits: material that is promised is staged before the job may start.
public sealed partial class PlantSimulator
{
    /// <summary>Whether the kit of a job is complete, or it wants none; otherwise the job comes back when it is.</summary>
    private bool KitIsStaged(int job)
    {
        var complete = State.KitCompleteAt(job);
        if (complete <= _now)
        {
            return true;
        }

        if (Job(job).WaitsFor != WaitReason.Material)
        {
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.Material);
        }

        Schedule(complete, new Pending(PendingKind.MakeReady, Job: job));
        return false;
    }
}
