using System.Collections.Immutable;
using System.Security.Claims;

namespace DigitalTwin.Ui.Security;

/// <summary>Who asks: a person, a machine with a key, or (on loopback, before anybody is set up) whoever sits at this computer.</summary>
/// <param name="Name">For people and the audit.</param>
/// <param name="Firm">Id of the firm it belongs to; <c>null</c> for the operator of the plant.</param>
/// <param name="Permits">What it may do.</param>
public sealed record Caller(string Name, string? Firm, ImmutableHashSet<Permit> Permits)
{
    public const string FirmClaim = "twin-firm";
    public const string PermitClaim = "twin-permit";

    /// <summary>Nobody: may do nothing.</summary>
    public static readonly Caller Nobody = new("", null, []);

    /// <summary>The caller that a principal stands for.</summary>
    public static Caller Of(ClaimsPrincipal? user) => user?.Identity is not { IsAuthenticated: true }
        ? Nobody
        : new Caller(
            user.Identity.Name ?? "",
            user.FindFirstValue(FirmClaim) is { Length: > 0 } firm ? firm : null,
            [
                .. user.FindAll(ClaimTypes.Role).SelectMany(r => Roles.PermitsOf(r.Value)),
                .. user.FindAll(PermitClaim).Select(c => Enum.Parse<Permit>(c.Value)),
            ]);

    /// <summary>Whether it has a permit at a door that is for the operator only, or for firms too.</summary>
    public bool May(Permit permit, bool firmsToo) => Permits.Contains(permit) && (firmsToo || Firm is null);

    /// <summary>A principal of this name with roles and permits.</summary>
    internal static ClaimsPrincipal Principal(string scheme, string name, string? firm, IEnumerable<string> roles, IEnumerable<Permit> permits)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaims(roles.Select(r => new Claim(ClaimTypes.Role, r)));
        identity.AddClaims(permits.Select(p => new Claim(PermitClaim, p.ToString())));
        if (firm is not null)
        {
            identity.AddClaim(new Claim(FirmClaim, firm));
        }

        return new ClaimsPrincipal(identity);
    }
}
