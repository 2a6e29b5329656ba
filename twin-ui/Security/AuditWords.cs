using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Security;

/// <summary>Outcomes of commands in the words of the audit.</summary>
internal static class AuditWords
{
    public static string Of(ScheduleOutcome outcome) => outcome.Done ? "done" : $"refused: {string.Join(' ', outcome.Problems.Take(1))}";

    public static string Of(OrdersOutcome outcome) => outcome.Problems.Count == 0 ? $"{outcome.Added} added" : $"refused: {outcome.Problems[0]}";
}
