using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;

namespace DigitalTwin.Ui.Security;

/// <summary>Single sign-on by OpenID Connect, when it is configured (<c>Oidc:Authority</c>, <c>Oidc:ClientId</c>, <c>Oidc:ClientSecret</c>; as
/// environment variables <c>Oidc__Authority</c>, …).</summary>
/// <remarks>The other server says who somebody is; what that person may do is set up here, under the same name (<c>Oidc:NameClaim</c>,
/// <c>preferred_username</c> by default). Somebody who is not set up here does not get in.</remarks>
internal static class SingleSignOn
{
    public static void Add(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Oidc");
        if (settings["Authority"] is not { Length: > 0 } authority)
        {
            return;
        }

        var nameClaim = settings["NameClaim"] ?? "preferred_username";
        builder.Services.AddAuthentication().AddOpenIdConnect(LoginDoor.SingleSignOn, options =>
        {
            options.Authority = authority;
            options.ClientId = settings["ClientId"];
            options.ClientSecret = settings["ClientSecret"];
            options.SignInScheme = IdentityConstants.ApplicationScheme;
            options.ResponseType = "code";
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.CallbackPath = "/login/sso/back";
            options.Events.OnTokenValidated = async context =>
            {
                var name = context.Principal?.FindFirst(nameClaim)?.Value;
                var services = context.HttpContext.RequestServices;
                if (name is null || services.GetRequiredService<UserStore>().Find(name) is not { IsDisabled: false } user)
                {
                    context.Fail($"'{name}' is not set up here. Maybe ask an administrator: twin user add");
                    return;
                }

                context.Principal = await services.GetRequiredService<IUserClaimsPrincipalFactory<TwinUser>>().CreateAsync(user);
                services.GetRequiredService<Auditor>().Write(new AuditEntry(user.Name, user.Firm, "", "log in by single sign-on", "", "", "done"));
            };
            options.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                return Results.Problem(context.Failure?.Message, statusCode: StatusCodes.Status403Forbidden, title: "Not allowed").ExecuteAsync(context.HttpContext);
            };
        });
    }
}
