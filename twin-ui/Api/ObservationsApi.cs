using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/observations</c>: the door a plant reports through.</summary>
internal static class ObservationsApi
{
    private const int BodyLimit = 16 * 1024 * 1024;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/plants/{plant}/observations", PostAsync).Needs(Permit.Observe);
        api.MapGet("/plants/{plant}/observations/refused", (string plant, int? limit, SessionRegistry sessions) =>
            ApiTools.With(sessions, plant, s => Results.Ok(new { count = s.Statistics.Refused, latest = s.Refused(Math.Clamp(limit ?? 100, 1, 1000)) }))).Needs(Permit.See);
    }

    /// <summary>JSON array (or one object) as application/json, one object per line as application/x-ndjson.</summary>
    /// <param name="run">The run that the observations belong to; a demo that has started over since takes none of them.</param>
    private static Task<IResult> PostAsync(string plant, int? run, HttpRequest request, SessionRegistry sessions, TimeProvider time, CancellationToken cancellation) =>
        ApiTools.WithAsync(sessions, plant, async session =>
        {
            var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
            if (type is not ("application/json" or "application/x-ndjson" or "application/ndjson"))
            {
                return ApiTools.Problem(StatusCodes.Status415UnsupportedMediaType, "Not JSON", $"content type '{type}' cannot be read. Maybe application/json (an array) or application/x-ndjson (one object per line)");
            }

            if (await ReadBodyAsync(request, cancellation) is not { } body)
            {
                return ApiTools.Problem(StatusCodes.Status413PayloadTooLarge, "Too much at once", $"a delivery may have {BodyLimit / 1024 / 1024} MiB. Maybe send it in parts");
            }

            var unreadable = new List<MarkedObservation>();
            IReadOnlyList<Observation> observations;
            try
            {
                observations = type == "application/json"
                    ? ObservationReader.ReadJson(body, time.GetUtcNow(), unreadable)
                    : ObservationReader.ReadLines(body, time.GetUtcNow(), unreadable);
            }
            catch (JsonException e)
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not JSON", e.Message);
            }

            return Results.Ok(await session.IngestAsync(observations, unreadable, run, cancellation));
        });

    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > BodyLimit)
        {
            return null;
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > BodyLimit)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
