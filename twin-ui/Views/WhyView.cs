using DigitalTwin.Plant.Explanation;

namespace DigitalTwin.Ui.Views;

/// <summary>Where an order's time went, largest first: the parts sum to its flow time.</summary>
public sealed record WhyView(OrderFlow Flow, IReadOnlyList<(FlowPartDescriptor Part, long Ms, double Share)> Parts)
{
    /// <summary>Of an order that was released.</summary>
    public static WhyView Of(OrderFlow flow) => new(flow,
        [.. FlowParts.All.Where(p => flow[p.Part] > 0).Select(p => (p, flow[p.Part], flow.FlowMs > 0 ? flow[p.Part] / (double)flow.FlowMs : 0)).OrderByDescending(p => p.Item2)]);

    /// <summary>Token of a part's colour: work is green, preparation yellow, waiting grey to red.</summary>
    public static string ColorOf(FlowPart part) => part switch
    {
        FlowPart.Processing => "st-running",
        FlowPart.Setup => "st-setup",
        FlowPart.Cleaning => "st-cleaning",
        FlowPart.Queue => "st-nonscheduled",
        FlowPart.BatchCompany or FlowPart.PlanKept or FlowPart.MinWait => "st-idle",
        FlowPart.Rework => "st-repair",
        FlowPart.Breakdown => "st-down",
        FlowPart.Maintenance => "st-maintenance",
        FlowPart.OffShift => "st-unloading",
        FlowPart.Blocked => "st-blocked",
        FlowPart.Quality => "st-sampling",
        FlowPart.Travel or FlowPart.Vehicle => "st-loading",
        _ => "st-held",
    };
}
