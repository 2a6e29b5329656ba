using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/equipment</c>: what each machine is, and what it is doing.</summary>
internal static class EquipmentApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants/{plant}/equipment", (string plant, HttpContext http) => ApiTools.SeeState(http, plant, (seen, view) => ListAnswer.Of(
            http, "equipment", ListAnswer.Page(http, [.. Enumerable.Range(0, view.State.Equipment.Length)]).Select(e => EquipmentDocument.Of(view, e, seen.IsWhole))))).Needs(Permit.See, firmsToo: true);
        api.MapGet("/plants/{plant}/equipment/{id}", (string plant, string id, HttpContext http) => ApiTools.SeeState(http, plant, (seen, view) =>
            seen.Session.Names.Equipment(id) is >= 0 and var e
                ? Results.Ok(EquipmentDocument.Of(view, e, seen.IsWhole))
                : ApiTools.Problem(StatusCodes.Status404NotFound, "No such equipment", $"equipment '{id}' is not in plant '{plant}'"))).Needs(Permit.See, firmsToo: true);
    }
}

/// <summary>A machine as the API shows it.</summary>
internal sealed record EquipmentDocument
{
    /// <summary>Its index in live frames.</summary>
    public required int Index { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? NameZh { get; init; }
    public required string Class { get; init; }
    public required string WorkCenter { get; init; }
    public required string Site { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required bool OffShift { get; init; }
    public required bool Stale { get; init; }
    public string? Family { get; init; }

    /// <summary>Lead jobs of the batches in its slots.</summary>
    public required IReadOnlyList<string> Running { get; init; }

    /// <summary>Lead job of the batch it is being prepared for.</summary>
    public string? Reserved { get; init; }
    public DateTimeOffset? ExpectedEnd { get; init; }

    /// <summary>Jobs waiting that it could take.</summary>
    public required int Waiting { get; init; }
    public required int Failures { get; init; }
    public required int Changeovers { get; init; }
    /// <summary>Power drawn; for a firm, only where its own work runs.</summary>
    public double? Kw { get; init; }

    public static EquipmentDocument Of(TwinView view, int e, bool whole = true)
    {
        var plant = view.State.Plant;
        var machine = plant.Plant.Equipment[e];
        var state = view.State.Equipment[e];
        var running = new List<string>();
        for (var lead = state.FirstActive; lead >= 0; lead = view.State.Jobs[lead].NextActive)
        {
            running.Add(plant.JobName(lead));
        }

        var waiting = 0;
        foreach (var group in plant.EquipmentGroups[e])
        {
            waiting += view.State.ReadyInGroup[group];
        }

        return new EquipmentDocument
        {
            Index = e,
            Id = machine.Id,
            Name = machine.Name.En,
            NameZh = machine.Name.Zh,
            Class = plant.Plant.EquipmentClasses[machine.Class].Id,
            WorkCenter = machine.WorkCenter,
            Site = plant.Plant.Sites[machine.Site].Id,
            Status = state.Status.ToString(),
            Since = plant.Scenario.Clock.ToWallClock(new(state.Since)),
            OffShift = state.OffShift,
            Stale = state.Stale,
            Family = state.Family >= 0 ? plant.Plant.Families[state.Family].Id : null,
            Running = running,
            Reserved = state.Reserved >= 0 ? plant.JobName(state.Reserved) : null,
            ExpectedEnd = state.ExpectedEnd >= 0 ? plant.Scenario.Clock.ToWallClock(new(state.ExpectedEnd)) : null,
            Waiting = waiting,
            Failures = state.Failures,
            Changeovers = state.Changeovers,
            Kw = whole || running.Count > 0 ? state.Kw : null,
        };
    }
}
