using System.Net.Http.Json;
using System.Text.Json;
using DigitalTwin.Tests.System.Browsers;
using DigitalTwin.Tests.System.Programs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DigitalTwin.Tests.System;

/// <summary>What a dispatcher and a trainer do by hand, in a real browser against the real program.</summary>
public sealed class DeskBrowserTests
{
    private const float Patience = 60_000;

    [Fact]
    public async Task A_planned_bar_is_dragged_with_its_effect_told_and_Ctrl_Z_takes_it_back()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--speed", "20");
        await ApplyASearchAsync(server);
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await page.GotoAsync(new Uri(server.Address, "/schedule").ToString());
        await Expect(page.GetByTestId("schedule-in-force")).ToHaveAttributeAsync("data-version", "1", new() { Timeout = Patience });
        await Expect(page.GetByTestId("gantt-canvas")).ToHaveAttributeAsync("data-schedule", "1", new() { Timeout = Patience });
        var box = (await page.GetByTestId("gantt-canvas").BoundingBoxAsync())!;

        var (x, y) = await FindPlannedAsync(page, box);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 60, y, new() { Steps = 4 });
        await page.Mouse.MoveAsync(x + 140, y, new() { Steps = 4 });
        await Expect(page.Locator(".canvas-tip")).ToContainTextAsync("start at another time", new() { Timeout = Patience });
        await browser.ShootAsync("gantt-drag");
        await page.Mouse.UpAsync();

        await Expect(page.GetByTestId("schedule-in-force")).ToHaveAttributeAsync("data-version", "2", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.GetByTestId("schedule-in-force")).ToHaveAttributeAsync("data-version", "3", new() { Timeout = Patience });
        foreach (var rows in (string[])["order", "family", "machine"])
        {
            await page.GetByTestId("gantt-rows").SelectOptionAsync(rows);
            await Expect(page.GetByTestId("gantt-canvas")).Not.ToHaveAttributeAsync("data-rows", "0");
        }

        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData("en", "Historical")]
    [InlineData("zh-CN", "历史画面")]
    public async Task The_past_is_played_stepped_and_found_again_and_nobody_takes_it_for_the_present(string language, string word)
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--speed", "2000");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await using var browser = await Browser.StartAsync(language);
        var page = browser.Page;
        await page.GotoAsync(new Uri(server.Address, "/replay?at=7200").ToString());
        await Expect(page.GetByTestId("history-banner")).ToContainTextAsync(word, new() { Timeout = Patience });
        await Expect(page.GetByTestId("replay")).ToHaveAttributeAsync("data-now", "7200000");
        await Expect(page.GetByTestId("replay-floor")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("replay-gantt")).ToBeVisibleAsync();
        await browser.ShootAsync($"replay-{language}");

        await page.GetByTestId("replay-play").ClickAsync();
        await Expect(page.GetByTestId("replay")).ToHaveAttributeAsync("data-playing", "true", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByTestId("replay")).ToHaveAttributeAsync("data-playing", "false", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Home");
        await Expect(page.GetByTestId("replay")).ToHaveAttributeAsync("data-now", "0", new() { Timeout = Patience });
        await page.GetByTestId("replay-books").ClickAsync();
        await page.GetByTestId("replay-note").FillAsync("X-17");
        await page.GetByTestId("replay-note").PressAsync("Tab");
        await page.GetByTestId("replay-mark").ClickAsync();
        await Expect(page.GetByTestId("replay-bookmarks")).ToContainTextAsync("X-17", new() { Timeout = Patience });
        Assert.Contains("at=0", page.Url, StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    private static async Task ApplyASearchAsync(TwinServer server)
    {
        var cancel = TestContext.Current.CancellationToken;
        var plant = $"/api/v1/plants/{await server.PlantAsync()}";
        var run = await (await server.Http.PostAsJsonAsync(plant + "/optimise", new { timeLimitSeconds = 5, workers = 1 }, cancel)).Content.ReadFromJsonAsync<JsonElement>(cancel);
        var id = run.GetProperty("id").GetString();
        for (var i = 0; (await server.GetAsync($"{plant}/optimise/{id}")).GetProperty("status").GetString() == "Running"; i++)
        {
            Assert.True(i < 120, "the search does not end");
            await Task.Delay(500, cancel);
        }

        using var apply = new HttpRequestMessage(HttpMethod.Post, $"{plant}/optimise/{id}/apply");
        apply.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
        (await server.Http.SendAsync(apply, cancel)).EnsureSuccessStatusCode();
    }

    /// <summary>Looks with the mouse for a bar that is planned and has not begun.</summary>
    private static async Task<(float X, float Y)> FindPlannedAsync(IPage page, LocatorBoundingBoxResult box)
    {
        for (var y = box.Y + 60; y < box.Y + box.Height - 60; y += 24)
        {
            for (var x = box.X + 600; x < box.X + box.Width - 260; x += 40)
            {
                await page.Mouse.MoveAsync(x, y);
                await page.WaitForTimeoutAsync(20);
                if (await page.Locator(".canvas-tip").IsVisibleAsync() && (await page.Locator(".canvas-tip").InnerTextAsync()).Contains("\nPlanned", StringComparison.Ordinal))
                {
                    return (x, y);
                }
            }
        }

        Assert.Fail("No planned bar is in sight.");
        return default;
    }
}
