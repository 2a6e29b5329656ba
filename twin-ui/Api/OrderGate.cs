using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary>Whose orders somebody may place: the operator anybody's, a firm its own.</summary>
internal static class OrderGate
{
    /// <summary>The orders with the caller's firm as the owner.</summary>
    public static IReadOnlyList<OrderDocument> InNameOf(TenantView seen, IReadOnlyList<OrderDocument> orders) =>
        seen.IsWhole ? orders : [.. orders.Select(o => o with { Tenant = seen.Caller.Firm })];

    /// <summary>A refusal when some order is said to be of another firm.</summary>
    public static IResult? Problem(TenantView seen, IReadOnlyList<OrderDocument> orders) =>
        !seen.IsWhole && orders.FirstOrDefault(o => !string.IsNullOrEmpty(o.Tenant) && !o.Tenant.Equals(seen.Caller.Firm, StringComparison.OrdinalIgnoreCase)) is { } other
            ? ApiTools.Problem(StatusCodes.Status403Forbidden, "Not your order", $"order '{other.Id}' names the firm '{other.Tenant}', and {seen.Caller.Name} belongs to {seen.Caller.Firm}. Maybe leave the firm out")
            : null;
}
