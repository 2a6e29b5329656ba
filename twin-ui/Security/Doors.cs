using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DigitalTwin.Ui.Security;

/// <summary>On loopback, as long as nobody is set up: whoever sits at this computer is the administrator <c>local</c>.</summary>
internal sealed class LocalDoor(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
        new AuthenticationTicket(Caller.Principal(Scheme_, "local", null, [Roles.Admin], []), Scheme_)));
}

/// <summary>A machine shows its key: <c>Authorization: Bearer twin_…</c> or <c>X-Api-Key: twin_…</c>.</summary>
internal sealed class KeyDoor(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "key";
    private const string Bearer = "Bearer ";

    /// <summary>The key of a request, or <c>null</c>.</summary>
    public static string? KeyOf(HttpRequest request) =>
        request.Headers["X-Api-Key"].ToString() is { Length: > 0 } plain ? plain
        : request.Headers.Authorization.ToString() is var bearer && bearer.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? bearer[Bearer.Length..].Trim()
        : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        KeyOf(Request) is not { } text ? AuthenticateResult.NoResult()
        : keys.Find(text) is not { } key ? AuthenticateResult.Fail("this key is unknown, revoked or expired. Maybe make a new one: twin key create")
        : AuthenticateResult.Success(new AuthenticationTicket(Caller.Principal(Scheme_, $"key {key.Name}", key.Firm, [], key.Scopes), Scheme_)));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Answers.LogInAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Answers.NotAllowedAsync(Context);
}

/// <summary>What those are told who may not pass.</summary>
internal static class Answers
{
    public static Task LogInAsync(HttpContext context) => Results.Problem(
        "say who you are: log in at /login, or send a key as 'Authorization: Bearer twin_…' (twin key create makes one)",
        statusCode: StatusCodes.Status401Unauthorized, title: "Nobody is logged in").ExecuteAsync(context);

    public static Task NotAllowedAsync(HttpContext context)
    {
        var caller = Caller.Of(context.User);
        var needed = context.GetEndpoint()?.Metadata.GetOrderedMetadata<NeedsAttribute>();
        var asked = string.Join(" and ", needed?.Select(n => $"'{Roles.ScopeOf(n.Permit)}'").Distinct(StringComparer.Ordinal) ?? []);
        var why = caller.Firm is not null && needed?.Any(n => !n.FirmsToo && caller.Permits.Contains(n.Permit)) == true
            ? $"this is for the operator of the plant, and {caller.Name} belongs to firm {caller.Firm}"
            : $"{caller.Name} may {string.Join(", ", caller.Permits.Order().Select(p => $"'{Roles.ScopeOf(p)}'"))}, and this needs {(asked.Length > 0 ? asked : "an administrator")}. Maybe ask an administrator";
        return Results.Problem(why, statusCode: StatusCodes.Status403Forbidden, title: "Not allowed").ExecuteAsync(context);
    }
}
