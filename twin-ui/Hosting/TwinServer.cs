using DigitalTwin.Ui.Api;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Builds the web application behind <c>twin serve</c>.</summary>
public static class TwinServer
{
    /// <summary>Everything wired; the caller runs it.</summary>
    /// <exception cref="ArgumentException">The address is not allowed, or a scenario cannot be opened; the message says the way out.</exception>
    public static WebApplication Build(TwinServerOptions options)
    {
        if (!Admission.IsAllowed(options, out var problem))
        {
            throw new ArgumentException(problem, nameof(options));
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(TwinServer).Assembly.GetName().Name });
        if (LoopbackOnly.IsLoopback(options.Url))
        {
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        }

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("DigitalTwin.Ui.Security", LogLevel.Warning);
        builder.WebHost.UseUrls(options.Url).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Limits.Body);
        SingleSignOn.Add(builder);
        builder.WebHost.UseStaticWebAssets(); // the pages' files are found from any working directory, also out of bin
        builder.Services.AddTwin(options, ServedScenarios.Open(options));
        builder.Services.AddWebUi();

        var app = builder.Build();
        if (!LoopbackOnly.IsLoopback(options.Url))
        {
            app.UseForwardedHeaders();
        }

        app.UseExceptionHandler();
        app.UseStatusCodePages();
        SecurityHeaders.Use(app);
        LoopbackOnly.Use(app);
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        AuditDoor.Use(app);
        IdempotencyKeys.Use(app);
        app.MapTwin();
        app.MapWebUi();
        return app;
    }
}
