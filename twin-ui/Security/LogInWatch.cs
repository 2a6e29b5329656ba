using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;

namespace DigitalTwin.Ui.Security;

/// <summary>Looks twice a minute whether the log-in behind an open page still holds: the user is not disabled and has the same password and role.</summary>
internal sealed class LogInWatch(ILoggerFactory logger, UserStore users) : RevalidatingServerAuthenticationStateProvider(logger)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var user = authenticationState.User;
        return Task.FromResult(user.FindFirstValue(ClaimTypes.NameIdentifier) is not { } key
            || (users.Find(key) is { IsDisabled: false } known && known.Stamp == user.FindFirstValue(new ClaimsIdentityOptions().SecurityStampClaimType)));
    }
}
