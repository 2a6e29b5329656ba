using System.Net;

namespace DigitalTwin.Ui.Hosting;

/// <summary>As long as nobody has to log in, the server answers only on this machine, and only to its own pages.</summary>
public static class LoopbackOnly
{
    /// <summary>Whether an address is reachable from this machine only; <paramref name="problem"/> says the way out otherwise.</summary>
    public static bool IsAllowed(string url, out string problem)
    {
        problem = "";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            problem = $"'{url}' is not an address to listen on. Maybe {TwinServerOptions.DefaultUrl}";
            return false;
        }

        if (uri.Host is "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        {
            return true;
        }

        problem = $"'{url}' is reachable from other machines, and this version has no log-in yet, so it listens on loopback only. "
            + $"Maybe {uri.Scheme}://localhost:{uri.Port}, with an authenticating reverse proxy or an SSH tunnel in front";
        return false;
    }

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
