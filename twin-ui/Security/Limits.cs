using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace DigitalTwin.Ui.Security;

/// <summary>How much one caller may ask for: enough for any honest one, too little to shut others out.</summary>
internal static class Limits
{
    /// <summary>Policy of the log-in form.</summary>
    public const string LogIns = "log-ins";

    /// <summary>Most bytes of a request's body; doors with less say so themselves.</summary>
    public const long Body = 32 * 1024 * 1024;

    private const int PerSecond = 100;
    private const int Burst = 400;
    private const int LogInsPerMinute = 20;

    public static void Register(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, cancellation) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            context.HttpContext.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Results.Problem(
                $"more requests came than one caller may send ({PerSecond} a second, {LogInsPerMinute} log-ins a minute). Try again in {wait} s; maybe ask for more at once: lists have pages, frames have deltas",
                statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests").ExecuteAsync(context.HttpContext);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            !SecurityWiring.IsForPrograms(context.Request.Path) || context.RequestServices.GetRequiredService<Admission>().IsOpen
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(Who(context), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = Burst, TokensPerPeriod = PerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true,
                }));
        options.AddPolicy(LogIns, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = LogInsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));
    }

    private static string Who(HttpContext context) =>
        context.User.Identity?.Name is { Length: > 0 } name ? name : context.Connection.RemoteIpAddress?.ToString() ?? "";
}
