using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Sharing;

/// <summary>Who owes whom for the jobs done on shared machines: what buyers pay is what owners get and the platform's fees, to the hundredth.</summary>
public sealed record MarketStatement
{
    /// <summary>Per firm, by index; after the firms the plant's own orders as a buyer.</summary>
    public required ImmutableArray<FirmAccount> Firms { get; init; }

    /// <summary>All jobs together.</summary>
    public required JobPrice Total { get; init; }

    /// <summary>Jobs sold.</summary>
    public required int Jobs { get; init; }

    /// <summary>Draws up the accounts of all jobs that ended since the statistics were reset.</summary>
    public static MarketStatement Of(PlantState state)
    {
        var plant = state.Plant;
        var own = plant.Plant.Tenants.Length;
        var accounts = new FirmAccount[own + 1];
        var (total, jobs) = (default(JobPrice), 0);
        for (var job = 0; plant.Capacity.InUse && job < state.Jobs.Length; job++)
        {
            if (state.Jobs[job].EndAt < state.StatisticsSince.Milliseconds || JobPrice.Of(state, job) is not { } price)
            {
                continue;
            }

            jobs++;
            total += price;
            ref var buyer = ref accounts[plant.CompiledJobOf(job).Tenant is var tenant && tenant >= 0 ? tenant : own];
            buyer = buyer with { Bought = buyer.Bought + price, JobsBought = buyer.JobsBought + 1 };
            ref var seller = ref accounts[plant.Capacity.OwnerOf(state.Jobs[job].Equipment)];
            seller = seller with { Sold = seller.Sold + price, JobsSold = seller.JobsSold + 1 };
        }

        return new MarketStatement { Firms = [.. accounts], Total = total, Jobs = jobs };
    }

    /// <summary>The account of a firm; <c>null</c> for the plant's own orders.</summary>
    public FirmAccount Of(TenantId? firm) => Firms[firm?.Index ?? Firms.Length - 1];
}

/// <summary>One firm's side.</summary>
/// <param name="Sold">Jobs of others on its machines; it gets <see cref="JobPrice.Owner"/> of them.</param>
/// <param name="Bought">Its jobs on machines of others; it pays <see cref="JobPrice.Total"/> of them.</param>
public readonly record struct FirmAccount(JobPrice Sold, JobPrice Bought, int JobsSold, int JobsBought)
{
    /// <summary>Income less cost, in hundredths.</summary>
    public long Balance => Sold.Owner - Bought.Total;
}
