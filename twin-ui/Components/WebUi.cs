using DigitalTwin.Ui.Api;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;
using DigitalTwin.Ui.Views;
using MudBlazor.Services;

namespace DigitalTwin.Ui.Components;

/// <summary>Wires the web pages into a web application: one line for services, one for addresses.</summary>
public static class WebUi
{
    /// <summary>How far back and ahead of now the Gantt may reach, in days.</summary>
    private const int MostDays = 3650;

    /// <summary>Registers what the pages need.</summary>
    public static IServiceCollection AddWebUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddHttpContextAccessor();
        services.AddMudServices();
        services.AddScoped<Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider, LogInWatch>();
        services.AddScoped<Viewer>();
        services.AddScoped<LiveTwin>();
        services.AddScoped<Place>();
        services.AddScoped<Edits>();
        services.AddScoped<ScheduleDesk>();
        return services;
    }

    /// <summary>Maps the pages, their files, and the bars of the Gantt.</summary>
    public static WebApplication MapWebUi(this WebApplication app)
    {
        LoginDoor.Map(app);
        app.MapStaticAssets().AllowAnonymous(); // the same for everybody, the log-in page included
        app.MapGet("/screen/{plant}/gantt", (string plant, int? days, HttpContext http) => ApiTools.See(http, plant, seen =>
            Results.Bytes(GanttOf(seen, Duration.FromDays(Math.Clamp(days ?? 7, 1, MostDays))), "application/octet-stream"))).Needs(Permit.See, firmsToo: true).ExcludeFromDescription();
        // A replay's id has slashes, so it comes as a parameter.
        app.MapGet("/screen/gantt", (string of, int? days, PlantViews views) => views.Find(of) is { } view
            ? Results.Bytes(GanttOf(view, Duration.FromDays(Math.Clamp(days ?? 7, 1, MostDays))), "application/octet-stream")
            : Results.NotFound()).Needs(Permit.See).ExcludeFromDescription();
        app.MapGet("/screen/{plant}/load", (string plant, string? curve, SessionRegistry sessions) =>
            sessions.Find(plant) is { } session && LoadStrip.Of(session.View(), curve ?? "") is { } found ? Results.Json(found) : Results.NotFound()).Needs(Permit.See).ExcludeFromDescription();
        foreach (var machine in (string[])["api", "hubs", "screen"])
        {
            // What programs ask for is answered in their language, not with a page.
            app.Map($"/{machine}/{{**rest}}", () => Results.Problem(statusCode: StatusCodes.Status404NotFound)).ExcludeFromDescription().WithOrder(int.MaxValue - 1).AllowAnonymous();
        }

        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null).Needs(Permit.See, firmsToo: true);
        return app;
    }

    private static byte[] GanttOf(IPlantView plant, Duration reach)
    {
        var view = plant.View();
        return GanttFrame.Encode(view, plant.History(view.Now - reach, view.Now + reach).Bars);
    }

    private static byte[] GanttOf(TenantView seen, Duration reach)
    {
        var view = seen.View();
        return GanttFrame.Encode(view, seen.History(view.Now - reach, view.Now + reach).Bars, seen.BusyAhead());
    }
}
