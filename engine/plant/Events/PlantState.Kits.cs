using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

/// <summary>Where the kit of a job stands.</summary>
public enum KitStatus : byte
{
    /// <summary>The job wants no kit, or its order is not released.</summary>
    None,

    /// <summary>Some of its material is not there.</summary>
    Missing,

    /// <summary>All of its material is promised to it and is being brought.</summary>
    Staging,

    /// <summary>All of it is at hand, or used.</summary>
    Complete,
}

// Kits follow from what materials are promised and from the time: nothing of their own is kept.
public sealed partial class PlantState
{
    /// <summary>Where the kit of a job stands now.</summary>
    public KitStatus KitOf(int job)
    {
        if (_jobMaterials.Length == 0 || Plant.CompiledOperationOf(job).KitLeadMs < 0 || Plant.MaterialNeedsOf(job).Length == 0
            || _jobs[job].Status is JobStatus.Dormant or JobStatus.Cancelled || _orders[Plant.CompiledJobOf(job).Order].ReleasedAt < 0)
        {
            return KitStatus.None;
        }

        return _jobMaterials[job].Status switch
        {
            MaterialNeedStatus.Consumed => KitStatus.Complete,
            MaterialNeedStatus.Allocated => KitCompleteAt(job) <= Now ? KitStatus.Complete : KitStatus.Staging,
            _ => KitStatus.Missing,
        };
    }

    /// <summary>When the kit of a job to which all material is promised is complete; the epoch for a job that wants none.</summary>
    public SimTime KitCompleteAt(int job) =>
        Plant.CompiledOperationOf(job).KitLeadMs is >= 0 and var lead && _jobMaterials[job].Status == MaterialNeedStatus.Allocated
            ? new SimTime(_jobMaterials[job].AllocatedAt + lead)
            : SimTime.Zero;
}
