using System.Collections.Immutable;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Who drew power in the quarter-hour that set a month's demand charge at a site.</summary>
/// <param name="Quarter">Which quarter-hour since the epoch.</param>
/// <param name="Kwh">All that was drawn in it.</param>
/// <param name="Orders">What served batches of orders, by order index.</param>
/// <param name="Standby">What served nobody, by equipment index.</param>
public sealed record DemandShare(
    SiteId Site, int Quarter, double Kwh, ImmutableArray<(int Order, double Kwh)> Orders, ImmutableArray<(int Equipment, double Kwh)> Standby);

/// <summary>The demand charge of one site and month.</summary>
/// <param name="First">First quarter-hour that counts.</param>
/// <param name="End">First quarter-hour after it.</param>
/// <param name="PeakKw">Highest quarter-hour mean.</param>
/// <param name="Charge">What the tariff asks for it, currency; the whole month's.</param>
/// <param name="Share">Share of the month that the load covers.</param>
public readonly record struct DemandMonth(int First, int End, double PeakKw, double Charge, double Share);
