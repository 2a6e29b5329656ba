using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>When the equipment of each firm is open to others. Immutable.</summary>
public sealed class CapacityPlan
{
    private readonly CalendarTimeline?[] _offered; // per equipment; empty where nothing is offered
    private readonly int[] _owners;

    internal CapacityPlan(Scenario scenario, SimTime until)
    {
        var plant = scenario.Plant;
        InUse = !plant.Offers.IsEmpty;
        _offered = new CalendarTimeline?[InUse ? plant.Equipment.Length : 0];
        _owners = InUse ? [.. plant.Equipment.Select(e => e.Owner?.Index ?? -1)] : [];
        foreach (var offers in plant.Offers.GroupBy(o => o.Equipment.Index))
        {
            _offered[offers.Key] = CalendarTimeline.FromSpans(offers.SelectMany(o => SpansOf(o, scenario.Clock, until)).Order());
        }
    }

    /// <summary>Whether anything is offered.</summary>
    public bool InUse { get; }

    /// <summary>Hours in which others may begin work on equipment; <c>null</c> where nothing is offered and nothing restricted.</summary>
    public CalendarTimeline? OfferedOf(int equipment) => InUse ? _offered[equipment] : null;

    /// <summary>Owner of equipment, −1 for the plant itself. Meaningful where something is offered.</summary>
    public int OwnerOf(int equipment) => _owners[equipment];

    private static IEnumerable<(long Start, long End)> SpansOf(CapacityOffer offer, PlantClock clock, SimTime until)
    {
        var week = CalendarTimeline.Unroll(new WorkCalendar { Id = "offer", Name = new Label("offer"), Windows = [offer.Window] }, clock, until);
        for (var i = 0; i < week.Count; i++)
        {
            var (start, end) = week.Window(i);
            var (from, to) = (SimTime.Max(start, offer.From), offer.To is { } last ? SimTime.Min(end, last) : end);
            if (from < to)
            {
                yield return (from.Milliseconds, to.Milliseconds);
            }
        }
    }
}
