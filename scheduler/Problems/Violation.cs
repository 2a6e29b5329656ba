using DigitalTwin.Plant.Model;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>The rules a schedule must keep.</summary>
public enum ScheduleRule
{
    /// <summary>Every open job is planned exactly once.</summary>
    Completeness,

    /// <summary>Work that has been given to equipment is not planned again.</summary>
    StartedWork,

    /// <summary>The equipment can do the job.</summary>
    Eligibility,

    /// <summary>The load of a batch lies within the equipment's capacity.</summary>
    Load,

    /// <summary>The jobs of a batch belong together: one operation, one family, one dye lot.</summary>
    BatchFamily,

    /// <summary>No more batches at a time than slots; one family at a time where a changeover rule applies; setup on empty equipment.</summary>
    Overlap,

    /// <summary>The setup before a batch is as long as its changeover needs, and the succession is possible.</summary>
    Changeover,

    /// <summary>Processing takes the time it takes.</summary>
    ProcessingTime,

    /// <summary>Work and setup keep to the working hours.</summary>
    Calendar,

    /// <summary>Nothing begins before its release or in the past.</summary>
    Release,

    /// <summary>Predecessors have ended, the shortest wait is over and the goods have travelled.</summary>
    Precedence,

    /// <summary>The longest wait is kept.</summary>
    MaxWait,

    /// <summary>No more auxiliary resources are held than there are.</summary>
    Auxiliary,

    /// <summary>Locked batches keep equipment and place.</summary>
    Lock,
}

/// <summary>How bad a <see cref="Violation"/> is.</summary>
public enum ViolationSeverity
{
    /// <summary>Allowed but unwelcome: an under-loaded vat, a wait that was too long before planning began.</summary>
    Warning,

    /// <summary>The schedule cannot be executed as it stands.</summary>
    Error,
}

/// <summary>A rule that a schedule breaks.</summary>
/// <param name="Message">Names the thing, the value and the limit.</param>
public sealed record Violation(
    ScheduleRule Rule, ViolationSeverity Severity, string Message, EquipmentId? Equipment = null, JobId? Job = null);
