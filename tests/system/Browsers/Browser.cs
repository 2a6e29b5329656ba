using Microsoft.Playwright;

namespace DigitalTwin.Tests.System.Browsers;

/// <summary>A real headless Chromium with a fresh profile; everything it complains about is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;
    private readonly Programs.TemporaryFolder _profile;
    private readonly List<string> _complaints = [];

    private Browser(IPlaywright playwright, IBrowserContext context, Programs.TemporaryFolder profile, IPage page)
    {
        (_playwright, _context, _profile, Page) = (playwright, context, profile, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Complain($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => Complain($"script: {error}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                Complain($"HTTP {response.Status}: {response.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors, script errors and failed requests so far.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    /// <summary>Starts a browser; skips the test where the machine has none.</summary>
    /// <param name="language">What the browser asks servers for, e.g. <c>zh-CN</c>.</param>
    public static async Task<Browser> StartAsync(string language = "en", int width = 1400, int height = 900)
    {
        var chromium = Find();
        Assert.SkipWhen(chromium is null, "Needs Chromium: set TWIN_CHROMIUM to its path, or install the package chromium.");
        var playwright = await Playwright.CreateAsync();
        var profile = new Programs.TemporaryFolder();
        var context = await playwright.Chromium.LaunchPersistentContextAsync(profile.Path, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = chromium, Headless = true, Args = Switches, Locale = language, ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(30_000);
        return new Browser(playwright, context, profile, context.Pages.Count > 0 ? context.Pages[0] : await context.NewPageAsync());
    }

    /// <summary>A picture for people, in <c>TWIN_SCREENSHOTS</c> or the temporary folder.</summary>
    public Task ShootAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("TWIN_SCREENSHOTS") ?? Path.Combine(Path.GetTempPath(), "twin-screenshots");
        Directory.CreateDirectory(folder);
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        _playwright.Dispose();
        _profile.Dispose();
    }

    private void Complain(string what)
    {
        lock (_complaints)
        {
            _complaints.Add(what);
        }
    }

    private static string? Find() =>
        new[] { Environment.GetEnvironmentVariable("TWIN_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/google-chrome" }.FirstOrDefault(p => p is { Length: > 0 } && File.Exists(p));
}
