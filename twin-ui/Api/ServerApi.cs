using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/me</c>, <c>/api/v1/audit</c>: who the caller is, and what was commanded.</summary>
internal static class ServerApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me", (HttpContext http) =>
        {
            var caller = Caller.Of(http.User);
            return Results.Ok(new { name = caller.Name, firm = caller.Firm, permits = caller.Permits.Order().Select(Roles.ScopeOf) });
        }).Needs(Permit.See, firmsToo: true);
        api.MapGet("/audit", (string? plant, string? who, string? find, long? before, int? limit, HttpContext http, Auditor audit) =>
        {
            var page = audit.Find(new AuditQuery(plant, who, find, before, limit ?? 100))
                .Select(k => new AuditDocument(k.Number, k.At, k.Entry.Who, k.Entry.Firm, k.Entry.Plant, k.Entry.What, k.Entry.Before, k.Entry.After, k.Entry.Outcome)).ToList();
            return ListAnswer.Of(http, "audit", page, new { entries = page, next = page is [.., { Number: > 1 } last] ? last.Number : (long?)null });
        }).Needs(Permit.Administer);
        api.MapGet("/audit/verify", (Auditor audit) =>
        {
            var (sound, broken) = audit.Verify();
            return Results.Ok(new { sound, firstBroken = broken });
        }).Needs(Permit.Administer);
    }
}

/// <summary>An entry of the audit as the API shows it.</summary>
internal sealed record AuditDocument(long Number, DateTimeOffset At, string Who, string? Firm, string Plant, string What, string Before, string After, string Outcome);
