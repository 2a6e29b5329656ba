using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace DigitalTwin.Ui.Api;

/// <summary><c>POST /api/v1/plants/{plant}/observations/stream</c>: NDJSON without end in, a receipt per part out.</summary>
internal static class ObservationStreamApi
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/plants/{plant}/observations/stream", PostAsync).Needs(Permit.Observe);

    /// <summary>One observation per line, as long as the sender likes. The answer is NDJSON too: a receipt whenever a part is on disk.</summary>
    private static Task<IResult> PostAsync(string plant, int? run, HttpContext context, SessionRegistry sessions, TimeProvider time) =>
        ApiTools.WithAsync(sessions, plant, async session =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null; // parts are limited, the stream is not
            }

            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            {
                rate.MinDataRate = null; // a quiet night is no attack
            }

            context.Response.ContentType = "application/x-ndjson";
            var line = 0L;
            try
            {
                await foreach (var part in LineStream.ReadAsync(context.Request.BodyReader, context.RequestAborted))
                {
                    var receipt = await StreamIngest.TakeAsync(session, part, run, time.GetUtcNow(), context.RequestAborted);
                    line = receipt.LastLine;
                    await WriteAsync(context, receipt);
                }
            }
            catch (JournalUnavailableException e)
            {
                await WriteAsync(context, new StreamReceipt { FirstLine = line + 1, LastLine = line, Version = session.Version, Trouble = e.Message });
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException && context.RequestAborted.IsCancellationRequested)
            {
                // The sender went away; it knows from the receipts what is on disk.
            }

            return Results.Empty;
        });

    private static async Task WriteAsync(HttpContext context, StreamReceipt receipt)
    {
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(receipt, RuntimeJson.Default.StreamReceipt), context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
