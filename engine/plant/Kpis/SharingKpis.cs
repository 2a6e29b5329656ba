using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>How much of the offered capacity others used, how evenly that helped those who offer, and what became of their bookings.</summary>
/// <param name="OfferedHours">Machine hours offered in the window.</param>
/// <param name="UsedHours">Hours of other firms' batches on offered equipment.</param>
/// <param name="Fairness">Jain index (Σx)² ÷ (n Σx²) over the firms that offer, x = hours of the firm's own work on others' offered equipment ÷ hours
/// it offers ÷ its fairness weight; 1 when all get alike, 1/n when one gets everything; <c>null</c> when nobody got anything.</param>
/// <param name="LongestWaitHours">Longest time that a job waited for a machine, or waits now.</param>
/// <param name="Market">What became of bookings.</param>
/// <param name="Statement">What was paid.</param>
public sealed record SharingKpis(
    double OfferedHours, double UsedHours, double? Fairness, double LongestWaitHours, MarketMeters Market, MarketStatement Statement)
{
    /// <summary>Share of the offered hours that others used.</summary>
    public double? FillRate => EquipmentKpis.Ratio(UsedHours, OfferedHours);

    /// <summary>Mean time from asking to the firm's word, hours; <c>null</c> when nothing was confirmed.</summary>
    public double? ResponseHours => EquipmentKpis.Ratio(Market.ResponseMs / (double)Duration.MillisecondsPerHour, Market.Confirmed);

    /// <summary>Mean time from asking to the booked start, hours.</summary>
    public double? BookedAheadHours => EquipmentKpis.Ratio(Market.LeadMs / (double)Duration.MillisecondsPerHour, Market.Held);

    internal static SharingKpis? Of(PlantState state)
    {
        var plan = state.Plant.Capacity;
        if (!plan.InUse)
        {
            return null;
        }

        var tenants = state.Plant.Plant.Tenants;
        var (offered, received, used, longest) = (new double[tenants.Length], new double[tenants.Length], 0.0, 0L);
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            if (plan.OfferedOf(e) is { } hours && plan.OwnerOf(e) is var owner and >= 0)
            {
                offered[owner] += hours.WorkBetween(state.StatisticsSince, state.Now).Hours;
            }
        }

        for (var j = 0; j < state.Jobs.Length; j++)
        {
            ref readonly var job = ref state.Jobs[j];
            longest = Math.Max(longest, WaitOf(state, job));
            if (job.StartAt < 0 || job.Equipment < 0 || job.Lead != j || plan.OfferedOf(job.Equipment) is null
                || state.Plant.OrderOf(j).Tenant is var tenant && (tenant?.Index ?? -1) == plan.OwnerOf(job.Equipment))
            {
                continue;
            }

            var end = job.Status == JobStatus.Done ? job.EndAt : state.Now.Milliseconds;
            var hours = Math.Max(0, end - Math.Max(job.StartAt, state.StatisticsSince.Milliseconds)) / (double)Duration.MillisecondsPerHour;
            used += hours;
            if (tenant is { } firm)
            {
                received[firm] += hours;
            }
        }

        var shares = Enumerable.Range(0, tenants.Length).Where(t => offered[t] > 0).Select(t => received[t] / offered[t] / tenants[t].FairnessWeight).ToList();
        return new SharingKpis(
            offered.Sum(), used, EquipmentKpis.Ratio(shares.Sum() * shares.Sum(), shares.Count * shares.Sum(s => s * s)), longest / (double)Duration.MillisecondsPerHour,
            state.Market, MarketStatement.Of(state));
    }

    private static long WaitOf(PlantState state, in JobState job)
    {
        if (job.ReadyAt < 0 || job.Status is JobStatus.Waiting or JobStatus.Cancelled)
        {
            return 0;
        }

        var until = job.StartAt >= 0 ? job.StartAt : state.Now.Milliseconds;
        return until < state.StatisticsSince.Milliseconds ? 0 : until - job.ReadyAt;
    }
}
