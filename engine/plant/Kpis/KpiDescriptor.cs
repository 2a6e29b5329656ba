using System.Globalization;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Which way a key figure should go.</summary>
public enum KpiDirection
{
    /// <summary>Neither way is better by itself (a time split, a quantity made).</summary>
    Neutral,

    Up,

    Down,
}

/// <summary>Heading under which a key figure is shown.</summary>
public enum KpiGroup
{
    Orders,
    Effectiveness,
    Times,
    Quality,
    Changeovers,
    EnergyAndMedia,
    Lines,
    Materials,
    Sharing,
    Upkeep,
}

/// <summary>What a key figure is: the one place that tables, documents, the API and the screens read it from.</summary>
public abstract record KpiDescriptor
{
    /// <summary>Stable key for scripts: lower case, words joined by hyphens.</summary>
    public required string Key { get; init; }

    public required Label Name { get; init; }

    /// <summary>Unit of the stored value: <c>1</c> for a share (shown as a percentage), <c>money</c> for the scenario's currency,
    /// otherwise the unit itself.</summary>
    public required string Unit { get; init; }

    /// <summary>How it is worked out, for people.</summary>
    public required string Formula { get; init; }

    public KpiDirection Better { get; init; }

    public KpiGroup Group { get; init; }

    /// <summary>Unit as shown: <c>%</c>, the currency, or the unit itself.</summary>
    public string ShownUnit(string currency) => Unit switch { "1" => "%", "money" => currency, _ => Unit };

    /// <summary>A value as people read it, without its unit; <c>–</c> where it is not defined. Culture-free.</summary>
    /// <param name="like">Take as many decimals as this value would: a difference shows no more digits than the figure itself.</param>
    public string Format(double? value, double? like = null)
    {
        if (value is not { } v || !double.IsFinite(v))
        {
            return "–";
        }

        if (Unit == "1")
        {
            return (v * 100).ToString("0.0", CultureInfo.InvariantCulture);
        }

        var size = Math.Abs(like ?? v);
        var format = v == Math.Round(v) && size < 1e15 ? "#,0" : size switch { >= 1000 => "#,0", >= 100 => "#,0.0", >= 0.1 => "#,0.00", _ => "#,0.####" };
        return v.ToString(format, CultureInfo.InvariantCulture);
    }
}

/// <summary>A key figure of something: of a plant, of one piece of equipment.</summary>
/// <typeparam name="T">What it is read from.</typeparam>
public sealed record KpiDescriptor<T> : KpiDescriptor
{
    /// <summary>Reads the value; <c>null</c> where it is not defined (a share of nothing).</summary>
    public required Func<T, double?> Value { get; init; }

    /// <summary>The same figure read from something that holds a <typeparamref name="T"/>.</summary>
    public KpiDescriptor<TOuter> On<TOuter>(Func<TOuter, T> inner) => new()
    {
        Key = Key, Name = Name, Unit = Unit, Formula = Formula, Better = Better, Group = Group,
        Value = outer => Value(inner(outer)),
    };
}
