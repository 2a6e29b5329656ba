using Microsoft.AspNetCore.Authorization;

namespace DigitalTwin.Ui.Security;

/// <summary>Says who may pass: on a page (<c>@attribute [Needs(Permit.See)]</c>), a hub or its method, or by
/// <see cref="NeedsExtensions.Needs"/> on an endpoint. What says nothing is open to administrators of the operator only, and a test fails.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute : AuthorizeAttribute
{
    /// <param name="permit">What the caller must be permitted.</param>
    /// <param name="firmsToo">See <see cref="FirmsToo"/>.</param>
    public NeedsAttribute(Permit permit, bool firmsToo = false)
    {
        Permit = permit;
        FirmsToo = firmsToo;
        Policy = PolicyOf(permit, firmsToo);
    }

    public Permit Permit { get; }

    /// <summary>Whether people of a firm may pass as well as those of the operator. Say so only where everything that is answered comes from
    /// a <c>TenantView</c>, which hides what belongs to other firms.</summary>
    public bool FirmsToo { get; }

    /// <summary>Name of the policy behind a permit.</summary>
    internal static string PolicyOf(Permit permit, bool firmsToo) => firmsToo ? $"{permit}, firms too" : permit.ToString();

    /// <summary>Registers the policy of every permit; what declares none is for the operator's administrators.</summary>
    internal static void Register(AuthorizationOptions options)
    {
        foreach (var permit in Enum.GetValues<Permit>())
        {
            options.AddPolicy(PolicyOf(permit, false), p => p.RequireAuthenticatedUser().RequireAssertion(c => Caller.Of(c.User).May(permit, firmsToo: false)));
            options.AddPolicy(PolicyOf(permit, true), p => p.RequireAuthenticatedUser().RequireAssertion(c => Caller.Of(c.User).May(permit, firmsToo: true)));
        }

        options.FallbackPolicy = options.GetPolicy(PolicyOf(Permit.Administer, false));
    }
}

/// <summary>Declares who may use an endpoint.</summary>
public static class NeedsExtensions
{
    /// <summary>Only callers with this permit: <c>api.MapPost("/plants/{plant}/drift", …).Needs(Permit.Plan)</c>.</summary>
    /// <param name="firmsToo">See <see cref="NeedsAttribute.FirmsToo"/>.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permit permit, bool firmsToo = false)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new NeedsAttribute(permit, firmsToo));
}
