using System.Globalization;
using System.Text.Json.Nodes;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Exports;

/// <summary>A trace as an EPCIS 2.0 document: what other companies' traceability systems read.</summary>
/// <remarks>A bought lot is an ObjectEvent (receiving); a lot made here is a TransformationEvent whose inputs are the lots it used, and an
/// ObjectEvent (repairing) for each step of rework.
/// Lots have no GS1 keys in the plant, so they are named by private URIs: <c>urn:twin:lot:scenario:lot</c>.</remarks>
internal static class EpcisDocument
{
    public static JsonObject Of(Scenario scenario, LotTrace trace)
    {
        var uses = trace.Uses.ToLookup(u => u.Child, StringComparer.Ordinal);
        var events = trace.Lots
            .OrderBy(l => l.Created)
            .SelectMany(lot => lot.Order.Length > 0
                ? [.. lot.Steps.Where(s => s.ReworkOf.Length > 0).Select(s => Repaired(scenario, lot, s)), Transformation(scenario, lot, [.. uses[lot.Name]])]
                : (JsonObject[])[Received(scenario, lot)]);
        return new JsonObject
        {
            ["@context"] = new JsonArray("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"),
            ["type"] = "EPCISDocument",
            ["schemaVersion"] = "2.0",
            ["creationDate"] = Iso(scenario, trace.Lots.Max(l => l.Created)),
            ["epcisBody"] = new JsonObject { ["eventList"] = new JsonArray([.. events]) },
        };
    }

    private static JsonObject Received(Scenario scenario, TracedLot lot)
    {
        var json = Event("ObjectEvent", scenario, lot);
        json["action"] = "OBSERVE";
        json["bizStep"] = "receiving";
        json["disposition"] = DispositionOf(lot.Status);
        json["readPoint"] = Place(scenario, "goods-in");
        json["quantityList"] = new JsonArray(Quantity(scenario, lot.Name, lot.Quantity, lot.Unit));
        if (lot.Supplier.Length > 0)
        {
            json["sourceList"] = new JsonArray(new JsonObject { ["type"] = "possessing_party", ["source"] = Urn("party", scenario, lot.Supplier) });
        }

        return json;
    }

    /// <summary>A lot that failed was mended: the same lot, seen where that was done.</summary>
    private static JsonObject Repaired(Scenario scenario, TracedLot lot, TracedStep step)
    {
        var json = Event("ObjectEvent", scenario, lot with { Created = step.End });
        json["action"] = "OBSERVE";
        json["bizStep"] = "repairing";
        json["disposition"] = "in_progress";
        json["readPoint"] = Place(scenario, step.Equipment);
        json["quantityList"] = new JsonArray(Quantity(scenario, lot.Name, lot.Quantity, lot.Unit));
        return json;
    }

    private static JsonObject Transformation(Scenario scenario, TracedLot lot, IReadOnlyList<TracedUse> uses)
    {
        var json = Event("TransformationEvent", scenario, lot);
        json["bizStep"] = "commissioning";
        json["disposition"] = DispositionOf(lot.Status);
        json["readPoint"] = Place(scenario, lot.Steps is [.., var last] ? last.Equipment : "plant");
        json["inputQuantityList"] = new JsonArray([.. uses.Select(u => Quantity(scenario, u.Parent, u.Quantity, u.Unit))]);
        json["outputQuantityList"] = new JsonArray(Quantity(scenario, lot.Name, lot.Quantity, lot.Unit));
        json["transformationID"] = Urn("order", scenario, lot.Name);
        return json;
    }

    private static JsonObject Event(string type, Scenario scenario, TracedLot lot)
    {
        var moment = scenario.Clock.ToWallClock(lot.Created);
        return new JsonObject
        {
            ["type"] = type,
            ["eventTime"] = Iso(scenario, lot.Created),
            ["eventTimeZoneOffset"] = moment.ToString("zzz", CultureInfo.InvariantCulture),
        };
    }

    private static JsonObject Quantity(Scenario scenario, string lot, double quantity, string unit)
    {
        var json = new JsonObject { ["epcClass"] = Urn("lot", scenario, lot), ["quantity"] = quantity };
        if (UnitCode(unit) is { } code)
        {
            json["uom"] = code;
        }

        return json;
    }

    /// <summary>UN/ECE Recommendation 20; pieces have none in EPCIS.</summary>
    private static string? UnitCode(string unit) => unit switch { "kg" => "KGM", "t" => "TNE", "l" => "LTR", "m" => "MTR", "m3" => "MTQ", _ => null };

    /// <summary>Words of the Core Business Vocabulary.</summary>
    private static string DispositionOf(LotStatus status) => status switch
    {
        LotStatus.Hold => "non_sellable_other",
        LotStatus.Scrapped => "destroyed",
        LotStatus.Consumed => "inactive",
        LotStatus.Shipped => "in_transit",
        LotStatus.InProcess => "in_progress",
        _ => "active",
    };

    private static JsonObject Place(Scenario scenario, string place) => new() { ["id"] = Urn("place", scenario, place) };

    private static string Urn(string kind, Scenario scenario, string name) => $"urn:twin:{kind}:{Uri.EscapeDataString(scenario.Id)}:{Uri.EscapeDataString(name)}";

    private static string Iso(Scenario scenario, SimTime time) => scenario.Clock.ToWallClock(time).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
