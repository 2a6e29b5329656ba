using System.Security.Claims;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace DigitalTwin.Ui.Security;

/// <summary><c>/login</c> and <c>/logout</c>: the pages that are there before anybody is known.</summary>
internal static class LoginDoor
{
    /// <summary>Scheme of single sign-on, registered when it is configured.</summary>
    public const string SingleSignOn = "sso";

    public static void Map(WebApplication app)
    {
        app.MapGet("/login", (HttpContext context, string? next, bool? denied, Admission admission, IAuthenticationSchemeProvider schemes) =>
            PageAsync(context, next, admission, schemes, refused: false, denied: denied == true)).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/login", LogInAsync).AllowAnonymous().ExcludeFromDescription().RequireRateLimiting(Limits.LogIns);
        app.MapPost("/logout", async ([FromForm] string? next, SignInManager<TwinUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/login");
        }).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/login/sso", (string? next) => Results.Challenge(new AuthenticationProperties { RedirectUri = Local(next) }, [SingleSignOn])).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> LogInAsync(
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? next, HttpContext context, SignInManager<TwinUser> signIn,
        Auditor auditor, Admission admission, IAuthenticationSchemeProvider schemes)
    {
        var user = await signIn.UserManager.FindByNameAsync(name ?? "");
        if (user is null)
        {
            // As long as with a user: nobody learns by the clock who has an account.
            signIn.UserManager.PasswordHasher.HashPassword(new TwinUser { Key = "", Name = "", Role = "" }, password ?? "");
        }

        var result = user is null ? Microsoft.AspNetCore.Identity.SignInResult.Failed : await signIn.PasswordSignInAsync(user, password ?? "", isPersistent: false, lockoutOnFailure: true);
        if (user is not null)
        {
            auditor.Write(new AuditEntry(user.Name, user.Firm, "", "log in", "", "", result.Succeeded ? "done" : result.IsLockedOut ? "locked out" : "wrong password"));
        }

        return result.Succeeded ? Results.LocalRedirect(Local(next)) : await PageAsync(context, next, admission, schemes, refused: true);
    }

    private static async Task<IResult> PageAsync(HttpContext context, string? next, Admission admission, IAuthenticationSchemeProvider schemes, bool refused, bool denied = false)
    {
        var request = context.Request;
        return new RazorComponentResult<LoginPage>(new Dictionary<string, object?>
        {
            [nameof(LoginPage.Texts)] = Texts.For(request.Cookies["twin-language"] ?? request.Headers.AcceptLanguage.ToString()),
            [nameof(LoginPage.Dark)] = request.Cookies["twin-dark"] == "1",
            [nameof(LoginPage.Who)] = refused ? Caller.Nobody : Caller.Of(context.User),
            [nameof(LoginPage.Role)] = context.User.FindFirstValue(ClaimTypes.Role) ?? "",
            [nameof(LoginPage.CanLogOut)] = !admission.IsOpen,
            [nameof(LoginPage.Refused)] = refused,
            [nameof(LoginPage.Denied)] = denied,
            [nameof(LoginPage.Next)] = Local(next),
            [nameof(LoginPage.SingleSignOn)] = await schemes.GetSchemeAsync(SingleSignOn) is not null,
        })
        {
            StatusCode = refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK,
        };
    }

    /// <summary>A path of this server; whatever else was asked for becomes the first page.</summary>
    private static string Local(string? next) =>
        next is ['/', ..] && !next.StartsWith("//", StringComparison.Ordinal) && !next.StartsWith("/\\", StringComparison.Ordinal) ? next : "/";
}
