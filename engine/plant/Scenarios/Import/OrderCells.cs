using System.Globalization;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Import;

/// <summary>Turns the values of foreign order lists into the forms of orders.csv.</summary>
internal sealed partial class OrderCells(Scenario scenario, IReadOnlyDictionary<Field, DecimalMark> decimals)
{
    private const double FirstSerial = 20_000; // 1954
    private const double LastSerial = 80_000; // 2119

    private readonly Dictionary<string, string> _products = ByName(scenario.Plant.Products.Select(p => (p.Id, p.Name)));
    private readonly Dictionary<string, string> _families = ByName(scenario.Plant.Families.Select(f => (f.Id, f.Name)));
    private readonly Dictionary<string, string> _tenants = ByName(scenario.Plant.Tenants.Select(t => (t.Id, t.Name)));

    /// <summary>The value as orders.csv would have it; a value that has none is returned as it is, for the field to refuse.</summary>
    public string Canonical(Field field, string text, out Trouble trouble)
    {
        trouble = default;
        return field switch
        {
            _ when field == OrdersTable.Product => _products.GetValueOrDefault(text.ToUpperInvariant(), text),
            _ when field == OrdersTable.Family => _families.GetValueOrDefault(text.ToUpperInvariant(), text),
            _ when field == OrdersTable.Tenant => _tenants.GetValueOrDefault(text.ToUpperInvariant(), text),
            _ when field == OrdersTable.Kind => Kind(text),
            _ when field == OrdersTable.Unit => Units.Find(text) ?? text,
            _ when field == OrdersTable.Release || field == OrdersTable.Due => Moment(text),
            _ when field == OrdersTable.Id => Id(text, out trouble),
            _ when decimals.TryGetValue(field, out var mark) => Number(text, mark, out trouble),
            _ => text,
        };
    }

    /// <summary>Takes off the apostrophe that safe exports put before what a spreadsheet would run as a formula.</summary>
    public static string Unguarded(string text) => text is ['\'', '=' or '+' or '-' or '@' or '\t', ..] ? text[1..] : text;

    /// <summary>Takes a unit off the end of a quantity: <c>180 kg</c>, <c>180公斤</c>.</summary>
    public static (string Number, string? Unit) SplitUnit(string text)
    {
        var m = NumberAndUnit().Match(NumberText.Narrow(text));
        return m.Success && Units.Find(m.Groups["unit"].Value) is { } unit ? (m.Groups["number"].Value, unit) : (text, null);
    }

    private static string Kind(string text) => NumberText.Narrow(text).ToLowerInvariant() switch
    {
        "大货" or "大" or "批量" or "bulk order" or "production" or "大货单" => "bulk",
        "样品" or "样" or "小样" or "打样" or "样品单" or "sample order" => "sample",
        var other => other,
    };

    /// <summary>A spreadsheet's serial number of days (1900 system) becomes the date it stands for.</summary>
    private static string Moment(string text) =>
        double.TryParse(NumberText.Narrow(text), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial) && serial is >= FirstSerial and < LastSerial
            ? MomentText.FormatLocal(ToSecond(DateTime.FromOADate(serial)))
            : text;

    /// <summary>Serial numbers are fractions of a day; to the second they are what was typed.</summary>
    public static DateTime ToSecond(DateTime moment) => new((moment.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);

    private static string Id(string text, out Trouble trouble)
    {
        trouble = DamagedId().IsMatch(text) ? new Trouble("is a number that a spreadsheet has rounded", "Format the column as text and export it again.") : default;
        return text;
    }

    private static string Number(string text, DecimalMark mark, out Trouble trouble) =>
        NumberText.TryParse(text, mark, out var number, out trouble) ? NumberText.Format(number) : text;

    /// <summary>Ids by themselves and by their English and Chinese names, where these are unique.</summary>
    private static Dictionary<string, string> ByName(IEnumerable<(string Id, Label Name)> things)
    {
        var all = things.ToList();
        var byName = all.SelectMany(t => new[] { t.Name.En, t.Name.Zh }.OfType<string>().Distinct().Select(n => (Name: n.ToUpperInvariant(), t.Id)))
            .GroupBy(x => x.Name, StringComparer.Ordinal).Where(g => g.Select(x => x.Id).Distinct().Count() == 1)
            .ToDictionary(g => g.Key, g => g.First().Id, StringComparer.Ordinal);
        foreach (var group in all.GroupBy(t => t.Id.ToUpperInvariant(), StringComparer.Ordinal).Where(g => g.Count() == 1))
        {
            byName[group.Key] = group.First().Id;
        }

        foreach (var clash in all.GroupBy(t => t.Id.ToUpperInvariant(), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            byName.Remove(clash.Key);
        }

        return byName;
    }

    [GeneratedRegex(@"^\d(\.\d+)?E\+\d+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DamagedId();

    [GeneratedRegex(@"^(?<number>[+-]?[\d.,' ]*\d)\s*(?<unit>[^\d.,' ]+\d?)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NumberAndUnit();
}
