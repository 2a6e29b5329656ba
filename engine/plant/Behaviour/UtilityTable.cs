using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A draw of one phase, ready to be priced at run time.</summary>
/// <param name="IsPower">The phase's electric power: kW instead of the four numbers.</param>
/// <param name="Implied">Follows from the phase's steam, water or power, whose meters count it already.</param>
/// <param name="Waits">At the cap the phase waits instead of being stretched.</param>
public readonly record struct PhaseDraw(int Utility, double Rate, double RatePerUnit, double Amount, double AmountPerUnit, bool IsPower, bool Implied, bool Waits);

/// <summary>The utilities of a scenario laid out: draws per phase, caps over time, midnights.</summary>
/// <remarks>Immutable. A scenario without utilities has none.</remarks>
public sealed class UtilityTable
{
    private const double Unlimited = 1e300;
    private readonly ImmutableArray<Utility> _utilities;
    private readonly PhaseDraw[][] _draws; // per phase, phases of all operations side by side
    private readonly int[] _firstPhase; // per operation
    private readonly TariffTimeline[] _caps;
    private readonly long[] _midnights;

    public UtilityTable(PlantModel plant, PlantClock clock, IReadOnlyList<Operation> operations, SimTime until)
    {
        _utilities = plant.Utilities;
        _firstPhase = new int[operations.Count];
        var draws = new List<PhaseDraw[]>();
        for (var o = 0; o < operations.Count; o++)
        {
            _firstPhase[o] = draws.Count;
            draws.AddRange(operations[o].Phases.Select(DrawsOf));
        }

        _draws = [.. draws];
        _caps = [.. _utilities.Select(u => TariffTimeline.Unroll(CapsOf(u), clock, until))];
        _midnights = [.. Midnights(clock, until)];
    }

    public int Count => _utilities.Length;

    /// <summary>Whether any utility limits electric power: power then follows the speed of the phases.</summary>
    public bool LimitsPower => _utilities.Any(u => u.Kind == UtilityKind.Electricity);

    public Utility this[int utility] => _utilities[utility];

    /// <summary>What a phase draws, from the utilities of all sites.</summary>
    public ReadOnlySpan<PhaseDraw> DrawsOf(int operation, int phase) => _draws[_firstPhase[operation] + phase];

    /// <summary>Whether a utility supplies a site.</summary>
    public bool Supplies(int utility, SiteId site) => _utilities[utility].Site is not { } s || s == site;

    /// <summary>Largest rate at a moment, unit/h; practically infinite when unlimited.</summary>
    public double CapAt(int utility, SimTime time) => _caps[utility].PriceAt(time);

    /// <summary>When a rate cap next changes.</summary>
    public SimTime NextCapChange(SimTime time)
    {
        var next = SimTime.Never;
        foreach (var caps in _caps)
        {
            next = SimTime.Min(next, caps.NextChange(time));
        }

        return next;
    }

    /// <summary>The first local midnight after a moment; after the span of the calendars days have 24 hours.</summary>
    public long NextMidnight(long time)
    {
        var i = Array.BinarySearch(_midnights, time);
        i = i >= 0 ? i + 1 : ~i;
        return i < _midnights.Length ? _midnights[i] : _midnights[^1] + ((time - _midnights[^1]) / Duration.MillisecondsPerDay + 1) * Duration.MillisecondsPerDay;
    }

    private PhaseDraw[] DrawsOf(Phase phase)
    {
        var draws = new List<PhaseDraw>();
        for (var u = 0; u < _utilities.Length; u++)
        {
            var waits = (phase.AtCap ?? _utilities[u].AtCap) == AtCap.Wait;
            var implied = _utilities[u].Kind switch
            {
                UtilityKind.Electricity => new PhaseDraw(u, 0, 0, 0, 0, IsPower: true, Implied: true, waits),
                UtilityKind.Steam => new PhaseDraw(u, 0, 0, 0, phase.SteamKgPerUnit, false, true, waits),
                UtilityKind.Water or UtilityKind.Effluent => new PhaseDraw(u, 0, 0, 0, phase.WaterLitresPerUnit / 1000, false, true, waits),
                _ => default,
            };
            if (implied.IsPower || implied.AmountPerUnit > 0)
            {
                draws.Add(implied);
            }

            draws.AddRange(phase.Draws.Where(d => d.Utility == u).Select(d =>
                new PhaseDraw(u, d.Rate, d.RatePerUnit, d.Amount, d.AmountPerUnit, false, Implied: false, waits)));
        }

        return [.. draws];
    }

    private static Tariff CapsOf(Utility utility) => new()
    {
        Id = utility.Id,
        Name = utility.Name,
        BasePrice = utility.RateCap ?? Unlimited,
        Windows = [.. utility.Windows.Select(w => new TariffWindow("", w.Days, w.Start, w.End, w.RateCap))],
    };

    private static IEnumerable<long> Midnights(PlantClock clock, SimTime until)
    {
        var last = DateOnly.FromDateTime(clock.ToWallClock(until).DateTime).AddDays(1);
        for (var day = DateOnly.FromDateTime(clock.Epoch); day <= last; day = day.AddDays(1))
        {
            yield return clock.FromLocal(day.ToDateTime(TimeOnly.MinValue)).Milliseconds;
        }
    }
}
