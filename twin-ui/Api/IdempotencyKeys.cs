using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary>The header <c>Idempotency-Key</c> on commands: the same command of the same caller with the same key is done once, and its answer is given
/// again. Answers are kept for a day, over restarts too.</summary>
internal sealed class IdempotencyKeys(SecurityDatabase database, TimeProvider time)
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 200;
    private const int LargestAnswer = 1024 * 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<(string, string), bool> _running = [];

    public static void Use(WebApplication app) => app.Use((context, next) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && context.Request.Headers[Header].ToString() is { Length: > 0 } key
            ? context.RequestServices.GetRequiredService<IdempotencyKeys>().OnceAsync(context, key, next)
            : next(context));

    private async Task OnceAsync(HttpContext context, string key, RequestDelegate next)
    {
        if (key.Length > LongestKey)
        {
            await ApiTools.Problem(400, "Key too long", $"{Header} has {key.Length} characters; {LongestKey} are allowed. Maybe a UUID").ExecuteAsync(context);
            return;
        }

        var caller = Caller.Of(context.User);
        var who = $"{caller.Name}@{caller.Firm}";
        if (!_running.TryAdd((who, key), true))
        {
            await ApiTools.Problem(409, "Still at work", $"a command with {Header} '{key}' is being done. Try again when it is over").ExecuteAsync(context);
            return;
        }

        try
        {
            await AnswerAsync(context, who, key, await DigestAsync(context.Request), next);
        }
        finally
        {
            _running.TryRemove((who, key), out _);
        }
    }

    private async Task AnswerAsync(HttpContext context, string who, string key, byte[] request, RequestDelegate next)
    {
        if (Known(who, key) is { } known)
        {
            if (!known.Request.AsSpan().SequenceEqual(request))
            {
                await ApiTools.Problem(422, "Another command", $"{Header} '{key}' belongs to another command. Maybe make a new key for each").ExecuteAsync(context);
                return;
            }

            context.Response.StatusCode = known.Status;
            context.Response.ContentType = known.Type;
            context.Response.Headers["Idempotent-Replayed"] = "true";
            if (known.Tag.Length > 0)
            {
                context.Response.Headers.ETag = known.Tag;
            }

            await context.Response.Body.WriteAsync(known.Body, context.RequestAborted);
            return;
        }

        var body = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (context.Response.StatusCode < 500 && answer.Length <= LargestAnswer)
        {
            Keep(who, key, request, context.Response, answer.ToArray());
        }

        answer.Position = 0;
        await answer.CopyToAsync(body, context.RequestAborted);
    }

    private Stored? Known(string who, string key)
    {
        if (!database.Exists)
        {
            return null;
        }

        using var connection = database.Open();
        return SecurityDatabase.Rows(
            connection, "SELECT request, status, type, headers, body FROM answers WHERE caller=$0 AND key=$1 AND at > $2",
            r => new Stored((byte[])r[0], r.GetInt32(1), SecurityDatabase.Text(r, 2), r.GetString(3), (byte[])r[4]),
            who, key, SecurityDatabase.Stored(time.GetUtcNow() - Kept)).FirstOrDefault();
    }

    private void Keep(string who, string key, byte[] request, HttpResponse response, byte[] body)
    {
        using var connection = database.Open();
        var now = time.GetUtcNow();
        SecurityDatabase.Run(connection, "DELETE FROM answers WHERE at <= $0", SecurityDatabase.Stored(now - Kept));
        SecurityDatabase.Run(
            connection, "INSERT OR REPLACE INTO answers(caller, key, request, status, type, headers, body, at) VALUES($0,$1,$2,$3,$4,$5,$6,$7)",
            who, key, request, response.StatusCode, response.ContentType, response.Headers.ETag.ToString(), body, SecurityDatabase.Stored(now));
    }

    /// <summary>What makes two commands the same: method, address, version seen and body.</summary>
    private static async Task<byte[]> DigestAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.Headers.IfMatch}\n{request.ContentType}\n"));
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            digest.AppendData(chunk.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return digest.GetHashAndReset();
    }

    private sealed record Stored(byte[] Request, int Status, string? Type, string Tag, byte[] Body);
}
