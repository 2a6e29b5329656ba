using System.Text;
using System.Text.Json;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;
using MiniExcelLibs;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class OrderExportTests
{
    private static readonly Texts Chinese = Texts.For("zh-CN");
    private static readonly OrderBook Book = new(SmallTwin.After(20), _ => null, Chinese);

    [Fact]
    public void Csv_begins_with_a_BOM_and_has_a_row_per_order_under_Chinese_headings()
    {
        var bytes = Write("csv").ToArray();
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("订单,产品,色系,企业,数量", lines[0], StringComparison.Ordinal);
        Assert.Equal(Book.All.Count + 1, lines.Length);
        Assert.StartsWith(Book.All[0].Id + ",", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Excel_and_json_hold_the_same_orders()
    {
        using var workbook = Write("xlsx");
        var sheet = workbook.Query(useHeaderRow: true).Cast<IDictionary<string, object>>().ToList();
        Assert.Equal(Book.All.Select(r => r.Id), sheet.Select(r => (string)r["订单"]));
        Assert.Equal(Book.All.Select(r => r.Order.Quantity), sheet.Select(r => (double)r["数量"]));

        using var json = JsonDocument.Parse(Write("json"));
        Assert.Equal(Book.All.Select(r => r.Id), json.RootElement.EnumerateArray().Select(r => r.GetProperty("id").GetString()));
        Assert.Equal(Book.All.Select(r => r.Lateness is { } l ? (double?)Math.Round(l.Hours, 2) : null),
            json.RootElement.EnumerateArray().Select(r => r.GetProperty("latehours") is { ValueKind: JsonValueKind.Number } n ? (double?)n.GetDouble() : null));
    }

    [Fact]
    public void An_unknown_format_is_named_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Write("pdf"));
        Assert.Contains("'pdf'", error.Message, StringComparison.Ordinal);
        Assert.Contains("csv, xlsx, json", error.Message, StringComparison.Ordinal);
    }

    private static MemoryStream Write(string ending) => OrderExport.Write(ending, Book.All, SmallTwin.Plant.Scenario.Clock, Chinese);
}
