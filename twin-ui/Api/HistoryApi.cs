using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/history</c>: executed and running bars, for the Gantt.</summary>
internal static class HistoryApi
{
    private const int MaxBars = 50_000;

    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/history", Get).Needs(Permit.See, firmsToo: true);

    /// <param name="from">ISO 8601 with an offset, or plant milliseconds; left out, the epoch.</param>
    /// <param name="to">Likewise; left out, now.</param>
    /// <param name="equipment">Ids, comma-separated; left out, all.</param>
    private static IResult Get(string plant, string? from, string? to, string? equipment, int? limit, HttpContext http) =>
        ApiTools.See(http, plant, seen =>
        {
            var s = seen.Session;
            var problem = "";
            var start = SimTime.Zero;
            var end = s.Now + Duration.FromMilliseconds(1);
            if ((from is not null && !TryTime(s, from, out start, out problem)) || (to is not null && !TryTime(s, to, out end, out problem)))
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not a time", problem);
            }

            var ids = equipment?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var indices = ids?.Select(s.Names.Equipment).ToList();
            if (indices?.IndexOf(-1) is >= 0 and var unknown)
            {
                return ApiTools.Problem(StatusCodes.Status404NotFound, "No such equipment", $"equipment '{ids![unknown]}' is not in plant '{s.Id}'");
            }

            var page = seen.History(start, end, indices, Math.Clamp(limit ?? 5000, 1, MaxBars));
            var whole = s.Plant;
            var bars = page.Bars.Select(b => BarDocument.Of(b, whole)).ToList();
            return ListAnswer.Of(http, "history", bars, new { more = page.More, bars });
        });

    private static bool TryTime(TwinSession session, string text, out SimTime time, out string problem)
    {
        var moment = long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var ms)
            ? PlantMoment.At(new SimTime(ms))
            : PlantMoment.Parse(text.Replace(' ', '+')); // a bare + in a query string arrives as a space
        return moment.TryResolve(session.Plant.Scenario.Clock, out time, out problem);
    }
}

/// <summary>A bar by names. A batch without jobs is work of others: busy time.</summary>
internal sealed record BarDocument
{
    public required string Kind { get; init; }
    public required string Equipment { get; init; }
    public required IReadOnlyList<string> Jobs { get; init; }
    public string? Family { get; init; }
    public required DateTimeOffset SetupStart { get; init; }
    public required DateTimeOffset Start { get; init; }
    public DateTimeOffset? End { get; init; }
    public DateTimeOffset? ExpectedEnd { get; init; }
    public required string Outcome { get; init; }

    public static BarDocument Of(Bar bar, DigitalTwin.Plant.Behaviour.CompiledScenario plant)
    {
        var clock = plant.Scenario.Clock;
        return new BarDocument
        {
            Kind = bar.Kind.ToString(),
            Equipment = plant.Plant.Equipment[bar.Equipment].Id,
            Jobs = [.. bar.Jobs.Select(plant.JobName)],
            Family = bar.Family >= 0 ? plant.Plant.Families[bar.Family].Id : null,
            SetupStart = clock.ToWallClock(new(bar.SetupStart)),
            Start = clock.ToWallClock(new(bar.Start)),
            End = bar.End >= 0 ? clock.ToWallClock(new(bar.End)) : null,
            ExpectedEnd = bar.ExpectedEnd >= 0 ? clock.ToWallClock(new(bar.ExpectedEnd)) : null,
            Outcome = bar.Outcome.ToString(),
        };
    }
}
