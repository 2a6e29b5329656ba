using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Views;

/// <summary>A curve that can be shown under the Gantt.</summary>
/// <param name="Key">Its name in addresses: <c>kw:&lt;site&gt;</c> or <c>steam:&lt;site&gt;</c>.</param>
public sealed record LoadCurveName(string Key, string Name);

/// <summary>Load of a site in quarter-hours: as metered, and as the plan in force would draw it.</summary>
/// <param name="First">First quarter-hour since the epoch.</param>
/// <param name="Actual">Means of the quarter-hours that are over; 0 after them, and where nothing is metered over time.</param>
/// <param name="Planned">What runs and what is planned, by the phases of its recipe; 0 before now.</param>
/// <param name="Cap">What may be drawn at most; <c>null</c> without a limit.</param>
/// <param name="Prices">Begin (seconds) and price of each tariff window.</param>
public sealed record LoadCurve(
    string Name, string Unit, int First, IReadOnlyList<double> Actual, IReadOnlyList<double> Planned, double? Cap, IReadOnlyList<double[]> Prices, string Currency);

/// <summary>The curves under the Gantt.</summary>
public static class LoadStrip
{
    private const int DaysBack = 7;
    private const int DaysAhead = 10;
    private const int QuartersADay = 96;

    /// <summary>The curves that a plant has.</summary>
    public static IReadOnlyList<LoadCurveName> Of(CompiledScenario plant, string language, string power, string steam)
    {
        var curves = new List<LoadCurveName>();
        var steams = plant.Plant.WorkMasters.Any(w => w.Operations.Any(o => o.Phases.Any(p => p.SteamKgPerUnit > 0)));
        for (var s = 0; s < plant.Plant.Sites.Length; s++)
        {
            var site = plant.Plant.Sites[s];
            var machines = plant.Plant.Equipment.Where(e => e.Site.Index == s).ToList();
            if (machines.Exists(e => e.RunningKw > 0 || e.IdleKw > 0))
            {
                curves.Add(new LoadCurveName($"kw:{site.Id}", $"{power} · {site.Name.In(language)}"));
            }

            if (steams && machines.Count > 0)
            {
                curves.Add(new LoadCurveName($"steam:{site.Id}", $"{steam} · {site.Name.In(language)}"));
            }
        }

        return curves;
    }

    /// <summary>A curve by its key; <c>null</c> when there is none of that key.</summary>
    public static LoadCurve? Of(TwinView view, string key)
    {
        var plant = view.State.Plant;
        var (kind, id) = key.Split(':', 2) is [var k, var i] ? (k, i) : ("", "");
        var site = Enumerable.Range(0, plant.Plant.Sites.Length).FirstOrDefault(s => plant.Plant.Sites[s].Id == id, -1);
        if (site < 0 || kind is not ("kw" or "steam"))
        {
            return null;
        }

        var steam = kind == "steam";
        var now = (int)(view.Now.Milliseconds / LoadProfile.QuarterMs);
        var first = Math.Max(0, now - DaysBack * QuartersADay);
        var planned = new double[now - first + DaysAhead * QuartersADay];
        foreach (var (job, equipment, start, end, load) in Work(view, site))
        {
            foreach (var (from, to, rate) in Pieces(plant, job, equipment, start, end, load, steam))
            {
                Add(planned, first, Math.Max(from, view.Now.Milliseconds), to, rate);
            }
        }

        var actual = new double[now - first];
        if (!steam)
        {
            var kwh = view.State.ProfileOf(new SiteId(site)).Kwh;
            for (var q = 0; q < actual.Length && first + q < kwh.Length; q++)
            {
                actual[q] = kwh[first + q] * 4;
            }
        }

        var wanted = steam ? UtilityKind.Steam : UtilityKind.Electricity;
        var cap = plant.Plant.Utilities.Where(u => u.Kind == wanted && (u.Site is null || u.Site.Value.Index == site) && u.RateCap is not null).Min(u => u.RateCap);
        return new LoadCurve(plant.Plant.Sites[site].Name.En, steam ? "kg/h" : "kW", first, Rounded(actual), Rounded(planned), cap, steam ? [] : Prices(plant, site, first, planned.Length), plant.Scenario.Currency);
    }

    /// <summary>Mean electric power of an operation on a machine, kW.</summary>
    public static double MeanKw(CompiledScenario plant, int job, int equipment)
    {
        var running = plant.Plant.Equipment[equipment].RunningKw;
        var (time, kwh) = (0.0, 0.0);
        foreach (var phase in plant.OperationOf(job).Phases)
        {
            time += phase.Duration.Hours;
            kwh += phase.Duration.Hours * (phase.Kw ?? running);
        }

        return time > 0 ? kwh / time : running;
    }

    /// <summary>What runs at a site until it is expected to end, and what is planned there.</summary>
    private static IEnumerable<(int Job, int Equipment, long Start, long End, double Load)> Work(TwinView view, int site)
    {
        var (state, plant) = (view.State, view.State.Plant);
        for (var e = 0; e < state.Equipment.Length; e++)
        {
            for (var lead = plant.Plant.Equipment[e].Site.Index == site ? state.Equipment[e].FirstActive : -1; lead >= 0; lead = state.Jobs[lead].NextActive)
            {
                if (state.ExpectedEndMs(lead) is > 0 and var end && state.Jobs[lead].StartAt >= 0)
                {
                    yield return (lead, e, state.Jobs[lead].StartAt, end, state.Jobs[lead].Load);
                }
            }
        }

        foreach (var batch in view.Schedule.Schedule?.Batches ?? [])
        {
            if (plant.Plant.Equipment[batch.Equipment].Site.Index == site && state.Jobs[batch.Jobs[0]].Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned)
            {
                yield return (batch.Jobs[0], batch.Equipment, batch.Start.Milliseconds, batch.End.Milliseconds, batch.Jobs.Sum(j => plant.Jobs.QuantityOf(j)));
            }
        }
    }

    /// <summary>A batch by the phases of its recipe, stretched to its length: kW, or kg/h of steam.</summary>
    private static IEnumerable<(long From, long To, double Rate)> Pieces(CompiledScenario plant, int job, int equipment, long start, long end, double load, bool steam)
    {
        var phases = plant.OperationOf(job).Phases;
        var running = plant.Plant.Equipment[equipment].RunningKw;
        var length = phases.Sum(p => (double)p.Duration.Milliseconds);
        if (length <= 0)
        {
            yield return (start, end, steam ? 0 : running);
            yield break;
        }

        var at = (double)start;
        var scale = (end - start) / length;
        foreach (var phase in phases)
        {
            var to = at + phase.Duration.Milliseconds * scale;
            var hours = (to - at) / Duration.MillisecondsPerHour;
            yield return ((long)at, (long)to, steam ? hours > 0 ? phase.SteamKgPerUnit * load / hours : 0 : phase.Kw ?? running);
            at = to;
        }
    }

    /// <summary>Adds a rate to the means of the quarter-hours that it touches.</summary>
    private static void Add(double[] quarters, int first, long from, long to, double rate)
    {
        for (var at = from; at < to && rate > 0;)
        {
            var quarter = (int)(at / LoadProfile.QuarterMs);
            var until = Math.Min(to, (quarter + 1) * LoadProfile.QuarterMs);
            if (quarter - first >= quarters.Length)
            {
                return;
            }

            if (quarter >= first)
            {
                quarters[quarter - first] += rate * (until - at) / LoadProfile.QuarterMs;
            }

            at = until;
        }
    }

    private static List<double[]> Prices(CompiledScenario plant, int site, int first, int quarters)
    {
        var prices = new List<double[]>();
        if (plant.TariffOfSite(new SiteId(site)) is not { } tariff)
        {
            return prices;
        }

        var (at, end) = (new SimTime(first * LoadProfile.QuarterMs), new SimTime((first + (long)quarters) * LoadProfile.QuarterMs));
        while (at < end)
        {
            prices.Add([at.Milliseconds / 1000.0, tariff.PriceAt(at)]);
            var next = tariff.NextChange(at);
            if (next <= at)
            {
                break;
            }

            at = next;
        }

        return prices;
    }

    private static double[] Rounded(double[] values) => [.. values.Select(v => Math.Round(v, 1))];
}
