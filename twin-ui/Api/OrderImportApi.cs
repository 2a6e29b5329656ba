using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>POST /api/v1/plants/{plant}/orders/import</c>: an order list as spreadsheets write it (CSV in any usual form, or Excel).</summary>
internal static class OrderImportApi
{
    private const long BodyLimit = 32 * 1024 * 1024;

    public static void Map(RouteGroupBuilder api) => api.MapPost("/plants/{plant}/orders/import", PostAsync).Needs(Permit.Plan);

    /// <summary>The body is the file itself; new orders enter the book, rows about known orders are only reported.</summary>
    /// <param name="name">Name of the file: its ending decides between Excel and text.</param>
    /// <param name="dryRun">Only say what would happen.</param>
    /// <param name="allOrNothing">One refused row keeps all others out.</param>
    private static Task<IResult> PostAsync(
        string plant, string? name, bool? dryRun, bool? allOrNothing, HttpContext http, CancellationToken cancellation) =>
        ApiTools.WithAsync(http.RequestServices.GetRequiredService<SessionRegistry>(), plant, async s =>
        {
            var folder = Directory.CreateTempSubdirectory("twin-import-");
            try
            {
                var file = Path.Combine(folder.FullName, Path.GetFileName(string.IsNullOrEmpty(name) ? "orders.csv" : name));
                if (!await SaveAsync(http.Request.Body, file, cancellation))
                {
                    return ApiTools.Problem(StatusCodes.Status413PayloadTooLarge, "Too much at once", $"an order list may have {BodyLimit / 1024 / 1024} MiB. Maybe split it");
                }

                var plan = OrderImport.Read(file, s.Plant.Scenario, new OrderImportOptions { AllOrNothing = allOrNothing == true });
                var added = dryRun != true && plan.CanApply ? await AddAsync(s, plan, cancellation) : new OrdersOutcome(0, []);
                return Results.Ok(ImportDocument.Of(plan, dryRun == true, added, folder.FullName));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });

    private static Task<OrdersOutcome> AddAsync(TwinSession session, OrderImportResult plan, CancellationToken cancellation)
    {
        var plant = session.Plant;
        return session.AddOrdersAsync(
            [.. plan.Rows.Where(r => r.Action == ImportAction.Add).Select(r => OrderDocument.Of(r.Order!, plant))], cancellation);
    }

    private static async Task<bool> SaveAsync(Stream body, string file, CancellationToken cancellation)
    {
        await using var to = File.Create(file);
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (to.Length + read > BodyLimit)
            {
                return false;
            }

            await to.WriteAsync(chunk.AsMemory(0, read), cancellation);
        }

        return true;
    }
}

/// <summary>What an import did, or would do.</summary>
internal sealed record ImportDocument
{
    /// <summary>What the file turned out to be.</summary>
    public required string Source { get; init; }
    public required bool DryRun { get; init; }

    /// <summary>Orders that entered the book; in a dry run, that would.</summary>
    public required int Added { get; init; }

    /// <summary>Rows about orders that are in the book and say something else: a running twin does not change them.</summary>
    public required int Changed { get; init; }
    public required int Kept { get; init; }
    public required int Refused { get; init; }
    public required IEnumerable<string> Findings { get; init; }
    public required IEnumerable<ImportRowDocument> Rows { get; init; }

    public static ImportDocument Of(OrderImportResult plan, bool dryRun, OrdersOutcome outcome, string folder) => new()
    {
        Source = plan.Source,
        DryRun = dryRun,
        Added = dryRun ? (plan.CanApply ? plan.Added : 0) : outcome.Added,
        Changed = plan.Changed,
        Kept = plan.Kept,
        Refused = plan.Refused,
        Findings = [.. plan.Diagnostics.Select(d => Short(d, folder)), .. outcome.Problems],
        Rows = [.. plan.Rows.Select(r => new ImportRowDocument(
            r.Line, r.OrderId, r.Action.ToString(), [.. r.Reasons.Select(d => Short(d, folder))], [.. r.Changes]))],
    };

    /// <summary>Without the temporary folder that the file passed through.</summary>
    private static string Short(Diagnostic finding, string folder) => finding.ToString().Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}

/// <summary>One row of an imported file.</summary>
internal sealed record ImportRowDocument(int Line, string Order, string Action, IReadOnlyList<string> Reasons, IReadOnlyList<FieldChange> Changes);
