using System.Security.Claims;
using DigitalTwin.Ui.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DigitalTwin.Ui.Security;

/// <summary>Wires users, keys and policies into the server.</summary>
public static class SecurityWiring
{
    private const string Gate = "twin";
    private const int WrongPasswords = 5;
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    /// <summary>Registers who is who and who may what.</summary>
    public static IServiceCollection AddTwinSecurity(this IServiceCollection services, TwinServerOptions options)
    {
        services.AddSingleton(new SecurityDatabase(options.DataFolder));
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<Admission>();
        services.AddSingleton<Auditor>();
        services.AddRateLimiter(Limits.Register);
        services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost);
        services.AddHttpContextAccessor();
        services.AddAuthorization(NeedsAttribute.Register);
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(Gate)
            .AddPolicyScheme(Gate, null, gate => gate.ForwardDefaultSelector = context =>
                KeyDoor.KeyOf(context.Request) is not null ? KeyDoor.Scheme_
                : context.RequestServices.GetRequiredService<Admission>().IsOpen ? LocalDoor.Scheme_
                : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, LocalDoor>(LocalDoor.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, KeyDoor>(KeyDoor.Scheme_, null)
            .AddCookie(IdentityConstants.ApplicationScheme, Cookie);
        services.AddIdentityCore<TwinUser>(identity =>
            {
                identity.Password = new PasswordOptions { RequiredLength = 12, RequireDigit = false, RequireLowercase = false, RequireNonAlphanumeric = false, RequireUppercase = false, RequiredUniqueChars = 5 };
                identity.Lockout = new LockoutOptions { MaxFailedAccessAttempts = WrongPasswords, DefaultLockoutTimeSpan = LockedFor };
                identity.User.AllowedUserNameCharacters = "";
            })
            .AddSignInManager();
        services.AddSingleton<IUserStore<TwinUser>>(provider => provider.GetRequiredService<UserStore>());
        services.Replace(ServiceDescriptor.Scoped<IUserClaimsPrincipalFactory<TwinUser>, ClaimsOfUsers>());
        services.Configure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.FromSeconds(30));
        services.AddScoped<ISecurityStampValidator, SecurityStampValidator<TwinUser>>();
        return services;
    }

    private static void Cookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "twin-login";
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/login";
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync,
            OnRedirectToLogin = context =>
            {
                if (IsForPrograms(context.Request.Path))
                {
                    return Answers.LogInAsync(context.HttpContext);
                }

                context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            },
            OnRedirectToAccessDenied = context =>
            {
                if (IsForPrograms(context.Request.Path))
                {
                    return Answers.NotAllowedAsync(context.HttpContext);
                }

                context.Response.Redirect("/login?denied=true");
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>Whether a path is asked for by programs, which want an answer instead of a page.</summary>
    internal static bool IsForPrograms(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/hubs", StringComparison.Ordinal)
        || path.StartsWithSegments("/screen", StringComparison.Ordinal) || path.StartsWithSegments("/_blazor", StringComparison.Ordinal);

    /// <summary>What the cookie says of a user.</summary>
    private sealed class ClaimsOfUsers(IOptions<IdentityOptions> options) : IUserClaimsPrincipalFactory<TwinUser>
    {
        public Task<ClaimsPrincipal> CreateAsync(TwinUser user)
        {
            var principal = Caller.Principal(IdentityConstants.ApplicationScheme, user.Name, user.Firm, [user.Role], []);
            var identity = (ClaimsIdentity)principal.Identity!;
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, user.Key));
            identity.AddClaim(new Claim(options.Value.ClaimsIdentity.SecurityStampClaimType, user.Stamp));
            return Task.FromResult(principal);
        }
    }
}
