using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/trace/{lot}</c>: what a lot was made of, or what became of it; also as EPCIS 2.0.</summary>
internal static class TraceApi
{
    private const string JsonLd = "application/ld+json";

    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/trace/{**lot}", Get).Needs(Permit.See);

    /// <param name="lot">A name of receipts.csv, an order or order/lot, or material#number.</param>
    /// <param name="direction"><c>backward</c> (what it was made of) or <c>forward</c> (what became of it).</param>
    /// <param name="format"><c>epcis</c> for an EPCIS 2.0 document, as <c>Accept: application/ld+json</c> asks for too.</param>
    private static IResult Get(string plant, string lot, string? direction, string? format, HttpContext http, SessionRegistry sessions) =>
        ApiTools.With(sessions, plant, s =>
        {
            if (direction is not (null or "backward" or "forward"))
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "No such direction", $"direction '{direction}' is not one of backward, forward");
            }

            var state = s.View().State;
            if (!state.Plant.Materials.TracksLots)
            {
                return ApiTools.Problem(StatusCodes.Status404NotFound, "No lots", $"plant '{plant}' tracks no lots. Maybe set tracked to yes in materials.csv");
            }

            if (LotNames.Find(state, lot) is not (>= 0 and var found))
            {
                return ApiTools.Problem(StatusCodes.Status404NotFound, "No such lot", $"there is no lot '{lot}' in plant '{plant}' now. Maybe write an order, order/lot, a name of receipts.csv, or material#number");
            }

            var trace = LotTrace.Of(state, found, direction == "forward" ? TraceDirection.Forward : TraceDirection.Backward);
            return format == "epcis" || http.Request.Headers.Accept.ToString().Contains(JsonLd, StringComparison.OrdinalIgnoreCase)
                ? Results.Json(EpcisDocument.Of(state.Plant.Scenario, trace), contentType: JsonLd)
                : ListAnswer.Of(http, "trace", trace.Uses, new { lot, lots = trace.Lots, uses = trace.Uses });
        });
}
