using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>How much of the offered capacity others used, and how evenly that helped those who offer.</summary>
/// <param name="OfferedHours">Machine hours offered in the window.</param>
/// <param name="UsedHours">Hours of other firms' batches on offered equipment.</param>
/// <param name="Fairness">Jain index (Σx)² ÷ (n Σx²) over the firms that offer, x = hours of the firm's own work on others' offered equipment ÷ hours
/// it offers ÷ its fairness weight; 1 when all get alike, 1/n when one gets everything; <c>null</c> when nobody got anything.</param>
public sealed record SharingKpis(double OfferedHours, double UsedHours, double? Fairness)
{
    /// <summary>Share of the offered hours that others used.</summary>
    public double? FillRate => EquipmentKpis.Ratio(UsedHours, OfferedHours);

    internal static SharingKpis? Of(PlantState state)
    {
        var plan = state.Plant.Capacity;
        if (!plan.InUse)
        {
            return null;
        }

        var tenants = state.Plant.Plant.Tenants;
        var (offered, received, used) = (new double[tenants.Length], new double[tenants.Length], 0.0);
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
        return new SharingKpis(offered.Sum(), used, EquipmentKpis.Ratio(shares.Sum() * shares.Sum(), shares.Count * shares.Sum(s => s * s)));
    }
}
