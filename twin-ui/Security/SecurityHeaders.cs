using System.Security.Cryptography;

namespace DigitalTwin.Ui.Security;

/// <summary>Headers that tell a browser what pages of this server may do: load nothing from elsewhere, run no script that the server did not
/// write, be framed by nobody.</summary>
internal static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>Says it on every answer.</summary>
    public static void Use(WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'self'; "
            + $"script-src 'self' 'nonce-{NonceOf(context)}'; " // the nonce is for the import map, which browsers take only inline
            + "style-src 'self' 'unsafe-inline'; " // the components place menus by style attributes
            + "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers.CacheControl = "private, no-cache";
        }

        return next(context);
    });

    /// <summary>The one-time word that lets an inline script of this answer run.</summary>
    public static string NonceOf(HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
        {
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        }

        return nonce;
    }
}
