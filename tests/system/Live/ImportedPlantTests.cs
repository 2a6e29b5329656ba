using System.Text;
using System.Text.Json;
using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System.Live;

/// <summary>Real files through the real program: an order list as a spreadsheet writes it, a machine log as a plant's past.</summary>
public sealed class ImportedPlantTests
{
    [Fact]
    public async Task A_chinese_order_list_is_tried_then_imported_row_by_row()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        var root = $"/api/v1/plants/{await server.PlantAsync()}";
        var product = (await server.GetAsync($"{root}/orders/book"))[0].GetProperty("product").GetString();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var file = Encoding.GetEncoding("GB18030").GetBytes($"订单号;产品;数量;交期\nNEW-1;{product};25;2026年3月5日\nNEW-2;{product};-3;2026-03-05\n");

        var dry = await PostAsync(server, $"{root}/orders/import?dryRun=true", file);
        Assert.Equal((1, 1), (dry.GetProperty("added").GetInt32(), dry.GetProperty("refused").GetInt32()));
        Assert.Equal(0, (await server.GetAsync($"{root}/orders?search=NEW-1")).GetProperty("total").GetInt32());

        var done = await PostAsync(server, $"{root}/orders/import", file);
        Assert.Equal(1, done.GetProperty("added").GetInt32());
        var refused = done.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("action").GetString() == "Refuse");
        Assert.Contains("orders.csv:3:", refused.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("twin-import-", done.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, (await server.GetAsync($"{root}/orders?search=NEW-")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_machine_log_is_served_with_its_past()
    {
        var log = Directory.GetFiles(Repository.Shared("data", "plant-history"), "*.csv").Order(StringComparer.Ordinal).First();
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo", "--scenario", log);
        var plant = await server.PlantAsync();
        var state = await server.GetAsync($"/api/v1/plants/{plant}");
        Assert.True(state.GetProperty("statistics").GetProperty("journalRows").GetInt64() > 0);
        Assert.Equal(0, state.GetProperty("statistics").GetProperty("refused").GetInt64());
        var bars = (await server.GetAsync($"/api/v1/plants/{plant}/history?limit=50000")).GetProperty("bars");
        Assert.True(bars.GetArrayLength() > 1000, $"only {bars.GetArrayLength()} bars");
    }

    private static async Task<JsonElement> PostAsync(TwinServer server, string path, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        using var answer = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
