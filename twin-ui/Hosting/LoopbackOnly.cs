using System.Net;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Which addresses are reachable from this machine only, and whose requests a browser here may send.</summary>
public static class LoopbackOnly
{
    /// <summary>Whether an address is one to listen on; <paramref name="problem"/> says the way out otherwise.</summary>
    public static bool IsAddress(string url, out string problem)
    {
        var good = Uri.TryCreate(Literal(url), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        problem = good ? "" : $"'{url}' is not an address to listen on. Maybe {TwinServerOptions.DefaultUrl}";
        return good;
    }

    /// <summary>Whether an address is reachable from this machine only.</summary>
    public static bool IsLoopback(string url) =>
        Uri.TryCreate(Literal(url), UriKind.Absolute, out var uri)
        && (uri.Host is "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    /// <summary><c>*</c> and <c>+</c> mean every address.</summary>
    private static string Literal(string url) => url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);

    /// <summary>Refuses requests that a page from elsewhere makes a browser on this machine send.</summary>
    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsOwn(origin, context.Request.Host))
        {
            await Results.Problem($"requests from pages of '{origin}' are not answered", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && new HostString(uri.Authority).Equals(host);
}
