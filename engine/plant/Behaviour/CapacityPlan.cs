using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>When the equipment of each firm is open to others, on which terms, and where its bookings are kept. Immutable.</summary>
/// <remarks>A booking has a <b>place</b>: the rows of reservations.csv come first, then one place per job for what the job books by itself.</remarks>
public sealed class CapacityPlan
{
    private readonly CalendarTimeline?[] _offered; // per equipment: all its offers together; empty where nothing is offered
    private readonly int[] _owners;
    private readonly int[] _firstOffer; // per equipment, one entry more
    private readonly OfferTerms[] _offers; // by equipment
    private readonly int[] _numbers; // row of capacity_offers.csv of each
    private readonly CalendarTimeline[] _hours; // of each offer

    internal CapacityPlan(Scenario scenario, SimTime until, int jobs)
    {
        var plant = scenario.Plant;
        InUse = !plant.Offers.IsEmpty;
        Rows = InUse ? scenario.Reservations.Length : 0;
        Books = InUse && plant.Market.Booking != BookingPolicy.None;
        Places = Rows + (Books ? jobs : 0);
        _offered = new CalendarTimeline?[InUse ? plant.Equipment.Length : 0];
        _owners = InUse ? [.. plant.Equipment.Select(e => e.Owner?.Index ?? -1)] : [];
        var byMachine = plant.Offers.Select((o, i) => (Offer: o, Row: i)).GroupBy(o => o.Offer.Equipment.Index).OrderBy(g => g.Key).ToList();
        foreach (var offers in byMachine)
        {
            _offered[offers.Key] = CalendarTimeline.FromSpans(offers.SelectMany(o => SpansOf(o.Offer, scenario.Clock, until)).Order());
        }

        _firstOffer = new int[InUse ? plant.Equipment.Length + 1 : 0];
        foreach (var offer in plant.Offers)
        {
            _firstOffer[offer.Equipment + 1]++;
        }

        for (var e = 1; e < _firstOffer.Length; e++)
        {
            _firstOffer[e] += _firstOffer[e - 1];
        }

        var sorted = byMachine.SelectMany(g => g).ToList();
        _numbers = [.. sorted.Select(o => o.Row)];
        _offers = [.. sorted.Select(o => new OfferTerms(o.Offer.PricePerHour, o.Offer.MinimumLot, o.Offer.Notice.Milliseconds, o.Offer.WalkIn))];
        _hours = [.. sorted.Select(o => CalendarTimeline.FromSpans(SpansOf(o.Offer, scenario.Clock, until)))];
    }

    /// <summary>Whether anything is offered.</summary>
    public bool InUse { get; }

    /// <summary>Whether waiting jobs book by themselves.</summary>
    public bool Books { get; }

    /// <summary>Places of rows of reservations.csv; those of jobs follow.</summary>
    public int Rows { get; }

    /// <summary>Number of places.</summary>
    public int Places { get; }

    /// <summary>Place of what a job books by itself. Meaningful where <see cref="Books"/>.</summary>
    public int PlaceOf(int job) => Rows + job;

    /// <summary>Hours in which others may begin work on equipment; <c>null</c> where nothing is offered and nothing restricted.</summary>
    public CalendarTimeline? OfferedOf(int equipment) => InUse ? _offered[equipment] : null;

    /// <summary>Owner of equipment, −1 for the plant itself. Meaningful where something is offered.</summary>
    public int OwnerOf(int equipment) => _owners[equipment];

    /// <summary>Offers of equipment as a range of numbers for <see cref="TermsOf"/>.</summary>
    public (int First, int End) OffersOf(int equipment) => (_firstOffer[equipment], _firstOffer[equipment + 1]);

    /// <summary>Terms of an offer.</summary>
    public ref readonly OfferTerms TermsOf(int offer) => ref _offers[offer];

    /// <summary>Hours of an offer.</summary>
    public CalendarTimeline HoursOf(int offer) => _hours[offer];

    /// <summary>Row of an offer in capacity_offers.csv, counted from 0.</summary>
    public int RowOf(int offer) => _numbers[offer];

    /// <summary>The first offer of equipment that is open at a moment for a lot of this size; −1 when none is.</summary>
    /// <param name="walkIn">Only offers that take work without a booking.</param>
    public int OpenOffer(int equipment, SimTime at, double quantity, bool walkIn)
    {
        for (var o = _firstOffer[equipment]; o < _firstOffer[equipment + 1]; o++)
        {
            if (quantity >= _offers[o].MinimumLot && (!walkIn || _offers[o].WalkIn) && _hours[o].IsWorking(at))
            {
                return o;
            }
        }

        return -1;
    }

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

/// <summary>What an owner asks.</summary>
/// <param name="PricePerHour">Currency per machine hour.</param>
/// <param name="MinimumLot">Smallest lot taken.</param>
/// <param name="NoticeMs">Shortest time between booking or recall and start.</param>
/// <param name="WalkIn">Whether unbooked work may begin.</param>
public readonly record struct OfferTerms(double PricePerHour, double MinimumLot, long NoticeMs, bool WalkIn);
