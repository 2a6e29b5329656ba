using Deque.AxeCore.Playwright;
using DigitalTwin.Tests.System.Browsers;
using DigitalTwin.Tests.System.Programs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DigitalTwin.Tests.System;

/// <summary>The pages as a person meets them: a real browser against the real program.</summary>
public sealed class BrowserTests(BrowserTests.SharedServer shared) : IClassFixture<BrowserTests.SharedServer>
{
    private const float Patience = 60_000;

    private static readonly (string Path, string Key, string Shows)[] Pages =
    [
        ("/", "floor", "floor-canvas"), ("/schedule", "schedule", "gantt-canvas"), ("/orders", "orders", "orders-table"), ("/optimise", "optimise", "optimise-start"),
        ("/bottlenecks", "bottlenecks", "bottleneck-table"), ("/energy", "energy", "energy-table"), ("/capacity", "capacity", "capacity-empty"), ("/condition", "condition", "condition-empty"),
        ("/supply", "supply", "supply-empty"), ("/trace", "trace", "trace-empty"), ("/replay", "replay", "replay-scrub"),
    ];

    private TwinServer Server => shared.Server;

    [Theory]
    [InlineData("en", "Floor")]
    [InlineData("zh-CN", "车间")]
    public async Task Every_page_opens_in_the_language_of_the_browser_without_a_complaint(string language, string word)
    {
        await using var browser = await Browser.StartAsync(language);
        var page = browser.Page;

        await OpenAsync(page, "/");
        await Expect(page.GetByTestId("app")).ToHaveAttributeAsync("data-language", language);
        await Expect(page.GetByTestId("nav-floor")).ToContainTextAsync(word);
        foreach (var (_, key, shows) in Pages)
        {
            await page.GetByTestId($"nav-{key}").ClickAsync();
            await Expect(page.GetByTestId(shows)).ToBeVisibleAsync(new() { Timeout = Patience });
            await Expect(page.GetByTestId("page-error")).ToHaveCountAsync(0);
            await page.WaitForTimeoutAsync(1000);
            await browser.ShootAsync($"{key}-{language}");
            Assert.DoesNotContain("⟦", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        }

        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Machines_change_their_state_while_one_looks_on()
    {
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await OpenAsync(page, "/");
        await Expect(page.GetByTestId("freshness")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = Patience });
        await Expect(page.GetByTestId("floor-canvas")).ToBeVisibleAsync();

        var before = await CountsAsync(page);
        var clock = await page.GetByTestId("plant-time").InnerTextAsync();
        var picture = await page.GetByTestId("floor-canvas").ScreenshotAsync();

        await UntilAsync(async () => await CountsAsync(page) != before, "another count of machines by state");
        await UntilAsync(async () => await page.GetByTestId("plant-time").InnerTextAsync() != clock, "a later plant clock");
        await UntilAsync(async () => !(await page.GetByTestId("floor-canvas").ScreenshotAsync()).AsSpan().SequenceEqual(picture), "another picture of the floor");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_machine_can_be_found_and_looked_into()
    {
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        var machine = (await Server.GetAsync($"/api/v1/plants/{await Server.PlantAsync()}/equipment"))[3].GetProperty("id").GetString()!;
        await OpenAsync(page, "/");
        await Expect(page.GetByTestId("floor-canvas")).ToBeVisibleAsync(new() { Timeout = Patience });

        await page.GetByTestId("floor-find").FillAsync(machine);
        await page.GetByTestId("floor-find").PressAsync("Enter");

        await Expect(page.GetByTestId("machine-panel")).ToContainTextAsync(machine);
        await browser.ShootAsync("machine-panel");
        await page.GetByTestId("machine-panel-close").ClickAsync();
        await Expect(page.GetByTestId("machine-panel")).ToHaveCountAsync(0);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Optimise_shows_its_curve_and_the_plan_applied_is_on_the_Gantt()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--speed", "20");
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await OpenAsync(page, "/schedule", server);
        await Expect(page.GetByTestId("schedule-in-force")).ToHaveAttributeAsync("data-version", "0", new() { Timeout = Patience });
        await page.WaitForTimeoutAsync(1500);
        var empty = await page.GetByTestId("gantt-canvas").ScreenshotAsync();

        await page.GetByTestId("nav-optimise").ClickAsync();
        await page.GetByTestId("optimise-limit").FillAsync("600");
        await page.GetByTestId("optimise-start").ClickAsync();
        await Expect(page.GetByTestId("optimise-run").First).ToHaveAttributeAsync("data-status", "running", new() { Timeout = Patience });
        await Expect(page.Locator("[data-testid=optimise-chart] canvas").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.WaitForTimeoutAsync(4000);
        await browser.ShootAsync("optimise-running");
        await page.GetByTestId("optimise-stop").ClickAsync();
        await Expect(page.GetByTestId("optimise-run").First).Not.ToHaveAttributeAsync("data-status", "running", new() { Timeout = Patience });
        await Expect(page.GetByTestId("optimise-apply")).ToBeEnabledAsync(new() { Timeout = Patience });
        await browser.ShootAsync("optimise-result");
        await page.GetByTestId("optimise-apply").ClickAsync();
        await page.GetByTestId("confirm-yes").ClickAsync();
        await Expect(page.GetByTestId("in-force")).ToHaveAttributeAsync("data-version", "1", new() { Timeout = Patience });

        await page.GetByTestId("nav-schedule").ClickAsync();
        await Expect(page.GetByTestId("schedule-in-force")).ToHaveAttributeAsync("data-version", "1", new() { Timeout = Patience });
        await UntilAsync(async () => !(await page.GetByTestId("gantt-canvas").ScreenshotAsync()).AsSpan().SequenceEqual(empty), "planned bars on the Gantt");
        await page.GetByTestId("gantt-all").ClickAsync();
        await page.WaitForTimeoutAsync(1000);
        await browser.ShootAsync("gantt-planned");
        var plan = await server.GetAsync($"/api/v1/plants/{await server.PlantAsync()}/schedule");
        Assert.True(plan.GetProperty("batches").GetArrayLength() > 100);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_page_bars_the_way_for_people_who_cannot_see_or_use_a_mouse(bool dark)
    {
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await OpenAsync(page, "/");
        if (dark)
        {
            await page.GetByTestId("theme-switch").ClickAsync();
            await Expect(page.GetByTestId("theme-switch")).ToHaveAttributeAsync("data-dark", "true");
        }

        var barriers = new List<string>();
        foreach (var (_, key, shows) in Pages)
        {
            await page.GetByTestId($"nav-{key}").ClickAsync();
            await Expect(page.GetByTestId(shows)).ToBeVisibleAsync(new() { Timeout = Patience });
            await browser.ShootAsync($"{key}-{(dark ? "dark" : "light")}");
            var result = await page.RunAxe();
            barriers.AddRange(result.Violations.Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"{key}: {v.Id} — {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"));
        }

        Assert.Empty(barriers);
    }

    [Theory]
    [InlineData(390, 844, "en")]
    [InlineData(390, 844, "zh-CN")]
    [InlineData(820, 1180, "en")]
    [InlineData(1280, 800, "zh-CN")]
    [InlineData(2560, 1440, "en")]
    public async Task Pages_fit_every_screen_without_a_complaint(int width, int height, string language)
    {
        await using var browser = await Browser.StartAsync(language, width, height);
        var page = browser.Page;

        foreach (var (path, key, shows) in Pages)
        {
            await OpenAsync(page, path);
            await Expect(page.GetByTestId(shows)).ToBeVisibleAsync(new() { Timeout = Patience });
            await page.WaitForTimeoutAsync(500);
            await browser.ShootAsync($"{key}-{width}-{language}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"), $"{key} is wider than {width} pixels");
            var dead = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main a[href], nav a[href]')].map(a => a.getAttribute('href')).filter(h => h.startsWith('/')).map(h => h.split(/[?#]/)[0])");
            Assert.All(dead, href => Assert.Contains(href, Pages.Select(p => p.Path)));
        }

        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_link_shows_a_colleague_the_same_and_commands_lead_everywhere()
    {
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await OpenAsync(page, "/orders");
        await Expect(page.GetByTestId("orders-table")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByTestId("orders-filter-open").ClickAsync();
        const string order = "B0599"; // released late, so it is open for long
        await page.GetByTestId("orders-find").FillAsync(order);
        await Expect(page.GetByTestId("order-row")).ToHaveCountAsync(1, new() { Timeout = Patience });
        await page.GetByTestId("order-row").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("order-panel")).ToContainTextAsync(order);
        await UntilAsync(() => Task.FromResult(page.Url.Contains($"order={order}", StringComparison.Ordinal) && page.Url.Contains("filter=open", StringComparison.Ordinal)), "the address to say what is seen");

        await using var colleague = await Browser.StartAsync();
        await colleague.Page.GotoAsync(page.Url);
        await Expect(colleague.Page.GetByTestId("order-panel")).ToContainTextAsync(order, new() { Timeout = Patience });
        await Expect(colleague.Page.GetByTestId("order-dates")).ToBeVisibleAsync();
        await Expect(colleague.Page.GetByTestId("orders-find")).ToHaveValueAsync(order);
        await Expect(colleague.Page.GetByTestId("orders-filter-open")).ToHaveAttributeAsync("aria-pressed", "true");

        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByTestId("palette-box").FillAsync("bottle");
        await browser.ShootAsync("palette");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("bottleneck-table")).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData("/", "png")]
    [InlineData("/", "svg")]
    [InlineData("/schedule", "svg")]
    [InlineData("/schedule", "xlsx")]
    [InlineData("/energy", "png")]
    [InlineData("/bottlenecks", "csv")]
    [InlineData("/orders", "json")]
    public async Task What_a_page_shows_can_be_taken_home(string path, string ending)
    {
        await using var browser = await Browser.StartAsync("zh-CN");
        var page = browser.Page;
        await OpenAsync(page, path);
        await Expect(page.GetByTestId(Pages.First(p => p.Path == path).Shows)).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.WaitForTimeoutAsync(1500);
        await page.GetByTestId("export-open").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId($"export-{ending}").ClickAsync());

        Assert.EndsWith("." + ending, download.SuggestedFilename, StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        byte[] begin = ending switch { "png" => [0x89, 0x50], "svg" => "<svg"u8.ToArray(), "xlsx" => "PK"u8.ToArray(), "csv" => [0xEF, 0xBB, 0xBF], _ => "["u8.ToArray() };
        Assert.Equal(begin, bytes[..begin.Length]);
        Assert.True(
            ending == "csv" ? bytes.Count(b => b == '\n') >= 2 : bytes.Length > 500,
            $"{bytes.Length} bytes are not what a page shows");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_lost_server_is_said_at_once()
    {
        using var data = new TemporaryFolder();
        var server = await TwinServer.StartAsync(data.Path, "--speed", "60");
        try
        {
            await using var browser = await Browser.StartAsync();
            await OpenAsync(browser.Page, "/", server);
            await Expect(browser.Page.GetByTestId("floor-canvas")).ToBeVisibleAsync(new() { Timeout = Patience });

            server.Program.Kill();

            await Expect(browser.Page.GetByText("Connection lost").Filter(new() { Visible = true }).First).ToBeVisibleAsync(new() { Timeout = Patience });
            await browser.ShootAsync("connection-lost");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task OpenAsync(IPage page, string path, TwinServer? server = null)
    {
        await page.GotoAsync(new Uri((server ?? Server).Address, path).ToString());
        await Expect(page.GetByTestId("app")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    /// <summary>Machines by state as the legend counts them.</summary>
    private static async Task<string> CountsAsync(IPage page) =>
        await page.EvaluateAsync<string>("[...document.querySelectorAll('[data-testid^=state-count-]')].map(e => e.dataset.testid + '=' + e.dataset.count).join(' ')");

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 120, $"Waited in vain for {what}.");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>One lively server for the tests that only look.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        private readonly TemporaryFolder _data = new();
        private TwinServer? _server;

        internal TwinServer Server => _server!;

        public async ValueTask InitializeAsync() => _server = await TwinServer.StartAsync(_data.Path, "--speed", "300");

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            _data.Dispose();
        }
    }
}
