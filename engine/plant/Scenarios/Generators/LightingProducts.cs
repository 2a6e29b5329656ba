using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A design: an article with its own times; made in bulk or, with short ageing, as a sample.</summary>
internal sealed record LightingDesign(int Article, int Number, ImmutableArray<double> Seconds)
{
    public string Id => $"{LightingTrades.Articles[Article].Id}-{Number:000}";

    public Label Name => new($"{LightingTrades.Articles[Article].Name.En} {Number:000}", $"{LightingTrades.Articles[Article].Name.Zh}{Number:000}");

    /// <summary>Trades of its routing in order.</summary>
    public IEnumerable<int> Trades()
    {
        var (_, _, body, hasLight, _) = LightingTrades.Articles[Article];
        return hasLight ? [.. body, LightingTrades.Smt, LightingTrades.Assembly, LightingTrades.Ageing] : body;
    }

    /// <summary>Hours of one lot in a trade, without setup.</summary>
    public double Hours(int trade, double quantity, bool sample) =>
        (trade == LightingTrades.Ageing && sample ? LightingTrades.SampleAgeingHours * 3600
            : LightingTrades.All[trade].PerRack ? Seconds[trade]
            : Seconds[trade] * quantity) / 3600;

    /// <summary>The routing in a district, whose machine classes begin at <paramref name="firstClass"/>; the tool family is the design's.</summary>
    public WorkMaster Routing(string suffix, int firstClass, FamilyId tool, bool sample)
    {
        var trades = Trades().ToList();
        var body = LightingTrades.Articles[Article].Body.Length;
        return new WorkMaster
        {
            Id = $"{Id}{suffix}{(sample ? "-sample" : "")}",
            Name = sample ? new Label(Name.En + ", sample", Name.Zh + " 样品") : Name,
            Operations = [.. trades.Select((t, k) => new Operation
            {
                Id = LightingTrades.All[t].Id,
                Name = LightingTrades.All[t].Step,
                Alternatives = [new Alternative { Class = new EquipmentClassId(firstClass + t) }],
                Predecessors = k == 0 || k == body ? [] : k == body + 1 ? [body - 1, body] : [k - 1],
                FixedTime = Distribution.Constant(LightingTrades.All[t].PerRack ? Milliseconds(Hours(t, 1, sample)) : 0),
                UnitTime = Distribution.Constant(LightingTrades.All[t].PerRack ? 0 : Milliseconds(Seconds[t] / 3600)),
                Variation = Distribution.Lognormal(1, 0.15),
                Batches = t == LightingTrades.Coating,
                Interruptible = !LightingTrades.All[t].PerRack,
                Family = LightingTrades.All[t].PerRack ? null : tool,
            })],
        };
    }

    public static List<LightingDesign> Create(Draws draws, int count)
    {
        var shares = Draws.Share(count, [.. LightingTrades.Articles.Select(a => a.Share)]);
        var designs = new List<LightingDesign>();
        for (var article = 0; article < shares.Length; article++)
        {
            for (var n = 1; n <= shares[article]; n++)
            {
                designs.Add(new LightingDesign(article, n, [.. LightingTrades.All.Select(t => DrawSeconds(draws, t))]));
            }
        }

        return designs;
    }

    /// <summary>Within the trade's range, shorter times being likelier (even in the logarithm); racks in whole quarter hours.</summary>
    private static double DrawSeconds(Draws draws, Trade trade)
    {
        var seconds = trade.MinSeconds * Math.Pow(trade.MaxSeconds / trade.MinSeconds, draws.Uniform());
        return trade.PerRack ? Math.Round(seconds / 900) * 900 : Math.Round(seconds, seconds < 10 ? 1 : 0);
    }

    private static double Milliseconds(double hours) => Duration.FromHours(hours).Milliseconds;
}
