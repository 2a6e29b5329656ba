namespace DigitalTwin.Plant.Lifecycles;

/// <summary>What equipment is doing.</summary>
public enum EquipmentStatus : byte
{
    /// <summary>Ready, nothing to do (SEMI E10 standby).</summary>
    Idle,

    /// <summary>Outside working hours (NST).</summary>
    NonScheduled,

    /// <summary>Changeover to another family, or preparation for a job.</summary>
    Setup,

    /// <summary>Removing residue (洗缸).</summary>
    Cleaning,

    /// <summary>Material goes in.</summary>
    Loading,

    /// <summary>Processing (PRD).</summary>
    Running,

    /// <summary>Waiting for the sample's verdict.</summary>
    Sampling,

    /// <summary>Material comes out.</summary>
    Unloading,

    /// <summary>Processing stands still: operator, utility, shift.</summary>
    Held,

    /// <summary>Done, but the next place is full.</summary>
    Blocked,

    /// <summary>Broken, nobody works on it yet (UDT).</summary>
    Down,

    /// <summary>Being repaired (UDT).</summary>
    Repair,

    /// <summary>Planned maintenance (SDT).</summary>
    Maintenance,
}

/// <summary>What moves equipment from one <see cref="EquipmentStatus"/> to the next.</summary>
public enum EquipmentTrigger : byte
{
    StartSetup,
    EndSetup,
    StartCleaning,
    EndCleaning,
    StartBatch,
    EnterLoad,
    EnterProcess,
    EnterSample,
    EnterUnload,
    Hold,
    Resume,
    Block,
    EndBatch,
    Break,
    StartRepair,
    EndRepair,
    StartMaintenance,
    EndMaintenance,
    EndShift,
    StartShift,
    InterruptRepair,
}

/// <summary>The lifecycle of equipment.</summary>
public static class EquipmentLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<EquipmentStatus, EquipmentTrigger> Table = new(machine =>
    {
        machine.Configure(EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.StartSetup, EquipmentStatus.Setup)
            .Permit(EquipmentTrigger.StartCleaning, EquipmentStatus.Cleaning)
            .Permit(EquipmentTrigger.StartBatch, EquipmentStatus.Running)
            .Permit(EquipmentTrigger.Resume, EquipmentStatus.Running)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down)
            .Permit(EquipmentTrigger.StartMaintenance, EquipmentStatus.Maintenance)
            .Permit(EquipmentTrigger.EndShift, EquipmentStatus.NonScheduled)
            .Permit(EquipmentTrigger.Block, EquipmentStatus.Blocked)
            .PermitReentry(EquipmentTrigger.EndBatch)
            .PermitReentry(EquipmentTrigger.StartShift);

        machine.Configure(EquipmentStatus.NonScheduled)
            .Permit(EquipmentTrigger.StartShift, EquipmentStatus.Idle)
            .PermitReentry(EquipmentTrigger.EndBatch) // what was done before the shift ended may be taken out
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down)
            .Permit(EquipmentTrigger.StartMaintenance, EquipmentStatus.Maintenance);

        machine.Configure(EquipmentStatus.Setup)
            .Permit(EquipmentTrigger.EndSetup, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);

        machine.Configure(EquipmentStatus.Cleaning)
            .Permit(EquipmentTrigger.EndCleaning, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);

        foreach (var working in (EquipmentStatus[])
            [EquipmentStatus.Running, EquipmentStatus.Loading, EquipmentStatus.Sampling, EquipmentStatus.Unloading])
        {
            var state = machine.Configure(working)
                .Permit(EquipmentTrigger.Hold, EquipmentStatus.Held)
                .Permit(EquipmentTrigger.Block, EquipmentStatus.Blocked)
                .Permit(EquipmentTrigger.EndBatch, EquipmentStatus.Idle)
                .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);
            PermitOrStay(EquipmentTrigger.StartBatch, EquipmentStatus.Running);
            PermitOrStay(EquipmentTrigger.Resume, EquipmentStatus.Running);
            PermitOrStay(EquipmentTrigger.EnterLoad, EquipmentStatus.Loading);
            PermitOrStay(EquipmentTrigger.EnterProcess, EquipmentStatus.Running);
            PermitOrStay(EquipmentTrigger.EnterSample, EquipmentStatus.Sampling);
            PermitOrStay(EquipmentTrigger.EnterUnload, EquipmentStatus.Unloading);

            void PermitOrStay(EquipmentTrigger trigger, EquipmentStatus to)
            {
                if (to == working)
                {
                    state.PermitReentry(trigger);
                }
                else
                {
                    state.Permit(trigger, to);
                }
            }
        }

        machine.Configure(EquipmentStatus.Held)
            .Permit(EquipmentTrigger.StartBatch, EquipmentStatus.Running) // in another slot
            .Permit(EquipmentTrigger.Resume, EquipmentStatus.Running)
            .Permit(EquipmentTrigger.EndBatch, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.EndShift, EquipmentStatus.NonScheduled)
            .Permit(EquipmentTrigger.StartMaintenance, EquipmentStatus.Maintenance)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);

        machine.Configure(EquipmentStatus.Blocked)
            .Permit(EquipmentTrigger.EndBatch, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.StartBatch, EquipmentStatus.Running)
            .Permit(EquipmentTrigger.Resume, EquipmentStatus.Running)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);

        machine.Configure(EquipmentStatus.Down)
            .Permit(EquipmentTrigger.StartRepair, EquipmentStatus.Repair)
            .Permit(EquipmentTrigger.EndRepair, EquipmentStatus.Idle);

        machine.Configure(EquipmentStatus.Repair)
            .Permit(EquipmentTrigger.EndRepair, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.InterruptRepair, EquipmentStatus.Down);

        machine.Configure(EquipmentStatus.Maintenance)
            .Permit(EquipmentTrigger.EndMaintenance, EquipmentStatus.Idle)
            .Permit(EquipmentTrigger.Break, EquipmentStatus.Down);
    });
}
